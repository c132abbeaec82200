"""Signing in over HTTP: sessions and their cookie, one's own secrets, people and what is granted to them, keys, the record."""

import json
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from typing import Any

import httpx2
import pyotp
import pytest

from api.main import create_app
from api.origin import PublicUrl
from ledger.access.demo import DemoPeople
from ledger.access.people import People
from ledger.application import Ledger
from tests.access.conftest import Clock
from tests.access.kept import lines
from tests.api.conftest import TODAY, in_process
from tests.api.desk import Desk, movement, refused
from tests.api.opening import DAY

QUOTA = movement(
    "AppropriationReceived", DAY, fund="STIDF", vintage=2025, amount="10.00", document={"number": "内财科〔2025〕1号"}
)
NEW = "quiet-Heron-77-marsh"


def call(desk: Desk, who: str, method: str, path: str, body: Any = None, **params: Any) -> httpx2.Response:
    """As somebody who signed in."""
    return desk.client.request(method, path, json=body, headers=desk.session(who), params=params or None)


def done(answer: httpx2.Response) -> Any:
    assert answer.status_code in (200, 201, 204), answer.text
    return answer.json() if answer.content else None


def sign_in(desk: Desk, login: str, password: str, **more: str) -> httpx2.Response:
    answer = desk.client.post("/v1/session", json={"login": login, "password": password, **more})
    desk.client.cookies.clear()
    return answer


def test_a_session_does_what_its_owner_may(desk: Desk) -> None:
    me = done(call(desk, "fin-1", "GET", "/v1/session"))
    assert (me["person"], me["grants"][0]["role"], "RECORD" in me["actions"]) == ("p-fin-1", "FIN", True)
    receipt = done(call(desk, "fin-1", "POST", "/v1/movements", QUOTA))
    line = desk.get("aud-1", f"/v1/movements/{receipt['number']}")
    assert line["actor"] == {"subject": "p-fin-1", "role": "FIN"}


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: Desk) -> None:
    answer = sign_in(desk, "fin-1", desk.people.password_of("fin-1"))
    attributes = answer.headers["set-cookie"].lower().split("; ")
    assert attributes[0].startswith("ledger-session=")
    assert {"httponly", "samesite=lax", "path=/"} <= set(attributes)
    assert not any(part.startswith("domain") for part in attributes)


def test_another_site_does_nothing_with_a_session(desk: Desk) -> None:
    headers = desk.session("fin-1") | {"Sec-Fetch-Site": "cross-site"}
    answer = desk.client.post("/v1/movements", json=QUOTA, headers=headers)
    refused(answer, "CROSS_SITE", 403)
    assert desk.number() == 0


def test_all_failures_sound_alike(desk: Desk) -> None:
    """Whether a login exists, is locked or disabled is nobody's business."""
    answers = [sign_in(desk, "fin-1", "wrong-Password-11"), sign_in(desk, "nobody", "wrong-Password-11")]
    answers += [sign_in(desk, "std-1", "wrong-Password-11") for _ in range(5)]
    answers.append(sign_in(desk, "std-1", desk.people.password_of("std-1")))
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    whys = [line["about"]["why"] for line in desk.get("log-1", "/v1/trail", event="SIGN_IN_FAILED")["lines"]]
    assert whys == ["LOCKED", *["WRONG_PASSWORD"] * 5, "UNKNOWN_LOGIN", "WRONG_PASSWORD"]


def test_a_session_given_by_somebody_else_is_not_taken_over(desk: Desk, registered: People) -> None:
    """Fixation: a new token at every sign-in, and what the browser held before is over."""
    before = desk.session("std-1")["Cookie"]
    signing_in = {"login": "fin-1", "password": desk.people.password_of("fin-1")}
    answer = desk.client.post(
        "/v1/session", json=signing_in, headers={"Cookie": before, "Sec-Fetch-Site": "same-origin"}
    )
    desk.client.cookies.clear()
    after = answer.headers["set-cookie"].split(";")[0]
    assert after != before
    assert desk.client.get("/v1/session", headers={"Cookie": before}).status_code == 401
    assert desk.client.get("/v1/session", headers={"Cookie": after}).json()["person"] == "p-fin-1"
    chosen = desk.client.get("/v1/session", headers={"Cookie": "ledger-session=chosen-by-somebody-else"})
    assert chosen.status_code == 401


def test_signing_out_is_at_once(desk: Desk) -> None:
    headers = desk.session("fin-1")
    assert desk.client.get("/v1/session", headers=headers).status_code == 200
    left = desk.client.delete("/v1/session", headers=headers)
    assert left.status_code == 204
    assert left.headers["clear-site-data"] == '"cache", "storage"'
    assert desk.client.get("/v1/session", headers=headers).status_code == 401


