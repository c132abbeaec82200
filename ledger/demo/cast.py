"""Who appears: synthetic undertakers, the twelve leagues and cities, the departments of the demo people."""

from ledger.demo.figures import LEAGUES
from ledger.demo.scenes import Scene, alone, department, movement
from ledger.domain.fields import credit_code_check_character

DAY = "2025-01-02"
FUNCTIONS = {
    "basic": "2060203",
    "applied": "2060303",
    "development": "2060404",
    "conditions": "2060503",
    "other": "2069999",
}
"""Function codes 功能科目 of the demo's projects."""

LEAGUE_NAMES = (
    "呼和浩特市",
    "包头市",
    "呼伦贝尔市",
    "兴安盟",
    "通辽市",
    "赤峰市",
    "锡林郭勒盟",
    "乌兰察布市",
    "鄂尔多斯市",
    "巴彦淖尔市",
    "乌海市",
    "阿拉善盟",
)
INSTITUTIONS = 60


def _code(serial: int) -> str:
    first_seventeen = f"12150099MB{serial:07d}"
    return first_seventeen + credit_code_check_character(first_seventeen)


def institution(number: int) -> str:
    """Credit code of a synthetic undertaker, counted round."""
    return _code(1_000 + number % INSTITUTIONS)


def league(number: int) -> str:
    """Credit code of a synthetic undertaker in a league or city."""
    return _code(2_000 + number % LEAGUES)


RECOMMENDER, COFUNDER = department("rec-1"), department("und-1")


def parties() -> Scene:
    """Everybody enters the register."""
    named = [
        *((institution(i), f"演示承担单位{i + 1:02d}", "REGIONAL") for i in range(INSTITUTIONS)),
        *((league(i), f"演示{name}承担单位", "LEAGUE") for i, name in enumerate(LEAGUE_NAMES)),
        (RECOMMENDER, "演示推荐部门", "REGIONAL"),
        (COFUNDER, "演示联合出资单位", "REGIONAL"),
        (department("cha-1"), "演示原渠道主管部门", "REGIONAL"),
        (department("lea-1"), "演示盟市科技局", "LEAGUE"),
    ]
    registered = (
        movement("PartyRegistered", DAY, credit_code=code, name=name, level=level) for code, name, level in named
    )
    return alone("parties", "std-1", *registered)
