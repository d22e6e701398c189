"""A headless Chromium for the tests of pages, and the reports that they look at."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.reporting.json_report import as_json

_CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
_DRIVER = shutil.which("chromedriver")
_SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
)
_SCENARIOS = ("cross_search", "erasure", "get_by_foreign_id", "list_all", "wildcard_ids")
_SECONDS = 60
# The picture is drawn after the rest, where there is one.
_READY = "const one = document.querySelector('.picture'); return !one || one.querySelector('.matrix, .muted') !== null"
_CHOOSE = """
const one = document.getElementById(arguments[0]);
one.value = arguments[1];
for (const kind of ["input", "change"]) one.dispatchEvent(new Event(kind, { bubbles: true }));
"""

NEEDS_CHROMIUM = [
    pytest.mark.skipif(not (_CHROMIUM and _DRIVER), reason="needs chromium and chromedriver"),
    pytest.mark.skipif(find_spec("selenium") is None, reason="needs selenium, of the extra `test`"),
]


class Reader:
    """Opens pages in a browser, and looks at them; `folder` is where they lie meanwhile."""

    def __init__(self, browser: Any, folder: Path) -> None:
        self.browser = browser
        self._folder = folder

    def open(self, page: str, *, after: str = "", colours: str = "light", width: int = 1280) -> None:
        path = self._folder / "page.html"
        path.write_text(page, encoding="utf-8")
        wishes = {"prefers-color-scheme": colours, "prefers-reduced-motion": "reduce"}
        features = [{"name": name, "value": value} for name, value in wishes.items()]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        self.browser.get("about:blank")
        self.complaints()
        self.asked()
        self.browser.get(f"{path.as_uri()}{after}")
        self.wait(_READY)

    def run(self, script: str, *arguments: object) -> Any:
        return self.browser.execute_script(script, *arguments)

    def wait(self, condition: str) -> None:
        from selenium.webdriver.support.ui import WebDriverWait  # noqa: PLC0415 - it may be absent with the browser

        WebDriverWait(self.browser, _SECONDS).until(lambda _: self.run(condition))

    def texts(self, selector: str) -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent)"
        found: list[str] = self.run(script, selector)
        return found

    def ids(self, selector: str) -> list[str]:
        found: list[str] = self.run(
            "return [...document.querySelectorAll(arguments[0])].map((one) => one.id)", selector
        )
        return found

    def click(self, selector: str) -> None:
        self.run("document.querySelector(arguments[0]).click()", selector)

    def choose(self, name: str, value: str) -> None:
        self.run(_CHOOSE, name, value)

    def complaints(self) -> list[str]:
        """Return what the console holds since it was asked last."""
        return [one["message"] for one in self.browser.get_log("browser")]

    def asked(self) -> list[str]:
        """Return the addresses that were asked for since the last time."""
        messages = [json.loads(one["message"])["message"] for one in self.browser.get_log("performance")]
        return [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]


@contextmanager
def chromium(folder: Path) -> Iterator[Reader]:
    """Open a browser with a profile of its own, whose console and requests are written down."""
    from selenium import webdriver  # noqa: PLC0415 - where there is no browser it need not be installed

    options = webdriver.ChromeOptions()
    options.binary_location = _CHROMIUM or ""
    for switch in (*_SWITCHES, f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    # The driver is named: selenium would look for one elsewhere.
    browser = webdriver.Chrome(options, webdriver.ChromeService(_DRIVER))
    try:
        yield Reader(browser, folder)
    finally:
        browser.quit()


@cache
def _audited(breakage: str | None) -> str:
    settings = AuditSettings(seed=7, users=4, scenarios=_SCENARIOS, breakage=breakage)
    target = resolve.target("reference", breakage=breakage, wrapper=settings.wrapper)
    result = Campaign(target, resolve.scenarios(_SCENARIOS), settings, resolve.all_oracles()).run()
    return json.dumps(as_json(result))


def audited(breakage: str | None = "drop_user_id") -> dict[str, Any]:
    """Return the JSON report of a small audit, as a file would hold it; each call has its own copy."""
    told: dict[str, Any] = json.loads(_audited(breakage))
    return told


def findings(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the findings of a report, each with the name of its scenario."""
    return [{**one, "scenario": scenario["name"]} for scenario in report["scenarios"] for one in scenario["findings"]]
