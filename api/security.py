"""Who is asking: a bearer key, and what a role may read. What a role may do is for the rules of the ledger to say."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.problems import ProblemRaised, Wrong
from ledger.domain.catalogue import Role
from ledger.people import People, Person

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="key",
    description="people.json 中的密钥 / a key of people.json",
)
_READ_NO_MONEY = frozenset({Role.ADM})


def signed_in(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> Person:
    """The person whose key it is; 401 otherwise."""
    people: People = request.app.state.people
    person = people.of_key(credentials.credentials) if credentials else None
    if person is None:
        raise ProblemRaised(Wrong.NOT_SIGNED_IN)
    return person


Anyone = Annotated[Person, Depends(signed_in)]
"""Whoever is signed in."""


def reads_money(person: Anyone) -> Person:
    """Everybody but the administrator, who keeps people and keys and sees no money."""
    if person.actor.role in _READ_NO_MONEY:
        raise ProblemRaised(Wrong.NOT_FOR_THIS_ROLE, role=person.actor.role)
    return person


Reader = Annotated[Person, Depends(reads_money)]
"""Whoever may see amounts."""
