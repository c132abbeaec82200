"""ledger verify, backup, restore, migrate: what was tampered with is found, and a copy is worth what it restores to."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from bench.workload import SECRET_TEXT
from ledger.application import ledger_id
from ledger.codec import recorded_in
from ledger.embedded import embedded_postgres
from ledger.personal.texts import SealedTexts
from ledger.secret import FILE, secret_of_home
from ledger.store import Store
from tests.cli.conftest import DAY, Desk
from tests.world import party

TAMPERED = [
    ("UPDATE entry SET amount = amount + 1 WHERE number = 1 AND line = 1", "分录 entry", "900,000,000.01"),
    (
        "UPDATE entry SET account_after = account_after - 1 WHERE number = 1 AND line = 2",
        "分录 entry",
        "899,999,999.99",
    ),
    ("UPDATE entry SET cell_after = 0 WHERE number = 5 AND line = 2", "分录 entry", "cell_after"),
    ("UPDATE entry SET effective_on = '2025-03-02' WHERE number = 5 AND line = 1", "分录 entry", "2025-03-02"),
    ("DELETE FROM entry WHERE number = 5 AND line = 2", "分录 entry", "line 2"),
    ("UPDATE balance SET amount = amount + 1 WHERE account = 1", "余额 balance", "B100"),
    ("UPDATE turnover SET amount = amount - 100 WHERE cell = 3", "发生额 turnover", "V2 2025"),
    ("UPDATE account SET ref = 'x' WHERE id = 2", "账户 account", "x"),
    ("UPDATE cell SET special = 'RDT-NONE' WHERE id = 3", "单元 cell", "RDT-NONE"),
    ("UPDATE movement SET leaf = sha256('x') WHERE number = 2", "叶哈希 leaf hash", "PartyRegistered"),
    ("UPDATE movement SET kind = 'PartyRenamed' WHERE number = 2", "行与字节 row and bytes", "PartyRenamed"),
    (
        "UPDATE movement SET state = '{}', leaf = sha256('\\x007b7d') WHERE number = 2",
        "记录字节 recorded bytes",
        "其余未核对",
    ),
    ("UPDATE movement SET position = 9 WHERE number = 5", "序位 position", "9"),
    ("DELETE FROM movement WHERE number = 5", "编号 number", "5"),
    ("UPDATE batch SET recorded_at = '2001-01-01Z' WHERE last_number = 5", "记录时间 recorded_at", "2001"),
    ("UPDATE head SET number = 4", "账本末尾 head", "5"),
]


def test_an_untouched_ledger_agrees(opened: Desk) -> None:
    ran = opened.run("verify")
    assert ran.code == 0, ran.said
    assert "全部相符" in ran.out
    assert "已重算 5 条记录、4 条分录" in ran.out


@pytest.mark.parametrize(("statement", "what", "where"), TAMPERED, ids=[one[0][:60] for one in TAMPERED])
def test_whatever_a_superuser_changes_is_found(opened: Desk, statement: str, what: str, where: str) -> None:
    opened.execute(statement)
    ran = opened.run("verify")
    assert ran.code == 1
    assert what in ran.out
    assert where in ran.out


def test_one_changed_byte_is_found_even_where_the_leaf_was_made_to_fit(opened: Desk) -> None:
    changed = "replace(convert_from(state, 'UTF8'), '90000000000', '90000000001')"
    opened.execute(
        f"UPDATE movement SET state = convert_to({changed}, 'UTF8'), "
        f"leaf = sha256('\\x00'::bytea || convert_to({changed}, 'UTF8')) WHERE number = 1"
    )
    ran = opened.run("verify")
    assert ran.code == 1
    for what in ("分录 entry", "余额 balance", "发生额 turnover"):
        assert what in ran.out
    assert "叶哈希" not in ran.out


def test_a_connection_string_that_is_none_is_not_repeated(opened: Desk) -> None:
    opened.environment["LEDGER_DSN"] = "postgresql://u:sec%zzret@h/x"
    ran = opened.run("balances")
    assert (ran.code, "LEDGER_DSN" in ran.err, "zzret" in ran.said) == (3, True, False)


def test_a_ledger_that_is_not_there_is_not_called_sound(opened: Desk, tmp_path: Path) -> None:
    assert Desk(tmp_path / "nowhere").run("verify").code == 3
    other = Desk(opened.home, ledger="other").run("verify")
    assert (other.code, "LEDGER_NAME" in other.err) == (3, True)


def test_a_backup_is_verified_and_restores_into_an_empty_home_only(opened: Desk, tmp_path: Path) -> None:
    file = tmp_path / "copy.dump"
    saved = opened.run("backup", file)
    assert saved.code == 0, saved.said
    assert "全部相符" in saved.out
    assert opened.run("backup", file).code == 4
    elsewhere = Desk(tmp_path / "elsewhere")
    with embedded_postgres(elsewhere.home.parent / "elsewhere"):  # one start serves the commands that follow
        pass
    assert elsewhere.run("restore", file).code == 4
    fresh = Desk(tmp_path / "fresh")
    cut = tmp_path / "cut.dump"
    cut.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    broken = fresh.run("restore", cut)
    assert (broken.code, "不是完好的备份" in broken.err) == (1, True)
    assert not (fresh.home / "postgres").exists()
    restored = fresh.run("restore", file)
    assert restored.code == 0, restored.said
    assert "已重算 5 条记录" in restored.out
    assert fresh.run("restore", tmp_path / "missing").code == 2


def test_a_file_that_is_no_backup_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_text("no backup")
    ran = Desk(tmp_path / "home").run("restore", file)
    assert ran.code == 1
    assert not (tmp_path / "home" / "postgres").exists()


def test_a_server_of_its_own_is_saved_by_its_own_means(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.environment["LEDGER_DSN"] = "host=nowhere"
    for command in ("backup", "restore"):
        assert desk.run(command, tmp_path / "x").code == 3


def test_migrating_says_what_it_did(bare_desk: Desk) -> None:
    desk = bare_desk
    assert "0001" in desk.run("migrate").out
    assert "已是本版本" in desk.run("migrate").out


def test_the_owner_makes_the_login_of_the_service(opened: Desk) -> None:
    """The database is named by its DSN, as in production; the owner migrates, the service records and reads."""
    with embedded_postgres(opened.home) as owner:
        service = Desk(opened.home)
        service.environment["LEDGER_DSN"] = make_conninfo(owner, user="ledger_service_2")
        service.environment["LEDGER_SECRET_FILE"] = str(opened.home / FILE)
        made = service.run("migrate", "--dsn", owner, "--service-role", "ledger_service_2")
        assert (made.code, "ledger_service_2" in made.out) == (0, True), made.said
        again = opened.run("migrate", "--service-role", "ledger_service_2")
        assert again.code == 0, again.said
        assert service.run("balances").code == 0
        assert service.run("verify").code == 0
        refused = service.run("migrate")
        assert (refused.code, "LEDGER_OWNER_DSN" in refused.err) == (3, True), refused.said
    assert service.run("migrate", "--dsn", "postgresql://u:sec%zzret@h/x").code == 2


# -- the master secret

REASONED = {
    "kind": "PartyRenamed",
    "credit_code": party("university"),
    "name": "改名大学",
    "effective_on": DAY,
    "reason": "负责人家属来函",
}


def texts(desk: Desk) -> list[str | None]:
    """What the home's own secret opens."""
    secret = secret_of_home(desk.home)
    assert secret is not None
    with embedded_postgres(desk.home) as dsn, closing(Store(dsn)) as store:
        ledger = ledger_id("nm")
        movements = [recorded_in(event).movement for event in store.select_events(ledger)]
        opened = SealedTexts(store, ledger, secret)
        return [one.text for movement in movements for one in opened.of(movement)]


