"""A provider that lies gets nobody in: each lie is refused, with a reason of its own."""

import gzip
import hashlib
import hmac
import itertools
import json
import logging
import ssl
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey
from joserfc.util import urlsafe_b64encode

from ledger.access.fetching import AT_ONCE_MAX
from ledger.access.id_token import KEYS_MAX, Expected, Identity, NotProven, Reason, key_set, verified
from ledger.access.oidc import KEPT_SECONDS, KEYS_AGAIN_SECONDS, Provider, SignInBegun
from ledger.addresses import is_issuer
from tests.oidc.hostile import ACCESS, ANY, CLIENT, EC, ED, RSA, Hostile, at_hash, hostile_provider

CALLBACK = "https://ledger.example/v1/session/oidc/callback"
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa"})
STRANGER_EC = ECKey.generate_key("P-256", {"kid": "ec"})
NOW = int(time.time())
LONG_AGO, IN_THE_FUTURE = NOW - 3600, NOW + 3600
pytestmark = pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")  # weak tokens are the point here


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    with hostile_provider() as hostile:
        yield hostile


def begun_at(hostile: Hostile, **said: Any) -> tuple[Provider, SignInBegun]:
    provider = Provider(hostile.issuer, CLIENT, **said)
    begun = provider.begin(CALLBACK)
    hostile.nonce = begun.proof.nonce
    return provider, begun


def signed_in(hostile: Hostile) -> Identity:
    provider, begun = begun_at(hostile)
    return provider.finish("code", begun.proof, CALLBACK)


def refused(hostile: Hostile, **said: Any) -> Reason:
    """Why nobody is signed in."""
    try:
        provider, begun = begun_at(hostile, **said)
        provider.finish("code", begun.proof, CALLBACK)
    except NotProven as failed:
        return failed.why
    raise AssertionError("was believed")


def replaced_header(hostile: Hostile, header: str) -> str:
    _, claims, signature = hostile.token().split(".")
    return f"{urlsafe_b64encode(header.encode()).decode()}.{claims}.{signature}"


def with_public_key_as_secret(hostile: Hostile) -> str:
    """What anybody can sign, if a verifier takes the algorithm from the token."""
    head_and_claims = replaced_header(hostile, '{"alg":"HS256","kid":"rsa"}').rpartition(".")[0]
    signature = hmac.digest(RSA.as_pem(private=False), head_and_claims.encode(), "sha256")
    return f"{head_and_claims}.{urlsafe_b64encode(signature).decode()}"


def with_claims_changed(hostile: Hostile) -> str:
    head, _, signature = hostile.token().split(".")
    _, claims, _ = hostile.token(sub="admin").split(".")
    return f"{head}.{claims}.{signature}"


def with_payload(payload: str) -> Callable[[Hostile], str]:
    return lambda _: jws.serialize_compact({"alg": "RS256", "kid": "rsa"}, payload, RSA, registry=ANY)


