"""Secrets people sign in with: passwords (argon2id), one-time codes (TOTP, RFC 6238), keys and session tokens.

Tokens are long and random, so a plain hash of one is enough to find it by; passwords are short, so theirs is slow. A TOTP
secret is needed as it is, so it is kept wrapped (``second_factor.py``).
"""

import hashlib
import re
import secrets
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from ledger.access.refusals import NotPermitted, Why

PASSWORD_LENGTH_MIN = 12
PASSWORD_LENGTH_MAX = 128
TOTP_STEP_SECONDS = 30
ISSUER = "Funds Ledger"
CONTEXT_WORDS = (
    *(
        "funds",
        "ledger",
        "zhangben",
        "zhuanxiang",
        "zijin",
        "zhibiao",
        "bokuan",
        "xiangmu",
        "kuaiji",
        "shenji",
        "audit",
    ),
    *("neimenggu", "neimeng", "innermongolia", "mongolia", "huhehaote", "hohhot", "zizhiqu"),
    *("kejiting", "keji", "science", "technology", "caizhengting", "caizheng", "finance", "treasury"),
    *("guanliyuan", "admin", "password", "mima", "kouling", "welcome", "huanying"),
)
"""Words of this place, the longer before those they begin with: they make no password harder to guess, so they do not count."""
_CONTEXT = re.compile("|".join(CONTEXT_WORDS), re.IGNORECASE)
_TOKEN_BYTES = 32
_hasher = PasswordHasher()
_DECOY = _hasher.hash(secrets.token_urlsafe(16))
"""Verified where there is no such account, so that the answer takes as long."""
_STRENGTH_MIN = 3
"""Of 4: safely unguessable, by zxcvbn's estimate."""


def password_hash(password: str, login: str) -> str:
    """The argon2id hash to keep. Raises NotPermitted (NIST SP 800-63B 3.1.1.2: long, and none that is easily guessed)."""
    long_enough = PASSWORD_LENGTH_MIN <= len(password) <= PASSWORD_LENGTH_MAX
    hard = _CONTEXT.sub("", password)[:72]
    if not (long_enough and hard) or zxcvbn(hard, user_inputs=[login])["score"] < _STRENGTH_MIN:
        raise NotPermitted(Why.WEAK_PASSWORD)
    return _hasher.hash(password)


def password_fits(password: str, kept: str | None) -> bool:
    """Whether it is the password; takes as long where there is none to compare with."""
    try:
        _hasher.verify(kept or _DECOY, password[: PASSWORD_LENGTH_MAX + 1])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def new_password() -> str:
    """One to begin with: 128 random bits."""
    return secrets.token_urlsafe(16)


def new_totp_secret() -> str:
    """160 random bits in base 32."""
    return pyotp.random_base32()


def totp_address(secret: str, login: str) -> str:
    """What an authenticator reads from a QR code (``otpauth://``)."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def totp_step(secret: str, code: str, at: datetime) -> int | None:
    """The time step a one-time code belongs to: the present one or the one before. None: it is no code of this secret."""
    if not re.fullmatch(r"[0-9]{6}", code, re.ASCII):
        return None
    now = int(at.timestamp()) // TOTP_STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in (now, now - 1):
        if secrets.compare_digest(totp.at(step * TOTP_STEP_SECONDS), code):
            return step
    return None


def new_token() -> str:
    """A session token or a key: 256 random bits, in characters that need no quoting."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
