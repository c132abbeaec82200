"""Years of a ledger, told day by day: quota, projects, payments and their mishaps, closings, year-ends. Seeded.

Everything is admitted by the rules when it is told in order; whoever folds it may judge it or not. A project's life is told
one step at a time, while others live beside it. Most projects have copies, which differ in their code alone and do the same
right after them: telling is dear, copying is not, and quota is given for all.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import NamedTuple

from bench.workload import FIN, STD, TRE, Request, credit_code
from ledger.domain.allocation import FundsAllocated
from ledger.domain.appropriation import AppropriationReceived
from ledger.domain.approval import ProposalApproved, ProposalSubmitted, digest_of
from ledger.domain.book import Book
from ledger.domain.catalogue import SPECIALS, Fund, Mode, Role, Source
from ledger.domain.closing import PeriodClosed
from ledger.domain.cofunding import CoFundingRecorded, UndertakerExpenditureReported
from ledger.domain.commitment import NationalProjectFiled
from ledger.domain.fields import Document
from ledger.domain.instalment import InstalmentPlan, MilestoneAssessed
from ledger.domain.issuance import QuotaIssued
from ledger.domain.matching import MatchingCommitted, MatchingReceived, Tranche
from ledger.domain.movement import Actor, Movement
from ledger.domain.parameter import PolicyParameterSet
from ledger.domain.party import PartyRegistered
from ledger.domain.payment import PaymentOrdered, PaymentRefunded, PaymentRejected, PaymentSettled
from ledger.domain.postsubsidy import PostSubsidyCommitted, PostSubsidyVerified
from ledger.domain.prefunding import PreFundingCommitted
from ledger.domain.project import ProjectRegistered
from ledger.domain.reservation import FundsReserved
from ledger.domain.withdrawal import FundsWithdrawnToTreasury
from ledger.domain.yearend import BalanceCarriedForward, YearClosed

MOVEMENTS_PER_PROJECT = 27.5
"""About, closings and year-ends included."""
PARTIES = 300
RECOMMENDER = credit_code(0)
REC = Actor("s_rec", Role.REC, RECOMMENDER)
_MODES = {code: Mode.OPEN if Mode.OPEN in found.modes else min(found.modes) for code, found in SPECIALS.items()}
_MODES["MSP-BRK"] = Mode.ONE_CASE
_OF_NSF = ("BAS-NSP", "BAS-JNT")
_BATCHES = ((1, 15), (3, 10), (5, 8), (7, 3))
"""Month and day on which quota arrives, and after which its projects begin."""
_SPARE = 1.05
"""So much more is allocated than projects take: some is left to carry, some to withdraw."""
_CAP = 50_000_000
"""Fen of a post-subsidy at most."""

Told = tuple[date, Request]
COPY = "-00-"
"""In the code of a project that has copies: their serial number stands in its place."""
_ALONE = ("CAP-POL", "MSP-CRC")
"""Specials whose projects have no copies: of what is proposed and approved the digest would differ."""
_SPECIALS = [code for code in SPECIALS for _ in range(1 if code in _ALONE else 5)]
COPIED = 1 - len(_ALONE) / len(_SPECIALS)
"""The share of projects that have copies."""


class Planned(NamedTuple):
    """A project and the parts of its money, in fen."""

    code: str
    special: str
    fund: Fund
    vintage: int
    undertaker: str
    parts: tuple[int, ...]


class Years:
    """The story from the first fiscal year on. ``ended`` are projects to which nothing happens any more."""

    def __init__(self, first: int, years: int, projects: int, copies: int, seed: int) -> None:
        """``projects``: of each year, each that many times."""
        self.first, self.last, self.projects, self.copies = first, first + years - 1, projects, copies
        self.chance = Random(seed)
        self.ended: list[str] = []
        self._serial = count()
        self._lives: list[tuple[date, int, Request, Iterator[Told], str | None]] = []

    def told(self, book: Book) -> Iterator[tuple[date, Request, str | None]]:
        """Everything in order of days, with the code of the project whose copies do the same.

        ``book`` stands after what was told before. Ends after the last year's December.
        """
        self._begin(self._opening())
        self._begin(told for year in range(self.first, self.last + 1) for told in self._year(year, book))
        while self._lives:
            day, _, request, life, code = heapq.heappop(self._lives)
            yield day, request, code
            self._begin(life, code)

    def _begin(self, life: Iterator[Told], code: str | None = None) -> None:
        following = next(life, None)
        if following is not None:
            copied = code if code and COPY in code else None
            heapq.heappush(self._lives, (following[0], next(self._serial), following[1], life, copied))

    # -- what is not of a project

    def _opening(self) -> Iterator[Told]:
        day = date(self.first, 1, 2)
        for number in range(PARTIES):
            name = f"单位 {number:04d}"
            code = credit_code(number)
            yield day, (PartyRegistered(effective_on=day, credit_code=code, name=name, level="REGIONAL"), STD)
        limits = (
            PolicyParameterSet(
                effective_on=day, name="post_subsidy_rate", rate_bp=2000, document=_document("规1", day)
            ),
            PolicyParameterSet(effective_on=day, name="post_subsidy_cap", amount=_CAP, document=_document("规2", day)),
        )
        yield from _signed(day, "parameters", limits, FIN, STD)

    def _year(self, year: int, book: Book) -> Iterator[Told]:
        """Four batches, of each its quota, allocation and projects; then every month closes, and the year before."""
        plans = [self._planned(year, number) for number in range(self.projects)]
        each = -(-len(plans) // len(_BATCHES))
        self._begin(self._closings(year, book))
        for number, (month, of_month) in enumerate(_BATCHES):
            batch = plans[number * each : (number + 1) * each]
            day = date(year, month, of_month)
            yield from self._quota(day, f"{year}-{number + 1}", batch)
            for planned in batch:
                begins = day + timedelta(days=self.chance.randrange(1, 50))
                life = self._subsidy if planned.special == "CAP-POL" else self._life
                self._begin(life(planned, begins), planned.code)

    def _planned(self, year: int, number: int) -> Planned:
        chance = self.chance
        special = _SPECIALS[number % len(_SPECIALS)]
        fund = Fund.NSF if special in _OF_NSF else Fund.STIDF
        if special == "CAP-POL":
            parts: tuple[int, ...] = (chance.randrange(1_000_000, _CAP, 100),)
        else:
            parts = tuple(chance.randrange(5_000_000, 200_000_000, 10_000) for _ in range(chance.randrange(2, 5)))
        undertaker = credit_code(chance.randrange(1, PARTIES))
        mark = "-" if special in _ALONE else COPY
        return Planned(f"{special}-{year}{mark}{number:06d}", special, fund, year, undertaker, parts)

    def _quota(self, day: date, name: str, batch: Sequence[Planned]) -> Iterator[Told]:
        shares: dict[tuple[Fund, str], int] = {}
        for planned in batch:
            place = planned.fund, planned.special
            of_all = sum(planned.parts) * (self.copies if COPY in planned.code else 1)
            shares[place] = shares.get(place, 0) + int(of_all * _SPARE)
        for fund in (Fund.NSF, Fund.STIDF):
            amount = sum(share for (of, _), share in shares.items() if of is fund) or 100
            document = _document(f"{name} {fund}", day)
            yield (
                day,
                (
                    AppropriationReceived(
                        effective_on=day, fund=fund, vintage=day.year, amount=amount, document=document, batch_no=name
                    ),
                    FIN,
                ),
            )
        given = tuple(
            FundsAllocated(effective_on=day, fund=fund, vintage=day.year, special=special, amount=amount)
            for (fund, special), amount in shares.items()
        )
        yield from _signed(day, f"allocation-{name}", given, STD, FIN)
        for (fund, special), amount in shares.items():
            call = {"call": f"{name}-{special}", "expires_on": date(day.year, 12, 31)}
            reserved = FundsReserved(effective_on=day, fund=fund, special=special, amount=amount // 30, **call)
            yield day, (reserved, STD)

    def _closings(self, year: int, book: Book) -> Iterator[Told]:
        """Each month on the fifth of the next; in January what is left goes to the next year or back, and the year closes."""
        for month in range(1, 13):
            day = date(year + month // 12, month % 12 + 1, 5)
            yield day, (PeriodClosed(effective_on=day, closes=f"{year}-{month:02d}"), FIN)
        day = date(year + 1, 1, 8)
        for movement, project in year_end(book, year):
            self._begin(iter([(day, (movement, FIN))]), project)
        day += timedelta(days=1)
        yield day, (YearClosed(effective_on=day, year=year), FIN)

    # -- a project

    def _life(self, planned: Planned, day: date) -> Iterator[Told]:
        """Registered, committed in instalments, each issued and paid in parts; beside it other money and reports."""
        chance, special, project = self.chance, planned.special, planned.code
        recommended = special == "MSP-CRC"
        yield day, (_registered(planned, day), STD)
        if recommended:
            yield day, (NationalProjectFiled(effective_on=day, project=project, national_id=f"N-{project}"), REC)
        day = _later(day, chance.randrange(1, 4))
        yield day, (_committed(planned, day), STD)
        if recommended:
            yield from self._matching(planned, day)
        elif chance.random() < 0.5:
            yield from self._beside(planned, day)
        for number, amount in enumerate(planned.parts, 1):
            day = _later(day, chance.randrange(3, 40))
            if number > 1:
                assessed = MilestoneAssessed(
                    effective_on=day,
                    project=project,
                    instalment=str(number),
                    passed=True,
                    document=_document(f"考核 {project}-{number}", day),
                )
                yield day, (assessed, STD)
            issued = QuotaIssued(
                effective_on=day,
                project=project,
                instalment=str(number),
                amount=amount,
                to="UNDERTAKER",
                quota=_document(f"下达 {project}-{number}", day),
            )
            yield day, (issued, FIN)
            for part in _split(amount, chance.randrange(1, 5)):
                day = _later(day, chance.randrange(1, 12))
                for day, request in self._paid(planned, str(number), part, day):  # noqa: B020 - time goes on
                    yield day, request
            day = _later(day, chance.randrange(1, 15))
            yield day, (self._spent(planned, day, amount), STD)
        self.ended.append(project)

    def _paid(self, planned: Planned, instalment: str, amount: int, day: date) -> Iterator[Told]:
        """Ordered and settled; now and then rejected first, reported late, or refunded and paid again."""
        chance, serial = self.chance, next(self._serial)
        order, detail = f"SQ-{planned.code}-{serial}", f"MX-{planned.code}-{serial}"
        yield day, (_ordered(planned, instalment, order, amount, day), STD)
        day = _later(day, chance.randrange(1, 4))
        mishap = chance.random()
        if mishap < 0.02:
            back = PaymentRejected(effective_on=day, order=order, amount=amount, detail=f"TP-{detail}")
            yield day, (back, TRE)
            order = f"{order}-2"
            yield day, (_ordered(planned, instalment, order, amount, day), STD)
        effective, day = day, _later(day, 12) if mishap > 0.97 else day
        if effective.year != day.year:
            effective = day
        yield day, (PaymentSettled(effective_on=effective, order=order, amount=amount, detail=detail), TRE)
        if 0.02 <= mishap < 0.04:
            after = _later(day, chance.randrange(2, 9))
            if after.year == day.year:
                refund = PaymentRefunded(
                    effective_on=after, settlement=detail, amount=amount, detail=f"TK-{planned.code}-{serial}"
                )
                yield after, (refund, TRE)
                yield after, (_ordered(planned, instalment, f"{order}-3", amount, after), STD)
                again = PaymentSettled(effective_on=after, order=f"{order}-3", amount=amount, detail=f"{detail}-3")
                yield after, (again, TRE)

    def _subsidy(self, planned: Planned, day: date) -> Iterator[Told]:
        """After the work: verified, committed by rate and cap, paid."""
        claim, project, (amount,) = f"HB-{planned.code}", planned.code, planned.parts
        yield day, (_registered(planned, day), STD)
        verified = PostSubsidyVerified(
            effective_on=day,
            claim=claim,
            project=project,
            claimed=amount * 5,
            eligible=amount * 5,
            verifier="核查人",
            report=_document(f"核查 {project}", day),
        )
        yield day, (verified, STD)
        day = _later(day, 3)
        committed = PostSubsidyCommitted(
            effective_on=day,
            project=project,
            claim=claim,
            fund=planned.fund,
            vintage=planned.vintage,
            amount=amount,
        )
        yield from _signed(day, f"subsidy-{project}", (committed,), STD, FIN)
        for day, request in self._paid(planned, claim, amount, _later(day, 5)):  # noqa: B020 - time goes on
            yield day, request
        for _ in range(self.chance.randrange(2, 6)):
            day = _later(day, self.chance.randrange(5, 30))
            yield day, (self._spent(planned, day, amount // 4), STD)
        self.ended.append(project)

    def _matching(self, planned: Planned, day: date) -> Iterator[Told]:
        pledge, amount = f"PP-{planned.code}", sum(planned.parts) // 200 * 100
        promised = {"tranches": (Tranche(due_on=date(day.year, 12, 31), amount=amount),), "basis": "谁推荐、谁承诺"}
        pledged = MatchingCommitted(
            effective_on=day, pledge=pledge, project=planned.code, pledger=RECOMMENDER, amount=amount, **promised
        )
        yield day, (pledged, REC)
        part = amount // 2
        received = MatchingReceived(effective_on=day, pledge=pledge, amount=part, origin=Source.MATCHING)
        yield from _signed(day, f"received-{planned.code}", (received,), REC, STD)

    def _beside(self, planned: Planned, day: date) -> Iterator[Told]:
        source = self.chance.choice((Source.ENTERPRISE, Source.CENTRAL, Source.SOCIAL, Source.LEAGUE))
        amount = sum(planned.parts)
        for stage, part in (("COMMITTED", amount), ("RECEIVED", amount // 2), ("RECEIVED", amount // 4)):
            funded = CoFundingRecorded(effective_on=day, project=planned.code, source=source, amount=part, stage=stage)
            yield day, (funded, STD)

    def _spent(self, planned: Planned, day: date, amount: int) -> Movement:
        report = _document(f"支出 {planned.code} {next(self._serial)}", day)
        return UndertakerExpenditureReported(effective_on=day, project=planned.code, amount=amount, report=report)


def year_end(book: Book, year: int) -> list[tuple[Movement, str | None]]:
    """What a year still holds, by project: money of its own vintage goes on, older that nobody took back to treasury."""
    day, found = date(year, 12, 31), []
    for account, amount in book.standing("B200", "B210", "B220", "B230", fiscal_year=year):
        fund, vintage = Fund(account.source or ""), account.vintage or year
        at = {"effective_on": day, "period": f"{year}-13", "fund": fund, "vintage": vintage, "amount": amount}
        if vintage < year and account.code in ("B200", "B210"):
            document = _document(f"收回 {year} {account.special}", day)
            back = FundsWithdrawnToTreasury(account=account.code, special=account.special, document=document, **at)
            found.append((back, None))
            continue
        carried = BalanceCarriedForward(
            account=account.code,
            treatment="CARRY_OVER",
            special=account.special if account.code == "B210" else None,
            project=account.project if account.code == "B220" else None,
            ref=account.ref,
            reason="项目未完成",
            **at,
        )
        found.append((carried, account.project))
    return found


def _later(day: date, days: int) -> date:
    """So many days on; never on a weekend, nor while the year before is being closed."""
    day += timedelta(days=days)
    if day.weekday() > 4:
        day += timedelta(days=7 - day.weekday())
    return day.replace(day=15) if day.month == 1 and day.day < 15 else day


def _split(amount: int, parts: int) -> list[int]:
    each = amount // parts
    return [*([each] * (parts - 1)), amount - each * (parts - 1)]


def _document(name: str, day: date) -> Document:
    return Document.model_construct(
        number=f"演〔{day.year}〕{name}号", dated=day, sha256=None
    )  # names known to be sound


def _signed(day: date, name: str, movements: Iterable[Movement], first: Actor, second: Actor) -> Iterator[Told]:
    held = tuple(movements)
    yield day, (ProposalSubmitted(effective_on=day, proposal=name, movements=held), first)
    yield day, (ProposalApproved(effective_on=day, proposal=name, digest=digest_of(held)), second)


def _registered(planned: Planned, day: date) -> Movement:
    return ProjectRegistered(
        effective_on=day,
        project=planned.code,
        special=planned.special,
        title=f"(演示){planned.special} 项目 {planned.code}",
        mode=_MODES[planned.special],
        undertaker=planned.undertaker,
        external_id=f"KJXM-{planned.code}",
        function="2060203" if planned.special.startswith("BAS") else "2060404",
        recommender=RECOMMENDER if planned.special == "MSP-CRC" else None,
    )


def _committed(planned: Planned, day: date) -> Movement:
    plans = tuple(
        InstalmentPlan(instalment=str(number), amount=amount, gated=number > 1)
        for number, amount in enumerate(planned.parts, 1)
    )
    return PreFundingCommitted(
        effective_on=day,
        project=planned.code,
        fund=planned.fund,
        vintage=planned.vintage,
        amount=sum(planned.parts),
        instalments=plans,
        scheme=_document(f"方案 {planned.code}", day) if planned.special == "MSP-BRK" else None,
        document=_document(f"安排 {planned.code}", day),
    )


def _ordered(planned: Planned, instalment: str, order: str, amount: int, day: date) -> Movement:
    return PaymentOrdered(
        effective_on=day,
        order=order,
        project=planned.code,
        instalment=instalment,
        amount=amount,
        payee=planned.undertaker,
        document=_document(f"拨付 {order}", day),
    )
