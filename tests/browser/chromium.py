"""The Chromium of the system, driven by Playwright, and what a page did in it: messages, requests, scripts, axe's complaints."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
MADE = ROOT / "api" / "console" / "made" / "echarts.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
REMEDY = "needs Chromium, Playwright and the scripts of the pages: apt install chromium fonts-noto-cjk; make scripts test-all"
SCRIPT_BYTES_MAX = 1_500_000


def lacking(what: str) -> None:
    """Skip, and say what to do; where everything must run, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing: {REMEDY}")
    pytest.skip(f"{what} is missing: {REMEDY}")


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser, ended with this."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        lacking("chromium")
    if not AXE.exists() or not MADE.exists():
        lacking("node_modules or api/console/made")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        lacking("playwright")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, headless=True, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Looked:
    """A window of somebody, and what happened in it since the last page was opened."""

    def __init__(self, context: Any, address: str) -> None:
        self.address, self.context = address, context
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _asked(self, request: Any) -> None:
        if urlsplit(request.url).netloc not in ("", urlsplit(self.address).netloc):
            self.elsewhere.append(request.url)

    def open(self, path: str) -> Any:
        """Open a page of the console and wait until nothing more comes."""
        self.complaints.clear()
        self.elsewhere.clear()
        answer = self.page.goto(self.address + path)
        self.page.wait_for_load_state("networkidle")
        return answer

    def sign_in(self, who: str, password: str, path: str = "/") -> None:
        """Through the page, as people do."""
        self.open(path)
        self.page.fill("#login", who)
        self.page.fill("#password", password)
        self.page.click("main form button")
        self.page.wait_for_load_state("networkidle")

    @property
    def script_bytes(self) -> int:
        """How much script the page runs, unpacked, wherever it came from."""
        return int(self.page.evaluate(_SCRIPT_BYTES))

    def axe(self) -> list[str]:
        """What axe finds wrong: the rule, how often, and where first."""
        self.page.evaluate(AXE.read_text("utf-8") + "\n;0")
        found = self.page.evaluate("axe.run().then((found) => found.violations)")
        return [f"{one['id']} ×{len(one['nodes'])}: {one['nodes'][0]['html'][:200]}" for one in found]

    def texts(self) -> list[str]:
        """Every text that people see, but codes and what was recorded or typed, which is in whatever language it came in."""
        return list(self.page.evaluate(_TEXTS))


_SCRIPT_BYTES = """() => performance.getEntriesByType("resource")
  .filter((one) => one.initiatorType === "script").reduce((sum, one) => sum + one.decodedBodySize, 0)"""
_TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [document.title];
  while (walker.nextNode()) {
    const at = walker.currentNode.parentElement;
    if (!at.closest(".recorded, code, script, textarea, .switch [lang]")) found.push(walker.currentNode.data.trim());
  }
  for (const one of document.querySelectorAll("[aria-label], [title], [placeholder]"))
    for (const name of ["aria-label", "title", "placeholder"]) if (one.hasAttribute(name)) found.push(one.getAttribute(name));
  return found.filter(Boolean);
}"""