LIES: dict[str, tuple[Reason, Callable[[Hostile], Any]]] = {
    "alg none": (Reason.WRONG_ALGORITHM, lambda h: h.token(None, "none")),
    "alg None": (Reason.WRONG_ALGORITHM, lambda h: replaced_header(h, '{"alg":"None"}')),
    "HS256 signed with the public key": (Reason.WRONG_ALGORITHM, with_public_key_as_secret),
    "an algorithm nobody allowed": (Reason.WRONG_ALGORITHM, lambda h: h.token(alg="RS512")),
    "an algorithm that is a list": (Reason.WRONG_ALGORITHM, lambda h: replaced_header(h, '{"alg":["RS256"]}')),
    "no algorithm": (Reason.TOKEN_MALFORMED, lambda h: replaced_header(h, "{}")),
    "a header that is a list": (Reason.TOKEN_MALFORMED, lambda h: replaced_header(h, '["alg"]')),
    "a header that is deep": (Reason.TOKEN_MALFORMED, lambda h: replaced_header(h, "[" * 300)),
    "a critical header": (
        Reason.TOKEN_MALFORMED,
        lambda h: replaced_header(h, '{"alg":"RS256","kid":"rsa","crit":["b64"],"b64":false}'),
    ),
    "claims changed after signing": (Reason.WRONG_SIGNATURE, with_claims_changed),
    "no signature": (Reason.WRONG_SIGNATURE, lambda h: h.token().rpartition(".")[0] + "."),
    "another's key under a known kid": (Reason.WRONG_SIGNATURE, lambda h: h.token(STRANGER)),
    "kid of a key of another kind": (Reason.WRONG_SIGNATURE, lambda h: h.token(header={"kid": "ec"})),
    "a key of its own in the header": (
        Reason.WRONG_SIGNATURE,
        lambda h: h.token(STRANGER_EC, "ES256", {"jwk": STRANGER_EC.as_dict(private=False), "x5u": f"{h.issuer}/x5u"}),
    ),
    "no kid where there are several keys": (Reason.UNKNOWN_KEY, lambda h: h.token(header={"kid": None})),
    "an unknown kid": (Reason.UNKNOWN_KEY, lambda h: h.token(header={"kid": "unknown"})),
    "a kid that is a path": (Reason.UNKNOWN_KEY, lambda h: h.token(header={"kid": "../../dev/null"})),
    "wrong issuer": (Reason.WRONG_ISSUER, lambda h: h.token(iss="https://issuer.example")),
    "issuer with a slash more": (Reason.WRONG_ISSUER, lambda h: h.token(iss=h.issuer + "/")),
    "issuers in a list": (Reason.WRONG_ISSUER, lambda h: h.token(iss=[h.issuer])),
    "wrong audience": (Reason.WRONG_AUDIENCE, lambda h: h.token(aud="another")),
    "audience that begins like ours": (Reason.WRONG_AUDIENCE, lambda h: h.token(aud=CLIENT + "2")),
    "audience that is an object": (Reason.WRONG_AUDIENCE, lambda h: h.token(aud={CLIENT: True})),
    "two audiences without azp": (Reason.WRONG_PARTY, lambda h: h.token(aud=[CLIENT, "another"])),
    "two audiences with azp of another": (
        Reason.WRONG_PARTY,
        lambda h: h.token(aud=[CLIENT, "another"], azp="another"),
    ),
    "one audience with azp of another": (Reason.WRONG_PARTY, lambda h: h.token(azp="another")),
    "expired": (Reason.EXPIRED, lambda h: h.token(iat=LONG_AGO, exp=LONG_AGO + 60)),
    "never expires": (Reason.CLAIM_MISSING, lambda h: h.token(exp=None)),
    "expires at no number": (Reason.EXPIRED, lambda h: h.token(exp="9999999999")),
    "expires at NaN": (Reason.EXPIRED, lambda h: h.token(exp=float("nan"))),
    "expires at infinity": (Reason.EXPIRED, lambda h: h.token(exp=float("inf"))),
    "issued in the future": (Reason.NOT_YET_VALID, lambda h: h.token(iat=IN_THE_FUTURE)),
    "issued at no time": (Reason.CLAIM_MISSING, lambda h: h.token(iat=None)),
    "not yet valid": (Reason.NOT_YET_VALID, lambda h: h.token(nbf=IN_THE_FUTURE)),
    "wrong nonce": (Reason.WRONG_NONCE, lambda h: h.token(nonce="A" * 43)),
    "nonces in a list": (Reason.WRONG_NONCE, lambda h: h.token(nonce={"a": h.nonce})),
    "no nonce": (Reason.CLAIM_MISSING, lambda h: h.token(nonce=None)),
    "no subject": (Reason.CLAIM_MISSING, lambda h: h.token(sub=None)),
    "empty subject": (Reason.WRONG_SUBJECT, lambda h: h.token(sub="")),
    "a subject that is a number": (Reason.WRONG_SUBJECT, lambda h: h.token(sub=1)),
    "a subject that breaks lines": (Reason.WRONG_SUBJECT, lambda h: h.token(sub="a\nSIGNED_IN admin")),
    "an endless subject": (Reason.WRONG_SUBJECT, lambda h: h.token(sub="a" * 256)),
    "at_hash of another access token": (Reason.WRONG_ACCESS_TOKEN, lambda h: h.token(at_hash=at_hash("another"))),
    "at_hash that is a list": (Reason.WRONG_ACCESS_TOKEN, lambda h: h.token(at_hash=[at_hash(ACCESS)])),
    "claims that are a list": (Reason.TOKEN_MALFORMED, with_payload('["iss"]')),
    "claims that are deep": (Reason.TOKEN_MALFORMED, with_payload("[" * 90_000)),
    "claims that are not JSON": (Reason.TOKEN_MALFORMED, with_payload("iss")),
    "a token that is too long": (Reason.TOKEN_MALFORMED, lambda h: h.token(name="x" * 130_000)),
    "an encrypted token": (Reason.TOKEN_MALFORMED, lambda h: "a.b.c.d.e"),
    "an empty token": (Reason.TOKEN_MALFORMED, lambda h: ""),
    "a token beyond ASCII": (Reason.TOKEN_MALFORMED, lambda h: "令.牌.\ud800"),
    "a token that is an object": (Reason.TOKEN_MISSING, lambda h: {"alg": "none"}),
    "no token": (Reason.TOKEN_MISSING, lambda h: None),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_lies_is_refused_for_its_own_reason(hostile: Hostile, lie: str) -> None:
    expected, token = LIES[lie]
    hostile.gives(lambda: token(hostile))
    assert refused(hostile) is expected


def test_a_token_without_fault_is_believed(hostile: Hostile) -> None:
    hostile.gives(
        lambda: hostile.token(at_hash=at_hash(ACCESS), auth_time=NOW, acr="2", amr=["pwd", 7, "otp"], name="甲\r乙")
    )
    assert signed_in(hostile) == Identity(hostile.issuer, "mallory", "甲乙", NOW, "2", ("pwd", "otp"))
    assert hostile.asked == ["/.well-known/openid-configuration", "/token", "/jwks"]


@pytest.mark.parametrize(
    ("acr", "proven"), [("2", True), ("urn:3", True), ("1", False), ("2 urn:3", False), (None, False)]
)
def test_who_was_proven_by_too_few_factors_is_refused(hostile: Hostile, acr: str | None, proven: bool) -> None:
    """What is asked for may be passed over by a provider, and struck out by whoever holds the browser."""
    provider, begun = begun_at(hostile, acr=("2", "urn:3"))
    assert parse_qs(urlsplit(begun.url).query)["acr_values"] == ["2 urn:3"]
    hostile.gives(lambda: hostile.token(acr=acr))
    if proven:
        assert provider.finish("code", begun.proof, CALLBACK).acr == acr
    else:
        with pytest.raises(NotProven, match="TOO_FEW_FACTORS"):
            provider.finish("code", begun.proof, CALLBACK)


@pytest.mark.parametrize(("key", "alg"), [(RSA, "PS256"), (EC, "ES256"), (ED, "EdDSA"), (ED, "Ed25519")])
def test_asymmetric_algorithms_are_believed(hostile: Hostile, key: Any, alg: str) -> None:
    digest = hashlib.sha512 if alg.startswith("Ed") else hashlib.sha256
    hostile.gives(lambda: hostile.token(key, alg, at_hash=at_hash(ACCESS, digest)))
    assert signed_in(hostile).subject == "mallory"


def test_several_audiences_are_believed_where_the_token_was_issued_to_us(hostile: Hostile) -> None:
    hostile.gives(lambda: hostile.token(aud=["another", CLIENT], azp=CLIENT))
    assert signed_in(hostile).subject == "mallory"


def test_a_token_of_another_sign_in_is_refused(hostile: Hostile) -> None:
    provider, begun = begun_at(hostile)
    replayed = hostile.token()
    assert provider.finish("code", begun.proof, CALLBACK).subject == "mallory"
    hostile.gives(lambda: replayed)
    with pytest.raises(NotProven, match="WRONG_NONCE"):
        provider.finish("code", provider.begin(CALLBACK).proof, CALLBACK)


# -- what the provider says of itself


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"issuer": "https://issuer.example"}, Reason.WRONG_ISSUER),
        ({"issuer": None}, Reason.WRONG_ISSUER),
        ({"token_endpoint": "http://provider.example/token"}, Reason.PROVIDER_UNSUITABLE),
        ({"authorization_endpoint": "javascript:alert(1)"}, Reason.PROVIDER_UNSUITABLE),
        ({"jwks_uri": "file:///etc/passwd"}, Reason.PROVIDER_UNSUITABLE),
        ({"jwks_uri": "http://[::1"}, Reason.PROVIDER_UNSUITABLE),
        ({"jwks_uri": None}, Reason.PROVIDER_UNSUITABLE),
        ({"code_challenge_methods_supported": ["plain"]}, Reason.PROVIDER_UNSUITABLE),
        ({"code_challenge_methods_supported": "S256"}, Reason.PROVIDER_UNSUITABLE),
    ],
)
def test_metadata_that_does_not_fit_is_refused(hostile: Hostile, said: dict[str, Any], expected: Reason) -> None:
    hostile.says("/.well-known/openid-configuration", lambda: hostile.metadata(**said))
    assert refused(hostile) is expected


