"""Looking up while somebody types 联想: projects and parties by code or name, and references by how they are written.

An answer holds a few options for the list of a field, of what whoever types may see. Without script a field is a field.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Annotated, Final

from fastapi import Query, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from api.console.shell import HEADERS, pages
from api.reading import TheLedger, within_sight
from api.security import Caller, CodeReader
from ledger.access.policy import Action
from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.domain.fields import Id, Text
from ledger.domain.mending import NAMED_ANEW
from ledger.domain.money import grouped_yuan
from ledger.domain.movement import MOVEMENTS, Movement
from ledger.projections.called import Called, called
from ledger.projections.searched import Asked, search

OPTIONS: Final = 20
LOOKED_AT: Final = 2_000
"""Names looked at for somebody who does not see them all."""
PARTIES: Final = ("undertaker", "recommender", "payee", "pledger", "credit_code")
router = pages()


REFS: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(sorted(kind for kind, field in NAMED_ANEW if field == name))
    for name in ("call", "claim", "item", "order", "pledge")
}
"""Reference → the kinds of movement that bring one into being."""


def looked_up(kind: str) -> dict[str, str]:
    """Field of a kind → what is looked up for it; nothing for what it names anew."""
    fields = (name for name in MOVEMENTS[kind].model_fields if (kind, name) not in NAMED_ANEW)
    return {
        name: "party" if name in PARTIES else name
        for name in fields
        if name in (*PARTIES, *REFS, "project", "instalment")
    }


@router.get("/look-up")
def look_up(
    request: Request,
    ledger: TheLedger,
    caller: CodeReader,
    of: Annotated[str, Query(max_length=20)],
    q: Annotated[Text | None, Query()] = None,
    project: Annotated[Id | None, Query()] = None,
) -> Response:
    """已输入部分的候选项,最多 20 项。Options for what was typed; ``project``: to which an instalment belongs."""
    found = _found(ledger, caller, of, q or "", project or "")
    options = (Markup('<option value="{}" label="{} {}"></option>').format(code, code, name) for code, name in found)
    return HTMLResponse("\n".join(options), headers=HEADERS)


def _found(ledger: Ledger, caller: Caller, of: str, typed: str, project: str) -> list[Called]:
    books = caller.sight(Action.SEE_BOOKS)
    if of == "instalment" and books is not None:
        return _instalments(ledger, books, project)
    if not typed:
        return []
    if of == "party" and caller.reach(Action.SEE_PARTIES) is not None:
        return called(ledger.store, ledger.id, typed, projects=False, limit=OPTIONS)
    if of == "project" and (sees := caller.sight(Action.SEE_PROJECTS)) is not None:
        return list(islice(_projects(ledger, sees, typed), OPTIONS))
    if of in REFS and books is not None:
        return _refs(ledger, books, of, typed)
    return []


def _projects(ledger: Ledger, sees: Sight, typed: str) -> Iterator[Called]:
    """Projects that somebody sees; of so many names at most."""
    after, looked, limit = "", 0, OPTIONS if sees.everything else 10 * OPTIONS
    while looked < LOOKED_AT:
        page = called(ledger.store, ledger.id, typed, projects=True, after=after, limit=limit)
        with ledger.reading() as book:
            seen = page if sees.everything else [one for one in page if sees.project(book, one.code)]
        yield from seen
        if len(page) < limit:
            return
        after, looked = page[-1].code, looked + len(page)


def _refs(ledger: Ledger, sees: Sight, of: str, typed: str) -> list[Called]:
    """References of movements that hold what was typed, in the reference itself or in what it is about; the newest first."""
    seen = partial(within_sight, ledger, sees)
    found: list[Called] = []
    for kind in REFS[of]:
        wanted = Asked(typed, kind)
        hits = search(ledger.store, ledger.id, wanted, {}, before=None, limit=OPTIONS, seen=seen).hits
        found += [_ref(of, hit.recorded.movement) for hit in hits]
    return found[:OPTIONS]


def _ref(of: str, movement: Movement) -> Called:
    where = (getattr(movement, name, None) for name in ("project", "instalment", "special", "fund"))
    fen = getattr(movement, "amount", None)
    said = [*(str(one) for one in where if one), *([grouped_yuan(fen)] if fen else [])]
    return Called(getattr(movement, of), " ".join(said))


def _instalments(ledger: Ledger, sees: Sight, project: str) -> list[Called]:
    """What of a project is committed and not ordered, all of it: there are few."""
    with ledger.reading() as book:
        held = [(one, book.balance(one)) for one in book.accounts_of.get(project, ()) if one.code == "B220"]
        seen = [(one, left) for one, left in held if left > 0 and sees.account(book, one)]
    return [Called(one.ref or "", grouped_yuan(left)) for one, left in sorted(seen)[:OPTIONS]]
