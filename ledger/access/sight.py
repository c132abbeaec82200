"""Sight: what of projects, movements and money an action lets somebody see."""

from typing import NamedTuple

from ledger.access.policy import Action, Grant, Reach
from ledger.domain.accounts import Account, Leg
from ledger.domain.book import Book
from ledger.domain.movement import Movement, touched_sources, touched_specials
from ledger.domain.project import PROJECTS
from ledger.domain.special import is_among


class Sight(NamedTuple):
    """What somebody sees. None: not bounded; with none of them, everything.

    ``specials``: codes of specials, and of plans for all of theirs. ``department``: the projects it recommends, carries out,
    takes part in or races in. ``sources``: money of these funds and other sources only.
    """

    specials: frozenset[str] | None = None
    department: str | None = None
    sources: frozenset[str] | None = None

    @property
    def everything(self) -> bool:
        return self == _EVERYTHING

    def source(self, code: str | None) -> bool:
        """Whether they see money of a source."""
        return self.sources is None or code in self.sources

    def special(self, book: Book, code: str | None) -> bool:
        """Whether they see what stands under a special; what belongs to none is seen only by who sees all specials."""
        return self.department is None and (self.specials is None or is_among(book, self.specials, code))

    def project(self, book: Book, code: str) -> bool:
        """Whether they see a project; one that has no money yet is of every source."""
        project = PROJECTS.get(book, code)
        if project is None:
            return False
        if self.sources is not None:
            held = {account.source for account in book.accounts_of.get(code, ())}
            if held and not held & self.sources:
                return False
        if self.department is None:
            return self.special(book, project.special)
        return self.department in (project.recommender, *project.parties)

    def account(self, book: Book, found: Account) -> bool:
        """Whether they see what stands on an account: its source, and its project or else its special."""
        where = self.project(book, found.project) if found.project else self.special(book, found.special)
        return self.source(found.source) and where

    def movement(self, book: Book, movement: Movement, legs: tuple[Leg, ...]) -> bool:
        """Whether they see a movement: what it names or posts lies within their sight, a proposal where any of it does.

        What names no source is judged by its project's money; where it has none either, no bound of sources hides it.
        """
        if self.everything:
            return True
        if inner := getattr(movement, "movements", ()):
            return any(self.movement(book, one, ()) for one in inner)
        sources = touched_sources(movement, legs)
        if sources and not any(map(self.source, sources)):
            return False
        projects = {getattr(movement, "project", None), *(leg.account.project for leg in legs)} - {None}
        if any(self.project(book, str(code)) for code in projects):
            return True
        if self.specials is None and self.department is None:
            return bool(sources) or not projects
        return any(self.special(book, code) for code in touched_specials(movement, legs))


_EVERYTHING = Sight()


def opens(reach: Reach | None, subject: str, uploaded_by: str) -> bool:
    """Whether somebody whose opening of files reaches so far may open one: any, or one they uploaded themselves.

    ``subject``: theirs, as the log names them; ``uploaded_by``: that of whoever uploaded it first.
    """
    return reach is Reach.ALL or (reach is Reach.OWN and subject == uploaded_by)


def sight(grant: Grant, action: Action) -> Sight | None:
    """What an action lets somebody see under a grant; None: nothing. A reach of OWN sees no books."""
    sources = grant.sources or None
    match grant.reach(action):
        case Reach.ALL:
            return Sight(sources=sources)
        case Reach.ASSIGNED:
            return Sight(specials=grant.specials, sources=sources)
        case Reach.DEPARTMENT:
            return Sight(department=grant.department or "", sources=sources)
        case _:
            return None