def test_one_s_own_secrets(desk: Desk) -> None:
    old = desk.people.password_of("com-1")
    refused(
        call(desk, "com-1", "POST", "/v1/session/password", {"password": "x", "new_password": NEW}),
        "WRONG_PASSWORD",
        422,
    )
    weak = {"password": old, "new_password": "com-1-com-1-com-1"}
    refused(call(desk, "com-1", "POST", "/v1/session/password", weak), "WEAK_PASSWORD", 422)
    secret = done(call(desk, "com-1", "POST", "/v1/session/second-factor", {"password": old}))["secret"]
    code = pyotp.TOTP(secret).now()
    done(call(desk, "com-1", "POST", "/v1/session/second-factor/confirm", {"code": code}))
    refused(call(desk, "com-1", "GET", "/v1/session"), "NOT_SIGNED_IN", 401)
    refused(sign_in(desk, "com-1", old), "SIGN_IN_FAILED", 401)
    old = desk.people.password_of("std-1")
    done(call(desk, "std-1", "POST", "/v1/session/password", {"password": old, "new_password": NEW}))
    refused(call(desk, "std-1", "GET", "/v1/session"), "NOT_SIGNED_IN", 401)
    by_key = {"password": old, "new_password": NEW}
    answer = desk.client.post("/v1/session/password", json=by_key, headers=desk.headers("fin-1"))
    refused(answer, "NOT_BY_KEY", 403)


def test_from_a_new_person_to_the_first_thing_they_do(desk: Desk) -> None:
    """Two administrators are needed, and neither can do it alone nor see money."""
    person = done(call(desk, "adm-1", "POST", "/v1/people", {"name": "李会计"}))["person"]
    account = done(call(desk, "adm-1", "POST", f"/v1/people/{person}/account", {"login": "li"}))
    refused(call(desk, "adm-1", "POST", f"/v1/people/{person}/grants", {"role": "FIN"}), "NOT_FOR_THIS_ROLE", 403)
    refused(call(desk, "sec-1", "POST", "/v1/people", {"name": "x"}), "NOT_FOR_THIS_ROLE", 403)
    refused(sign_in(desk, "li", account["password"]), "NEW_PASSWORD_NEEDED", 403)
    signed = sign_in(desk, "li", account["password"], new_password=NEW)
    assert done(signed)["grants"] == []
    cookie = {
        "Cookie": signed.headers["set-cookie"].split(";")[0],
        "Sec-Fetch-Site": "same-origin",
        "Idempotency-Key": "1",
    }
    refused(desk.client.post("/v1/movements", json=QUOTA, headers=cookie), "NOT_FOR_THIS_ROLE", 403)
    grant = done(call(desk, "sec-1", "POST", f"/v1/people/{person}/grants", {"role": "FIN"}))["grants"][0]
    assert desk.client.post("/v1/movements", json=QUOTA, headers=cookie).status_code == 201
    done(call(desk, "sec-1", "DELETE", f"/v1/grants/{grant['number']}"))
    refused(desk.client.get("/v1/balances?by=plan", headers=cookie), "NOT_FOR_THIS_ROLE", 403)
    done(call(desk, "adm-1", "POST", f"/v1/people/{person}/disable"))
    refused(desk.client.get("/v1/session", headers=cookie), "NOT_SIGNED_IN", 401)


def test_an_administrator_who_changes_a_way_in_does_not_act_by_it(desk: Desk) -> None:
    """They are told why nothing is theirs, and one of security lets it hold again, for what they read and nothing later."""
    first = done(call(desk, "adm-1", "POST", "/v1/people/p-fin-2/account", {"login": "fin-2"}))["password"]
    signed = sign_in(desk, "fin-2", first, new_password=NEW)
    me = done(signed)
    assert (me["grants"], me["actions"]) == ([], [])
    assert all(word in me["unconfirmed"][key] for key, word in (("zh", "安全管理员"), ("en", "security administrator")))
    cookie = {"Cookie": signed.headers["set-cookie"].split(";")[0], "Sec-Fetch-Site": "same-origin"}
    bearer = desk.headers("fin-2")
    for headers in (cookie, bearer):
        refused(desk.client.get("/v1/balances?by=plan", headers=headers), "WAY_IN_UNCONFIRMED", 403)
    path, line = "/v1/people/p-fin-2/confirm", done(call(desk, "adm-1", "GET", "/v1/people/p-fin-2"))
    assert line["unconfirmed_since"] == me["unconfirmed_since"]
    seen = {"unconfirmed_since": line["unconfirmed_since"]}
    refused(call(desk, "adm-1", "POST", path, seen), "NOT_FOR_THIS_ROLE", 403)
    identity = {"issuer": "https://id.example.cn", "subject": "adm-1"}
    later = done(call(desk, "adm-1", "POST", "/v1/people/p-fin-2/identities", identity))
    refused(call(desk, "sec-1", "POST", path, seen), "CHANGED_SINCE", 409)
    seen = {"unconfirmed_since": later["unconfirmed_since"]}
    assert "unconfirmed_since" not in done(call(desk, "sec-1", "POST", path, seen))
    assert desk.client.get("/v1/balances?by=plan", headers=cookie).status_code == 200
    assert "unconfirmed" not in desk.client.get("/v1/session", headers=cookie).json()


