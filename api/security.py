"""Who is asking, and whether they may: a bearer key, the policy table, and how far it lets them see.

What a role may not do answers 403; what somebody may not see answers 404, as if it were not there.
"""

import logging
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.problems import ProblemRaised, Wrong
from ledger.domain.movement import Actor
from ledger.people import People, Person
from ledger.policy import Action, Reach, Sight, reach, sight

_log = logging.getLogger("ledger.access")
_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="key",
    description="people.json 中的密钥 / a key of people.json",
)


class Caller(NamedTuple):
    """Who asks, and for what."""

    person: Person
    action: Action

    @property
    def actor(self) -> Actor:
        return self.person.actor

    @property
    def sees(self) -> Sight:
        """What of projects and books the action lets them see."""
        found = sight(self.actor.role, self.action, self.actor.specials, self.actor.department)
        assert found is not None  # the policy test holds every route that asks for it to a reach that has a sight
        return found

    @property
    def only_own(self) -> str | None:
        """Their subject, where the action reaches only what they did themselves."""
        return self.actor.subject if reach(self.actor.role, self.action) is Reach.OWN else None


def signed_in(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> Person:
    """The person whose key it is; 401 otherwise."""
    people: People = request.app.state.people
    person = people.of_key(credentials.credentials) if credentials else None
    if person is None:
        raise ProblemRaised(Wrong.NOT_SIGNED_IN)
    return person


ASKS_FOR: dict[Callable[..., Any], Action] = {}
"""Dependency → the action it stands for: the matrix of routes and roles is read from here."""


def _allowed(action: Action) -> Any:
    """A dependency that lets whoever the policy lets do this; 403 otherwise."""

    def check(person: Annotated[Person, Depends(signed_in)]) -> Caller:
        if reach(person.actor.role, action) is None:
            _log.warning("denied %s to %s (%s)", action, person.actor.subject, person.actor.role)
            raise ProblemRaised(Wrong.NOT_FOR_THIS_ROLE, role=person.actor.role, action=action)
        return Caller(person, action)

    ASKS_FOR[check] = action
    return Depends(check)


CodeReader = Annotated[Caller, _allowed(Action.SEE_CODES)]
PartyReader = Annotated[Caller, _allowed(Action.SEE_PARTIES)]
ProjectReader = Annotated[Caller, _allowed(Action.SEE_PROJECTS)]
BookReader = Annotated[Caller, _allowed(Action.SEE_BOOKS)]
AttemptReader = Annotated[Caller, _allowed(Action.SEE_ATTEMPTS)]
FileOpener = Annotated[Caller, _allowed(Action.OPEN_FILES)]
FileKeeper = Annotated[Caller, _allowed(Action.KEEP_FILES)]
Recorder = Annotated[Caller, _allowed(Action.RECORD)]
