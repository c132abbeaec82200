"""Everything about the people of one database, and who holds a key or a session just now."""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from threading import Event as Flag
from threading import Lock, Thread
from time import monotonic
from typing import NamedTuple

import psycopg

from ledger.access.accounts import Accounts
from ledger.access.credentials import token_hash
from ledger.access.keeper import CHANGED, Keeper, as_keeper
from ledger.access.keys import Keys
from ledger.access.policy import NOT_BY_KEY, POLICY, Action
from ledger.access.register import Granted, Person, Register, held_on
from ledger.access.second_factor import SecondFactors
from ledger.access.sessions import Method, Sessions
from ledger.access.sign_ins import SignIns
from ledger.audit.trail import Trail
from ledger.domain.fields import business_date
from ledger.domain.movement import Actor
from ledger.secret import Secret

REMEMBERED_SECONDS = 5.0
"""What a token stands for is looked up again after this long, even where nothing was heard of a change."""
REMEMBERED_MAX = 4_096
_LISTEN_SECONDS = 1.0
_log = logging.getLogger("ledger.access")


class Holder(NamedTuple):
    """Whose key or session it is, with the grants in force today. ``actions``: what the key is good for; None: a session."""

    person: Person
    grants: tuple[Granted, ...]
    actions: frozenset[Action] | None
    credential: str
    """Names the key or the session without giving it away."""
    method: Method | None
    """How they signed in; None: by a key."""


Look = Callable[[str, date], Holder | None]
Which = tuple[str, bytes, date]
"""As what a token was looked up, its hash, and the day."""


def actor_of(person: Person, granted: Granted) -> Actor:
    """Who somebody is in the log when they act under a grant."""
    grant = granted.grant
    return Actor(person.human, grant.role, grant.department, grant.specials, grant.acting_for, grant.sources)


class People:
    """The register, accounts, sessions, keys and audit record over one set of connections. ``clock`` gives the instant, UTC.

    What a token stands for is remembered for a moment, and forgotten as soon as any process changes anybody's rights.
    """

    def __init__(self, dsn: str, secret: Secret, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """``secret``: the master secret of the ledgers of this database, under which their people's one-time codes lie."""
        self.keeper, self._clock = Keeper(dsn), clock
        factors = SecondFactors(secret)
        factors.wrap_what_lies_in_clear(self.keeper)
        self.register = Register(self.keeper, clock)
        self.accounts = Accounts(self.keeper, factors, clock)
        self.sessions = Sessions(self.keeper, clock)
        self.sign_ins = SignIns(self.keeper, clock)
        self.keys = Keys(self.keeper, clock)
        self.trail = Trail(self.keeper)
        self._remembered = Remembered(dsn)
        self.keeper.on_change = self._remembered.forget

    def close(self) -> None:
        self._remembered.close()
        self.keeper.close()

    def remembered(self, look: Look, token: str, today: date) -> Holder | None:
        """What ``look`` found for a token a moment ago; None: it has to be looked up."""
        return self._remembered.get((look.__name__, token_hash(token), today))

    def of_key(self, token: str, today: date) -> Holder | None:
        """Whose key it is, if it is good now."""
        epoch, holder = self._remembered.epoch, self._by_key(token, today)
        return holder and self._remember("of_key", token, today, epoch, holder)

    def of_session(self, token: str, today: date) -> Holder | None:
        """Whose session it is, if it is good now."""
        epoch, holder = self._remembered.epoch, self._by_session(token, today, used=True)
        return holder and self._remember("of_session", token, today, epoch, holder)

    def look_again(self, token: str, today: date, *, by_key: bool) -> Holder | None:
        """The same, asked of the database; a session is not used by it, so it goes idle as it would."""
        return self._by_key(token, today) if by_key else self._by_session(token, today, used=False)

    def _by_key(self, token: str, today: date) -> Holder | None:
        found = self.keys.of_token(token)
        if found is None:
            return None
        person, key = found
        return Holder(person, self.held(person, today), key.actions, key.id, None)

    def _by_session(self, token: str, today: date, *, used: bool) -> Holder | None:
        session = self.sessions.of_token(token, used=used)
        if session is None:
            return None
        name = f"s-{token_hash(token).hex()[:12]}"
        return Holder(session.person, self.held(session.person, today), None, name, session.method)

    def held(self, person: Person, today: date | None = None) -> tuple[Granted, ...]:
        """The grants somebody may use on a day; today where none is named."""
        today = today or business_date(self._clock())
        with self.keeper.connection() as connection:
            return held_on(connection, person.id, today)

    def keyable(self, person: str, today: date) -> frozenset[Action]:
        """What a key of somebody may at most be good for. Raises NotPermitted."""
        roles = {granted.grant.role for granted in self.held(self.register.person(person), today)}
        return frozenset(action for role in roles for action in POLICY[role]) - NOT_BY_KEY

    def _remember(self, look: str, token: str, today: date, epoch: int, holder: Holder) -> Holder:
        self._remembered.put((look, token_hash(token), today), epoch, holder)
        return holder


class Remembered:
    """Holders by their token, while nobody's rights changed. A thread listens for changes of all processes.

    While it cannot listen nothing is remembered, so a right that was taken back is gone at the next request.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._held: dict[Which, tuple[float, Holder]] = {}
        self._lock = Lock()
        self._listening = False
        self._closing = Flag()
        self.epoch = 0
        self._started = False

    def close(self) -> None:
        self._closing.set()

    def get(self, key: Which) -> Holder | None:
        known = self._held.get(key)
        return known[1] if known is not None and known[0] > monotonic() else None

    def put(self, key: Which, epoch: int, holder: Holder) -> None:
        """Unless rights changed since ``epoch``, before the holder was looked up. The first starts the thread."""
        with self._lock:
            if not self._started:
                self._started = True
                Thread(target=self._listen, name="rights", daemon=True).start()
            if self._listening and epoch == self.epoch:
                if len(self._held) >= REMEMBERED_MAX:
                    self._held.clear()
                self._held[key] = (monotonic() + REMEMBERED_SECONDS, holder)

    def forget(self, *, listening: bool | None = None) -> None:
        with self._lock:
            self.epoch += 1
            self._held.clear()
            self._listening = self._listening if listening is None else listening

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                with psycopg.connect(self._dsn, autocommit=True) as connection:
                    as_keeper(connection)
                    connection.execute(f"LISTEN {CHANGED}")
                    self.forget(listening=True)
                    while not self._closing.is_set():
                        for _ in connection.notifies(timeout=_LISTEN_SECONDS, stop_after=1):
                            self.forget(listening=True)
            except psycopg.Error as error:
                if self._closing.is_set():
                    return
                _log.warning("changes of rights cannot be heard of just now: %s", type(error).__name__)
                self.forget(listening=False)
                self._closing.wait(_LISTEN_SECONDS)
