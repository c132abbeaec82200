"""What an identity provider says about who signed in: its ID token, believed only where every check holds.

The checks are those of OpenID Connect Core 1.0, 3.1.3.7. Nothing of a token reaches a message or a log: what failed is told
by a stable reason alone.
"""

import hashlib
import json
import warnings
from collections.abc import Callable, Mapping
from enum import StrEnum
from hmac import compare_digest
from typing import Any, NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc import jws
from joserfc.errors import (
    ClaimError,
    ExpiredTokenError,
    InvalidKeyIdError,
    JoseError,
    MissingClaimError,
    SecurityWarning,
)
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey
from joserfc.jwt import Claims, JWTClaimsRegistry
from joserfc.util import urlsafe_b64encode

ALGORITHMS: Mapping[str, Callable[[bytes], Any]] = {
    "RS256": hashlib.sha256,
    "PS256": hashlib.sha256,
    "ES256": hashlib.sha256,
    "EdDSA": hashlib.sha512,
    "Ed25519": hashlib.sha512,  # what RFC 9864 calls it
}
"""Signatures that are believed, and the hash that belongs to each. Asymmetric ones only: what verifies cannot sign."""
LEEWAY_SECONDS = 60
"""How far the provider's clock may be from ours."""
RSA_BITS_MIN = 2048
KEYS_MAX = 50
SUBJECT_LENGTH_MAX = 255
NAME_LENGTH_MAX = 200
_KEY_TYPES: dict[str, type[RSAKey | ECKey | OKPKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
# A header a token may have beside those we know says nothing about its signature, unless it is critical: none is, below.
_REGISTRY = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
warnings.filterwarnings("ignore", "EdDSA is deprecated via RFC 9864", SecurityWarning)  # providers still call it so


class Reason(StrEnum):
    """Why nobody was signed in. Stable: the audit record keeps them."""

    # the browser that came back
    UNKNOWN_STATE = "UNKNOWN_STATE"
    TOO_LATE = "TOO_LATE"
    ANOTHER_BROWSER = "ANOTHER_BROWSER"
    # the provider
    PROVIDER_UNREACHABLE = "PROVIDER_UNREACHABLE"
    PROVIDER_SLOW = "PROVIDER_SLOW"
    ANSWER_TOO_LARGE = "ANSWER_TOO_LARGE"
    ANSWER_MALFORMED = "ANSWER_MALFORMED"
    PROVIDER_UNSUITABLE = "PROVIDER_UNSUITABLE"
    REFUSED_BY_PROVIDER = "REFUSED_BY_PROVIDER"
    CLIENT_REFUSED = "CLIENT_REFUSED"
    CODE_REFUSED = "CODE_REFUSED"
    # its token
    TOKEN_MISSING = "TOKEN_MISSING"  # noqa: S105 - the name of a reason, as are those below
    TOKEN_MALFORMED = "TOKEN_MALFORMED"  # noqa: S105
    WRONG_ALGORITHM = "WRONG_ALGORITHM"
    UNKNOWN_KEY = "UNKNOWN_KEY"
    WRONG_SIGNATURE = "WRONG_SIGNATURE"
    CLAIM_MISSING = "CLAIM_MISSING"
    WRONG_ISSUER = "WRONG_ISSUER"
    WRONG_AUDIENCE = "WRONG_AUDIENCE"
    WRONG_PARTY = "WRONG_PARTY"
    WRONG_SUBJECT = "WRONG_SUBJECT"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    WRONG_NONCE = "WRONG_NONCE"
    WRONG_ACCESS_TOKEN = "WRONG_ACCESS_TOKEN"  # noqa: S105
    TOO_FEW_FACTORS = "TOO_FEW_FACTORS"
    # whom it names
    UNKNOWN_IDENTITY = "UNKNOWN_IDENTITY"
    DISABLED = "DISABLED"


class NotProven(Exception):
    """Who stands at the browser is not proven, for one reason. Carries nothing that was sent."""

    def __init__(self, why: Reason) -> None:
        super().__init__(why)
        self.why = why


class Identity(NamedTuple):
    """Who signed in: issuer and subject name them for good. ``auth_time``: when they proved it to the provider, in seconds
    since 1970; ``acr`` and ``amr``: how, where the provider says so."""

    issuer: str
    subject: str
    name: str | None
    auth_time: int | None
    acr: str | None
    amr: tuple[str, ...]


class Expected(NamedTuple):
    """What a token must say: the provider it comes from, whom it is for, and the sign-in it answers."""

    issuer: str
    client_id: str
    nonce: str


def key_set(document: object) -> KeySet:
    """The public keys of a JWK Set (RFC 7517) that may verify a token; others are passed over, as section 5 asks.

    Raises NotProven.
    """
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list) or len(listed) > KEYS_MAX:
        raise NotProven(Reason.ANSWER_MALFORMED)
    keys: list[Key] = []
    for described in listed:
        kind = _KEY_TYPES.get(str(described.get("kty"))) if isinstance(described, dict) else None
        if kind is None or described.get("use", "sig") != "sig":
            continue
        try:
            key = kind.import_key({name: value for name, value in described.items() if name != "d"})
        except (JoseError, UnsupportedAlgorithm, ValueError, TypeError, KeyError):
            continue
        if not (isinstance(key.public_key, RSAPublicKey) and key.public_key.key_size < RSA_BITS_MIN):
            keys.append(key)
    return KeySet(keys)


def verified(token: object, access_token: object, keys: KeySet, expected: Expected, now: int) -> Identity:
    """Who an ID token says signed in, at ``now`` (seconds since 1970). Raises NotProven.

    ``access_token`` came beside it and is looked at only where the token vouches for it (``at_hash``).
    """
    algorithm, claims = _signed(token, keys)
    _check(claims, expected, now)
    _check_access_token(claims.get("at_hash"), access_token, ALGORITHMS[algorithm])
    auth_time, acr, amr = claims.get("auth_time"), claims.get("acr"), claims.get("amr")
    return Identity(
        issuer=expected.issuer,
        subject=claims["sub"],
        name=_text(claims.get("name")),
        auth_time=int(auth_time) if isinstance(auth_time, int | float) and 0 < auth_time < 2**53 else None,
        acr=_text(acr),
        amr=tuple(said for said in map(_text, amr) if said)[:10] if isinstance(amr, list) else (),
    )


def _signed(token: object, keys: KeySet) -> tuple[str, Claims]:
    """Algorithm and claims of a token that one of the keys signed."""
    if not isinstance(token, str):
        raise NotProven(Reason.TOKEN_MISSING)
    try:
        extracted = jws.extract_compact(token.encode(), registry=_REGISTRY)
        header: Any = extracted.headers()  # whatever JSON it is
        claims: Any = json.loads(extracted.payload)
        shaped = isinstance(header, dict) and isinstance(claims, dict) and "crit" not in header
    except (JoseError, ValueError, TypeError, AttributeError, RecursionError):
        shaped = False
    if not shaped:
        raise NotProven(Reason.TOKEN_MALFORMED)
    algorithm = header["alg"]
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise NotProven(Reason.WRONG_ALGORITHM)
    try:
        if jws.validate_compact(extracted, keys, registry=_REGISTRY):
            return algorithm, claims
    except InvalidKeyIdError:
        raise NotProven(Reason.UNKNOWN_KEY) from None
    except (JoseError, ValueError, TypeError):
        pass  # a key of another kind than the algorithm, or a header that makes no sense
    raise NotProven(Reason.WRONG_SIGNATURE)


_OF_CLAIM = {
    "iss": Reason.WRONG_ISSUER,
    "aud": Reason.WRONG_AUDIENCE,
    "sub": Reason.WRONG_SUBJECT,
    "nonce": Reason.WRONG_NONCE,
    "exp": Reason.EXPIRED,
    "iat": Reason.NOT_YET_VALID,
    "nbf": Reason.NOT_YET_VALID,
}


def _check(claims: Claims, expected: Expected, now: int) -> None:
    """Issuer, audience, party, times, nonce and subject."""
    registry = JWTClaimsRegistry(
        now=now,
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": expected.nonce},
    )
    try:
        registry.validate(claims)
    except (MissingClaimError, ExpiredTokenError) as error:
        raise NotProven(Reason.EXPIRED if isinstance(error, ExpiredTokenError) else Reason.CLAIM_MISSING) from None
    except ClaimError as error:
        raise NotProven(_OF_CLAIM[error.claim]) from None
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if ("azp" in claims or several) and claims.get("azp") != expected.client_id:
        raise NotProven(Reason.WRONG_PARTY)
    subject = claims["sub"]
    if len(subject) > SUBJECT_LENGTH_MAX or not (subject.isascii() and subject.isprintable()):
        raise NotProven(Reason.WRONG_SUBJECT)


def _check_access_token(at_hash: object, access_token: object, digest: Callable[[bytes], Any]) -> None:
    """3.1.3.8: where the token vouches for the access token beside it, it is that one."""
    if at_hash is None:
        return
    if isinstance(at_hash, str) and isinstance(access_token, str):
        whole: bytes = digest(access_token.encode("utf-8", "surrogatepass")).digest()
        if compare_digest(urlsafe_b64encode(whole[: len(whole) // 2]), at_hash.encode("utf-8", "surrogatepass")):
            return
    raise NotProven(Reason.WRONG_ACCESS_TOKEN)


def _text(said: object) -> str | None:
    """A short text without control characters, or none."""
    if not isinstance(said, str):
        return None
    return "".join(character for character in said[:NAME_LENGTH_MAX] if character.isprintable()).strip() or None
