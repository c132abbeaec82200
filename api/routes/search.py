"""Search 业务检索: movements by words in Chinese and English, codes, who acted, documents, parties and amounts."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from api.answers import JournalLine, journal_fields
from api.openapi import READS
from api.reading import NUMBER_MAX, Limit, TheLedger, followed, stands_at, within_sight
from api.security import BookReader
from ledger.domain.fields import Id, SpecialCode, Text
from ledger.domain.money import FenOrZero, yuan
from ledger.projections.searched import Asked, Searched, names, search

router = APIRouter(prefix="/v1/search", tags=["journal"], dependencies=[followed(Searched)])

Named = Annotated[Id | None, Query()]


class Hit(JournalLine):
    """A movement that was found. ``amount``: its largest entry in yuan, or what it names where it posts nothing."""

    amount: str | None = None


class Hits(BaseModel):
    """The newest first. ``number``: what was recorded after it is not found yet; ``next`` goes into ``before``.

    A page may be short for somebody who does not see everything.
    """

    number: int
    hits: list[Hit]
    next: int | None = None


@router.get("", summary="业务检索 / Search the journal", responses=READS, response_model_exclude_none=True)
def search_movements(
    ledger: TheLedger,
    caller: BookReader,
    response: Response,
    q: Annotated[Text | None, Query(description="以空格分隔的词,须全部出现 / words; each must be found")] = None,
    kind: Named = None,
    actor: Named = None,
    project: Named = None,
    special: Annotated[SpecialCode | None, Query()] = None,
    party: Annotated[Id | None, Query(description="统一社会信用代码 / credit code")] = None,
    document: Annotated[Text | None, Query(description="文号 / number of a document")] = None,
    from_amount: Annotated[FenOrZero | None, Query(description="最大分录不低于 / largest entry at least")] = None,
    to_amount: Annotated[FenOrZero | None, Query(description="最大分录不高于 / largest entry at most")] = None,
    before: Annotated[int | None, Query(ge=1, le=NUMBER_MAX)] = None,
    limit: Limit = 50,
) -> Hits:
    """按种类名称、项目和单位名称、专项和计划、文号、编号、经办人查找;不含个人信息。Never looks into personal texts.

    中文按字,英文和编号按开头。Chinese by its characters, English and codes by how they begin.
    """
    wanted = Asked(q or "", kind, actor, project, special, party, document, from_amount, to_amount)
    with ledger.reading() as book:
        named = names(book)
    seen = partial(within_sight, ledger, caller.sees)
    found = search(ledger.store, ledger.id, wanted, named, before=before, limit=limit, seen=seen)
    stands_at(response, found.standing)
    hits = [
        Hit(**journal_fields(hit.recorded), amount=None if hit.amount is None else yuan(hit.amount))
        for hit in found.hits
    ]
    return Hits(number=found.standing, hits=hits, next=found.more)
