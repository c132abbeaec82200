"""Settings from the environment, and opening the ledger they name."""

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from ledger.addresses import is_issuer, is_loopback
from ledger.application import Ledger
from ledger.domain.catalogue import Name
from ledger.migrate import check_tables, is_dsn, migrate, service_login
from ledger.personal.keys import check_bound, is_bound
from ledger.secret import FILE, MAKE, Secret, SecretError, make_secret, secret_of_home
from ledger.store import Store
from ledger.training import is_training, training_name
from ledger.watching import watched_postgres

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
EMBEDDED_SERVICE = "ledger_service"
"""As whom the service acts in a database of our own."""


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
        "LEDGER_OWNER_DSN",
        "",
        Name(
            "ledger migrate 和 ledger rebuild 所用的连接串,其用户可建角色;不设则用 LEDGER_DSN",
            "DSN for `ledger migrate` and `ledger rebuild`, of a user that may create roles; where absent, LEDGER_DSN",
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
    Setting(
        "LEDGER_TRAINING",
        "",
        Name("1 表示使用旁边的培训账本,同 --training", "1 for the training ledger beside the real one, as --training"),
    ),
    Setting("LEDGER_HOST", "127.0.0.1", Name("接口的监听地址", "Address the API listens on")),
    Setting("LEDGER_PORT", "8000", Name("接口的端口", "Port of the API")),
    Setting(
        "LEDGER_PUBLIC_URL",
        "",
        Name(
            "使用者访问的地址,例如 https://ledger.example.cn;不设则为本机地址",
            "Where people reach it, such as https://ledger.example.cn; where absent, this machine",
        ),
    ),
    Setting("LEDGER_TLS_CERT", "", Name("TLS 证书链文件(PEM)", "File of the TLS certificate chain (PEM)")),
    Setting("LEDGER_TLS_KEY", "", Name("TLS 私钥文件(PEM)", "File of the TLS private key (PEM)")),
    Setting(
        "LEDGER_TRUSTED_PROXIES",
        "",
        Name(
            "可信反向代理的地址或网段,以逗号分隔;只采信其 X-Forwarded-*",
            "Addresses or networks of reverse proxies, by commas; only their X-Forwarded-* counts",
        ),
    ),
    Setting(
        "LEDGER_OIDC_ISSUER",
        "",
        Name(
            "统一身份认证(OpenID Connect)的签发者地址;不设则只用本地账号",
            "Issuer of the OpenID provider at which people sign in; where absent, local accounts only",
        ),
    ),
    Setting("LEDGER_OIDC_CLIENT", "", Name("本账本在该处登记的客户端标识", "Client id of the ledger there")),
    Setting(
        "LEDGER_OIDC_SECRET", "", Name("客户端密钥;公开客户端不设", "Its client secret; absent for a public client")
    ),
    Setting("LEDGER_OIDC_SECRET_FILE", "", Name("存放客户端密钥的文件", "File that holds the client secret instead")),
    Setting(
        "LEDGER_OIDC_ACR",
        "",
        Name(
            "统一身份认证表明已核验两种因素的 acr 值,以空格分隔;any:由其自行把关。对网络开放时必需",
            "acr values by which the provider says that two factors were proven, by spaces; any: that is its own affair. "
            "Needed on a network",
        ),
    ),
    Setting(
        "LEDGER_LOG",
        "",
        Name(
            "日志格式 json 或 text;不设则终端上为 text,其他为 json",
            "Form of the log, json or text; where absent, text on a terminal and json elsewhere",
        ),
    ),
    Setting(
        "LEDGER_SECRET",
        "",
        Name(
            "主密钥,至少 256 位,十六进制或 base64;设 LEDGER_DSN 时必需,否则自动生成于 LEDGER_HOME/secret.key",
            "Master secret, at least 256 bits, hexadecimal or base64; needed with LEDGER_DSN, else made in LEDGER_HOME/secret.key",
        ),
    ),
    Setting(
        "LEDGER_SECRET_FILE",
        "",
        Name("存放主密钥的文件,他人不可读", "File that holds the master secret, readable by nobody else"),
    ),
)
"""Every setting there is."""

_DEFAULT = {setting.variable: setting.default for setting in SETTINGS}


NO_SECRET = Name(
    f"设置了 LEDGER_DSN 就必须设置主密钥:生成 {MAKE},再设 LEDGER_SECRET_FILE=secret.key,并与数据库分开保管",
    f"LEDGER_DSN needs a master secret: make one with {MAKE}, set LEDGER_SECRET_FILE=secret.key, and keep it apart from "
    "the database",
)


class SettingError(ValueError):
    """A setting does not make sense; the message says how to mend it."""


class Tls(NamedTuple):
    """Files of a certificate chain and of its private key."""

    certificate: Path
    key: Path


class Oidc(NamedTuple):
    """An OpenID provider by its issuer, and as which client the ledger is known there; a public client has no secret."""

    issuer: str
    client: str
    secret: str | None = None
    secret_file: Path | None = None
    """Where the secret came from, if from a file."""
    acr: tuple[str, ...] | None = None
    """One of these the provider must say of how somebody was proven; empty: whatever it says; None: nobody decided."""


