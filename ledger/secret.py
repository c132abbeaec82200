"""The master secret 主密钥: 256 bits or more, kept apart from the database, from which a key for each purpose is derived.

Whoever holds a dump or a backup of the database without it reads no personal text.
"""

import base64
import os
import re
import secrets
import stat
from itertools import pairwise
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FILE = "secret.key"
KEY_BYTES = 32
_FILE_BYTES_MAX = 4096
_DISTINCT_MIN = 20
"""Of 32 random bytes fewer than so many are distinct once in some 10^11 times, and so are the steps between them."""
MAKE = "(umask 077; openssl rand -base64 32 > secret.key)"
"""A command that makes one."""


class SecretError(ValueError):
    """The secret is absent, unsafe or another than before; the message says how to mend it. It never holds the secret."""


class Secret:
    """At least 256 bits that nobody can guess. Raises SecretError where they are fewer, or plainly not random."""

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) < KEY_BYTES:
            raise SecretError(
                f"主密钥不足 256 位,请重新生成:{MAKE} / the secret has fewer than 256 bits: make one with {MAKE}"
            )
        steps = {(after - before) % 256 for before, after in pairwise(raw)}
        if min(len(set(raw)), len(steps)) < _DISTINCT_MIN or all(0x20 <= byte < 0x7F for byte in raw):
            raise SecretError(
                f"主密钥可以猜到(口令、示例或有规律的字节),请重新生成:{MAKE} / "
                f"the secret can be guessed, being a passphrase, an example or a regular row of bytes: make one with {MAKE}"
            )
        self._raw = raw

    @classmethod
    def of_text(cls, text: str) -> "Secret":
        """A secret written in hexadecimal or base64. Raises SecretError."""
        text = "".join(text.split())
        if re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", text):
            return cls(bytes.fromhex(text))
        standard = text.replace("-", "+").replace("_", "/").rstrip("=")
        try:
            raw = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
        except ValueError as error:
            raise _unreadable() from error
        return cls(raw)

    @classmethod
    def of_file(cls, path: Path) -> "Secret":
        """A secret from a file that nobody else may read. Raises SecretError."""
        try:
            with path.open("rb") as file:
                if not _private(os.fstat(file.fileno())):
                    raise SecretError(
                        f"{path} 他人可读,请先收紧权限:chmod 600 {path} / others may read {path}: chmod 600 {path}"
                    )
                return cls.of_text(file.read(_FILE_BYTES_MAX).decode("ascii"))
        except UnicodeDecodeError as error:
            raise _unreadable() from error
        except OSError as error:
            raise SecretError(f"主密钥文件不可读 / the file of the secret cannot be read: {path} ({error})") from error

    def derive(self, purpose: str) -> bytes:
        """A key of 256 bits for one purpose (HKDF-SHA256, RFC 5869); that of one tells nothing about another."""
        return HKDF(SHA256(), KEY_BYTES, None, f"funds-ledger {purpose}".encode()).derive(self._raw)

    def __repr__(self) -> str:
        return "Secret(…)"


def secret_of_home(home: Path) -> Secret | None:
    """The secret of ``home``/secret.key, where it is there. Raises SecretError."""
    path = home / FILE
    return Secret.of_file(path) if path.exists() else None


def make_secret(home: Path) -> Secret:
    """A new secret in ``home``/secret.key, mode 0600; of those who make one at once, all get the same."""
    path = home / FILE
    beside = path.with_name(f"{FILE}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(beside)  # unlike a rename it never takes the place of one that is there
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    folder = os.open(home, os.O_RDONLY)
    try:
        os.fsync(folder)  # before anything is locked with it
    finally:
        os.close(folder)
    return Secret.of_file(path)


def _private(found: os.stat_result) -> bool:
    """As PostgreSQL asks of its keys: for its owner alone; where that is root, a group may be let in."""
    shut = 0o007 if found.st_uid == 0 and os.geteuid() != 0 else 0o077
    return stat.S_ISREG(found.st_mode) and not stat.S_IMODE(found.st_mode) & shut


def _unreadable() -> SecretError:
    return SecretError(
        f"主密钥应为十六进制或 base64 文本,请重新生成:{MAKE} / "
        f"the secret must be written in hexadecimal or base64: make one with {MAKE}"
    )
