"""ledger serve and people, help, settings: as a user meets them."""

import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

from bench.workload import SECRET_TEXT
from ledger.cli.terminal import EXIT_CODES
from tests.cli.conftest import Desk, without_ledger_settings


def test_it_serves_on_this_machine_and_stops_when_told(opened: Desk) -> None:
    command = [sys.executable, "-c", "from ledger.cli.main import main; main()", "serve", "--port", "0"]
    environment = without_ledger_settings() | opened.environment
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment) as server:
        assert server.stdout is not None
        try:
            said = []
            for line in server.stdout:
                said.append(line)
                if "serving at" in line:
                    break
            address = said[-1].split("serving at ")[1].split()[0]
            assert address.startswith("http://127.0.0.1:")
            with urlopen(f"{address}/openapi.json", timeout=20) as answer:  # noqa: S310 - the address above
                assert answer.status == 200
            server.send_signal(signal.SIGTERM)
            said += server.stdout.readlines()
            assert server.wait(20) == 0
        finally:
            server.kill()  # where a check above fails, leaving the block would wait for ever
    whole = "".join(said)
    assert "stopped" in whole
    assert "p-fin-1" in whole


def test_a_port_that_is_taken_is_said_so(opened: Desk) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = opened.run("serve", "--port", str(taken.getsockname()[1]))
    assert (ran.code, "--port" in ran.err) == (3, True)
    assert opened.run("serve", "--port", "99999").code == 2


def test_help_is_fast_bilingual_and_names_every_exit_code() -> None:
    light = "import sys; from ledger.cli.main import app; app(standalone_mode=False); "
    heavy = "found = {'pydantic', 'psycopg', 'fastapi', 'rich.table'} & set(sys.modules); sys.exit(bool(found))"
    command = [sys.executable, "-c", light + heavy, "--help"]
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for code, (zh, en) in EXIT_CODES.items():
        assert f"{code.value}  {zh} / {en}" in ran.stdout


def test_a_setting_that_makes_no_sense_and_a_database_that_is_not_there(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.environment["LEDGER_PORT"] = "http"
    wrong = desk.run("serve")
    assert (wrong.code, "LEDGER_PORT" in wrong.err) == (3, True)
    nowhere = {"LEDGER_DSN": "host=127.0.0.1 port=1 connect_timeout=1", "LEDGER_SECRET": SECRET_TEXT}
    desk.environment |= {"LEDGER_PORT": "", **nowhere}
    missing = desk.run("balances")
    assert (missing.code, "LEDGER_DSN" in missing.err) == (3, True)


def test_unsafe_settings_are_refused_all_at_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.environment |= {"LEDGER_HOST": "::", "POSTGRES_ENABLE_DB_FUNCTIONS": "y"}
    for command in ("serve", "demo"):
        ran = desk.run(command)
        assert ran.code == 3
        for part in ("LEDGER_TLS_CERT", "LEDGER_PUBLIC_URL", "POSTGRES_ENABLE_DB_FUNCTIONS"):
            assert part in ran.err
        assert ("演示人员不得对网络开放" in ran.err) == (command == "demo")
    assert not (tmp_path / "postgres").exists()
