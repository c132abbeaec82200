"""What somebody has before them on pages whose address says nothing of it: made once, over HTTP, by those whose work it is."""

from typing import Any

import httpx2

from ledger.access.demo import DemoPeople
from ledger.application import Ledger
from ledger.demo.statements import statement_files
from ledger.domain.reconciliation import StatementKind
from tests.api.desk import Desk, done, movement
from tests.importing.sheets import as_csv, lines

ON = "2025-12-20"
SIGNED_OFF = "2025-07"
SOURCE = "/v1/reconciliations/treasury"
PAPER: dict[str, Any] = {
    "paper": "S-1",
    "matter": "国库支付",
    "at": 8_000,
    "kind": "PaymentSettled",
    "method": "MONETARY_UNIT",
    "seed": "2025",
    "size": 12,
}
ITEM = {
    "checks": ["DIFFERS", *["AGREES"] * 5],
    "exception": "少附发票两张",
    "criterion": "办法第十二条",
    "figure": "/explain?by=special&figure=disbursed&key=MSP-BRK&at=8000",
    "version": 1,
}
ALLOCATED = movement("FundsAllocated", ON, fund="STIDF", vintage=2025, special="RDT-KRD", amount="1000000")


def open_all(address: str, people: DemoPeople, ledger: Ledger) -> dict[str, str]:
    """What stands in addresses of pages (``Walked.path``) for what is open, by its name."""
    with httpx2.Client(base_url=address, timeout=60) as client:
        desk = Desk(client, people)
        taken, failed = _reconcile(desk, ledger)
        too_much, recorded = _propose(desk, ALLOCATED | {"amount": "10000000"}), _propose(desk, ALLOCATED)
        done(desk.approve("fin-1", recorded, effective_on=ON))
        return {
            "job": taken,
            "failed_job": failed,
            "proposal": _propose(desk, ALLOCATED, ALLOCATED | {"amount": "400000"}),
            "recorded_proposal": recorded,
            "refused_proposal": too_much,
            "file": _keep(desk, as_csv(lines({}, {"科技项目编号": "KJ-2025-0002", "项目名称": "另一项目(示例)"}))),
            "faulty_file": _keep(desk, as_csv(lines({"总额(万元)": "90"}))),
            "sample": _draw(desk),
            "replay": _replay(desk),
        }


def _reconcile(desk: Desk, ledger: Ledger) -> tuple[str, str]:
    """Treasury's statement matched, one month handed on for signing; numbers of work that was done, and of what was faulty."""
    with ledger.reading() as book:
        statement = next(one.content for one in statement_files(book) if one.kind is StatementKind.TREASURY)
    done(desk.client.put(SOURCE, json={"kind": "TREASURY"}, headers=desk.headers("fin-1")))
    faulty = statement.decode("gb18030").replace("1200000.00", "120万", 3).encode()
    failed = _ended(desk, desk.post("fin-1", f"{SOURCE}/statements", faulty, name="t.csv"))
    _ended(desk, desk.post("fin-1", f"{SOURCE}/statements", statement, name="t.csv"))
    matched = _ended(desk, _post(desk, "fin-1", f"{SOURCE}/matchings", through="2025-07-31"))
    done(_post(desk, "fin-1", f"{SOURCE}/sign-offs", month=SIGNED_OFF))
    return matched, failed


def _post(desk: Desk, who: str, path: str, **body: Any) -> httpx2.Response:
    return desk.client.post(path, json=body, headers=desk.headers(who))


def _ended(desk: Desk, begun: httpx2.Response) -> str:
    """The number of long work, once it has ended: so does the stream of its events."""
    number = str(begun.json()["job"])
    assert desk.read("fin-1", f"/v1/jobs/{number}/events").status_code == 200
    return number


def _propose(desk: Desk, *movements: dict[str, Any]) -> str:
    proposed = done(desk.post("std-1", "/v1/proposals", {"effective_on": ON, "movements": movements}))
    return str(proposed["proposal"]["proposal"])


def _keep(desk: Desk, content: bytes) -> str:
    """A plan to look at; what its file is called by."""
    answer = desk.client.post(
        "/import", headers=desk.session("std-1"), data={"on": ON}, files={"file": ("plan.csv", content)}
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].partition("file=")[2].partition("&")[0])


def _draw(desk: Desk) -> str:
    """A working paper of which one item was looked at."""
    drawn = str(done(_post(desk, "aud-1", "/v1/samples", **PAPER))["id"])
    filled = desk.client.put(f"/v1/samples/{drawn}/items/1", json=ITEM, headers=desk.headers("aud-1"))
    assert filled.status_code == 200, filled.text
    return drawn


def _replay(desk: Desk) -> str:
    """The number of a replay that has ended."""
    sent = {"key": "walked", "first": "1", "last": "500", "under": "THEN"}
    answer = desk.client.post("/replay", data=sent, headers=desk.session("aud-1"))
    assert answer.status_code == 303, answer.text
    number = answer.headers["location"].rpartition("/")[2]
    assert desk.read("aud-1", f"/v1/jobs/{number}/events").status_code == 200
    return str(number)
