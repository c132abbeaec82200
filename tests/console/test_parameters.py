"""Parameters, catalogue, people, audit record and health: as their routes have them, to whom they are shown."""

import re

import pytest
from fastapi import FastAPI

from ledger.domain.catalogue import ROLES
from ledger.domain.parameter import PARAMETERS
from tests.api.desk import Desk
from tests.console.test_pages import HAN, page
from tests.console.test_projects import asked


def test_parameters_are_told_with_their_settings(desk: Desk) -> None:
    found = asked(desk, "std-1", "/v1/parameters")
    text = page(desk, "std-1", "/parameters", lang="en", unit="yuan")
    assert {line["parameter"] for line in found["parameters"]} == set(PARAMETERS)
    for line in found["parameters"]:
        assert line["name"]["en"].replace("'", "&#39;") in text
        assert sum(one["in_force"] for one in line["settings"]) <= 1
        for one in line["settings"]:
            assert f'href="/movements/{one["number"]}?' in text
            assert one["since"] in text


def test_what_is_in_force_is_by_the_day(desk: Desk) -> None:
    lines = asked(desk, "std-1", "/v1/parameters")["parameters"]
    (line, *_) = [line for line in lines if line["settings"]]
    since = line["settings"][-1]["since"]
    then = asked(desk, "std-1", "/v1/parameters", effective=since)["parameters"]
    (same,) = [one for one in then if (one["parameter"], one.get("scope")) == (line["parameter"], line.get("scope"))]
    assert [one["number"] for one in same["settings"] if one["in_force"]] == [line["settings"][-1]["number"]]
    first = asked(desk, "std-1", "/v1/parameters", at=1)
    assert all(one["number"] <= 1 for known in first["parameters"] for one in known["settings"])


def test_the_catalogue_says_who_signs_what(desk: Desk) -> None:
    found = asked(desk, "fin-1", "/v1/catalogue")
    text = page(desk, "fin-1", "/catalogue", lang="en")
    for one in found["specials"] + found["kinds"] + found["funds"] + found["plans"]:
        assert f"<code>{one['code']}</code>" in text
    assert f"{ROLES['STD'].en} → {ROLES['FIN'].en}".replace("&", "&amp;") in text


def test_people_are_those_of_the_route_with_their_grants(desk: Desk) -> None:
    found = asked(desk, "sec-1", "/v1/people", limit=500)["people"]
    text = page(desk, "sec-1", "/people", lang="en", limit="500")
    for one in found:
        assert f'href="/people/{one["person"]}?lang=en"' in text
        assert one["name"] in text
    person = next(one for one in found if any(grant.get("specials") for grant in one["grants"]))
    address = f"/people/{person['person']}"
    own = page(desk, "sec-1", address, lang="en")
    for grant in person["grants"]:
        assert all(code in own for code in grant["specials"])
        assert grant["granted_by"] in own
    page(desk, "sec-1", "/people/nobody", 404)
    assert "In the audit record" not in own
    assert "In the audit record" in page(desk, "log-1", address, lang="en")


def test_the_audit_record_is_filtered_paged_and_checked(desk: Desk) -> None:
    desk.session("fin-1")
    text = page(desk, "log-1", "/trail", lang="en", event="SIGNED_IN", limit="1", check="true")
    assert re.search(r"All \d+ rows checked: the chain holds", text)
    assert "fin-1" in page(desk, "log-1", "/trail", lang="en", event="SIGNED_IN", person="fin-1", limit="500")
    more = re.search(r'class="more" href="([^"]+)"', text)
    assert more
    assert "check=" not in more[1]
    page(desk, "log-1", more[1].replace("&amp;", "&"))
    assert "No row fits" in page(desk, "log-1", "/trail", lang="en", person="nobody")
    checked = asked(desk, "aud-1", "/v1/trail/check")
    assert checked["whole"]
    assert "broken_at" not in checked


def test_health_says_how_far_projections_have_come(desk: Desk, demo_app: FastAPI) -> None:
    text = page(desk, "adm-1", "/health", lang="en")
    gauges = desk.client.get("/metrics", headers=desk.session("adm-1")).text
    for name, number in re.findall(r'ledger_projection_number\{projection="(\w+)"\} (\d+)', gauges):
        assert re.search(rf'<code>{name}</code></th><td class="n">{number}</td>', text)
    assert demo_app.version in text


def test_each_is_led_to_what_they_may_open(desk: Desk) -> None:
    for who, own, others in (
        ("adm-1", ("/people", "/health", "/catalogue"), ("/trail", "/parameters", "/projects")),
        ("log-1", ("/people", "/trail"), ("/health", "/pledges")),
        ("fin-1", ("/projects", "/parties", "/pledges", "/parameters"), ("/people", "/trail", "/health")),
    ):
        text = page(desk, who, "/registers")
        assert all(f'href="{path}"' in text for path in own)
        assert not any(f'href="{path}"' in text for path in others)


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("std-1", "/parameters"),
        ("std-1", "/catalogue"),
        ("sec-1", "/people"),
        ("log-1", "/trail"),
        ("adm-1", "/health"),
    ],
)
def test_in_english_it_holds_no_chinese_but_names(desk: Desk, who: str, path: str) -> None:
    text = page(desk, who, f"{path}?lang=en").replace("中文", "")
    assert not HAN.search(re.sub(r'(?s)"recorded"[^>]*>.*?</', "</", text))