@dataclass(frozen=True)
class Settings:
    """Where the ledger lives, what it is called and how it is reached. ``dsn`` None: PostgreSQL of our own in ``home``."""

    dsn: str | None = field(default=None, repr=False)  # it may hold a password
    home: Path = Path(_DEFAULT["LEDGER_HOME"])
    name: str = _DEFAULT["LEDGER_NAME"]
    port: int = int(_DEFAULT["LEDGER_PORT"])
    host: str = _DEFAULT["LEDGER_HOST"]
    public_url: str | None = None
    tls: Tls | None = None
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    owner_dsn: str | None = field(default=None, repr=False)
    oidc: Oidc | None = field(default=None, repr=False)
    log: str = ""
    secret: Secret | None = None
    """None: that of ``home``."""

    @property
    def training(self) -> bool:
        """Whether it is the training ledger."""
        return is_training(self.name)

    @property
    def lacks_secret(self) -> bool:
        """Whether the master secret has to be named and is not: only with a database of our own does one lie in ``home``."""
        return self.dsn is not None and self.secret is None

    @property
    def public(self) -> bool:
        """Whether others than this machine reach it: by what it listens on, or through a proxy."""
        known_as = urlsplit(self.public_url).hostname if self.public_url else None
        return not is_loopback(self.host) or not (known_as is None or is_loopback(known_as))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ, *, training: bool = False) -> "Settings":
        """Settings as the environment gives them; an empty variable counts as absent. Raises SettingError or SecretError.

        ``training``: of the training ledger, whatever ``LEDGER_TRAINING`` says.
        """
        said = {name: environment.get(name, "").strip() or default for name, default in _DEFAULT.items()}
        return cls(
            dsn=_dsn(said, "LEDGER_DSN"),
            home=Path(said["LEDGER_HOME"]),
            name=_name(said["LEDGER_NAME"], training or _switch(said, "LEDGER_TRAINING")),
            port=_port(said["LEDGER_PORT"]),
            host=_host(said["LEDGER_HOST"]),
            public_url=_public_url(said["LEDGER_PUBLIC_URL"]),
            tls=_tls(said["LEDGER_TLS_CERT"], said["LEDGER_TLS_KEY"]),
            trusted_proxies=_networks(said["LEDGER_TRUSTED_PROXIES"]),
            owner_dsn=_dsn(said, "LEDGER_OWNER_DSN"),
            oidc=_oidc(said),
            log=_log_form(said["LEDGER_LOG"]),
            secret=_secret(said["LEDGER_SECRET"], said["LEDGER_SECRET_FILE"]),
        )


def _switch(said: Mapping[str, str], variable: str) -> bool:
    if said[variable] not in ("", "0", "1"):
        raise SettingError(f"{variable} 应为 1 或 0 / {variable} must be 1 or 0: {said[variable]}")
    return said[variable] == "1"


def _name(text: str, training: bool) -> str:
    if is_training(text):
        raise SettingError(
            f"LEDGER_NAME 不得为培训账本的名称,请用 --training / LEDGER_NAME names a training ledger: use --training: {text}"
        )
    return training_name(text) if training else text


def _dsn(said: Mapping[str, str], variable: str) -> str | None:
    if said[variable] and not is_dsn(said[variable]):  # its text stays unsaid: it may hold a password
        raise SettingError(
            f"{variable} 不是有效的连接串,例如 postgresql://user@host/ledger / "
            f"{variable} is not a connection string, such as postgresql://user@host/ledger"
        )
    return said[variable] or None


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise SettingError(f"LEDGER_PORT 应为 1 至 65535 的数字 / LEDGER_PORT must be a number from 1 to 65535: {text}")
    return int(text)


def _log_form(text: str) -> str:
    if text not in ("", "json", "text"):
        raise SettingError(f"LEDGER_LOG 应为 json 或 text / LEDGER_LOG must be json or text: {text}")
    return text


def _host(text: str) -> str:
    try:
        return text if text == "localhost" else str(ip_address(text))
    except ValueError as error:
        raise SettingError(
            f"LEDGER_HOST 应为 IP 地址或 localhost / LEDGER_HOST must be an IP address or localhost: {text}"
        ) from error


def _public_url(text: str) -> str | None:
    """The URL without a slash at its end; it is an origin, so a path would mean nothing."""
    if not text:
        return None
    try:
        parts = urlsplit(text.lower().rstrip("/"))
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        fits = False
    if not fits or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise SettingError(
            "LEDGER_PUBLIC_URL 应形如 https://ledger.example.cn,不带路径 / "
            f"LEDGER_PUBLIC_URL must look like https://ledger.example.cn, without a path: {text}"
        )
    return parts.geturl()


