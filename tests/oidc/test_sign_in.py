"""Signing in at a certified provider, from the first redirect to the session; and all that must not lead to one."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.main import create_app
from api.origin import PublicUrl
from ledger.access import sign_ins
from ledger.access.oidc import Provider
from ledger.access.people import People
from ledger.access.sessions import Method
from ledger.access.sign_ins import GOOD_FOR
from ledger.application import Ledger
from ledger.audit.trail import Line
from tests.access.kept import lines
from tests.application.history import superuser
from tests.oidc.browser import Browser
from tests.oidc.test_provider import SECRETS

URL = "https://ledger.example.cn"
CALLBACK = f"{URL}/v1/session/oidc/callback"
BINDING, SESSION = "__Host-ledger-oidc", "__Host-ledger"


class Clock:
    """A clock that tests move on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def registered(ledger: Ledger, clock: Clock) -> Iterator[People]:
    with closing(People(ledger.store.dsn, ledger.secret, clock)) as registered:
        yield registered


@pytest.fixture
def alice(registered: People, issuer: str) -> str:
    """A person of the register whom the provider knows as alice."""
    person = registered.register.add("Alice", "p-adm-1", known_as="p-alice").id
    registered.register.link(person, issuer, "alice", "p-adm-1")
    return person


@pytest.fixture
def app(ledger: Ledger, registered: People, issuer: str) -> FastAPI:
    provider = Provider(issuer, "ledger", SECRETS["ledger"])
    return create_app(ledger, registered, public=PublicUrl(URL), provider=provider)


class Visitor:
    """Somebody at a browser of their own."""

    def __init__(self, ledger: httpx2.Client) -> None:
        self.ledger, self.browser = ledger, Browser()

    def begin(self, **params: str) -> str:
        """Begin to sign in; the provider's address."""
        answer = self.ledger.get("/v1/session/oidc", params=params)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def back(self, who: str = "alice", **params: str) -> str:
        """Sign in at the provider; the address that leads back."""
        return self.browser.sign_in(self.begin(**params), who, CALLBACK)

    def open(self, url: str, **headers: str) -> httpx2.Response:
        return self.ledger.get(url, headers=headers)

    @property
    def who(self) -> str | None:
        """Whose session the browser holds."""
        answer = self.ledger.get("/v1/session")
        return answer.json()["person"] if answer.status_code == 200 else None


@pytest.fixture
def visitor(app: FastAPI) -> Iterator[Callable[[], Visitor]]:
    """Makes somebody at a browser of their own."""
    made: list[TestClient] = []

    def make() -> Visitor:
        made.append(TestClient(app, base_url=URL, follow_redirects=False, raise_server_exceptions=False))
        return Visitor(made[-1])

    yield make
    for client in made:
        client.close()


@pytest.fixture
def one(visitor: Callable[[], Visitor]) -> Visitor:
    return visitor()


def changed(url: str, **params: str | None) -> str:
    """The address that leads back, with something else in it."""
    said = dict(parse_qsl(urlsplit(url).query)) | params
    return f"{CALLBACK}?{urlencode({name: value for name, value in said.items() if value is not None})}"


def refused(answer: httpx2.Response, code: str, why: str, status: int = 401) -> dict[str, Any]:
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"], problem["details"].get("why")) == (status, code, why), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert SESSION not in answer.headers.get("set-cookie", "")
    return problem


def last(registered: People) -> Line:
    number, _ = registered.trail.standing()
    (line,) = lines(registered.trail, number - 1)
    return line