def test_what_an_address_asks_already_is_kept(hostile: Hostile) -> None:
    _, begun = begun_at(hostile)
    assert begun.url.startswith(f"{hostile.issuer}/authorize?keep=this&response_type=code&")


def test_a_provider_without_a_place_to_leave_has_none(hostile: Hostile) -> None:
    provider, _ = begun_at(hostile)
    assert provider.logout_url("https://ledger.example/") is None


def test_metadata_and_keys_are_kept_for_a_bounded_time(hostile: Hostile) -> None:
    clock = [time.time()]
    provider, begun = begun_at(hostile, now=lambda: clock[0])
    for _ in range(2):
        provider.finish("code", begun.proof, CALLBACK)
    assert hostile.asked == ["/.well-known/openid-configuration", "/token", "/jwks", "/token"]
    clock[0] += KEPT_SECONDS
    provider.begin(CALLBACK)
    assert hostile.asked[4:] == ["/.well-known/openid-configuration"]


# -- keys


def test_a_new_key_is_asked_for_but_not_again_and_again(hostile: Hostile) -> None:
    clock = [time.time()]
    provider, begun = begun_at(hostile, now=lambda: clock[0])
    provider.finish("code", begun.proof, CALLBACK)
    new = RSAKey.generate_key(2048, {"kid": "new"})
    hostile.keys = [new]
    hostile.gives(lambda: hostile.token(new))
    for _ in range(3):
        with pytest.raises(NotProven, match="UNKNOWN_KEY"):
            provider.finish("code", begun.proof, CALLBACK)
    assert hostile.asked.count("/jwks") == 1
    clock[0] += KEYS_AGAIN_SECONDS
    for _ in range(3):
        assert provider.finish("code", begun.proof, CALLBACK).subject == "mallory"
    assert hostile.asked.count("/jwks") == 2


