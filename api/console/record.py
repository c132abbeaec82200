"""Recording 办理业务: every kind that somebody may begin, under the heading of its subject; each leads to its form."""

from typing import NamedTuple

from fastapi import Request, Response

from api.console.shell import Place, pages, show
from api.security import Caller, Recorder
from ledger.access.policy import Action
from ledger.domain.catalogue import ROLES, Name, Role
from ledger.domain.movement import MOVEMENTS, Movement, Signs
from ledger.domain.signing import begins
from ledger.domain.terms import GROUPS

PLACE = Place("/record", Name("办理业务", "Record"), Action.RECORD)
router = pages()
WORDS = {
    "title": Name("办理业务", "Record"),
    "choose": Name(
        "以“{}”身份可以办理的业务。标有签批顺序的,提交后须他人签批。",
        "What may be begun as {}. Where signatures are listed, it waits for those who sign after you.",
    ),
    "alone": Name("一人签批即记录", "recorded with one signature"),
    "nothing_to_record": Name("此身份不办理业务", "Nothing is recorded in this role"),
    "or": Name(" 或 ", " or "),
    "import": Name("导入资金安排计划", "Import an allocation plan"),
}


class Signing(NamedTuple):
    """A kind in the list. ``chains``: who signs after this role, by each way there is; none: nobody else needs to."""

    kind: str
    label: Name
    chains: list[list[Name]]


@router.get("/record")
def kinds_page(request: Request, caller: Recorder) -> Response:
    """可以办理的业务,按事项列出。"""
    role = caller.actor.role
    found = [
        (
            name,
            [
                _signing(kind, held, role)
                for kind, held in MOVEMENTS.items()
                if _subject(held) in subjects and _may(role, held)
            ],
        )
        for name, subjects in GROUPS
    ]
    may_import = _may(role, MOVEMENTS["PreFundingCommitted"]) and caller.reach(Action.KEEP_FILES) is not None
    groups = [(name, held) for name, held in found if held]
    return show(request, caller, "record.html", WORDS, groups=groups, role=ROLES[role], may_import=may_import)


def _subject(kind: type[Movement]) -> str:
    return kind.__module__.rpartition(".")[2]


def _may(role: Role, kind: type[Movement]) -> bool:
    """Whether a role begins it by a form; proposals have pages of their own."""
    return not kind.of_proposals and begins(role, kind.signs)


def may_begin(caller: Caller, kind: str) -> bool:
    """Whether whoever looks may open the form of a kind."""
    return caller.reach(Action.RECORD) is not None and _may(caller.actor.role, MOVEMENTS[kind])


def _signing(name: str, kind: type[Movement], role: Role) -> Signing:
    return Signing(name, kind.label, [[ROLES[one] for one in chain] for chain in then_sign(role, kind.signs)])


def then_sign(role: Role, signs: Signs) -> Signs:
    """Who signs after a role that begins it, by each way; nothing where one way needs nobody else.

    A programme manager proposes what the S&T department then signs.
    """
    begun = tuple(chain for chain in signs if begins(role, (chain,))) or signs
    rest = tuple(chain[1:] if chain[0] is role else chain for chain in begun)
    return rest if all(rest) else ()
