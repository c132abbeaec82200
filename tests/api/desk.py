"""What people do over HTTP, in few words: record, propose and approve, look. Tests read as who did what."""

import itertools
import json
from typing import Any

import httpx2

from ledger.access.demo import DemoPeople

_serial = itertools.count(1)

Fields = dict[str, Any]


def movement(kind: str, effective_on: str, **fields: Any) -> Fields:
    """A request, absent fields left out. Amounts are yuan strings."""
    return {"kind": kind, "effective_on": effective_on} | {name: v for name, v in fields.items() if v is not None}


class Desk:
    """A client together with everybody's keys; ``who`` is an id of the demo people."""

    def __init__(self, client: httpx2.Client, people: DemoPeople) -> None:
        self.client = client
        self.people = people
        self._sessions: dict[str, str] = {}

    def headers(self, who: str, key: str | None = None) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.people.key_of(who)}",
            "Idempotency-Key": key or f"key-{next(_serial)}",
        }

    def session(self, who: str) -> dict[str, str]:
        """Headers of somebody who signed in with their password, as their browser would send them."""
        if who not in self._sessions:
            signing_in = {"login": who, "password": self.people.password_of(who)}
            answer = self.client.post("/v1/session", json=signing_in)
            assert answer.status_code == 201, answer.text
            self._sessions[who] = answer.headers["set-cookie"].split(";")[0]
            self.client.cookies.clear()
        key = f"key-{next(_serial)}"
        return {"Cookie": self._sessions[who], "Sec-Fetch-Site": "same-origin", "Idempotency-Key": key}

    # -- writing

    def post(self, who: str, path: str, body: Any, key: str | None = None, **params: Any) -> httpx2.Response:
        """POST a value as JSON, or bytes as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(path, content=content, headers=self.headers(who, key), params=params or None)

    def ask(self, who: str, request: Fields, key: str | None = None, **params: Any) -> httpx2.Response:
        """Ask for one movement, whatever the answer."""
        return self.post(who, "/v1/movements", request, key, **params)

    def record(self, who: str, kind: str, on: str, key: str | None = None, **fields: Any) -> Fields:
        """Record one movement and expect it to be recorded; the receipt."""
        return done(self.ask(who, movement(kind, on, **fields), key))

    def sign(self, first: str, second: str, *movements: Fields) -> Fields:
        """One proposes, the other approves; the receipt of the approval."""
        on = movements[0]["effective_on"]
        proposed = done(self.post(first, "/v1/proposals", {"effective_on": on, "movements": movements}))
        return done(self.approve(second, proposed["proposal"]["proposal"], effective_on=on))

    def approve(self, who: str, proposal: str, key: str | None = None, **fields: Any) -> httpx2.Response:
        """Read a proposal and sign it as it stands, whatever the answer."""
        digest = self.get("aud-1", f"/v1/proposals/{proposal}")["digest"]
        return self.post(who, f"/v1/proposals/{proposal}/approve", {"digest": digest, **fields}, key)

    # -- reading

    def read(self, who: str, path: str, **params: Any) -> httpx2.Response:
        """GET, whatever the answer."""
        return self.client.get(
            path, headers={"Authorization": f"Bearer {self.people.key_of(who)}"}, params=params or None
        )

    def get(self, who: str, path: str, **params: Any) -> Any:
        """GET and expect an answer."""
        response = self.read(who, path, **params)
        assert response.status_code == 200, response.text
        return response.json()

    def balances(self, by: str, **params: Any) -> dict[str | None, dict[str, str]]:
        """Figures by key, as the auditor sees them."""
        return {row["key"]: row["figures"] for row in self.get("aud-1", "/v1/balances", by=by, **params)["rows"]}

    def number(self) -> int:
        """At which number the ledger stands."""
        return int(self.read("aud-1", "/v1/movements", limit=1).headers["Ledger-Number"])


def done(response: httpx2.Response) -> Any:
    """The receipt of what was recorded, now or before."""
    assert response.status_code in (200, 201), response.text
    return response.json()


def refused(response: httpx2.Response, code: str, status: int = 409) -> Any:
    """The problem with which it was refused."""
    problem = response.json()
    assert (response.status_code, problem["code"]) == (status, code), response.text
    assert response.headers["content-type"] == "application/problem+json"
    return problem