def test_one_key_needs_no_name(hostile: Hostile) -> None:
    hostile.keys = [RSA]
    hostile.gives(lambda: hostile.token(header={"kid": None}))
    assert signed_in(hostile).subject == "mallory"


@pytest.mark.parametrize(
    "key",
    [
        {"kty": "oct", "kid": "rsa", "k": "c2VjcmV0"},
        {"kty": "RSA", "kid": "rsa", "n": "AQAB", "e": "AQAB"},
        {"kty": "RSA", "kid": "rsa"},
        {"kty": "RSA", "kid": "rsa", "n": 1, "e": None},
        {"kty": "EC", "kid": "rsa", "crv": "P-257", "x": "AA", "y": "AA"},
        {"kty": ["RSA"], "kid": {}},
        RSA.as_dict(private=False) | {"use": "enc"},
        {"kty": "RSA", "kid": "rsa", "n": urlsafe_b64encode(b"\xc3" * 128).decode(), "e": "AQAB"},
        "rsa",
    ],
)
def test_a_key_that_is_of_no_use_is_passed_over(hostile: Hostile, key: Any) -> None:
    hostile.says("/jwks", lambda: {"keys": [key, EC.as_dict(private=False), ED.as_dict(private=False)]})
    assert refused(hostile) is Reason.UNKNOWN_KEY


@pytest.mark.parametrize("document", [{}, {"keys": {}}, {"keys": [RSA.as_dict(private=False)] * (KEYS_MAX + 1)}])
def test_a_document_without_keys_or_with_too_many_is_refused(hostile: Hostile, document: Any) -> None:
    hostile.says("/jwks", lambda: document)
    assert refused(hostile) is Reason.ANSWER_MALFORMED


