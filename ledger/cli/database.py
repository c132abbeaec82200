"""The database that the settings name, without a writer: for migrating, verifying, saving and restoring."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from ledger.application import ledger_id
from ledger.cli.terminal import Complaint, Exit, marked, progress, say, show
from ledger.embedded import EmbeddedPostgresError, backup, embedded_postgres, restore
from ledger.migrate import check_tables, is_dsn, migrate
from ledger.personal.keys import check_secret
from ledger.personal.texts import SealedTexts
from ledger.projections.journal import heads
from ledger.secret import secret_of_home
from ledger.settings import Settings
from ledger.store import Store
from ledger.training import is_training, training_name
from ledger.verification import Report, verify


@contextmanager
def opened_database(settings: Settings) -> Iterator[str]:
    """The DSN of the database, ours started where none is named."""
    with nullcontext(settings.dsn) if settings.dsn else embedded_postgres(settings.home) as dsn:
        assert dsn is not None
        yield dsn


@contextmanager
def owner_database(settings: Settings, named: str | None = None) -> Iterator[str]:
    """The same for a user who may do what an owner may; ``named``: with this DSN rather than that of the settings."""
    owner = named or settings.owner_dsn
    if owner is not None and not is_dsn(owner):
        raise Complaint(Exit.USAGE, "--dsn 不是有效的连接串", "--dsn is not a connection string")
    with nullcontext(owner) if owner else opened_database(settings) as dsn:
        yield dsn


def migrate_database(settings: Settings, owner: str | None, service: str | None) -> None:
    """Bring the tables to this version as the owner, let ``service`` act on them, and say what was applied."""
    with owner_database(settings, owner) as dsn:
        applied = migrate(dsn, service=service)
    for name in applied:
        say(f"已应用 {name}", f"applied {name}")
    if not applied:
        say("数据表已是本版本", "the tables are of this version already")
    if service is not None:
        say(
            f"数据库用户 {service} 可供服务使用,请写入 LEDGER_DSN;密码请用 ALTER ROLE {service} PASSWORD 设置",
            f"the service may connect as {service}: name it in LEDGER_DSN; ALTER ROLE {service} PASSWORD gives it one",
        )


@contextmanager
def existing_database(settings: Settings) -> Iterator[str]:
    """The DSN of a database that is there already. Raises Complaint."""
    if settings.dsn is None and not (settings.home / "postgres").exists():
        raise Complaint(
            Exit.SETUP,
            f"{settings.home} 中没有账本:请设置 LEDGER_HOME 或 LEDGER_DSN",
            f"there is no ledger in {settings.home}: set LEDGER_HOME or LEDGER_DSN",
        )
    with opened_database(settings) as dsn:
        yield dsn


def verify_ledger(settings: Settings) -> bool:
    """Refold and compare, say what differs; whether everything agrees."""
    with existing_database(settings) as dsn:
        report = _verified(dsn, settings)
    _tell(report)
    return report.agrees


def backup_ledger(settings: Settings, file: Path) -> None:
    """Save the embedded database, then restore the copy aside and verify it."""
    _only_embedded(settings)
    if os.path.lexists(file):  # a link that leads nowhere yet would be followed
        zh, en = f"{file} 已存在:请换一个文件名", f"{file} is there already: name another file"
        raise Complaint(Exit.OCCUPIED, zh, en)
    backup(settings.home, file)
    with tempfile.TemporaryDirectory(prefix="ledger-", ignore_cleanup_errors=True) as aside:
        restore(Path(aside), file)
        with embedded_postgres(Path(aside)) as dsn:
            agrees = _verified_all(dsn, settings)
    if not agrees:
        zh = f"{file} 已写出,但其中的账本核对不符"
        raise Complaint(Exit.REFUSED, zh, f"{file} was written, but the ledger in it does not agree")
    say(
        f"已备份到 {file},并已恢复核对。主密钥 secret.key 和 people.json 不在其中,请与备份分开保管:没有主密钥,封存文本无法读出",
        f"saved to {file}; the copy was restored and verified. The master secret (secret.key) and people.json are not in it: "
        "keep them apart from it. Without the secret nobody reads the sealed texts",
    )


def restore_ledger(settings: Settings, file: Path) -> None:
    """Load a backup into an empty home and verify it."""
    _only_embedded(settings)
    if not file.is_file():
        raise Complaint(Exit.USAGE, f"没有文件 {file}", f"there is no file {file}")
    if (settings.home / "postgres").exists():
        zh = f"{settings.home} 中已有数据库:请把 LEDGER_HOME 指向空文件夹"
        en = f"{settings.home} already holds a database: point LEDGER_HOME to an empty folder"
        raise Complaint(Exit.OCCUPIED, zh, en)
    try:
        restore(settings.home, file)
    except EmbeddedPostgresError as error:
        shutil.rmtree(settings.home / "postgres", ignore_errors=True)  # made just now; the home is empty again
        zh, en = f"{file} 不是完好的备份,未恢复任何内容", f"{file} is not a sound backup; nothing was restored"
        raise Complaint(Exit.REFUSED, zh, f"{en} ({error})") from error
    with embedded_postgres(settings.home) as dsn:
        migrate(dsn)
        agrees = _verified_all(dsn, settings)
    if not agrees:
        raise Complaint(Exit.REFUSED, "已恢复,但核对不符", "restored, but the ledger does not agree")
    say(f"已恢复到 {settings.home} 并核对", f"restored into {settings.home} and verified")


def _only_embedded(settings: Settings) -> None:
    if settings.dsn is not None:
        zh = "LEDGER_DSN 指向的服务器请用其自己的 pg_dump / pg_restore"
        en = "the server of LEDGER_DSN is saved and restored with its own pg_dump and pg_restore"
        raise Complaint(Exit.SETUP, zh, en)


def _verified_all(dsn: str, settings: Settings) -> bool:
    """Say which ledgers a copy holds, and verify those of this name: the real one and the training ledger beside it."""
    with closing(Store(dsn)) as store:
        found = heads(store)
    real = settings.name.removesuffix(training_name(""))
    agrees = []
    for name in (real, training_name(real)):
        number = found.pop(ledger_id(name), None)
        if number is None:
            continue
        with marked(is_training(name)):
            say(f"其中有账本“{name}”,至第 {number} 号", f"it holds the ledger {name!r} up to number {number}")
            report = _verified(dsn, replace(settings, name=name))
            _tell(report)
        agrees.append(report.agrees)
    for other, number in found.items():
        say(
            f"其中有另一账本 {other},至第 {number} 号,未核对",
            f"it holds another ledger, {other}, up to number {number}; that one was not verified",
        )
    if not agrees:
        no_such_ledger(settings)
    return all(agrees)


def no_such_ledger(settings: Settings) -> NoReturn:
    """Raises Complaint: the database holds other ledgers, or none."""
    zh = f"数据库中没有账本“{settings.name}”:请检查 LEDGER_NAME"
    raise Complaint(Exit.SETUP, zh, f"the database holds no ledger {settings.name!r}: check LEDGER_NAME")


def _verified(dsn: str, settings: Settings) -> Report:
    """Verified, sealed texts included where the master secret is at hand."""
    ledger = ledger_id(settings.name)
    secret = settings.secret or (secret_of_home(settings.home) if settings.dsn is None else None)
    if secret is not None:
        check_tables(dsn)
    with closing(Store(dsn)) as store, progress("核对", "verifying") as done:
        try:
            if secret is not None:
                check_secret(store, ledger, secret)
            texts = SealedTexts(store, ledger, secret) if secret is not None else None
            report = verify(store, ledger, done, texts)
        except LookupError:
            no_such_ledger(settings)
    if secret is None:
        say("没有主密钥,未核对封存文本", "the master secret is not at hand: sealed texts were not compared")
    return report


def _tell(report: Report) -> None:
    rate = report.movements / report.folding if report.folding else 0
    say(
        f"已重算 {report.movements} 条记录、{report.entries} 条分录,{report.folding:.1f} 秒,每秒 {rate:,.0f} 条;"
        f"另逐条读取申请 {report.reading:.1f} 秒,共 {report.seconds:.1f} 秒",
        f"refolded {report.movements} movements, {report.entries} entries in {report.folding:.1f} s, {rate:,.0f}/s; "
        f"every request read in another {report.reading:.1f} s, {report.seconds:.1f} s in all",
    )
    if report.agrees:
        say("全部相符", "everything agrees")
        return
    rows = [
        (f"{one.what.zh} {one.what.en}", one.number or "", one.about, one.expected, one.found)
        for one in report.differences
    ]
    headers = ("不符 What", "编号 No.", "位置 Where", "按字节应为 By the bytes", "表中为 In the table")
    show(headers, rows)
    say(f"共 {report.wrong} 处不符", f"{report.wrong} differences in all")
