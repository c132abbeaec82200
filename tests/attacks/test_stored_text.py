"""Text that would run somewhere stays text: stored through every field that takes any, and read back through every route.

Nothing is escaped on the way in: what is recorded is what was said. What keeps it harmless is how it is answered.
"""

import copy
import html
import json
import re
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from typing import Any

import httpx2
import pytest
from openpyxl import Workbook
from pydantic import ValidationError

from ledger.access.demo import DemoPeople
from ledger.access.people import People
from ledger.access.policy import Grant
from ledger.domain.catalogue import Role
from ledger.domain.examples import EXAMPLES, HISTORIES
from ledger.domain.examples.requests import UNIVERSITY, Example
from ledger.domain.kinds import ANY_MOVEMENT
from ledger.jobs import Jobs
from ledger.reports.catalogue import REPORTS
from ledger.workbook import put_text
from tests.api.desk import done
from tests.api.test_policy import ENDLESS
from tests.application.test_jobs import await_end
from tests.attacks.conftest import Target, target_of
from tests.attacks.surface import FREE, Place, changed, found, full_movement, texts, the_document
from tests.conftest import fresh_ledger

POISON = (
    "=cmd|'/C calc'!A0<script>alert(1)</script>\"><img src=x onerror=alert(1)><svg/onload=alert(1)>javascript:alert(1)"
    "{{7*7}}${7*7}#{7*7}<%=7*7%>]]><!--'; DROP TABLE ledger.movement; --\\\\"
)
_serial = count(1)
KINDS = ANY_MOVEMENT.json_schema(ref_template="#/{model}")["$defs"]
MARK = "onerror=alert(1)"
INVISIBLE = (
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\u2060",
    "\u00ad",
    "\u200f",
    "\u2028",
    "\u2029",
    "\U000e0041",
    "\x1b",
    "\x00",
)
ELSEWHERE = {
    ("POST /v1/people", "name"),
    ("POST /v1/keys", "label"),
    ("POST /v1/machines/{person}/keys", "label"),
    ("POST /v1/personal/erasures", "reason"),
    ("POST /v1/personal/erasures", "document"),
    ("POST /v1/reconciliations/{source}/matches", "reason"),
    ("POST /v1/reconciliations/{source}/explanations", "reason"),
    ("POST /v1/samples", "paper"),
    ("POST /v1/samples", "matter"),
    ("PUT /v1/samples/{sample}/conclusion", "conclusion"),
    *(
        ("PUT /v1/samples/{sample}/items/{item}", name)
        for name in ("exception", "criterion", "reply", "conclusion", "figure")
    ),
    ("POST /v1/what-if", "reason"),
    ("POST /v1/what-if", "number"),
}
"""Every text of any kind beside movements, each poisoned below; a new one fails until it is, too."""
NEVER_SHOWN = {"password", "new_password"}
METRICS = "text/plain; version=0.0.4; charset=utf-8"
SHOWN_AS = re.compile(rf"application/(json|problem\+json|x-ndjson|octet-stream)|{re.escape(METRICS)}")


def takes_any(kind: str) -> list[Place]:
    """Where a kind of movement takes text of any kind, by its own form; with what its example leaves out."""
    whole = full_movement(kind, KINDS)
    return [at for at in texts(whole) if _fits(changed(whole, at, POISON))]


def _fits(request: Any) -> bool:
    try:
        ANY_MOVEMENT.validate_json(json.dumps(request))
    except ValidationError:
        return False
    return True


def poisoned(request: dict[str, Any]) -> dict[str, Any]:
    """A request whose every text of any kind is poison and what it was, so that what was the same or differed still does."""
    left_out = {name: value for name, value in full_movement(request["kind"], KINDS).items() if value == FREE}
    request = left_out | {"document": {"number": f"{request['kind']}号"}} | copy.deepcopy(request)
    for at in texts(request):
        if _fits(changed(request, at, POISON)):
            request = changed(request, at, f"{POISON} {found(request, at)}")
    return request


