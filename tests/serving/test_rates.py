"""How often somebody may ask: by address before anybody knows who it is, by identity afterwards."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from fastapi import FastAPI
from limits import parse
from starlette.requests import HTTPConnection

from api import rates
from api.main import create_app
from api.origin import PublicUrl
from api.problems import ProblemRaised
from api.rates import ON_A_NETWORK, ON_THIS_MACHINE, Rates, Work, address_of
from ledger.access.demo import DemoPeople
from ledger.access.people import People
from tests.api.conftest import in_process
from tests.api.desk import refused
from tests.conftest import fresh_ledger

URL = "https://ledger.example.cn"
NEAR, FAR = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def public_app(server_dsn: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """On a network, where an address may ask five times a minute before anybody knows who it is."""
    monkeypatch.setattr(rates, "ON_A_NETWORK", {**ON_A_NETWORK, Work.ANONYMOUS: parse("5/minute")})
    with fresh_ledger(server_dsn) as ledger, closing(People(ledger.store.dsn, ledger.secret)) as registered:
        yield create_app(ledger, registered, public=PublicUrl(URL))


def test_each_identity_and_class_of_work_is_counted_by_itself() -> None:
    counting = Rates({Work.READING: parse("3/minute"), Work.WRITING: parse("1/minute")})
    assert [counting.wait("a", Work.READING) for _ in range(3)] == [None] * 3
    seconds = counting.wait("a", Work.READING)
    assert seconds is not None
    assert 1 <= seconds <= 60
    assert counting.wait("b", Work.READING) is None
    assert counting.wait("a", Work.WRITING) is None
    assert counting.wait("a", Work.SIGNING_IN) is None  # without a limit
    with pytest.raises(ProblemRaised) as raised:
        counting.admit("a", Work.READING)
    assert raised.value.headers == {"Retry-After": str(seconds)}


def test_a_desk_is_limited_only_in_guessing() -> None:
    assert set(ON_THIS_MACHINE) == {Work.SIGNING_IN}
    assert set(ON_A_NETWORK) == set(Work)


def test_an_anonymous_address_waits_and_others_do_not(public_app: FastAPI) -> None:
    client = in_process(public_app, FAR, URL)
    for _ in range(5):
        refused(client.get("/v1/movements"), "NOT_SIGNED_IN", 401)
    for path in ("/v1/movements", "/docs", "/openapi.json", "/nowhere"):
        answer = client.get(path)
        refused(answer, "TOO_MANY_REQUESTS", 429)
        assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert client.get("/healthz").status_code == 200
    assert in_process(public_app, NEAR, URL).get("/docs").status_code == 200


def test_guessing_at_keys_is_slowed_and_a_key_that_fits_is_not(public_app: FastAPI, people: DemoPeople) -> None:
    client = in_process(public_app, FAR, URL)
    guesses = [client.get("/v1/movements", headers={"Authorization": f"Bearer {n}"}) for n in range(20)]
    assert [answer.status_code for answer in guesses[5:]] == [429] * 15
    key = {"Authorization": f"Bearer {people.key_of('aud-1')}"}
    assert client.get("/v1/movements", headers=key).status_code == 200


def test_each_key_waits_for_itself_alone(
    public_app: FastAPI, people: DemoPeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {Work.READING: parse("3/minute"), Work.WRITING: parse("1/minute")}
    monkeypatch.setattr(public_app.state, "rates", Rates(limits))
    client = in_process(public_app, FAR, URL)

    def asked(who: str, method: str = "GET") -> int:
        headers = {"Authorization": f"Bearer {people.key_of(who)}"}
        return client.request(method, "/v1/movements", headers=headers).status_code

    assert [asked("aud-1") for _ in range(5)] == [200] * 3 + [429] * 2
    assert asked("fin-1") == 200
    assert [asked("aud-1", "POST") for _ in range(2)] == [403, 429]


def test_a_cookie_that_fits_nobody_is_a_guess_too(public_app: FastAPI) -> None:
    client = in_process(public_app, FAR, URL)
    guesses = [client.get("/v1/movements", headers={"Cookie": f"__Host-ledger={n}"}) for n in range(10)]
    assert [answer.status_code for answer in guesses] == [401] * 5 + [429] * 5


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        (NEAR, FAR, False),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
        ("unknown", "x" * 10_000, True),
    ],
)
def test_an_ipv6_network_counts_as_one(one: str, other: str, same: bool) -> None:
    found = [address_of(HTTPConnection({"type": "http", "client": (host, 1), "headers": []})) for host in (one, other)]
    assert (found[0] == found[1]) == same
    assert all(len(identity) < 60 for identity in found)


def test_many_addresses_leave_nothing_behind() -> None:
    """What is counted of an address is forgotten with its window."""
    counting = Rates({Work.ANONYMOUS: parse("5/second")})
    for number in range(1_000):
        counting.wait(f"address {number}", Work.ANONYMOUS)
    storage = counting._counting.storage
    for key in list(storage.expirations):
        storage.expirations[key] = 0.0
    counting.wait("address x", Work.ANONYMOUS)
    storage.timer.join(5)
    assert len(storage.storage) <= 1
    assert not storage.events
