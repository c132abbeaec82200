"""Who is asking, and whether they may: a key or a session, the policy table, and how far it lets them see.

What a role may not do answers 403 and stands in the audit record; what somebody may not see answers 404, as if it were not there.
"""

import logging
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool

from api.origin import LOOPBACK_COOKIE, SAFE_METHODS, SECURE_COOKIE, PublicUrl
from api.problems import ProblemRaised, Wrong
from api.rates import Rates, Work, address_of, anonymous
from ledger.access.people import Holder, People, actor_of
from ledger.access.policy import Action, Reach
from ledger.access.register import Granted, Person
from ledger.access.sessions import Method
from ledger.access.sight import Sight, opens, sight
from ledger.audit.trail import Event
from ledger.domain.movement import Actor

SESSION_COOKIE = {True: SECURE_COOKIE, False: LOOPBACK_COOKIE}
"""Name of the cookie, by whether it travels over TLS."""
GRANT_HEADER = "Ledger-Grant"
"""Names the grant one acts under, where one holds several; otherwise the first that may do what is asked."""

_log = logging.getLogger("ledger.access")
_bearer = HTTPBearer(auto_error=False, scheme_name="key", description="密钥 / a key")
_cookie = APIKeyCookie(
    name=SESSION_COOKIE[True], auto_error=False, scheme_name="session", description="登录会话 / a session"
)


class Caller(NamedTuple):
    """Who asks, under which grant, and for what."""

    person: Person
    granted: Granted
    action: Action
    actions: frozenset[Action] | None = None
    """What their key is good for; None: a session."""

    @property
    def actor(self) -> Actor:
        return actor_of(self.person, self.granted)

    @property
    def sees(self) -> Sight:
        """What of projects and books the action lets them see."""
        found = self.sight(self.action)
        assert found is not None  # the policy test holds every route that asks for it to a reach that has a sight
        return found

    def sight(self, action: Action) -> Sight | None:
        """What another action lets them see; None: nothing."""
        return sight(self.granted.grant, action)

    def reach(self, action: Action) -> Reach | None:
        """How far another action reaches for them; None: not at all, or their key is not good for it."""
        return self.granted.grant.reach(action) if self.actions is None or action in self.actions else None

    def opens(self, uploaded_by: str) -> bool:
        """Whether they may open a file that somebody uploaded."""
        return opens(self.reach(Action.OPEN_FILES), self.actor.subject, uploaded_by)

    @property
    def only_own(self) -> str | None:
        """Their subject, where the action reaches only what they did themselves."""
        return self.person.human if self.granted.grant.reach(self.action) is Reach.OWN else None


async def the_people(request: Request) -> People:
    """The people of this application. Asynchronous: others the framework sends to a thread, which costs more."""
    people: People = request.app.state.people
    return people


ThePeople = Annotated[People, Depends(the_people)]


def session_token(request: Request) -> str | None:
    """The token of the session the browser holds; of two, whoever planted one would choose as whom the browser acts."""
    name = SESSION_COOKIE[request.url.scheme == "https"]
    sent = [one for header in request.headers.getlist("cookie") for one in header.split(";")]
    held = sum(one.partition("=")[0].strip() == name for one in sent)
    return request.cookies.get(name) if held == 1 else None


async def signed_in(
    request: Request,
    people: ThePeople,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    _: Annotated[str | None, Security(_cookie)],
) -> Holder:
    """Whose key or session it is; 401 otherwise."""
    token = credentials.credentials if credentials else session_token(request)
    look = people.of_key if credentials else people.of_session
    today = request.app.state.today()
    holder = None
    if token is not None:
        holder = people.remembered(look, token, today) or await run_in_threadpool(look, token, today)
    rates: Rates = request.app.state.rates
    if holder is None:
        if not anonymous(request):  # that was counted already: this is a guess
            rates.admit(address_of(request), Work.ANONYMOUS)
        raise ProblemRaised(Wrong.NOT_SIGNED_IN)
    request.state.person, request.state.holder = holder.person.human, holder
    request.state.token, request.state.by_key = token, credentials is not None
    who = f"person {holder.person.human}" if holder.actions is None else f"key {holder.credential}"
    rates.admit(who, Work.READING if request.method in SAFE_METHODS else Work.WRITING)
    return holder


SignedIn = Annotated[Holder, Depends(signed_in)]


