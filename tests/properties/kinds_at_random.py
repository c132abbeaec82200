"""Every kind with how often a random history asks for it, in families that a shrunk example can name."""

from collections.abc import Callable

from tests.properties import requests_at_closing as closing
from tests.properties import requests_of_funds as funds
from tests.properties import requests_of_payments as payments
from tests.properties import requests_of_projects as projects
from tests.properties.history import History, Request

Asks = Callable[[History], Request]

FAMILIES: dict[str, tuple[tuple[int, Asks], ...]] = {
    "funds": (
        (3, funds.appropriation_received),
        (1, funds.appropriation_reduced),
        (5, funds.funds_allocated),
        (1, funds.allocation_withdrawn),
        (2, funds.funds_reserved),
        (1, funds.reservation_released),
        (2, funds.reallocated_within_fund),
        (2, funds.reallocated_between_funds),
        (2, funds.opening_imported),
        (1, funds.predecessor_consolidated),
        (2, funds.withdrawn_to_treasury),
    ),
    "register": (
        (2, funds.special_added),
        (1, funds.special_suspended),
        (2, funds.special_resumed),
        (1, funds.special_merged),
        (2, funds.parameter_set),
        (2, funds.signing_rule_set),
        (1, funds.holidays_announced),
        (1, funds.party_registered),
        (1, funds.party_renamed),
        (6, projects.project_registered),
        (1, projects.project_amended),
        (1, projects.project_closed),
        (2, projects.national_project_filed),
    ),
    "commitments": (
        (9, projects.pre_funding_committed),
        (2, projects.instalments_rescheduled),
        (3, projects.post_subsidy_verified),
        (3, projects.post_subsidy_committed),
        (2, projects.commitment_released),
        (2, projects.milestone_assessed),
        (1, projects.team_eliminated),
        (2, projects.quota_issued),
    ),
    "beside": (
        (2, projects.matching_committed),
        (2, projects.matching_received),
        (1, projects.matching_reduced),
        (1, projects.matching_rescheduled),
        (1, projects.original_channel_recorded),
        (2, projects.co_funding_recorded),
        (1, projects.undertaker_expenditure_reported),
    ),
    "payments": (
        (8, payments.payment_ordered),
        (1, payments.payment_order_cancelled),
        (7, payments.payment_settled),
        (2, payments.payment_rejected),
        (2, payments.payment_refunded),
        (1, payments.unmatched_settlement),
        (1, payments.unmatched_receipt),
        (3, payments.suspense_cleared),
        (3, payments.recovery_ordered),
        (3, payments.recovery_received),
        (2, payments.repayment_received),
    ),
    "closing": (
        (2, closing.reconciliation_signed_off),
        (3, closing.period_closed),
        (1, closing.year_closed),
        (2, closing.balance_carried_forward),
        (3, closing.carry_forward_adjusted),
        (5, closing.entry_corrected),
        (2, closing.proposal_submitted),
        (1, closing.proposal_approved),
        (1, closing.proposal_rejected),
    ),
}


def asked(h: History, family: str) -> Request:
    """A request of a family; one in twelve is spoiled."""
    weights, asks = zip(*FAMILIES[family], strict=True)
    request = h.chance.choices(asks, weights)[0](h)
    return closing.spoiled(h, request) if h.happens(0.08) else request
