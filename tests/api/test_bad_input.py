"""Whatever arrives, the answer is a problem with a code, never a fault, and nothing is recorded."""

import itertools
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from api.main import create_app
from ledger.access.demo import DemoPeople
from ledger.access.people import People
from ledger.domain.catalogue import Fund
from tests.api.conftest import in_process
from tests.api.desk import Desk, done, movement, refused
from tests.api.opening import DAY, UNDERTAKER, credit_code
from tests.conftest import fresh_ledger

_serial = itertools.count(1)


@pytest.fixture(scope="module")
def desk(server_dsn: str, people: DemoPeople) -> Iterator[Desk]:
    """One ledger for all of them: what records nothing leaves nothing behind."""
    with (
        fresh_ledger(server_dsn) as ledger,
        closing(People(ledger.store.dsn, ledger.secret)) as registered,
        in_process(create_app(ledger, registered)) as client,
    ):
        yield Desk(client, people)


GOOD = movement(
    "AppropriationReceived", DAY, fund="STIDF", vintage=2025, amount="100.00", document={"number": "内财科〔2025〕1号"}
)
PARTY = movement("PartyRegistered", DAY, credit_code=UNDERTAKER, name="示例大学", level="REGIONAL")
WRONG_CHECK = UNDERTAKER[:-1] + ("0" if UNDERTAKER[-1] != "0" else "1")


def raw(text: str, **replaced: str) -> bytes:
    """A request as JSON text, with places in it replaced by text that ``json`` would not write."""
    for place, what in replaced.items():
        text = text.replace(f'"@{place}"', what)
    return text.encode("utf-8", "surrogatepass")


def good(**fields: Any) -> str:
    return json.dumps(GOOD | fields, ensure_ascii=False)