def test_a_home_makes_its_secret_and_will_not_open_without_it(opened: Desk, tmp_path: Path) -> None:
    assert opened.record([REASONED], "--as", "std-1").code == 0
    assert texts(opened) == ["负责人家属来函"]
    key, kept = opened.home / FILE, tmp_path / FILE
    key.rename(kept)
    try:
        refused = opened.run("balances")
        assert (refused.code, FILE in refused.err) == (3, True)
        assert not key.exists()
        opened.environment["LEDGER_SECRET"] = SECRET_TEXT
        for arguments in (("balances",), ("people",), ("--training", "balances")):  # which has the same people
            wrong = opened.run(*arguments)
            assert (wrong.code, "not the secret" in wrong.err) == (3, True)
        opened.environment["LEDGER_SECRET"] = ""
        unopened = opened.run("verify")
        assert (unopened.code, "未核对封存文本" in unopened.out) == (0, True)
        opened.environment["LEDGER_SECRET_FILE"] = str(kept)
        assert opened.run("balances").code == 0
    finally:
        opened.environment["LEDGER_SECRET_FILE"] = opened.environment["LEDGER_SECRET"] = ""
        kept.rename(key)
    assert opened.run("balances").code == 0


def test_a_sealed_text_that_was_tampered_with_is_found(opened: Desk) -> None:
    assert opened.record([REASONED], "--as", "std-1").code == 0
    assert opened.run("verify").code == 0
    opened.execute("UPDATE sealed SET ciphertext = set_byte(ciphertext, 30, get_byte(ciphertext, 30) # 1)")
    ran = opened.run("verify")
    assert (ran.code, "封存文本 sealed text" in ran.out, "来函" in ran.said) == (1, True, False)


def test_a_backup_holds_neither_texts_nor_the_secret_and_opens_with_it(opened: Desk, tmp_path: Path) -> None:
    assert opened.record([REASONED], "--as", "std-1").code == 0
    file = tmp_path / "copy.dump"
    saved = opened.run("backup", file)
    assert saved.code == 0, saved.said
    assert FILE in saved.out
    with_it, without = Desk(tmp_path / "with"), Desk(tmp_path / "without")
    with_it.home.mkdir(mode=0o700)
    shutil.copy2(opened.home / FILE, with_it.home)
    restored = with_it.run("restore", file)
    assert restored.code == 0, restored.said
    assert "未核对封存文本" not in restored.out
    assert texts(with_it) == ["负责人家属来函"]
    assert with_it.run("balances").code == 0
    bare = without.run("restore", file)
    assert (bare.code, "未核对封存文本" in bare.out) == (0, True)
    refused = without.run("balances")
    assert (refused.code, FILE in refused.err) == (3, True)
    assert not (without.home / FILE).exists()


def test_a_server_of_its_own_needs_a_secret(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.environment["LEDGER_DSN"] = "host=/nowhere"
    ran = desk.run("balances")
    assert (ran.code, "LEDGER_SECRET_FILE" in ran.err) == (3, True)
    desk.environment["LEDGER_SECRET"] = "changeme-changeme"
    ran = desk.run("balances")
    assert (ran.code, "changeme" in ran.said) == (3, False)
