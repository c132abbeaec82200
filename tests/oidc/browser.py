"""A browser without a screen: cookies, redirects and the forms of the provider."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx2

_STEPS_MAX = 20


class Form(HTMLParser):
    """The form of a page: where it goes, and what is in it already."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action, self.fields = "", dict[str, str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = said["action"]
        elif tag == "input" and "name" in said:
            self.fields[said["name"]] = said.get("value", "")


class Browser:
    """One person's browser."""

    def __init__(self) -> None:
        self.client = httpx2.Client(timeout=20, trust_env=False)

    def sign_in(self, url: str, who: str, back_at: str) -> str:
        """Go where a sign-in leads, fill the provider's forms in as ``who``; the address that leads back, not yet opened."""
        answer = self.client.get(url)
        for _ in range(_STEPS_MAX):
            if answer.is_redirect:
                url = urljoin(str(answer.url), answer.headers["location"])
                if url.startswith(back_at):
                    return url
                answer = self.client.get(url)
            else:
                assert answer.status_code == 200, answer.text
                form = Form(answer.text)
                filled = form.fields | ({"login": who, "password": "any"} if "login" in form.fields else {})
                answer = self.client.post(urljoin(str(answer.url), form.action), data=filled)
        raise AssertionError(f"not back after {_STEPS_MAX} steps: {answer.url}")

    def give_up(self, url: str, back_at: str) -> str:
        """Go where a sign-in leads and abort at the first form; the address that leads back."""
        answer = self.client.get(url)
        while answer.is_redirect:
            answer = self.client.get(urljoin(str(answer.url), answer.headers["location"]))
        answer = self.client.get(f"{answer.url}/abort")
        while not answer.headers["location"].startswith(back_at):
            answer = self.client.get(urljoin(str(answer.url), answer.headers["location"]))
        return str(answer.headers["location"])
