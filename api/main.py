"""The application: routes, problems, documentation page."""

from collections.abc import Callable
from datetime import date

from fastapi import FastAPI
from starlette.middleware import Middleware

from api import documentation, openapi, problems, rates
from api.connections import OneLength
from api.console import pages
from api.faults import Faults
from api.feed import Feed
from api.headers import SafeHeaders
from api.log import RequestLog
from api.origin import ON_THIS_MACHINE, KnownHost, PublicUrl, SameOrigin
from api.places import Places
from api.rates import AnonymousRates, Rates
from api.routes import (
    alerts,
    attempts,
    availability,
    balances,
    bulk,
    catalogue,
    diff,
    documents,
    duplicates,
    earliest,
    explain,
    health,
    inbox,
    jobs,
    keys,
    movements,
    oidc,
    parameters,
    parties,
    people,
    periods,
    personal,
    projects,
    proposals,
    reconciled_cases,
    reconciliations,
    reconciling,
    replays,
    reports,
    samples,
    search,
    segregation,
    session,
    stream,
    timeline,
    trail,
    vouchers,
    whatif,
    worklist,
    year_end,
)
from ledger.access.oidc import Provider
from ledger.access.people import People
from ledger.application import Ledger, business_day
from ledger.jobs import Jobs
from ledger.reconciliation.application import Reconciliations
from ledger.yearend.kept import Trials

SUBJECTS = (
    bulk,
    movements,
    proposals,
    inbox,
    balances,
    explain,
    diff,
    availability,
    earliest,
    whatif,
    timeline,
    periods,
    reports,
    vouchers,
    reconciliations,
    reconciling,
    reconciled_cases,
    worklist,
    replays,
    samples,
    segregation,
    duplicates,
    year_end,
    projects,
    parameters,
    parties,
    documents,
    alerts,
    attempts,
    search,
    catalogue,
    stream,
    jobs,
    session,
    oidc,
    people,
    keys,
    trail,
    personal,
    health,
)
VERSION = "1"


def create_app(
    ledger: Ledger,
    registered: People,
    *,
    today: Callable[[], date] = business_day,
    public: PublicUrl = ON_THIS_MACHINE,
    provider: Provider | None = None,
) -> FastAPI:
    """The HTTP face of one ledger for these people; ``provider``: where else than here they may sign in."""
    counted = Rates(rates.ON_A_NETWORK if public.on_a_network else rates.ON_THIS_MACHINE)
    app = FastAPI(
        title=openapi.title(training=ledger.training),
        version=VERSION,
        openapi_tags=openapi.TAGS,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=openapi.operation_id,
        middleware=[  # the first is the outermost
            Middleware(RequestLog),
            Middleware(SafeHeaders, training=ledger.training),
            Middleware(OneLength),
            Middleware(KnownHost, public),
            Middleware(SameOrigin, public),
            Middleware(AnonymousRates, counted),
            Middleware(Faults),
        ],
    )
    app.state.ledger, app.state.people, app.state.today = ledger, registered, today
    app.state.public, app.state.provider = public, provider
    app.state.jobs, app.state.reconciliations = Jobs(ledger.store, ledger.id), Reconciliations(ledger)
    app.state.feed, app.state.rates, app.state.places = Feed(ledger.store), counted, Places()
    app.state.trials = Trials()
    problems.install(app)
    openapi.install(app)
    documentation.install(app)
    for subject in SUBJECTS:
        app.include_router(subject.router)
    pages.install(app)
    return app
