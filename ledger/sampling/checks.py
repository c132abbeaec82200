"""What is looked at of each item, and how it came out: the columns A–F of the working paper. Pure."""

from enum import StrEnum
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from ledger.domain.catalogue import Name
from ledger.sampling.refusals import NotSampled, NotSampledFor

CHECKS: dict[str, Name] = {
    "A": Name("与原始文件一致(金额、日期、对象)", "Agrees with its document: amount, date, whom it is about"),
    "B": Name("签批齐全,不同的人办理", "Signed as it has to be, by different people"),
    "C": Name("资金、专项、科目正确", "Right fund, special and function"),
    "D": Name("期间正确", "In the right period"),
    "E": Name("项目和单位真实,符合条件", "Project and undertaker exist and qualify"),
    "F": Name("与国库、银行记录一致", "Agrees with treasury and bank"),
}


class Outcome(StrEnum):
    """How a check came out."""

    OPEN = "OPEN"
    AGREES = "AGREES"
    DIFFERS = "DIFFERS"
    NOT_APPLICABLE = "NOT_APPLICABLE"


OUTCOMES: dict[Outcome, Name] = {
    Outcome.OPEN: Name("未核对", "open"),
    Outcome.AGREES: Name("相符", "agrees"),
    Outcome.DIFFERS: Name("不符", "differs"),
    Outcome.NOT_APPLICABLE: Name("不适用", "not applicable"),
}


class Findings(NamedTuple):
    """What an auditor wrote of an item; ``checks`` in the order of CHECKS. ``figure``: path and query of a page."""

    checks: tuple[Outcome, ...] = (Outcome.OPEN,) * len(CHECKS)
    exception: str = ""
    criterion: str = ""
    reply: str = ""
    conclusion: str = ""
    figure: str = ""

    @property
    def finished(self) -> bool:
        """Whether every check is answered, and whatever differs says what is wrong, and by which rule."""
        told = Outcome.DIFFERS not in self.checks or (self.exception and self.criterion)
        return Outcome.OPEN not in self.checks and bool(told)


_OWN = ("lang", "grant")
"""What an address says about whoever looked, and nothing about the figure."""


def fixed_figure(address: str) -> str:
    """The path and query by which an address of ours opens the identical figure for anybody. Raises NotSampled."""
    if not address:
        return ""
    try:
        told = urlsplit(address)
        asked = [(name, value) for name, value in parse_qsl(told.query) if name not in _OWN]
    except ValueError:
        raise NotSampled(NotSampledFor.FIGURE_NOT_FIXED) from None
    of_movement = told.path.startswith("/movements/") and told.path.removeprefix("/movements/").isdecimal()
    of_figure = told.path in ("/explain", "/time-machine") and dict(asked).get("at", "").isdecimal()
    if not address.isascii() or not (of_movement or of_figure):
        raise NotSampled(NotSampledFor.FIGURE_NOT_FIXED)
    return f"{told.path}?{urlencode(asked)}" if asked else told.path
