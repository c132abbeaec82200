"""Every page that is walked: for axe, console errors, languages, other hosts, size, and for pictures in docs/screens."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.browser.chromium import Looked


class Walked(NamedTuple):
    """A page as somebody opens it. ``name``: that of its pictures. ``path``: names in braces are of what is open (opened.py).

    ``press``: the button that is pressed there, after which the page is looked at.
    """

    name: str
    path: str
    who: str = "fin-1"
    signed_in: bool = True
    press: str = ""

    def open(self, looked: Looked, opened: Mapping[str, str]) -> Any:
        """Open it; answers with the response."""
        answer = looked.open(self.path.format_map(opened))
        if self.press:
            with looked.page.expect_navigation() as pressed:
                looked.page.locator(self.press).click()
            looked.page.wait_for_load_state("networkidle")
            answer = pressed.value
        return answer


PAGES = (
    Walked("sign-in", "/sign-in", signed_in=False),
    Walked("home", "/"),
    Walked("home-programme-manager", "/", "pm-1"),
    Walked("home-administrator", "/", "adm-1"),
    Walked("availability", "/availability", "pm-1"),
    Walked("availability-special", "/availability/MSP-DEM", "std-1"),
    Walked("explain", "/explain?by=plan&figure=disbursed&key=BAS&unit=yuan", "aud-1"),
    Walked("time-machine", "/time-machine?at=5000", "aud-1"),
    Walked("difference", "/diff?since_at=5000&at=9000&by=special", "aud-1"),
    Walked(
        "what-if", "/what-if?special=RDT-KRD&amount=230000000&count=3&size=1000000&later_1=500000&on=2025-07-01", "pm-1"
    ),
    Walked("replay", "/replay", "aud-1"),
    Walked("replayed", "/replay/{replay}", "fin-1"),
    Walked("what-if-list", "/what-if/list?kind=PreFundingCommitted&project=MSP-BRK-001&amount=5", "pm-1"),
    Walked("near-misses", "/near-misses", "aud-1"),
    Walked("inbox", "/inbox", "std-1"),
    Walked("proposal", "/inbox/{proposal}", "fin-1"),
    Walked("proposal-recorded", "/inbox/{recorded_proposal}", "aud-1"),
    Walked("proposal-refused", "/inbox/{refused_proposal}", "fin-1"),
    Walked("record", "/record", "std-1"),
    Walked(
        "record-allocation", "/record/FundsAllocated?fund=STIDF&vintage=2025&special=MSP-BRK&amount=1000000", "std-1"
    ),
    Walked("record-commitment", "/record/PreFundingCommitted?project=MSP-BRK-001&amount=5", "std-1"),
    Walked(
        "record-faults",
        "/record/PreFundingCommitted?effective_on=2025-12-20&project=MSP-BRK-001&undertaker=nobody&amount=1.234",
        "std-1",
        press="#form button.second[value=try]",
    ),
    Walked("closing", "/periods", "fin-1"),
    Walked("year-end", "/year-end", "fin-1"),
    Walked("log", "/movements?at=5000", "aud-1"),
    Walked("samples", "/samples", "aud-1"),
    Walked("sample", "/samples/{sample}", "aud-1"),
    Walked("sample-item", "/samples/{sample}?item=1", "aud-1"),
    Walked("duplicates", "/duplicates", "fin-1"),
    Walked("segregation", "/segregation", "aud-1"),
    Walked("movement", "/movements/5000", "aud-1"),
    Walked("reconcile", "/reconcile"),
    Walked("reconcile-source", "/reconcile/treasury"),
    Walked("reconcile-cases", "/reconcile/treasury/cases?open_only=true&unit=yuan"),
    Walked("reconcile-worklist", "/reconcile/treasury/worklist?month=2025-06"),
    Walked("reconcile-waiting", "/reconcile/treasury/worklist?month=2025-07"),
    Walked("jobs", "/jobs"),
    Walked("job-done", "/jobs/{job}"),
    Walked("job-failed", "/jobs/{failed_job}"),
    Walked("registers", "/registers", "std-1"),
    Walked("projects", "/projects?special=MSP-BRK", "std-1"),
    Walked("project", "/projects/MSP-BRK-001", "std-1"),
    Walked("import", "/import", "std-1"),
    Walked("import-tried", "/import?file={file}&on=2025-12-20", "std-1"),
    Walked("import-faulty", "/import?file={faulty_file}&on=2025-12-20", "std-1"),
    Walked("parties", "/parties", "std-1"),
    Walked("party", "/parties/12150099MB0001007K", "std-1"),
    Walked("pledges", "/pledges", "std-1"),
    Walked("parameters", "/parameters", "std-1"),
    Walked("catalogue", "/catalogue", "std-1"),
    Walked("people", "/people", "sec-1"),
    Walked("person", "/people/p-fin-1", "sec-1"),
    Walked("people-administrator", "/people", "adm-1"),
    Walked("person-administrator", "/people/p-fin-1?act=account&login=fin-1", "adm-1"),
    Walked(
        "person-grant", "/people/p-fin-1?act=grant&role=UND&department=12150099MB0001007K&until=2026-12-31", "sec-1"
    ),
    Walked("trail", "/trail?check=true", "log-1"),
    Walked("health", "/health", "adm-1"),
    Walked("account", "/account", "std-1"),
    Walked("problem", "/explain?by=special&figure=available&key=NONE", "aud-1"),
)

NOT_WALKED = {
    "/import/template": "a file, no page",
    "/look-up": "what stands under a field while somebody types, no page",
    "/people/{person:path}/granted": "leads back to the person",
    "/people/{person:path}/kept": "leads back to the person",
}
"""Pages that are in no walk, and why."""
