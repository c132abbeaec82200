"""The pages of working papers: what the routes answer; drawn and filled in by forms, nothing typed is lost, a double click once."""

import re
from html import unescape
from typing import Any

import httpx2
import pytest

from tests.api.desk import Desk
from tests.console.test_pages import page

FORM = {
    "matter": "国库支付",
    "at": "8000",
    "kind": "PaymentSettled",
    "special": "",
    "method": "SIMPLE_RANDOM",
    "seed": "s-1",
    "size": "5",
}


def send(desk: Desk, path: str, **form: str) -> httpx2.Response:
    return desk.client.post(path, data=form, headers=desk.session("aud-1"), follow_redirects=False)


@pytest.fixture
def paper(desk: Desk, request: pytest.FixtureRequest) -> Any:
    """A paper drawn from the form."""
    answer = send(desk, "/samples", paper=request.node.name, **FORM)
    assert answer.status_code == 303, answer.text
    return desk.get("aud-1", f"/v1/samples/{answer.headers['location'].rpartition('/')[2]}")


def test_a_form_sent_twice_draws_one_paper_that_the_list_shows(desk: Desk, paper: Any) -> None:
    again = send(desk, "/samples", paper=paper["paper"], **FORM)
    assert again.headers["location"] == f"/samples/{paper['id']}"
    text = page(desk, "aud-1", "/samples", lang="en")
    assert text.count(f'href="/samples/{paper["id"]}?lang=en"') == 1
    assert paper["population"]["en"] in unescape(text)


def test_the_page_shows_what_the_route_answers(desk: Desk, paper: Any) -> None:
    text = unescape(page(desk, "aud-1", f"/samples/{paper['id']}", lang="en", unit="yuan"))
    assert (
        [int(one) for one in re.findall(r'<td class="n"><a href="/movements/(\d+)', text)]
        == [item["number"] for item in paper["drawn_items"]]
        == [int(one) for one in re.findall(r'class="amount" href="/movements/(\d+)\?lang=en&unit=yuan&at=8000"', text)]
    )
    for said in (paper["root"], paper["algorithm"]["en"], paper["drawn"]["en"], paper["population"]["en"]):
        assert said in text
    opened = page(desk, "aud-1", f"/samples/{paper['id']}", item="2")
    assert all(hash_ in opened for hash_ in (paper["drawn_items"][1]["leaf"], *paper["drawn_items"][1]["path"]))


MARKS = dict.fromkeys("ABCDEF", "AGREES") | {"A": "DIFFERS"}


def test_an_item_is_filled_in_in_place_and_twice_is_once(desk: Desk, paper: Any) -> None:
    path = f"/samples/{paper['id']}/items/1"
    form = MARKS | {"version": "1", "exception": "少附发票\r\n两张", "criterion": "第 12 条", "go": "next"}
    for _ in range(2):
        answer = send(desk, path, **form)
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            f"/samples/{paper['id']}?item=2&saved=true#opened",
        )
    item = desk.get("aud-1", f"/v1/samples/{paper['id']}")["drawn_items"][0]
    assert (item["version"], item["exception"], item["checks"][0]["outcome"]) == (2, "少附发票 两张", "DIFFERS")


def test_what_somebody_changed_meanwhile_stands_beside_what_was_typed(desk: Desk, paper: Any) -> None:
    path = f"/samples/{paper['id']}/items/1"
    send(desk, path, **MARKS, version="1", reply="先写的")
    answer = send(desk, path, **MARKS, version="1", reply="后写的")
    assert answer.status_code == 409
    for said in (">后写的</textarea>", "先写的", 'name="version" value="2"', "他人改动过"):
        assert said in answer.text
    assert send(desk, path, **MARKS, version="2", reply="后写的").status_code == 303


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"size": "x"}, 'value="x"'),
        ({"seed": "有空 格"}, "格式不符"),
        ({"size": ""}, "简单随机抽样须给出种子和样本量"),
        ({"from_amount": "1,5"}, "金额应为以元为单位的文本"),
        ({"at": "99999999"}, "账本尚未记到该编号"),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(desk: Desk, wrong: dict[str, str], said: str) -> None:
    answer = send(desk, "/samples", paper="错", **(FORM | wrong))
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="国库支付"' in answer.text


def test_a_figure_that_is_not_fixed_is_refused_in_place(desk: Desk, paper: Any) -> None:
    answer = send(desk, f"/samples/{paper['id']}/items/1", **MARKS, version="1", figure="/explain?by=plan")
    assert answer.status_code == 422
    assert 'value="/explain?by=plan"' in answer.text
    figure = "/explain?by=plan&figure=disbursed&key=BAS&at=8000"
    assert send(desk, f"/samples/{paper['id']}/items/1", **MARKS, version="1", figure=figure).status_code == 303
    opened = unescape(page(desk, "aud-1", f"/samples/{paper['id']}", item="1"))
    assert f'href="{figure}"' in opened
    assert page(desk, "aud-1", figure)


def test_a_paper_is_not_reviewed_by_who_prepared_it(desk: Desk, paper: Any) -> None:
    path = f"/samples/{paper['id']}"
    assert 'value="review"' not in page(desk, "aud-1", path)
    for item in range(1, 6):
        send(desk, f"{path}/items/{item}", **(MARKS | {"A": "AGREES"}), version="1")
    assert send(desk, f"{path}/conclusion", conclusion="未见异常", version="1").status_code == 303
    assert "由未参与编制的审计人员复核" in page(desk, "aud-1", path)
    assert send(desk, f"{path}/review", act="review").status_code == 403