AMOUNTS = {
    "NaN": "NaN",
    "infinity": "-Infinity",
    "1e500": "1e500",
    "text 1e5": '"1e5"',
    "number": "100",
    "number with decimals": "100.00",
    "huge number": "12345678901234567.89",
    "negative": '"-1.00"',
    "zero": '"0.00"',
    "half a fen": '"0.005"',
    "full-width digits": '"１２.５"',
    "underscore": '"1_000"',
    "separators": '"1,000.00"',
    "2^53 fen": '"90071992547409.92"',
    "2^63": '"9223372036854775808"',
    "empty": '""',
    "true": "true",
    "null": "null",
    "object": "{}",
    "new line": '"1\\n"',
}
BODIES: dict[str, bytes] = {
    **{f"amount {name}": raw(good(amount="@amount"), amount=text) for name, text in AMOUNTS.items()},
    "empty": b"",
    "not JSON": b"{",
    "a list": b"[]",
    "a text": b'"AppropriationReceived"',
    "a number": b"1",
    "null": b"null",
    "no kind": b"{}",
    "unknown kind": good(kind="MoneyPrinted").encode(),
    "kind a number": good(kind=7).encode(),
    "unknown field": good(bonus="1.00").encode(),
    "field name with markup": raw(good(**{"<script>": "1"})),
    "not UTF-8": good().encode("gb18030"),
    "UTF-16": good().encode("utf-16"),
    "huge nesting": b"[" * 100_000,
    "nested objects": raw(good(document="@deep"), deep='{"a":' * 5_000 + "1" + "}" * 5_000),
    "day that is none": good(effective_on="2025-02-30").encode(),
    "day with time": good(effective_on="2025-02-03T00:00:00").encode(),
    "day a number": good(effective_on=20250203).encode(),
    "year 1999": good(vintage=1999).encode(),
    "year a text": good(vintage="2025").encode(),
    "year huge": raw(good(vintage="@year"), year=str(2**70)),
    "period 14": good(period="2025-14").encode(),
    "unknown fund": good(fund="GOLD").encode(),
    "identifier with NUL": good(line="1\u0000").encode(),
    "identifier full width": good(line="１").encode(),
    "document number blank": good(document={"number": "  "}).encode(),
    "name with NUL": json.dumps(PARTY | {"name": "示例\u0000大学"}).encode(),
    "name with lone surrogate": json.dumps(PARTY | {"name": "示例\ud800"}).encode(),
    "name with raw surrogate": raw(json.dumps(PARTY | {"name": "示例\ud800"}, ensure_ascii=False)),
    "name unassigned": json.dumps(PARTY | {"name": "\U000e0fff"}).encode(),
    "name too long": json.dumps(PARTY | {"name": "示" * 401}).encode(),
    "wrong check character": json.dumps(PARTY | {"credit_code": WRONG_CHECK}).encode(),
    "credit code with I": json.dumps(PARTY | {"credit_code": "I" * 18}).encode(),
}
INTEGERS = {
    "rate 2^63": movement(
        "PolicyParameterSet", DAY, name="post_subsidy_rate", rate_bp=2**63, document={"number": "1号"}
    ),
    "rate 2^200": movement(
        "PolicyParameterSet", DAY, name="post_subsidy_rate", rate_bp=2**200, document={"number": "1号"}
    ),
    "days -2^200": movement(
        "PolicyParameterSet", DAY, name="proposal_days", days=-(2**200), document={"number": "1号"}
    ),
    "number 2^200": movement("EntryCorrected", DAY, reason="示例", lines=[{"number": 2**200}]),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_malformed_body_is_refused_and_records_nothing(desk: Desk, body: bytes) -> None:
    before = desk.number()
    answer = desk.post("fin-1", "/v1/movements", body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "MALFORMED")
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["problems"]
    assert all(fault["where"] and fault["zh"] and fault["en"] for fault in problem["problems"])
    for echoed in ("<script>", "MoneyPrinted", "12345678901234567", "GOLD", "１２", WRONG_CHECK):
        assert echoed not in answer.text
    assert desk.number() == before


@pytest.mark.parametrize("unlisted", ["GOLD", "<script>"])
def test_a_value_that_is_not_of_a_list_is_answered_with_the_list(desk: Desk, unlisted: str) -> None:
    (fault,) = desk.post("fin-1", "/v1/movements", good(fund=unlisted).encode()).json()["problems"]
    assert fault["where"] == "fund"
    for words in (fault["zh"], fault["en"]):
        assert all(fund in words for fund in Fund)
        assert unlisted not in words


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_malformed_line_of_a_list_has_its_own_outcome(desk: Desk, body: bytes) -> None:
    if b"\n" in body:
        pytest.skip("a line break inside would make two lines of it")
    before = desk.number()
    lines = b"\n".join([good(line=f"a{next(_serial)}").encode(), body, good(line=f"b{next(_serial)}").encode()])
    headers = desk.headers("fin-1") | {"Content-Type": "application/x-ndjson"}
    answer = desk.client.post("/v1/movements/bulk", content=lines, headers=headers)
    assert answer.status_code == 200, answer.text
    outcomes = answer.json()["outcomes"]
    assert [outcome["line"] for outcome in outcomes] == [1, 2, 3]
    assert outcomes[1]["problem"]["code"] == "MALFORMED"
    assert [outcomes[0]["number"], outcomes[2]["number"]] == [before + 1, before + 2]


@pytest.mark.parametrize("request_", [pytest.param(r, id=name) for name, r in INTEGERS.items()])
def test_integers_beyond_what_json_carries_exactly_are_no_fault(desk: Desk, request_: dict[str, Any]) -> None:
    """They need a second person, so they come as a proposal too."""
    before = desk.number()
    for path, body in (
        ("/v1/movements", request_),
        ("/v1/proposals", {"effective_on": DAY, "movements": [request_]}),
    ):
        answer = desk.post("fin-1", path, body)
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.json()["code"]
    assert desk.number() == before


KEYS = {"absent": None, "empty": "", "blank": " ", "with space": "a b", "not ASCII": "键".encode(), "long": "k" * 201}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
def test_a_missing_or_odd_idempotency_key_is_refused(desk: Desk, key: str | bytes | None) -> None:
    before = desk.number()
    headers: list[tuple[str, str | bytes]] = [("Authorization", desk.headers("fin-1")["Authorization"])]
    if key is not None:
        headers.append(("Idempotency-Key", key))
    answer = desk.client.post("/v1/movements", content=good(), headers=headers)  # type: ignore[arg-type]
    missing = not key or not key.strip()
    expected = "IDEMPOTENCY_KEY_MISSING" if missing else "MALFORMED"
    assert (answer.status_code, answer.json()["code"]) == (422, expected)
    assert desk.number() == before


def test_two_idempotency_keys_are_refused(desk: Desk) -> None:
    before = desk.number()
    sent = [
        ("Authorization", desk.headers("fin-1")["Authorization"]),
        ("Idempotency-Key", "a"),
        ("Idempotency-Key", "b"),
    ]
    answer = desk.client.post("/v1/movements", content=good(), headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "MALFORMED")
    assert desk.number() == before


QUERIES = (
    "/v1/movements?limit=0",
    "/v1/movements?limit=NaN",
    "/v1/movements?after=9223372036854775808",
    "/v1/movements?kind=%00",
    "/v1/movements?project=%F0%28",
    "/v1/movements?order=sideways",
    "/v1/movements/0",
    "/v1/movements/9223372036854775808",
    "/v1/balances",
    "/v1/balances?by=moon",
    "/v1/balances?by=plan&fiscal_year=1",
    "/v1/balances?by=plan&special=%00",
    "/v1/balances?by=project&after=%00",
    "/v1/balances?by=plan&min_number=-1",
    "/v1/availability",
    "/v1/availability?special=msp",
    "/v1/projects?special=1",
    "/v1/projects/%00",
    "/v1/parties/" + WRONG_CHECK,
    "/v1/documents/xyz",
    "/v1/attempts?before=0",
    "/v1/proposals?status=LOST",
    "/v1/stream?after=-1",
)


@pytest.mark.parametrize("path", QUERIES)
def test_a_malformed_query_is_refused(desk: Desk, path: str) -> None:
    answer = desk.read("aud-1", path)
    assert (answer.status_code, answer.json()["code"]) == (422, "MALFORMED"), answer.text


def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    for path in (
        "/v1/movements/999999",
        "/v1/movements/x",
        "/v1/projects/P-1",
        f"/v1/parties/{credit_code(99)}",
        "/v1/documents/" + "0" * 64,
        "/v1/proposals/P-1",
        "/v1/availability?special=ABC-DEF",
        "/nowhere",
    ):
        answer = desk.read("aud-1", path)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND"), path
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("body", [b"\xbf\x17", b"{", b"[" * 60_000, '{"login": "a"}'.encode("utf-16")])
def test_a_small_body_that_is_no_json_in_utf_8_is_malformed(desk: Desk, body: bytes) -> None:
    answer = desk.client.post("/v1/session", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "MALFORMED"), answer.text


def test_a_list_is_not_called_short_for_its_malformed_lines(desk: Desk) -> None:
    body = {"effective_on": "2025-06-30", "movements": [json.loads(good(amount="-1"))]}
    problem = desk.post("std-1", "/v1/proposals", body).json()
    assert [fault["where"] for fault in problem["problems"]] == ["movements.0.amount"]


def test_another_method_is_not_allowed(desk: Desk) -> None:
    answer = desk.client.delete("/v1/movements", headers=desk.headers("fin-1"))
    assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "GET, POST"
    answer = desk.client.get("/v1/movements/bulk", headers=desk.headers("fin-1"))
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_body_beyond_the_limit_is_refused(desk: Desk) -> None:
    answer = desk.post("fin-1", "/v1/movements", b" " * (2 * 1024**2 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")

    def unannounced() -> Any:
        for _ in range(3):
            yield b" " * 1024**2

    answer = desk.client.post("/v1/movements", content=unannounced(), headers=desk.headers("fin-1"))
    assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")


@pytest.mark.parametrize("language", ["", ";;;", "en;q=x", "zh-CN,en;q=0.5", "q=1", "é".encode("latin-1"), "*"])
def test_an_odd_accept_language_is_no_fault(desk: Desk, language: str | bytes) -> None:
    headers = desk.headers("fin-1") | {"Accept-Language": language, "Accept": "?/?"}
    answer = desk.client.post("/v1/movements", content=b"", headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["title"]) == (422, "请求格式不符")


# -- a field that is given twice


TWICE = {
    "plain": '"amount": "@a"',
    "spaced": '"amount" \n : "@a"',
    "escaped": '"\\u0061mount":"@a"',
    "beside a colon": '"amount": "@a", "reason": "a:\\":b"',
    "beside what few take for JSON": '"amount": "@a", "year": NaN',
    "beside a surrogate": '"amount": "@a", "reason": "\\ud800"',
    "beside a long number": '"amount": "@a", "year": ' + "9" * 5_000,
}


@pytest.mark.parametrize("how", TWICE)
def test_a_field_that_is_given_twice_is_refused_and_named(desk: Desk, how: str) -> None:
    """Which of them was meant nobody knows: a proxy that judges the first would let the last pass."""
    before = desk.number()
    body = raw(good().removesuffix("}") + f", {TWICE[how]}}}", a='"7.00"')
    problem = refused(desk.post("fin-1", "/v1/movements", body), "MALFORMED", 422)
    assert problem["problems"] == [{"where": "amount", "zh": "字段重复", "en": "this field is given twice"}]
    assert desk.number() == before


def test_a_field_that_is_given_twice_is_refused_wherever_a_body_is_read(desk: Desk) -> None:
    nested = '{"effective_on":"2025-03-01","movements":[{"kind":"FundsAllocated","kind":"FundsAllocated"}]}'
    outer = '{"effective_on":"2025-03-01","movements":[],"movements":[]}'
    account = '{"login":"fin-1","password":"x","password":"y"}'
    for path, body in (("/v1/proposals", nested), ("/v1/proposals", outer), ("/v1/session", account)):
        problem = refused(desk.post("std-1", path, body.encode()), "MALFORMED", 422)
        assert [fault["zh"] for fault in problem["problems"]] == ["字段重复"], path
    lines = f'[{good()}, {{"kind":"FundsAllocated","kind":"x"}}]'.encode()
    outcomes = done(desk.post("fin-1", "/v1/movements/bulk", lines))["outcomes"]
    assert ["problem" in outcome for outcome in outcomes] == [False, True]
    assert outcomes[1]["problem"]["problems"][0]["where"] == "kind"
    unsaid = refused(desk.post("std-1", "/v1/movements", '{"秘密":1,"秘密":2}'.encode()), "MALFORMED", 422)
    assert unsaid["problems"][0]["where"] == "(?)"


def test_the_same_field_of_two_objects_and_colons_in_texts_are_none(desk: Desk) -> None:
    same = good(document={"number": "a:b", "sha256": None}, reason='a":b : c', line="x").replace(', "sha256": null', "")
    for line in ("1", "2"):
        answer = desk.post("fin-1", "/v1/movements", same.replace('"x"', f'"{line}"').encode(), dry_run=True)
        assert answer.status_code == 200, answer.text


def test_a_small_body_beyond_its_limit_is_refused_as_such(desk: Desk) -> None:
    body = json.dumps({"login": "fin-1", "password": "x" * 64 * 1024}).encode()
    assert refused(desk.post("fin-1", "/v1/session", body), "TOO_LARGE", 413)["details"] == {"limit_bytes": 65536}