# -- how it answers


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token"])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda: {"keys": [], "padding": "x" * 300_000}, Reason.ANSWER_TOO_LARGE),
        (lambda: (200, b"<html>"), Reason.ANSWER_MALFORMED),
        (lambda: (200, b"[" * 200_000), Reason.ANSWER_MALFORMED),
        (lambda: (200, b"[]"), Reason.ANSWER_MALFORMED),
        (lambda: (200, b""), Reason.ANSWER_MALFORMED),
        (lambda: iter([b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"]), Reason.PROVIDER_UNREACHABLE),
        (lambda: iter([b"no HTTP\r\n\r\n"]), Reason.PROVIDER_UNREACHABLE),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(
    hostile: Hostile, path: str, answer: Callable[[], Any], expected: Reason
) -> None:
    hostile.says(path, answer)
    assert refused(hostile) is expected


def test_a_bomb_is_not_unpacked(hostile: Hostile) -> None:
    packed = gzip.compress(b'{"keys": []' + b" " * 50_000_000 + b"}")
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    hostile.says("/jwks", lambda: iter([head, packed]))
    assert refused(hostile) is Reason.ANSWER_MALFORMED


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token"])
def test_an_answer_that_leads_elsewhere_is_not_followed(hostile: Hostile, path: str) -> None:
    head = f"HTTP/1.1 302 Found\r\nLocation: {hostile.issuer}/elsewhere\r\nContent-Length: 2\r\n\r\n{{}}".encode()
    hostile.says(path, lambda: iter([head]))
    assert refused(hostile) in (Reason.ANSWER_MALFORMED, Reason.CODE_REFUSED)
    assert "/elsewhere" not in hostile.asked


@pytest.mark.parametrize(
    ("error", "expected"),
    [("invalid_client", Reason.CLIENT_REFUSED), ("invalid_grant", Reason.CODE_REFUSED), ([], Reason.CODE_REFUSED)],
)
def test_an_error_of_the_token_endpoint_is_a_reason(hostile: Hostile, error: Any, expected: Reason) -> None:
    hostile.says("/token", lambda: (400, {"error": error, "id_token": hostile.token()}))
    assert refused(hostile) is expected


@pytest.mark.parametrize("begins", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"])
def test_a_slow_answer_is_not_waited_for(hostile: Hostile, begins: bytes) -> None:
    def drip() -> Iterator[bytes]:
        yield begins
        while not hostile.stopped.wait(0.02):
            yield b"H"

    hostile.says("/jwks", drip)
    began = time.monotonic()
    assert refused(hostile, seconds_max=0.3) is Reason.PROVIDER_SLOW
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token"])
def test_a_provider_that_hangs_is_not_waited_for_by_everybody(hostile: Hostile, path: str) -> None:
    _, begun = begun_at(hostile)
    provider = Provider(hostile.issuer, CLIENT, seconds_max=4)
    hostile.says(path, lambda: (hostile.stopped.wait(60), {}))

    def waited(_: int) -> float:
        began = time.monotonic()
        with pytest.raises(NotProven, match="PROVIDER_SLOW"):
            provider.finish("code", begun.proof, CALLBACK)
        return time.monotonic() - began

    with ThreadPoolExecutor(AT_ONCE_MAX * 3) as people:
        waits = sorted(people.map(waited, range(AT_ONCE_MAX * 3)))
    assert waits[-1] > 3  # those whose turn it was
    assert waits[AT_ONCE_MAX * 2 - 1] < 3  # all the others


def test_a_provider_that_failed_is_left_alone_for_a_while(hostile: Hostile) -> None:
    clock = [time.time()]
    hostile.says("/.well-known/openid-configuration", lambda: (503, {}))
    provider = Provider(hostile.issuer, CLIENT, now=lambda: clock[0])
    for _ in range(5):
        with pytest.raises(NotProven, match="ANSWER_MALFORMED"):
            provider.begin(CALLBACK)
    assert len(hostile.asked) == 1
    hostile.says("/.well-known/openid-configuration", hostile.metadata)
    clock[0] += 5
    provider.begin(CALLBACK)


def test_nobody_there_is_a_reason() -> None:
    with hostile_provider() as hostile:
        issuer = hostile.issuer
    with pytest.raises(NotProven, match="PROVIDER_UNREACHABLE"):
        Provider(issuer, CLIENT).begin(CALLBACK)


# -- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine that vouches for itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "p")])
    now, here = datetime.now(UTC), x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
    signed = (
        made.add_extension(here, False).add_extension(x509.BasicConstraints(True, 0), True).sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = tmp_path_factory.mktemp("tls") / "provider.pem"
    path.write_bytes(key.private_bytes(*pem) + signed.public_bytes(pem[0]))
    return path


def test_a_certificate_nobody_vouches_for_is_refused(certificate: Path) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with hostile_provider(tls) as hostile:
        assert refused(hostile) is Reason.PROVIDER_UNREACHABLE
        assert not hostile.asked
        provider, begun = begun_at(hostile, trust=ssl.create_default_context(cafile=str(certificate)))
        assert provider.finish("code", begun.proof, CALLBACK).subject == "mallory"


@pytest.mark.parametrize(
    ("url", "can"),
    [
        ("https://id.example.gov.cn", True),
        ("https://id.example.gov.cn/realms/nm/", True),
        ("http://127.0.0.1:8080", True),
        ("http://localhost:8080", True),
        ("http://[::1]:8080", True),
        ("http://id.example.gov.cn", False),
        ("http://127.0.0.1.example.com", False),
        ("http://localhost.example.com", False),
        ("https://user:password@id.example.gov.cn", False),
        ("https://id.example.gov.cn?tenant=1", False),
        ("https://id.example.gov.cn#x", False),
        ("https://", False),
        ("id.example.gov.cn", False),
        ("http://127.0.0.1\\.example.com", False),
        ("http://127.0.0.1\t.example.com", False),
        ("https://id.example.gov.cn:port", False),
        ("", False),
    ],
)
def test_an_issuer_is_https_or_this_machine(url: str, can: bool) -> None:
    assert is_issuer(url) is can
    if not can:
        with pytest.raises(ValueError, match="^" if url else "^$"):
            Provider(url, CLIENT)


# -- nothing leaks, nothing breaks


def test_what_was_sent_reaches_no_message_and_no_log(hostile: Hostile, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = set()
    for (expected, token), n in zip(LIES.values(), itertools.count()):
        sent = token(hostile)
        hostile.gives(lambda sent=sent: sent, access_token=f"access-{n}")
        provider, begun = begun_at(hostile, client_secret="the secret of the client")
        with pytest.raises(NotProven) as failed:
            provider.finish(f"code-{n}", begun.proof, CALLBACK)
        told = "".join(traceback.format_exception(failed.value)) + repr(failed.value) + caplog.text
        pieces = [piece for piece in str(sent).split(".") if len(piece) > 20]
        secrets |= {
            begun.proof.verifier,
            begun.proof.nonce,
            f"access-{n}",
            f"code-{n}",
            "the secret of the client",
            *pieces,
        }
        assert str(failed.value) == failed.value.why
        assert not [secret for secret in secrets if secret in told], expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
CLAIMS = ("iss", "sub", "aud", "azp", "nonce", "exp", "iat", "nbf", "at_hash", "auth_time", "acr", "amr", "name")


HEADERS = ("kid", "typ", "jku", "crit", "b64", "x")


@given(
    said=st.dictionaries(st.sampled_from(CLAIMS), JSON, max_size=4),
    header=st.dictionaries(st.sampled_from(HEADERS), JSON, max_size=2),
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_signed_is_believed_or_refused(said: dict[str, Any], header: dict[str, Any]) -> None:
    """A signed token with any claims and headers: an identity or a reason, nothing else."""
    hostile = Hostile()
    hostile.issuer, hostile.nonce = "https://issuer.example", "nonce"
    head = json.dumps({"alg": "RS256", "kid": "rsa"} | header).encode()
    signed = urlsafe_b64encode(head) + b"." + urlsafe_b64encode(json.dumps(hostile.claims() | said).encode())
    signature = ANY.get_alg("RS256").sign(signed, RSA)
    token = (signed + b"." + urlsafe_b64encode(signature)).decode()
    expected = Expected(hostile.issuer, CLIENT, hostile.nonce)
    try:
        identity = verified(token, "access", key_set(hostile.jwks()), expected, NOW)
    except NotProven:
        return
    assert {"iss", "aud", "nonce"} & said.keys() == set()
    assert identity.subject == said.get("sub", "mallory")