def test_over_a_network_a_password_alone_does_nothing_but_set_up_codes(ledger: Ledger, people: DemoPeople) -> None:
    """On this machine it does what its owner may; keys are of machines and the command line."""
    url, clock = "https://ledger.example.cn", Clock()
    with closing(People(ledger.store.dsn, ledger.secret, clock)) as registered:
        app = create_app(ledger, registered, today=lambda: TODAY, public=PublicUrl(url))
        client = in_process(app, "203.0.113.7", url)
        client.headers["Sec-Fetch-Site"] = "same-origin"
        password = people.password_of("fin-1")
        signing_in = {"login": "fin-1", "password": password}
        assert client.post("/v1/session", json=signing_in).status_code == 201
        for path in ("/v1/balances?by=plan", "/v1/catalogue", "/v1/keys"):
            refused(client.get(path), "SECOND_FACTOR_NEEDED", 403)
        refused(client.post("/v1/movements", json=QUOTA), "SECOND_FACTOR_NEEDED", 403)
        code = pyotp.TOTP(done(client.post("/v1/session/second-factor", json={"password": password}))["secret"])
        done(client.post("/v1/session/second-factor/confirm", json={"code": code.at(clock.now)}))
        refused(client.get("/v1/catalogue"), "NOT_SIGNED_IN", 401)
        clock.pass_by(timedelta(seconds=30))
        assert client.post("/v1/session", json=signing_in | {"code": code.at(clock.now)}).status_code == 201
        assert client.get("/v1/balances?by=plan").status_code == 200
        by = [line.about["method"] for line in lines(registered.trail) if line.event == "SIGNED_IN"]
    assert by == ["password", "password and code"]


def test_nobody_promotes_themselves(desk: Desk) -> None:
    refused(call(desk, "sec-1", "POST", "/v1/people/p-sec-1/grants", {"role": "FIN"}), "OWN_RIGHTS", 403)
    for who in ("fin-1", "pm-1", "aud-1", "adm-1", "log-1"):
        answer = call(desk, who, "POST", f"/v1/people/p-{who}/grants", {"role": "STD"})
        refused(answer, "NOT_FOR_THIS_ROLE", 403)
    more = {"name": "x", "id": "p-fin-1", "human": "p-fin-1", "role": "FIN"}
    assert call(desk, "adm-1", "POST", "/v1/people", more).status_code == 422


def test_one_human_behind_two_accounts_approves_nothing_of_their_own(desk: Desk) -> None:
    done(call(desk, "adm-1", "POST", "/v1/people/p-fin-2/same-human", {"same_as": "p-std-1"}))
    desk.ask("fin-1", QUOTA)
    allocated = movement("FundsAllocated", DAY, fund="STIDF", vintage=2025, special="RDT-KRD", amount="1")
    proposed = desk.post("std-1", "/v1/proposals", {"proposal": "P-1", "effective_on": DAY, "movements": [allocated]})
    assert proposed.status_code == 201
    answer = desk.approve("fin-2", "P-1", effective_on=DAY)
    assert answer.json()["code"] == "SELF_APPROVAL"


def test_a_lent_role_is_used_in_the_other_s_name_and_ends(desk: Desk) -> None:
    mine = done(call(desk, "fin-1", "GET", "/v1/session"))["grants"][0]["number"]
    loan = {"grant": mine, "to": "p-com-1", "since": "2025-06-01", "until": "2025-07-31"}
    lent = done(call(desk, "fin-1", "POST", "/v1/delegations", loan))["lent"][0]
    assert lent["acting_for"] == "p-fin-1"
    (borrowed,) = done(call(desk, "com-1", "GET", "/v1/delegations"))["borrowed"]
    headers = desk.session("com-1") | {"Ledger-Grant": str(borrowed["number"])}
    recorded = desk.client.post("/v1/movements", json=QUOTA, headers=headers)
    assert recorded.status_code == 201, recorded.text
    line = desk.get("aud-1", f"/v1/movements/{recorded.json()['number']}")
    assert line["actor"] == {"subject": "p-com-1", "role": "FIN", "acting_for": "p-fin-1"}
    refused(call(desk, "com-1", "DELETE", f"/v1/delegations/{borrowed['number']}"), "UNKNOWN_PERSON", 404)
    done(call(desk, "fin-1", "DELETE", f"/v1/delegations/{borrowed['number']}"))
    refused(desk.client.post("/v1/movements", json=QUOTA, headers=headers), "NOT_FOR_THIS_ROLE", 403)


