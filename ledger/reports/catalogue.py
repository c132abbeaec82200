"""Which sheets there are, by the number and the name under which users know them, and what each is made of."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from ledger.domain.accounts import SUPPLY, USE
from ledger.domain.catalogue import Name
from ledger.reports import (
    availability,
    carry_over,
    execution,
    final_accounts,
    matching,
    payments,
    postsubsidy,
    project_card,
    quota,
    reconciliation,
    sampling,
)
from ledger.reports.grounds import Grounds
from ledger.reports.project_history import NAMING
from ledger.reports.sheet import Sheet


class ReportCode(StrEnum):
    QUOTA = "quota"
    EXECUTION = "execution"
    PAYMENTS = "payments"
    RECONCILIATION = "reconciliation"
    CARRY_OVER = "carry-over"
    FINAL_ACCOUNTS = "final-accounts"
    MATCHING = "matching"
    POST_SUBSIDY = "post-subsidy"
    PROJECT_CARD = "project-card"
    SAMPLING = "sampling"
    AVAILABILITY = "availability"
    AVAILABILITY_LINES = "availability-lines"


class Report(NamedTuple):
    """One sheet: how it is built, and what has to be read for it.

    ``accounts``: whose amounts; ``by_account``: those of them that it has down to project and reference. ``lines_of`` and
    ``kinds``: movements that posted to these accounts, or are of these kinds. ``of_projects``: made of projects alone, so that
    a department sees its own.
    """

    number: int
    name: Name
    build: Callable[[Grounds], Sheet]
    accounts: tuple[str, ...]
    by_account: tuple[str, ...] = ()
    standing: bool = False
    """Whether accounts that hold nothing now are none of its business."""
    before: bool = False
    """Whether the same day of the year before is asked for."""
    all_years: bool = False
    whole_life: bool = False
    """Whether it says all years together, so that none is asked for."""
    lines_of: tuple[str, ...] = ()
    lines_beside: tuple[str, ...] = ()
    """Accounts whose movements are read as well where treasury's statement is compared: many, so only then."""
    kinds: tuple[str, ...] = ()
    of_projects: bool = False
    one_project: bool = False
    """Whether it is of one project, which must be named."""
    one_source: bool = False
    """Whether it is of one source of statements, which must be named."""
    one_sample: bool = False
    """Whether it is an auditor's working paper, which must be named."""
    of_named: bool = False
    """Whether only accounts of projects are read that movements of ``kinds`` name."""
    naming: tuple[str, ...] = ()
    """Of one project: kinds that belong to it where they name it, whatever they post."""


REPORTS: dict[ReportCode, Report] = {
    ReportCode.QUOTA: Report(
        1,
        Name("指标账", "Quota account"),
        quota.quota,
        quota.ACCOUNTS,
        lines_of=quota.LINES_OF,
        kinds=execution.KINDS,
    ),
    ReportCode.EXECUTION: Report(
        2,
        Name("执行进度表", "Execution"),
        execution.execution,
        (*SUPPLY, *USE),
        before=True,
        lines_of=execution.LINES_OF,
        kinds=execution.KINDS,
    ),
    ReportCode.PAYMENTS: Report(
        4,
        Name("拨款申请清单", "Payment applications"),
        payments.payments,
        payments.ACCOUNTS,
        by_account=payments.ACCOUNTS,
        all_years=True,
        kinds=payments.KINDS,
        of_projects=True,
    ),
    ReportCode.RECONCILIATION: Report(
        5, reconciliation.NAME, reconciliation.reconciled, (), whole_life=True, one_source=True
    ),
    ReportCode.CARRY_OVER: Report(
        6,
        Name("结转结余表", "Carry-over and surplus"),
        carry_over.carry_over,
        carry_over.ACCOUNTS,
        by_account=carry_over.ACCOUNTS,
        lines_of=carry_over.LINES_OF,
    ),
    ReportCode.FINAL_ACCOUNTS: Report(
        7,
        Name("决算对照表", "Final-accounts tie-out"),
        final_accounts.final_accounts,
        final_accounts.ACCOUNTS,
        lines_of=final_accounts.LINES_OF,
        lines_beside=final_accounts.LINES_BESIDE,
    ),
    ReportCode.MATCHING: Report(
        8,
        Name("匹配资金台账", "Matching"),
        matching.matching,
        matching.ACCOUNTS,
        by_account=matching.ACCOUNTS,
        all_years=True,
        whole_life=True,
        kinds=matching.KINDS,
        of_projects=True,
    ),
    ReportCode.POST_SUBSIDY: Report(
        9,
        Name("后补助台账", "Post-subsidy"),
        postsubsidy.post_subsidy,
        postsubsidy.ACCOUNTS,
        by_account=postsubsidy.ACCOUNTS,
        all_years=True,
        whole_life=True,
        kinds=postsubsidy.KINDS,
        of_projects=True,
        of_named=True,
    ),
    ReportCode.PROJECT_CARD: Report(
        10,
        Name("项目卡片", "Project card"),
        project_card.project_card,
        project_card.ACCOUNTS,
        by_account=project_card.ACCOUNTS,
        all_years=True,
        whole_life=True,
        lines_of=project_card.ACCOUNTS,
        of_projects=True,
        one_project=True,
        naming=NAMING,
    ),
    ReportCode.SAMPLING: Report(11, sampling.NAME, sampling.sampled, (), whole_life=True, one_sample=True),
    ReportCode.AVAILABILITY: Report(
        12,
        Name("可用额度一页纸", "Availability on one page"),
        availability.availability,
        availability.ACCOUNTS,
        by_account=availability.BY_ACCOUNT,
        standing=True,
    ),
    ReportCode.AVAILABILITY_LINES: Report(
        12,
        availability.LINES,
        availability.availability_lines,
        availability.ACCOUNTS,
        by_account=availability.BY_ACCOUNT,
        standing=True,
    ),
}
"""Every sheet, by its number."""
