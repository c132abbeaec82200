"""The master secret: what is taken, what is refused and how to mend it, and that it shows nowhere."""

import base64
import os
import secrets
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.secret import FILE, Secret, SecretError, make_secret, secret_of_home
from ledger.settings import SettingError, Settings, open_ledger

RAW = sha256(b"one secret").digest()


@pytest.mark.parametrize(
    "written",
    [
        RAW.hex(),
        RAW.hex().upper(),
        base64.b64encode(RAW).decode(),
        base64.urlsafe_b64encode(RAW).decode().rstrip("="),
        f"  {base64.b64encode(RAW).decode()}\n",
    ],
)
def test_a_secret_is_written_in_hexadecimal_or_base64(written: str) -> None:
    assert Secret.of_text(written).derive("x") == Secret(RAW).derive("x")


def test_each_purpose_has_a_key_of_its_own() -> None:
    one, other = Secret(RAW), Secret(secrets.token_bytes(32))
    keys = {one.derive("wrapping"), one.derive("check"), other.derive("wrapping"), other.derive("check")}
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}
    assert one.derive("wrapping") == Secret(RAW).derive("wrapping")


@pytest.mark.parametrize(
    ("weak", "why"),
    [
        ("", "256 bits"),
        (RAW[:31].hex(), "256 bits"),
        ("00" * 32, "guessed"),
        ("ff" * 64, "guessed"),
        (bytes(range(32)).hex(), "guessed"),
        (bytes(range(0, 96, 3)).hex(), "guessed"),
        (bytes(range(64))[::-1].hex(), "guessed"),
        ("deadbeef" * 8, "guessed"),
        (base64.b64encode(b"correct horse battery staple, and more").decode(), "guessed"),
        (base64.b64encode(b"changeme" * 5).decode(), "guessed"),
        ("not a secret!", "hexadecimal or base64"),
        ("密" * 40, "hexadecimal or base64"),
    ],
)
def test_a_secret_that_can_be_guessed_is_refused_with_a_way_to_mend_it(weak: str, why: str) -> None:
    with pytest.raises(SecretError, match=why) as refused:
        Secret.of_text(weak)
    assert "openssl rand -base64 32" in str(refused.value)
    assert not weak or weak not in str(refused.value)


def test_what_is_random_is_never_refused() -> None:
    for _ in range(2_000):
        Secret(secrets.token_bytes(32))


def test_it_shows_nowhere() -> None:
    secret = Secret(RAW)
    for shown in (repr(secret), str(secret), f"{Settings(secret=secret)}"):
        assert RAW.hex() not in shown
        assert str(RAW) not in shown


# -- files


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(RAW.hex())
    for mode in (0o644, 0o604, 0o640, 0o660, 0o602):
        path.chmod(mode)
        with pytest.raises(SecretError, match="chmod 600"):
            Secret.of_file(path)
    for mode in (0o600, 0o400):
        path.chmod(mode)
        assert Secret.of_file(path).derive("x") == Secret(RAW).derive("x")


@pytest.mark.parametrize(
    "make", [lambda path: None, lambda path: path.mkdir(), lambda path: path.write_bytes(b"\xff\xfe")]
)
def test_a_file_that_holds_none_is_told(tmp_path: Path, make: Callable[[Path], object]) -> None:
    path = tmp_path / "secret"
    make(path)
    if path.exists():
        path.chmod(0o700)
    with pytest.raises(SecretError):
        Secret.of_file(path)


def test_a_home_makes_its_own_once_and_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert secret_of_home(tmp_path) is None
    modes = []
    opened = os.open

    def watched(path: str, flags: int, mode: int = 0o777) -> int:
        found = opened(path, flags, mode)
        modes.append(stat.S_IMODE(os.fstat(found).st_mode))
        return found

    monkeypatch.setattr(os, "open", watched)
    before = os.umask(0)
    try:
        with ThreadPoolExecutor(8) as makers:
            made = {secret.derive("x") for secret in makers.map(make_secret, [tmp_path] * 8)}
    finally:
        os.umask(before)
    assert len(made) == 1
    assert (found := secret_of_home(tmp_path)) is not None
    assert found.derive("x") in made
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert modes.count(0o600) == 8


# -- settings


def test_the_environment_names_a_secret_or_its_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(RAW.hex())
    path.chmod(0o600)
    for environment in ({"LEDGER_SECRET": RAW.hex()}, {"LEDGER_SECRET_FILE": str(path)}):
        found = Settings.from_environment(environment).secret
        assert found is not None
        assert found.derive("x") == Secret(RAW).derive("x")
    assert Settings.from_environment({}).secret is None
    with pytest.raises(SettingError, match="not both"):
        Settings.from_environment({"LEDGER_SECRET": RAW.hex(), "LEDGER_SECRET_FILE": str(path)})
    with pytest.raises(SecretError):
        Settings.from_environment({"LEDGER_SECRET": "changeme"})


def test_a_server_of_its_own_needs_a_secret_before_anything_is_connected() -> None:
    with pytest.raises(SecretError, match="openssl rand"), open_ledger(Settings(dsn="host=/nowhere")):
        pass