def _tls(certificate: str, key: str) -> Tls | None:
    if bool(certificate) != bool(key):
        raise SettingError(
            "LEDGER_TLS_CERT 与 LEDGER_TLS_KEY 须同时设置 / set both LEDGER_TLS_CERT and LEDGER_TLS_KEY, or neither"
        )
    return Tls(Path(certificate), Path(key)) if certificate else None


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks by commas; ``*`` means every address, which `safety` refuses."""
    everything = text.replace("*", "0.0.0.0/0,::/0")
    try:
        return tuple(ip_network(part.strip()) for part in everything.split(",") if part.strip())
    except ValueError as error:
        raise SettingError(
            "LEDGER_TRUSTED_PROXIES 应为 IP 地址或网段,以逗号分隔 / "
            f"LEDGER_TRUSTED_PROXIES takes IP addresses or networks, separated by commas: {text}"
        ) from error


def _oidc(said: Mapping[str, str]) -> Oidc | None:
    issuer, client, secret, file, acr = (
        said[f"LEDGER_OIDC_{name}"] for name in ("ISSUER", "CLIENT", "SECRET", "SECRET_FILE", "ACR")
    )
    if not (issuer or client or secret or file or acr):
        return None
    if not (issuer and client):
        raise SettingError(
            "LEDGER_OIDC_ISSUER 与 LEDGER_OIDC_CLIENT 须同时设置 / set both LEDGER_OIDC_ISSUER and LEDGER_OIDC_CLIENT, or neither"
        )
    if not is_issuer(issuer):
        raise SettingError(
            "LEDGER_OIDC_ISSUER 应为 https 地址,不带参数 / "
            f"LEDGER_OIDC_ISSUER must be an https address without a query: {issuer}"
        )
    if secret and file:
        raise SettingError(
            "LEDGER_OIDC_SECRET 与 LEDGER_OIDC_SECRET_FILE 只设其一 / set LEDGER_OIDC_SECRET or LEDGER_OIDC_SECRET_FILE, not both"
        )
    asked = None if not acr else () if acr == "any" else tuple(acr.split())
    return Oidc(issuer, client, secret or _secret_in(file) or None, Path(file) if file else None, asked)


def _secret_in(file: str) -> str:
    """What a file holds, without the line's end; nothing where no file is named."""
    try:
        secret = Path(file).read_text("utf-8").strip() if file else ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            f"LEDGER_OIDC_SECRET_FILE 指向的文件不可读 / the file of LEDGER_OIDC_SECRET_FILE cannot be read: {file}"
        ) from error
    if file and not secret:
        raise SettingError(
            f"LEDGER_OIDC_SECRET_FILE 指向的文件是空的 / the file of LEDGER_OIDC_SECRET_FILE is empty: {file}"
        )
    return secret


def _secret(text: str, file: str) -> Secret | None:
    """The secret that the environment names, if it names one."""
    if text and file:
        raise SettingError(
            "LEDGER_SECRET 与 LEDGER_SECRET_FILE 只能设一个 / set LEDGER_SECRET or LEDGER_SECRET_FILE, not both"
        )
    if file:
        return Secret.of_file(Path(file))
    return Secret.of_text(text) if text else None


@contextmanager
def open_ledger(settings: Settings) -> Iterator[Ledger]:
    """The ledger of the settings, closed on leaving. A database of our own is started and brought to this version first.

    Whoever serves is nobody's owner: in either case a login that may only act as writer and reader. Raises MigrationError
    where the database of ``LEDGER_DSN`` is of another version; ``ledger migrate`` brings it to this one. Raises SecretError
    where the master secret is absent or another than before; nothing was changed then.
    """
    with open_tables(settings) as (store, secret), closing(Ledger(store, settings.name, secret)) as ledger:
        yield ledger


@contextmanager
def open_tables(settings: Settings) -> Iterator[tuple[Store, Secret]]:
    """What is in the database of the settings, and the master secret; raises as ``open_ledger`` does."""
    if settings.lacks_secret:
        raise SecretError(f"{NO_SECRET.zh} / {NO_SECRET.en}")
    with service_database(settings) as dsn, closing(Store(dsn)) as store:
        secret = settings.secret or _secret_of(settings.home, store)
        check_bound(store, secret)
        yield store, secret


@contextmanager
def service_database(settings: Settings) -> Iterator[str]:
    """The DSN under which the service works: ours is started and brought to this version, another must be of this version."""
    if settings.dsn:
        check_tables(settings.dsn)
        yield settings.dsn
        return
    with watched_postgres(settings.home) as owner:
        migrate(owner, service=EMBEDDED_SERVICE)
        yield service_login(owner, EMBEDDED_SERVICE)


def _secret_of(home: Path, store: Store) -> Secret:
    """The home's own secret, made where nothing was sealed with one before."""
    if (found := secret_of_home(home)) is not None:
        return found
    if is_bound(store):
        raise SecretError(
            f"{home} 缺少 {FILE}:请从单独保管处放回原文件 / {FILE} is missing in {home}: put the file back from where it is kept"
        )
    return make_secret(home)
