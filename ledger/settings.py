"""Settings from the environment, and opening the ledger they name."""

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ledger.application import Ledger
from ledger.domain.catalogue import Name
from ledger.migrate import is_dsn, migrate
from ledger.store import Store
from ledger.watching import watched_postgres


class Setting(NamedTuple):
    """One environment variable: its default, and what it is for."""

    variable: str
    default: str
    about: Name


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "LEDGER_DSN",
        "",
        Name(
            "PostgreSQL 15 及以上版本的连接串;不设则在 LEDGER_HOME 中自带启动",
            "DSN of any PostgreSQL from 15 on; where absent, one of our own runs in LEDGER_HOME",
        ),
    ),
    Setting(
        "LEDGER_HOME",
        ".ledger",
        Name("存放自带数据库和密钥的文件夹", "Folder that holds the embedded database and the keys"),
    ),
    Setting(
        "LEDGER_NAME",
        "nm",
        Name("账本名称,写入每条记录", "Name of the ledger; part of every recorded byte string"),
    ),
    Setting("LEDGER_PORT", "8000", Name("接口的端口", "Port of the API")),
)
"""Every setting there is."""

_DEFAULT = {setting.variable: setting.default for setting in SETTINGS}


class SettingError(ValueError):
    """A setting does not make sense; the message says how to mend it."""


@dataclass(frozen=True)
class Settings:
    """Where the ledger lives and what it is called. ``dsn`` None: PostgreSQL of our own in ``home``."""

    dsn: str | None = field(default=None, repr=False)  # it may hold a password
    home: Path = Path(_DEFAULT["LEDGER_HOME"])
    name: str = _DEFAULT["LEDGER_NAME"]
    port: int = int(_DEFAULT["LEDGER_PORT"])

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Settings as the environment gives them; an empty variable counts as absent. Raises SettingError."""
        said = {name: environment.get(name, "").strip() or default for name, default in _DEFAULT.items()}
        port = said["LEDGER_PORT"]
        if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise SettingError(
                f"LEDGER_PORT 应为 1 至 65535 的数字 / LEDGER_PORT must be a number from 1 to 65535: {port}"
            )
        if said["LEDGER_DSN"] and not is_dsn(said["LEDGER_DSN"]):  # its text stays unsaid: it may hold a password
            raise SettingError(
                "LEDGER_DSN 不是有效的连接串,例如 postgresql://user@host/ledger / "
                "LEDGER_DSN is not a connection string, such as postgresql://user@host/ledger"
            )
        return cls(said["LEDGER_DSN"] or None, Path(said["LEDGER_HOME"]), said["LEDGER_NAME"], int(port))


@contextmanager
def open_ledger(settings: Settings) -> Iterator[Ledger]:
    """The ledger of the settings: its database started where it is our own, brought to this version, closed on leaving."""
    with nullcontext(settings.dsn) if settings.dsn else watched_postgres(settings.home) as dsn:
        assert dsn is not None
        migrate(dsn)
        with closing(Store(dsn)) as store, closing(Ledger(store, settings.name)) as ledger:
            yield ledger
