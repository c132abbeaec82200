"""What must not be so where the ledger is served: all that is found is told at once, each with how to mend it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.pq import PGconn

from ledger.addresses import is_loopback
from ledger.domain.catalogue import Name
from ledger.settings import NO_SECRET, Settings

_NARROWEST = 8
"""A trusted network of fewer bits is a share of the internet, not a proxy."""
_OTHERS = 0o027
"""A secret is its owner's; a group may read it, as Debian's ssl-cert does with keys."""
_LIBRARY = ("PERSISTENCE_MODULE", "APPLICATION_RECORDER_TOPIC", "MAPPER_TOPIC", "COMPRESSOR_TOPIC", "CIPHER_TOPIC")
"""Variables by which the event library would let the environment change how, hence what, is recorded."""
_FUNCTIONS = "POSTGRES_ENABLE_DB_FUNCTIONS"
_NO = ("", "n", "no", "f", "false", "off", "0")

DEMO_PEOPLE = Name(
    "演示人员不得对网络开放:请停用他们(ledger people disable),或只监听本机(LEDGER_HOST=127.0.0.1)",
    "demo people must not be open to a network: disable them (ledger people disable), or serve this machine only",
)


class Unsafe(ValueError):
    """The ledger is not served with these settings."""

    def __init__(self, found: list[Name]) -> None:
        super().__init__("\n".join(f"- {words.en}" for words in found))
        self.found = found


def refuse_unsafe(settings: Settings, environment: Mapping[str, str], *, demo_people: bool) -> None:
    """Raises Unsafe with everything that is wrong; ``demo_people``: whether people of the demonstration could sign in.

    Connects to the database of ``LEDGER_DSN``, and raises psycopg's OperationalError where only that is in the way.
    """
    found = [*_reached(settings, demo_people=demo_people), *_files(settings), *_variables(environment)]
    found += [NO_SECRET] if settings.lacks_secret else []
    if settings.dsn:
        found += _way_to_database(settings.dsn)
        try:
            found += _database(settings.dsn)
        except psycopg.OperationalError:
            if not found:
                raise
    if found:
        raise Unsafe(found)


def _reached(settings: Settings, *, demo_people: bool) -> Iterator[Name]:
    for network in settings.trusted_proxies:
        if network.prefixlen < _NARROWEST:
            yield Name(
                f"LEDGER_TRUSTED_PROXIES 中的 {network} 范围过大,任何人都可伪造来源:请只写反向代理的地址",
                f"{network} in LEDGER_TRUSTED_PROXIES lets anybody forge where they come from: name the proxy alone",
            )
    if not settings.public:
        return
    if settings.tls is None and not settings.trusted_proxies:
        yield Name(
            "对网络开放而没有加密:请设置 LEDGER_TLS_CERT 和 LEDGER_TLS_KEY,或在反向代理之后设置 LEDGER_TRUSTED_PROXIES",
            "it is open to a network without encryption: set LEDGER_TLS_CERT and LEDGER_TLS_KEY, "
            "or LEDGER_TRUSTED_PROXIES behind a reverse proxy",
        )
    url = urlsplit(settings.public_url or "")
    if url.scheme != "https" or is_loopback(url.hostname or ""):
        yield Name(
            "对网络开放而 LEDGER_PUBLIC_URL 不是 https 地址:请设为例如 https://ledger.example.cn",
            "it is open to a network and LEDGER_PUBLIC_URL is not https: set it, such as https://ledger.example.cn",
        )
    if settings.oidc is not None and settings.oidc.acr is None:
        yield Name(
            "对网络开放而未要求统一身份认证核验两种因素:请在 LEDGER_OIDC_ACR 中写明其 acr 值;确由其自行把关的,设为 any",
            "it is open to a network and a password at the provider would do: name in LEDGER_OIDC_ACR by which acr values the "
            "provider says that two factors were proven, or set it to any where that is decided there",
        )
    if demo_people:
        yield DEMO_PEOPLE


def _files(settings: Settings) -> Iterator[Name]:
    secrets = [("LEDGER_OIDC_SECRET_FILE", settings.oidc.secret_file)] if settings.oidc else []
    if settings.tls is not None:
        secrets.append(("LEDGER_TLS_KEY", settings.tls.key))
        yield from _open_to_others("LEDGER_TLS_CERT", settings.tls.certificate, secret=False)
    for variable, path in secrets:
        if path is not None:
            yield from _open_to_others(variable, path, secret=True)


def _open_to_others(variable: str, path: Path, *, secret: bool) -> Iterator[Name]:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        yield Name(f"{variable} 指向的文件不可读:{path}", f"{variable} cannot be read: {path} ({error.strerror})")
        return
    if secret and mode & _OTHERS:
        yield Name(
            f"{variable} 指向的 {path} 可被他人读写:请 chmod 600",
            f"the file of {variable} is open to others: chmod 600 {path}",
        )


def _variables(environment: Mapping[str, str]) -> Iterator[Name]:
    for name in (one for key in _LIBRARY for one in (key, f"LEDGER_{key}")):
        if environment.get(name):
            yield Name(
                f"环境变量 {name} 会改变记录方式:请取消设置",
                f"the variable {name} would change what is recorded: unset it",
            )
    for name in (_FUNCTIONS, f"LEDGER_{_FUNCTIONS}"):
        if environment.get(name, "").lower() not in _NO:
            yield Name(f"{name} 会使读者漏读事件:请取消设置", f"with {name} readers would miss events: unset it")


def _way_to_database(dsn: str) -> Iterator[Name]:
    """On another machine it is spoken to under TLS, by a certificate that names it: any other mode may be led elsewhere."""
    begun = PGconn.connect_start(dsn.encode())  # nothing is said yet: libpq alone knows what service files and PG* add
    said = {option.keyword: (option.val or b"").decode() for option in begun.info}
    begun.finish()
    hosts = (said[b"hostaddr"] or said[b"host"]).split(",")
    if said[b"sslmode"] != "verify-full" and not all(host[:1] in ("", "/", "@") or is_loopback(host) for host in hosts):
        yield Name(
            "到数据库的连接可被窃听或冒充:请在 LEDGER_DSN 中加 sslmode=verify-full,并以 sslrootcert 指定签发其证书的机构",
            "what is said to the database can be read or led elsewhere: add sslmode=verify-full to LEDGER_DSN, and by sslrootcert "
            "who vouches for its certificate",
        )


def _database(dsn: str) -> Iterator[Name]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        rows = connection.execute(_MAY).fetchall()
        me = connection.info.user
        for what_zh, what_en in (_MIGHT[name] for (name,) in rows):
            yield Name(
                f"数据库用户 {me} {what_zh}:请用 ledger migrate --service-role 建立的普通用户",
                f"the database user {me} {what_en}: use a plain login made by `ledger migrate --service-role`",
            )
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            if connection.execute("SELECT current_setting(%s)", (setting,)).fetchone() == ("off",):
                yield Name(
                    f"PostgreSQL 的 {setting} 已关闭,断电会丢失已确认的业务:请打开",
                    f"{setting} of PostgreSQL is off, so a power cut loses what was acknowledged: switch it on",
                )


_MIGHT = {
    "superuser": ("是超级用户", "is a superuser"),
    "roles": ("可建角色", "may create roles"),
    "rls": ("可绕过行级安全", "may bypass row security"),
    "server": ("可读写全部数据或服务器文件", "may read or write all data, or files of the server"),
    "owner": ("可充当数据表或数据库的属主", "may act as an owner of the tables or the database"),
}
_MAY = """
WITH may AS (SELECT * FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')),
     found AS (
    SELECT 1 AS nth, 'superuser' AS name FROM may WHERE rolsuper
    UNION SELECT 2, 'roles' FROM may WHERE rolcreaterole
    UNION SELECT 3, 'rls' FROM may WHERE rolbypassrls
    UNION SELECT 4, 'server' FROM may WHERE rolname IN ('pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files',
                                                         'pg_write_server_files', 'pg_execute_server_program')
    UNION SELECT 5, 'owner' FROM may WHERE rolname = 'ledger_owner'
                                        OR oid IN (SELECT datdba FROM pg_database WHERE datname = current_database())
                                        OR oid IN (SELECT c.relowner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                                                   WHERE n.nspname = 'ledger'))
SELECT name FROM found WHERE nth = 1 OR NOT EXISTS (SELECT FROM found WHERE nth = 1) ORDER BY nth
"""
"""What a login, or any role it may become, could do beyond what it is for; a superuser could do everything."""