# -- keys


def test_a_key_is_shown_once_and_does_what_it_was_made_for(desk: Desk) -> None:
    asked = {"label": "夜间导入", "days": 30, "actions": ["SEE_BOOKS", "GRANT_ROLES"]}
    made = done(call(desk, "fin-1", "POST", "/v1/keys", asked))
    assert made["actions"] == ["SEE_BOOKS"]
    bearer = {"Authorization": f"Bearer {made['secret']}", "Idempotency-Key": "k"}
    assert desk.client.get("/v1/balances?by=plan", headers=bearer).status_code == 200
    refused(desk.client.post("/v1/movements", json=QUOTA, headers=bearer), "NOT_FOR_THIS_ROLE", 403)
    assert made["secret"] not in call(desk, "fin-1", "GET", "/v1/keys").text
    new = done(call(desk, "fin-1", "POST", f"/v1/keys/{made['key']}/rotate"))
    for key in (made, new):
        done(call(desk, "fin-1", "DELETE", f"/v1/keys/{key['key']}"))
        dead = desk.client.get("/v1/balances?by=plan", headers={"Authorization": f"Bearer {key['secret']}"})
        refused(dead, "NOT_SIGNED_IN", 401)


def test_somebody_else_s_key_is_not_there(desk: Desk) -> None:
    key = done(call(desk, "fin-1", "POST", "/v1/keys", {"label": "x", "days": 1}))["key"]
    for method, path in (("DELETE", f"/v1/keys/{key}"), ("POST", f"/v1/keys/{key}/rotate")):
        refused(call(desk, "fin-2", method, path), "UNKNOWN_PERSON", 404)
    refused(call(desk, "sec-1", "DELETE", f"/v1/machines/p-fin-1/keys/{key}"), "NOT_A_MACHINE", 403)
    assert done(call(desk, "sec-1", "GET", "/v1/machines/p-fin-1/keys"))["keys"] == []


def test_the_security_administrator_keeps_the_keys_of_machines(desk: Desk) -> None:
    made = done(call(desk, "sec-1", "POST", "/v1/machines/p-tre-1/keys", {"label": "国库专线", "days": 90}))
    assert made["actions"] == ["RECORD", "SEE_ATTEMPTS", "SEE_CODES"]
    new = done(call(desk, "sec-1", "POST", f"/v1/machines/p-tre-1/keys/{made['key']}/rotate"))
    done(call(desk, "sec-1", "DELETE", f"/v1/machines/p-tre-1/keys/{new['key']}"))
    refused(call(desk, "sec-1", "POST", "/v1/machines/p-fin-1/keys", {"label": "x", "days": 1}), "NOT_A_MACHINE", 403)


# -- the audit record


def test_the_record_is_carried_away_whole_and_says_so(desk: Desk) -> None:
    call(desk, "fin-1", "GET", "/v1/session")
    exported = call(desk, "log-1", "GET", "/v1/trail/export")
    rows = [json.loads(line) for line in exported.text.splitlines()]
    chain = bytes(32)
    for number, row in enumerate(rows, 1):
        state = row["state"].encode()
        chain = sha256(chain + sha256(b"\0" + state).digest()).digest()
        assert (json.loads(state)["number"], row["chain"]) == (number, chain.hex())
    page = desk.get("log-1", "/v1/trail")
    assert (page["standing_at"], page["standing_chain"]) == (len(rows), chain.hex())
    assert page["lines"][0]["event"] == "EXPORTED"
    about = {line["event"] for line in desk.get("log-1", "/v1/trail", person="p-fin-1", limit=500)["lines"]}
    assert about == {"PERSON_ADDED", "ROLE_GRANTED", "KEY_MADE", "ACCOUNT_OPENED", "SIGNED_IN"}


@pytest.mark.parametrize("limit", [1, 7])
def test_the_record_is_read_page_by_page(desk: Desk, limit: int) -> None:
    whole = [line["number"] for line in desk.get("log-1", "/v1/trail", limit=500)["lines"]]
    seen: list[int] = []
    before: dict[str, int] = {}
    while True:
        page = desk.get("log-1", "/v1/trail", limit=limit, **before)
        seen += [line["number"] for line in page["lines"]]
        if "next" not in page or len(seen) > 40:
            break
        before = {"before": page["next"]}
    assert seen == whole[: len(seen)]
    assert len(seen) > 40 or seen == whole


def test_guessing_is_slow_from_wherever_it_comes(desk: Desk) -> None:
    answers = [sign_in(desk, f"somebody-{number}", "wrong-Password-11") for number in range(21)]
    assert [answer.status_code for answer in answers] == [401] * 20 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    refused(sign_in(desk, "fin-1", desk.people.password_of("fin-1")), "TOO_MANY_REQUESTS", 429)