class Players:
    """Everybody who signs the examples, each with a key of their own."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._keys: dict[str, str] = {}

    def headers(self, who: str) -> dict[str, str]:
        if who not in self._keys:
            role, _, department = who.partition("@")
            department = department or (UNIVERSITY if role == "CHA" else "")
            register, keys = self._target.people.register, self._target.people.keys
            person = register.add(f"{POISON} {who}", "test", machine=role == "TRE")
            grant = Grant(Role(role.rstrip("23")), department or None)
            register.grant(person.id, grant, "test")
            actions = self._target.people.keyable(person.id, self._target.app.state.today())
            _, self._keys[who] = keys.make(person.id, f"{POISON} {who}", actions, 9, person.id)
        return {"Authorization": f"Bearer {self._keys[who]}", "Idempotency-Key": f"played-{next(_serial)}"}

    def ask(self, who: str, path: str, body: Any) -> Any:
        return done(self._target.desk.client.post(path, json=body, headers=self.headers(who)))

    def play(self, example: Example) -> dict[str, Any]:
        """Record one example, poisoned; what was asked."""
        request, on = poisoned(example.request), {"effective_on": example.request["effective_on"]}
        first, *second = example.signers
        if example.kind == "ProposalApproved":
            request["digest"] = self._target.desk.get("aud-1", f"/v1/proposals/{request['proposal']}")["digest"]
        if second:
            proposed = self.ask(first, "/v1/proposals", on | {"movements": [request]})["proposal"]
            self.ask(second[0], f"/v1/proposals/{proposed['proposal']}/approve", on | {"digest": proposed["digest"]})
        else:
            self.ask(first, "/v1/movements", request)
        return request


def strings(value: Any) -> Iterator[str]:
    """Every text in an answer."""
    yield from (found(value, at) for at in texts(value))


def read(answer: httpx2.Response) -> Any:
    """An answer that no browser takes for anything that runs."""
    assert answer.status_code == 200, answer.text
    assert SHOWN_AS.fullmatch(answer.headers["content-type"]), answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    if answer.headers["content-type"] == "application/octet-stream":
        return None
    if answer.headers["content-type"] == METRICS:
        return answer.text.splitlines()
    return [json.loads(line) for line in answer.text.splitlines()]


def everything(target: Target) -> set[str]:
    """Every text that any route shows of what is in the ledger."""
    listed = {operation.name: operation for operation in the_document(target.app) if operation.method == "GET"}
    shown: set[str] = set()

    def look(name: str, **path: str) -> Any:
        operation = listed.pop(name) if not path else listed[name]
        required = {one["name"] for one in operation.parameters if one.get("required")} | {"limit"}
        params = {key: value for key, value in operation.named("query").items() if key in required}
        url = operation.path.format(**path)
        params |= {"limit": "500"} if "limit" in params else {}
        answer = target.desk.client.get(url, params=params, headers=target.session(target.may(operation)))
        said = read(answer)
        shown.update(strings(said))
        return said[0] if said else None

    journal = look("GET /v1/movements")["movements"]
    ids = {
        "number": [str(one["number"]) for one in journal],
        "project": [one["project"] for one in look("GET /v1/projects")["projects"]],
        "credit_code": [one["credit_code"] for one in look("GET /v1/parties")["parties"]],
        "proposal": [one["proposal"] for one in look("GET /v1/proposals")["proposals"]],
        "person": [one["person"] for one in look("GET /v1/people")["people"]],
        "sha256": [],
        "job": [],
        "source": [one["source"] for one in look("GET /v1/reconciliations")["sources"]],
        "sample": [str(one["id"]) for one in look("GET /v1/samples")["samples"]],
        "year": ["2025"],
        "report": [
            code
            for code, report in REPORTS.items()
            if not (report.one_project or report.one_source or report.one_sample)
        ],
    }
    for name in sorted(listed.keys() - {ENDLESS, "GET /v1/session/oidc", "GET /v1/session/oidc/callback"}):
        named = listed[name].named("path")
        if not named:
            look(name)
        of_vouchers = name == "GET /v1/vouchers/{number}"
        values = vouchers(journal) if of_vouchers else ids[next(iter(named))] if named else []
        for value in values:
            look(name, **{next(iter(named)): value})
    return shown


def vouchers(journal: list[dict[str, Any]]) -> list[str]:
    """Numbers of what posts."""
    return [str(one["number"]) for one in journal if "voucher" in one]


@pytest.fixture(params=HISTORIES, ids=["year", "year-end"])
def played(request: pytest.FixtureRequest, server_dsn: str, people: DemoPeople) -> Iterator[tuple[Target, set[str]]]:
    """A ledger whose every text is poison, and all the texts that were given."""
    with fresh_ledger(server_dsn) as ledger, closing(People(ledger.store.dsn, ledger.secret)) as registered:
        for target in target_of(ledger, registered, people):
            players = Players(target)
            asked = [players.play(example) for example in request.param]
            yield target, {text for one in asked for text in strings(one) if MARK in text}


def test_the_poison_reaches_every_text_of_every_kind() -> None:
    assert all({("reason",), ("document", "number")} <= set(takes_any(kind)) for kind in EXAMPLES)
    assert {at[-1] for kind in EXAMPLES for at in takes_any(kind)} >= {"name", "title", "title_zh", "lead", "league"}


def test_whatever_is_recorded_is_shown_as_it_was_said_and_runs_nowhere(played: tuple[Target, set[str]]) -> None:
    target, given = played
    shown = everything(target)
    assert given <= shown
    desk = target.desk
    slips = [
        f"/v1/vouchers/{number}" for number in vouchers(desk.get("aud-1", "/v1/movements", limit=500)["movements"])
    ]
    sheets = [
        f"/v1/reports/{code}"
        for code, report in REPORTS.items()
        if not (report.one_project or report.one_source or report.one_sample)
    ]
    printed = [desk.read("aud-1", path, format="html") for path in (*slips, *sheets)]
    assert {answer.status_code for answer in printed} == {200}
    assert [answer for answer in printed if POISON in html.unescape(answer.text)]
    assert not [answer for answer in printed if re.search(r"<(script|img|svg)", answer.text)]
    assert all("sandbox" in answer.headers["content-security-policy"] for answer in printed)
    for page in ("/docs", "/docs/own/init.js", "/openapi.json"):
        assert MARK not in target.desk.client.get(page).text


def _poison_a_paper(target: Target) -> None:
    """A working paper keeps its texts as they are, and takes no address that leads elsewhere."""
    send, headers = target.desk.client.request, target.session("aud-1")
    asked = {"paper": POISON, "matter": POISON, "method": "ALL_ABOVE", "threshold": "0.01"}
    drawn = read_made(send("POST", "/v1/samples", json=asked, headers=headers))
    assert (drawn["paper"], drawn["matter"]) == (POISON, POISON)
    path, told = f"/v1/samples/{drawn['id']}", dict.fromkeys(("exception", "criterion", "reply", "conclusion"), POISON)
    item = {"checks": ["OPEN"] * 6, "version": 1, **told}
    kept = send("PUT", f"{path}/items/1", json=item, headers=headers).json()
    assert {name: kept[name] for name in told} == told
    refused = send("PUT", f"{path}/items/1", json={**item, "figure": POISON}, headers=headers)
    assert refused.status_code == 422
    assert MARK not in refused.text
    concluded = send("PUT", f"{path}/conclusion", json={"conclusion": POISON, "version": 1}, headers=headers)
    assert concluded.json()["conclusion"] == POISON


def test_texts_beside_movements(target: Target) -> None:
    places = {
        (operation.name, at[-1])
        for operation in the_document(target.app)
        for body in operation.bodies[:1]
        for at in texts(body)
        if found(body, at) == FREE and "movements" not in operation.path and "proposals" not in operation.path
    }
    assert {place for place in places if place[1] not in NEVER_SHOWN} == ELSEWHERE
    desk, send = target.desk, target.desk.client.post
    asked = {"subject": "actor:p-std-1", "reason": POISON, "document": POISON}
    desk.record(
        "std-1", "SpecialAdded", "2025-06-01", special="LEG-XX", plan="LEGACY", title_zh="a", title_en="b", reason="x"
    )
    for who, path, body in (
        ("adm-1", "/v1/people", {"name": POISON}),
        ("fin-1", "/v1/keys", {"label": POISON, "days": 1}),
        ("sec-1", "/v1/machines/p-tre-1/keys", {"label": POISON, "days": 1}),
        ("sec-1", "/v1/personal/erasures", asked),
    ):
        assert POISON in set(strings(read_made(send(path, json=body, headers=target.session(who))))), path
    _poison_a_paper(target)
    supposed = {**full_movement("SpecialAdded", KINDS), "reason": POISON, "document": {"number": POISON}}
    told = read(send("/v1/what-if", json=[supposed], headers=target.session("fin-1")))
    assert told[0]["lines"]
    assert POISON in everything(target)


def test_texts_of_a_reconciliation(target: Target) -> None:
    """What a statement tells, the name of its file, and why somebody explained or matched: shown as it is to who looks."""
    desk, headers, path = target.desk, target.session("fin-1"), "/v1/reconciliations/poisoned"
    jobs: Jobs = target.app.state.jobs

    def ask(where: str, body: Any) -> httpx2.Response:
        return desk.client.post(f"{path}/{where}", json=body, headers=headers)

    def ended(answer: httpx2.Response) -> str:
        assert answer.status_code == 202, answer.text
        return str(await_end(jobs, answer.json()["job"], "p-fin-1").state)

    assert desk.client.put(path, json={"kind": "TREASURY"}, headers=headers).status_code == 201
    payee = POISON.replace('"', "'").replace(",", "")
    rows = [f"D-{line},{payee},1{line}.00,2025-06-0{line}" for line in (1, 2)]
    content = "\n".join(["支付明细号,收款人全称,支付金额,支付日期", *rows]).encode()
    name = {"name": f"{POISON}.csv"}
    sent = desk.client.post(f"{path}/statements", content=content, headers=headers, params=name)
    assert ended(sent) == "DONE"
    assert ended(ask("matchings", {"through": "2025-06-30"})) == "DONE"
    one, two = desk.get("fin-1", f"{path}/cases")["cases"]
    assert ask("explanations", {"cases": [one["case"]], "reason": POISON}).status_code == 200
    lines = {"ours": [], "theirs": [two["theirs"][0]["key"]]}
    assert ask("matches", {**lines, "reason": f"{POISON} by hand"}).status_code == 200
    shown = set(strings(read(desk.client.get(f"{path}/cases", headers=headers))))
    assert {POISON, f"{POISON} by hand", payee} <= shown
    assert f"{POISON}.csv" in set(strings(read(desk.client.get("/v1/jobs", headers=headers))))
    printed = ask("sheets", {"through": "2025-06-30", "format": "html"})
    assert ended(printed) == "DONE"
    page = desk.client.get(f"{printed.headers['Location']}/file", headers=headers)
    assert page.headers["content-disposition"].startswith("attachment")
    assert payee in html.unescape(page.text)
    assert not re.search(r"<(script|img|svg)", page.text)


def read_made(answer: httpx2.Response) -> Any:
    assert answer.status_code == 201, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


@pytest.mark.parametrize(
    "media_type", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "text/xml"]
)
def test_a_file_is_never_run_and_its_name_breaks_out_of_nothing(target: Target, media_type: str) -> None:
    desk = target.desk
    headers = desk.headers("fin-1") | {"Content-Type": media_type}
    content = f"<script>alert('{media_type}')</script>".encode()
    name = f"a\"; filename=x.html; {POISON}''../../etc/passwd"
    kept = done(desk.client.post("/v1/documents", content=content, headers=headers, params={"name": name}))
    answer = desk.read("aud-1", f"/v1/documents/{kept['sha256']}")
    assert read(answer) is None
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w.%~-]+", answer.headers["content-disposition"])
    assert not re.search(r"%2F|%5C|%22|%0A|%0D", answer.headers["content-disposition"])


@pytest.mark.parametrize("character", INVISIBLE, ids=ascii)
def test_nobody_hides_or_turns_letters(target: Target, character: str) -> None:
    """In no text of any kind: right-to-left overrides, what has no width, line separators, control characters."""
    for kind in EXAMPLES:
        whole, places = full_movement(kind, KINDS), takes_any(kind)
        for at in places:
            whole = changed(whole, at, f"示例{character}大学")
        faults = target.desk.ask("fin-1", whole).json()["problems"]
        assert len(faults) >= len(places), (kind, faults)
    for path, body in (
        ("/v1/people", {"name": f"a{character}b"}),
        ("/v1/keys", {"label": f"a{character}b", "days": 1}),
    ):
        who = "adm-1" if path == "/v1/people" else "fin-1"
        assert target.desk.client.post(path, json=body, headers=target.session(who)).status_code == 422


def test_mongolian_keeps_what_shapes_its_letters(target: Target) -> None:
    name = "\u1820\u180e\u182e\u200d\u1822\u200c\u1828"
    answer = target.desk.client.post("/v1/people", json={"name": name}, headers=target.session("adm-1"))
    assert read_made(answer)["name"] == name


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", POISON])
def test_a_workbook_takes_no_text_for_a_formula(begins: str) -> None:
    cell = Workbook().active.cell(1, 1)
    put_text(cell, begins)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (begins, "s", True)
