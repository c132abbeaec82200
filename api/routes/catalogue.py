"""Catalogue 目录: what the notice sets up and what codes mean, labels in both languages."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.answers import bilingual
from api.openapi import READS
from api.problems import ANSWERS, Bilingual
from api.reading import TheLedger, reached, stands_at
from api.security import CodeReader
from ledger.domain.accounts import ACCOUNTS
from ledger.domain.catalogue import FUNDS, MODES, PLANS, PREDECESSORS, ROLES, SOURCES
from ledger.domain.movement import MOVEMENTS
from ledger.domain.refusals import WORDS
from ledger.domain.special import all_specials
from ledger.projections.figures import FIGURES, MEASURES

router = APIRouter(prefix="/v1/catalogue", tags=["registers"], dependencies=[reached])


class Coded(BaseModel):
    """A code and what it is called."""

    code: str
    name: Bilingual


class SpecialLine(Coded):
    """A special: its plan, modes and clause; status by day of the business calendar, the last one holding now."""

    plan: str
    modes: list[str]
    clause: str
    status: str


class FundLine(Coded):
    """A fund; ``predecessor`` ones were consolidated into STIDF."""

    predecessor: bool


class AccountLine(Coded):
    """An account: its side, and the dimensions it keeps."""

    debit: bool
    keeps: list[str]


class KindLine(Coded):
    """A kind of movement: its clause, and the ways in which roles may sign it (the first proposes, the second approves)."""

    clause: str
    signs: list[list[str]]
    fact: bool
    correctable: bool


class FigureLine(Coded):
    """A figure of the balances, and the account it is the balance of; absent where it is computed."""

    account: str | None = None


class Catalogue(BaseModel):
    """Everything that has a code."""

    plans: list[Coded]
    specials: list[SpecialLine]
    funds: list[FundLine]
    sources: list[Coded]
    modes: list[Coded]
    roles: list[Coded]
    accounts: list[AccountLine]
    figures: list[FigureLine]
    kinds: list[KindLine]
    refusals: list[Coded]
    problems: list[Coded]


@router.get("", summary="目录 / Catalogue", responses=READS, response_model_exclude_none=True)
def get_catalogue(ledger: TheLedger, caller: CodeReader, response: Response) -> Catalogue:
    """计划、专项、资金、来源、立项方式、角色、科目、业务种类与代码。Plans, specials, funds, kinds, codes and their labels."""
    with ledger.reading() as book:
        stands_at(response, book.number)
        specials = all_specials(book)
    return Catalogue(
        plans=[Coded(code=code, name=bilingual(name)) for code, name in PLANS.items()],
        specials=[
            SpecialLine(
                code=code,
                name=bilingual(state.name),
                plan=state.plan,
                modes=sorted(state.modes),
                clause=state.clause,
                status=state.history[-1][1],
            )
            for code, state in specials.items()
        ],
        funds=[
            FundLine(code=code, name=bilingual(name), predecessor=code in PREDECESSORS) for code, name in FUNDS.items()
        ],
        sources=[Coded(code=code, name=bilingual(name)) for code, name in SOURCES.items()],
        modes=[Coded(code=code, name=bilingual(name)) for code, name in MODES.items()],
        roles=[Coded(code=code, name=bilingual(name)) for code, name in ROLES.items()],
        accounts=[
            AccountLine(code=code, name=bilingual(kind.name), debit=kind.debit, keeps=sorted(kind.keeps))
            for code, kind in ACCOUNTS.items()
        ],
        figures=[
            FigureLine(code=code, name=bilingual(name), account=MEASURES.get(code)) for code, name in FIGURES.items()
        ],
        kinds=_kinds(),
        refusals=[Coded(code=code, name=bilingual(words)) for code, words in WORDS.items()],
        problems=[Coded(code=wrong, name=bilingual(answer.words)) for wrong, answer in ANSWERS.items()],
    )


def _kinds() -> list[KindLine]:
    return [
        KindLine(
            code=code,
            name=bilingual(kind.label),
            clause=kind.clause,
            signs=[[str(role) for role in sequence] for sequence in kind.signs],
            fact=kind.fact,
            correctable=kind.correctable,
        )
        for code, kind in MOVEMENTS.items()
    ]