def _count_sign_in(request: Request) -> None:
    """Guessing is slow from wherever it comes, before any password is looked at."""
    rates: Rates = request.app.state.rates
    rates.admit(address_of(request), Work.SIGNING_IN)


counted_sign_in = Depends(_count_sign_in)
"""For the ``dependencies`` of a route that anybody may ask to sign them in."""


ASKS_FOR: dict[Callable[..., Any], Action] = {}
"""Dependency → the action it stands for: the matrix of routes and roles is read from here."""


def _allowed(action: Action) -> Any:
    """A dependency that lets whoever the policy lets do this; 403 otherwise, as where others could reach a mere password."""

    async def check(request: Request, people: ThePeople, holder: SignedIn) -> Caller:
        public: PublicUrl = request.app.state.public
        if public.on_a_network and holder.method is Method.PASSWORD:
            raise ProblemRaised(Wrong.SECOND_FACTOR_NEEDED)
        named = request.headers.get(GRANT_HEADER)
        for granted in holder.grants:
            if named in (None, str(granted.number)) and granted.grant.reach(action) is not None:
                if holder.actions is None or action in holder.actions:
                    return Caller(holder.person, granted, action, holder.actions)
                break
        await run_in_threadpool(people.trail.note, Event.DENIED, holder.person.id, action=action, route=_route(request))
        _log.warning("denied %s to %s", action, holder.person.id)
        unconfirmed = await run_in_threadpool(people.register.unconfirmed_since, holder.person.id)
        raise ProblemRaised(Wrong.WAY_IN_UNCONFIRMED if unconfirmed else Wrong.NOT_FOR_THIS_ROLE, action=action)

    ASKS_FOR[check] = action
    return Depends(check)


def _route(request: Request) -> str:
    """The route as it is documented, without what the caller filled in."""
    return f"{request.method} {getattr(request.scope.get('route'), 'path_format', '')}"


async def may_go_on(request: Request, people: People, caller: Caller) -> bool:
    """Whether whoever is being answered for long still may be: their key or session holds, and so does their grant."""
    token, by_key, today = request.state.token, request.state.by_key, request.app.state.today()
    found = await run_in_threadpool(people.look_again, token, today, by_key=by_key)
    return (
        found is not None
        and caller.granted in found.grants
        and (found.actions is None or caller.action in found.actions)
    )


CodeReader = Annotated[Caller, _allowed(Action.SEE_CODES)]
PartyReader = Annotated[Caller, _allowed(Action.SEE_PARTIES)]
ProjectReader = Annotated[Caller, _allowed(Action.SEE_PROJECTS)]
BookReader = Annotated[Caller, _allowed(Action.SEE_BOOKS)]
WhatIfAsker = Annotated[Caller, _allowed(Action.ASK_WHAT_IF)]
AttemptReader = Annotated[Caller, _allowed(Action.SEE_ATTEMPTS)]
Rejudger = Annotated[Caller, _allowed(Action.JUDGE_AGAIN)]
FileOpener = Annotated[Caller, _allowed(Action.OPEN_FILES)]
FileKeeper = Annotated[Caller, _allowed(Action.KEEP_FILES)]
Recorder = Annotated[Caller, _allowed(Action.RECORD)]
Lender = Annotated[Caller, _allowed(Action.LEND_ROLES)]
Reconciler = Annotated[Caller, _allowed(Action.RECONCILE)]
DuplicateReader = Annotated[Caller, _allowed(Action.SEE_DUPLICATES)]
Auditor = Annotated[Caller, _allowed(Action.AUDIT)]
JobOwner = Annotated[Caller, _allowed(Action.OWN_JOBS)]
KeyOwner = Annotated[Caller, _allowed(Action.OWN_KEYS)]
MachineKeeper = Annotated[Caller, _allowed(Action.MACHINE_KEYS)]
PeopleReader = Annotated[Caller, _allowed(Action.SEE_PEOPLE)]
PeopleKeeper = Annotated[Caller, _allowed(Action.KEEP_PEOPLE)]
Granter = Annotated[Caller, _allowed(Action.GRANT_ROLES)]
TrailReader = Annotated[Caller, _allowed(Action.SEE_TRAIL)]
ServiceReader = Annotated[Caller, _allowed(Action.SEE_SERVICE)]
PersonalReader = Annotated[Caller, _allowed(Action.SEE_PERSONAL)]
ErasureReader = Annotated[Caller, _allowed(Action.SEE_ERASURES)]
Eraser = Annotated[Caller, _allowed(Action.ERASE_PERSONAL)]