def test_who_was_proven_has_a_session_and_goes_on(alice: str, one: Visitor, registered: People) -> None:
    answer = one.open(one.back(return_to="/console?special=MSP-BRK"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/console?special=MSP-BRK")
    assert one.who == alice
    line = last(registered)
    assert (line.event, line.person, line.about["method"]) == ("SIGNED_IN", alice, "oidc")


def test_cookies_are_for_this_host_and_no_script(alice: str, one: Visitor) -> None:
    begun = one.ledger.get("/v1/session/oidc")
    ended = one.open(one.back())
    for answer, name in ((begun, BINDING), (ended, SESSION)):
        (cookie,) = answer.headers.get_list("set-cookie")
        said = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert cookie.startswith(f"{name}=")
        assert {"httponly", "secure", "path=/", "samesite=lax"} <= said
        assert not any(part.startswith("domain") for part in said)
    assert "Max-Age=600" in begun.headers["set-cookie"]


def test_sign_ins_begun_in_two_tabs_do_not_shut_each_other_out(alice: str, one: Visitor) -> None:
    first, second = one.begin(), one.begin()
    for begun in (first, second):
        assert one.open(one.browser.sign_in(begun, "alice", CALLBACK)).status_code == 303


def test_a_session_that_was_planted_is_over(alice: str, one: Visitor, registered: People) -> None:
    other = registered.register.add("Mallory", "p-adm-1", known_as="p-mallory")
    planted, _ = registered.sessions.begin(other, Method.PASSWORD)
    one.ledger.cookies.set(SESSION, planted, domain="ledger.example.cn", path="/")
    assert one.who == "p-mallory"
    one.open(one.back())
    assert one.who == alice
    assert one.ledger.cookies[SESSION] != planted
    assert registered.sessions.of_token(planted) is None


# -- what comes back


def test_a_state_that_was_never_given_is_refused(alice: str, one: Visitor, registered: People) -> None:
    back = one.back()
    for state in ("A" * 43, "", None, "\0", "令"):
        refused(one.open(changed(back, state=state)), "NOT_PROVEN", "UNKNOWN_STATE")
    line = last(registered)
    assert (line.event, line.outcome, line.person) == ("SIGN_IN_FAILED", "REFUSED", None)
    assert (line.about["method"], line.about["why"]) == ("oidc", "UNKNOWN_STATE")
    assert one.who is None


def test_what_came_back_is_good_once(alice: str, visitor: Callable[[], Visitor]) -> None:
    one = visitor()
    back = one.back()
    assert one.open(back).status_code == 303
    refused(one.open(back), "NOT_PROVEN", "UNKNOWN_STATE")
    refused(visitor().open(back), "NOT_PROVEN", "UNKNOWN_STATE")


def test_a_code_is_good_once_with_whatever_state(alice: str, visitor: Callable[[], Visitor]) -> None:
    one, two = visitor(), visitor()
    used = one.back()
    assert one.open(used).status_code == 303
    code = dict(parse_qsl(urlsplit(used).query))["code"]
    refused(two.open(changed(two.back(), code=code)), "NOT_PROVEN", "CODE_REFUSED")
    assert two.who is None


def test_what_was_begun_in_another_browser_is_refused(alice: str, visitor: Callable[[], Visitor]) -> None:
    """Mallory signs in and gives the address that leads back to somebody else: they must not act as Mallory."""
    mallory, bystander, victim = visitor(), visitor(), visitor()
    victim.begin()  # and holds a cookie of their own
    refused(bystander.open(mallory.back()), "NOT_PROVEN", "ANOTHER_BROWSER")
    back = mallory.back()
    refused(victim.open(back), "NOT_PROVEN", "ANOTHER_BROWSER")
    refused(mallory.open(back), "NOT_PROVEN", "UNKNOWN_STATE")  # it is used up
    assert (bystander.who, victim.who, mallory.who) == (None, None, None)


def test_who_comes_back_too_late_begins_again(alice: str, one: Visitor, clock: Clock) -> None:
    back = one.back()
    clock.ahead = GOOD_FOR
    refused(one.open(back), "NOT_PROVEN", "TOO_LATE")
    clock.ahead = GOOD_FOR * 2 - timedelta(seconds=30)
    assert one.open(one.back()).status_code == 303


@pytest.mark.parametrize(
    ("column", "why"), [("nonce", "WRONG_NONCE"), ("verifier", "CODE_REFUSED")], ids=["nonce", "verifier"]
)
def test_the_answer_to_another_sign_in_is_refused(
    alice: str, one: Visitor, registered: People, ledger: Ledger, column: str, why: str
) -> None:
    back = one.back()
    with superuser(ledger.store.dsn) as db:
        db.execute(f"UPDATE ledger.sign_in SET {column} = repeat('A', 43)")
    refused(one.open(back), "NOT_PROVEN", why)
    assert last(registered).about["why"] == why
    assert one.who is None


def test_an_answer_in_another_s_name_is_refused(alice: str, one: Visitor) -> None:
    refused(one.open(changed(one.back(), iss="https://id.example.cn")), "NOT_PROVEN", "WRONG_ISSUER")
    refused(one.open(changed(one.back(), iss=None)), "NOT_PROVEN", "WRONG_ISSUER")


def test_who_gives_up_at_the_provider_is_told_so_in_either_language(one: Visitor) -> None:
    back = one.browser.give_up(one.begin(), CALLBACK)
    assert dict(parse_qsl(urlsplit(back).query))["error"] == "access_denied"
    english = refused(one.open(back, **{"Accept-Language": "en"}), "NOT_PROVEN", "REFUSED_BY_PROVIDER")
    assert english["detail"].startswith("Nobody was signed in")
    chinese = refused(one.open(back), "NOT_PROVEN", "UNKNOWN_STATE")
    assert chinese["detail"].startswith("未能登录")


# -- whom it names


def test_an_identity_that_is_nobody_here_is_named_in_the_record(
    alice: str, one: Visitor, registered: People, issuer: str
) -> None:
    refused(one.open(one.back("bob")), "IDENTITY_UNKNOWN", "UNKNOWN_IDENTITY", 403)
    line = last(registered)
    assert line.event == "SIGN_IN_FAILED"
    assert (line.about["issuer"], line.about["subject"]) == (issuer, "bob")
    registered.register.link(alice, line.about["issuer"], line.about["subject"], "p-adm-1")  # which mends it
    assert one.open(one.back("bob")).status_code == 303
    assert one.who == alice


def test_an_identity_is_another_one_at_another_provider(one: Visitor, registered: People) -> None:
    registered.register.link("p-adm-1", "https://id.example.cn", "alice", "p-sec-1")
    refused(one.open(one.back()), "IDENTITY_UNKNOWN", "UNKNOWN_IDENTITY", 403)


def test_somebody_disabled_is_refused(alice: str, one: Visitor, registered: People) -> None:
    one.open(one.back())
    assert one.who == alice
    registered.register.disable(alice, "p-adm-1")
    assert one.who is None
    refused(one.open(one.back()), "IDENTITY_UNKNOWN", "DISABLED", 403)
    assert last(registered).about["subject"] == "alice"
    assert one.who is None


# -- where it leads


def test_nobody_is_led_elsewhere(one: Visitor) -> None:
    elsewhere = "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "evil.example", ""
    parsed_otherwise = "/\t/evil.example", "/ /evil.example", "/a\r\nSet-Cookie: a=b", "/路径", "javascript:alert(1)"
    for return_to in (*elsewhere, *parsed_otherwise, "/" + "a" * 1_000):
        answer = one.ledger.get("/v1/session/oidc", params={"return_to": return_to})
        assert (answer.status_code, answer.json()["code"]) == (422, "MALFORMED"), return_to


def test_no_sign_in_begins_because_another_site_led_here(one: Visitor) -> None:
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 303), ("none", 303)):
        answer = one.open("/v1/session/oidc", **{"Sec-Fetch-Site": site})
        assert answer.status_code == status, site
        assert ("set-cookie" in answer.headers) == (status == 303)


