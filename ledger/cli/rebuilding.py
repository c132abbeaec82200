"""Rebuilding a projection from the log, as the owner of the tables, and saying what was not as it should be."""

from ledger.cli.database import owner_database
from ledger.cli.terminal import Complaint, Exit, progress, say, show
from ledger.migrate import check_tables
from ledger.projections.beside import Busy
from ledger.projections.rebuild import REBUILDABLE, Rebuilt, rebuild
from ledger.settings import Settings

REST = 1.0
"""Nobody waits for a rebuild: it leaves the machine to others for as long as it works."""


def rebuild_projection(settings: Settings, name: str) -> bool:
    """Rebuild it while everything goes on; whether no row was different."""
    if name not in REBUILDABLE:
        known = " ".join(REBUILDABLE)
        raise Complaint(Exit.USAGE, f"没有投影 {name},可重建的有:{known}", f"no projection is called {name}: {known}")
    with owner_database(settings) as dsn:
        check_tables(dsn)
        try:
            with progress("重建", "rebuilding") as told:
                done = rebuild(dsn, name, told, rest=REST)
        except Busy as error:
            zh = "表一直在被占用,未替换任何内容:请稍后再试"
            raise Complaint(Exit.SETUP, zh, f"nothing was replaced, since {error}: try again later") from error
    _tell(name, done)
    return done.wrong == 0


def _tell(name: str, done: Rebuilt) -> None:
    rate = done.movements / done.seconds if done.seconds else 0
    say(
        f"已重建并替换 {name}:{done.movements} 条记录,{done.seconds:.1f} 秒,每秒 {rate:,.0f} 条;"
        f"替换时他人等待不超过 {done.kept_out:.2f} 秒",
        f"{name} was rebuilt and is in place: {done.movements} movements in {done.seconds:.1f} s, {rate:,.0f}/s; "
        f"others waited {done.kept_out:.2f} s at most for the swap",
    )
    if not done.wrong:
        say("原有各行全部相符", "every row was as it should be")
        return
    rows = [(one.table, one.expected or "—", one.found or "—") for one in done.differences]
    show(("表 Table", "应为 Should be", "原为 Was"), rows)
    say(f"原有 {done.wrong} 行不符,已不在用", f"{done.wrong} rows were different; they are no longer in use")
