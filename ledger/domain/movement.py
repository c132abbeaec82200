"""A movement is the request that was accepted: what the API receives, the rules judge, the log keeps and projections read.

One class per kind, named in the past tense. Acceptance adds number, voucher, instant, actor, signers and the entries.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import BaseModel

from ledger.domain.accounts import Leg, Place, debit_credit
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Name, Role
from ledger.domain.fields import SHAPE, Day, Document, Id, Period, Sealed, SealedText
from ledger.domain.partial import after_colon
from ledger.domain.refusals import Code, Refusal, refuse_if


class Actor(NamedTuple):
    """Who acts: an opaque subject (the human or feed, never the account), a role, and the department's credit code."""

    subject: str
    role: Role
    department: str | None = None
    specials: frozenset[str] = frozenset()
    """Assigned to a programme manager, some by their plan. Judged when they sign, and not recorded."""
    acting_for: str | None = None
    """The subject in whose place they act (A/B 角). Recorded with what they sign."""
    sources: frozenset[str] = frozenset()
    """The funds and other sources they are confined to; empty: all. Judged when they sign, and not recorded."""

    @property
    def humans(self) -> frozenset[str]:
        """Who this signature stands for: whoever gives it, and whoever it is given for."""
        return frozenset((self.subject, self.acting_for or self.subject))

    @property
    def as_recorded(self) -> "Actor":
        """Without what is judged and not recorded."""
        return self._replace(specials=frozenset(), sources=frozenset())


Signs = tuple[tuple[Role, ...], ...]
"""Ways in which a kind may be signed: each a sequence of roles, the first proposes and the second approves."""


def by(*roles: Role) -> Signs:
    """Any one of these roles records it alone."""
    return tuple((role,) for role in roles)


def both(first: Role, second: Role) -> Signs:
    """Both roles sign, in either order."""
    return ((first, second), (second, first))


def first_then(*pairs: tuple[Role, Role]) -> Signs:
    """The first role proposes, the second countersigns, in this order only."""
    return pairs


MOVEMENTS: dict[str, type["Movement"]] = {}
"""Every kind by its name; filled as the subjects are imported."""


Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""From the fields as one version of a class recorded them to those of the next."""

BUSINESS_KEYS: Register[str, int] = Register("business_keys", called=after_colon)
"""Business key → number of the movement that holds it."""


class Movement(BaseModel):
    """Fields every request carries because rules read them. Dates: ``effective_on`` business, ``period`` posting."""

    model_config = SHAPE

    label: ClassVar[Name]
    clause: ClassVar[str] = ""
    signs: ClassVar[Signs]
    fact: ClassVar[bool] = False
    """Reported by treasury or bank: never refused for not fitting, but recorded as unmatched."""
    late: ClassVar[bool] = False
    """May be effective in a period that is closed, while posting to an open one."""
    correctable: ClassVar[bool] = False
    """EntryCorrected may reverse it: its registers hold no state that others stand on."""
    of_proposals: ClassVar[bool] = False
    """Submits or decides a proposal: it is in no proposal itself, and under no signing rule."""
    version: ClassVar[int] = 1
    """Of the class. Whoever changes what its recorded fields are raises it, and says how earlier ones are to be read."""
    upcasters: ClassVar[Mapping[int, Upcaster]] = {}
    """Earlier version → how its recorded fields read in the next one; the bytes stay as they are."""

    kind: str
    effective_on: Day
    period: Period | None = None
    department: Id | None = None
    document: Document | None = None
    reason: Annotated[SealedText | None, Sealed("actor")] = None

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        if "kind" in cls.model_fields and cls.model_fields["kind"].default == cls.__name__:
            MOVEMENTS[cls.__name__] = cls

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Without its texts: whatever is shown may end in a log file."""
        hidden = {name for name, _ in sealed_fields(type(self))}
        return ((name, value) for name, value in super().__repr_args__() if name not in hidden)

    @property
    def posting_period(self) -> str:
        """The posting month; that of ``effective_on`` where none was named."""
        return self.period or self.effective_on.isoformat()[:7]

    @property
    def fiscal_year(self) -> int:
        return int(self.posting_period[:4])

    # -- what a kind may say about itself

    def business_keys(self, book: Book) -> tuple[str, ...]:
        """Keys of which the ledger takes each only once, while it is held."""
        return ()

    def cites(self, book: Book) -> tuple[int, ...]:
        """Numbers of recorded movements the rules need to see."""
        return ()

    def check(self, book: Book, actor: Actor) -> None:
        """Refuse what the rules do not admit: references → status and gates → scope → limits. Raises Refusal."""

    def legs(self, book: Book) -> tuple[Leg, ...]:
        """What it posts. Called after ``check``."""
        return ()

    def register(self, book: Book, number: int, actor: Actor) -> None:
        """Write what later movements refer to. No amounts."""

    def withdraw(self, book: Book) -> None:
        """Take back what ``register`` wrote, when a correction reverses it."""

    def unmatched(self, refusal: Refusal, book: Book) -> "Movement | None":
        """For a fact that does not fit: the unmatched fact to record in its place."""
        return None

    def factual(self, book: Book, legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
        """Those of its lines that say what happened rather than what is asked for: V3 looks at the present only of them."""
        return legs if self.fact else ()

    def inside(self) -> "tuple[Movement, ...]":
        """Movements it holds and that take effect with it."""
        return ()

    def held(self) -> "tuple[Movement, ...]":
        """Every movement it holds, whether it takes effect with it or waits for a signature."""
        return self.inside()

    def sealed_inside(self, seal: Callable[["Movement"], "Movement"]) -> "Movement":
        """Itself with ``seal`` applied to every movement it holds."""
        return self

    # -- words the kinds are written with

    def transfer(
        self, debit: str, credit: str, amount: int, at: Place, to: Place | None = None, on: date | None = None
    ) -> tuple[Leg, Leg]:
        """Debit ``debit`` and credit ``credit``; ``to`` is the credit's place where it differs."""
        return debit_credit(debit, credit, amount, at, to or at, on or self.effective_on, self.posting_period)

    def require_document(self, clause: str) -> Document:
        refuse_if(self.document is None, Code.DOCUMENT_MISSING, clause, field="document")
        assert self.document is not None
        return self.document

    def require_reason(self, clause: str) -> None:
        refuse_if(self.reason is None, Code.DOCUMENT_MISSING, clause, field="reason")


_SPECIAL_FIELDS = ("special", "from_special", "to_special", "into")


def touched_specials(movement: Movement, legs: Iterable[Leg]) -> set[str]:
    """The specials that a movement names or posts under; that of a project it only names is not among them."""
    named = (getattr(movement, name, None) for name in _SPECIAL_FIELDS)
    return {str(special) for special in (*named, *(leg.account.special for leg in legs)) if special is not None}


_SOURCE_FIELDS = ("fund", "from_fund", "to_fund", "source")


def touched_sources(movement: Movement, legs: Iterable[Leg]) -> set[str]:
    """The funds and other sources that a movement names or posts under."""
    named = (getattr(movement, name, None) for name in _SOURCE_FIELDS)
    return {str(source) for source in (*named, *(leg.account.source for leg in legs)) if source is not None}


def sealed_fields(kind: type[BaseModel]) -> Iterator[tuple[str, Sealed]]:
    """Names of a kind's personal or free texts, each with whose it is."""
    for name, field in kind.model_fields.items():
        for mark in field.metadata:
            if isinstance(mark, Sealed):
                yield name, mark
