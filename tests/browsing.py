"""A headless Chromium for the tests of pages, and the reports that they look at."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from memfence import resolve
from memfence.campaign import Campaign
from memfence.reporting.json_report import as_json
from memfence.settings import AuditSettings

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
SWITCHES = (
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
SCENARIOS = ("cross_search", "erasure", "get_by_foreign_id", "list_all", "wildcard_ids")


@contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    """Open a browser with a profile of its own, whose console and requests are written down."""
    from selenium import webdriver  # noqa: PLC0415 - where there is no browser it need not be installed

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for switch in (*SWITCHES, f"--user-data-dir={profile}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    # The driver is named: selenium would look for one elsewhere.
    browser = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    try:
        yield browser
    finally:
        browser.quit()


@cache
def _audited(breakage: str | None) -> str:
    settings = AuditSettings(seed=7, users=4, scenarios=SCENARIOS, breakage=breakage, wrapper="scoped")
    target = resolve.target("reference", breakage=breakage, wrapper="scoped")
    result = Campaign(target, resolve.scenarios(SCENARIOS), settings, resolve.all_oracles()).run()
    return json.dumps(as_json(result))


def audited(breakage: str | None = "drop_user_id") -> dict[str, Any]:
    """Return the JSON report of a small audit, as a file would hold it; each call has its own copy."""
    told: dict[str, Any] = json.loads(_audited(breakage))
    return told