def test_signing_out_ends_the_session_here_and_leads_to_the_provider(alice: str, one: Visitor, issuer: str) -> None:
    one.open(one.back())
    planted = one.ledger.cookies[SESSION]
    from_elsewhere = one.ledger.post("/v1/session/oidc/sign-out", headers={"Sec-Fetch-Site": "cross-site"})
    assert (from_elsewhere.status_code, one.who) == (403, alice)
    answer = one.ledger.post("/v1/session/oidc/sign-out", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{issuer}/session/end?client_id=ledger&")
    assert SESSION not in one.ledger.cookies
    one.ledger.cookies.set(SESSION, planted, domain="ledger.example.cn", path="/")
    assert one.who is None


# -- the provider is away, or there is none


def test_a_provider_that_is_away_is_said_so(ledger: Ledger, registered: People) -> None:
    app = create_app(ledger, registered, public=PublicUrl(URL), provider=Provider("http://127.0.0.1:9", "ledger"))
    with TestClient(app, base_url=URL, follow_redirects=False) as client:
        answer = client.get("/v1/session/oidc")
    refused(answer, "PROVIDER_UNAVAILABLE", "PROVIDER_UNREACHABLE", 503)
    assert answer.headers["retry-after"]
    assert last(registered).about["why"] == "PROVIDER_UNREACHABLE"


def test_without_a_provider_there_is_no_such_way_in(ledger: Ledger, registered: People) -> None:
    with TestClient(create_app(ledger, registered, public=PublicUrl(URL)), base_url=URL) as client:
        for path in ("/v1/session/oidc", "/v1/session/oidc/callback?state=a&code=b"):
            assert client.get(path).status_code == 404


# -- what is kept


def test_sign_ins_under_way_are_bounded_and_the_oldest_goes(
    alice: str, visitor: Callable[[], Visitor], ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_ins, "UNDER_WAY_MAX", 3)
    genuine = [visitor() for _ in range(4)]
    backs = [one.back() for one in genuine]
    with superuser(ledger.store.dsn) as db:
        assert db.execute("SELECT count(*) FROM ledger.sign_in").fetchone() == (3,)
    refused(genuine[0].open(backs[0]), "NOT_PROVEN", "UNKNOWN_STATE")
    assert genuine[3].open(backs[3]).status_code == 303


def test_nothing_is_kept_that_would_let_anybody_in(
    alice: str, one: Visitor, registered: People, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    back = one.back()
    said = dict(parse_qsl(urlsplit(back).query))
    secrets = [said["state"], said["code"], one.ledger.cookies[BINDING]]
    with superuser(ledger.store.dsn) as db:
        rows = str(db.execute("SELECT * FROM ledger.sign_in").fetchall())
        assert not [secret for secret in secrets if secret in rows]
        assert one.open(back).status_code == 303
        assert db.execute("SELECT count(*) FROM ledger.sign_in").fetchone() == (0,)
    browsers = ("httpx2", "httpcore2", "asyncio")
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(browsers)]
    kept = f"{ours}{lines(registered.trail, 0)}"
    assert not [secret for secret in (*secrets, one.ledger.cookies[SESSION]) if secret in kept]
