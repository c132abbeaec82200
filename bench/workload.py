"""A working day on some two thousand projects: money is committed, ordered and paid, in turn and everywhere at once."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256

from ledger.application import Ledger
from ledger.domain.allocation import FundsAllocated
from ledger.domain.appropriation import AppropriationReceived
from ledger.domain.approval import ProposalApproved, ProposalSubmitted, digest_of
from ledger.domain.catalogue import Fund, Mode, Role
from ledger.domain.fields import Document, credit_code_check_character
from ledger.domain.movement import Actor, Movement
from ledger.domain.party import PartyRegistered
from ledger.domain.payment import PaymentOrdered, PaymentSettled
from ledger.domain.prefunding import InstalmentPlan, PreFundingCommitted
from ledger.domain.project import ProjectRegistered
from ledger.secret import Secret

SECRET_TEXT = sha256(b"guards nothing but measurements and tests").hexdigest()
SECRET = Secret.of_text(SECRET_TEXT)
DAY = date(2025, 4, 2)
YEAR = 2025
STD = Actor("s_std", Role.STD, "11150000000000001A")
FIN = Actor("s_fin", Role.FIN, "11150000000000002B")
TRE = Actor("s_tre", Role.TRE)
SPECIALS = {
    "RDT-KRD": Mode.COMPETITIVE,
    "RDT-CHN": Mode.CHALLENGE,
    "PLT-NAT": Mode.APPROVED,
    "PLT-REG": Mode.ASSESSED,
    "CAP-STR": Mode.DIRECTED,
    "CAP-TAL": Mode.SELECTED,
    "CAP-COP": Mode.COMPETITIVE,
    "BAS-CND": Mode.CALL,
}
PARTIES = 100
FEN_EACH = 1_250_000
FEN_OF_FUND = 5_000_000_000_000_000

Request = tuple[Movement, Actor]


def credit_code(number: int) -> str:
    """The credit code of a made-up undertaker."""
    first_seventeen = f"91150100{number:08d}X"
    return first_seventeen + credit_code_check_character(first_seventeen)


def opening(projects: int = 2_000) -> Iterator[Request]:
    """What must stand before the day begins: quota, its allocation, parties and projects."""
    document = Document(number="内财教〔2025〕1号")
    yield (
        AppropriationReceived(effective_on=DAY, fund=Fund.STIDF, vintage=YEAR, amount=FEN_OF_FUND, document=document),
        FIN,
    )
    share = FEN_OF_FUND // len(SPECIALS)
    allocations = tuple(
        FundsAllocated(effective_on=DAY, fund=Fund.STIDF, vintage=YEAR, special=special, amount=share)
        for special in SPECIALS
    )
    yield ProposalSubmitted(effective_on=DAY, proposal="allocations", movements=allocations), STD
    yield ProposalApproved(effective_on=DAY, proposal="allocations", digest=digest_of(allocations)), FIN
    for number in range(PARTIES):
        yield (
            PartyRegistered(effective_on=DAY, credit_code=credit_code(number), name=f"单位 {number}", level="REGIONAL"),
            STD,
        )
    for number in range(projects):
        yield _registered(number), STD


def _registered(number: int) -> ProjectRegistered:
    special = sorted(SPECIALS)[number % len(SPECIALS)]
    return ProjectRegistered(
        effective_on=DAY,
        project=f"P{number:06d}",
        special=special,
        title=f"项目 {number}",
        mode=SPECIALS[special],
        undertaker=credit_code(number % PARTIES),
        external_id=f"X{number:06d}",
        function="2060203",
    )


def day_on(project: int, mark: str) -> Iterator[Request]:
    """For ever: an instalment is committed, ordered, settled. ``mark`` keeps its names apart from everybody else's."""
    name, payee, turn = f"P{project:06d}", credit_code(project % PARTIES), 0
    while True:
        turn += 1
        ref = f"{mark}.{turn}"
        plan = InstalmentPlan(instalment=ref, amount=FEN_EACH)
        yield (
            PreFundingCommitted(
                effective_on=DAY, project=name, fund=Fund.STIDF, vintage=YEAR, amount=FEN_EACH, instalments=(plan,)
            ),
            STD,
        )
        document = Document(number=f"拨〔2025〕{ref}号")
        yield (
            PaymentOrdered(
                effective_on=DAY,
                order=f"O{name}.{ref}",
                project=name,
                instalment=ref,
                amount=FEN_EACH,
                payee=payee,
                document=document,
            ),
            STD,
        )
        yield (
            PaymentSettled(effective_on=DAY, order=f"O{name}.{ref}", amount=FEN_EACH, detail=f"D{name}.{ref}"),
            TRE,
        )


def day_of(caller: int, callers: int, mark: str, projects: int = 2_000) -> Iterator[Request]:
    """One caller's day: its own projects in turn, so that callers meet on funds and specials but not on instalments."""
    days = [day_on(project, f"{mark}{caller}") for project in range(caller, projects, callers)]
    while True:
        for day in days:
            for _ in range(3):
                yield next(day)


def open_books(ledger: Ledger, projects: int = 2_000) -> None:
    """Record the opening; refused or repeated requests are a fault."""
    answers = [ledger.submit(*request, f"open-{n}") for n, request in enumerate(opening(projects))]
    for answer in answers:
        (outcome,) = answer.result()
        if isinstance(outcome, Exception):
            raise outcome
