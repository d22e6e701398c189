"""Real reports of small audits and explorations, for the tests of what is made of them."""

import json
from functools import cache
from typing import Any

from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.explorations import settings_of
from memfence.campaigns.exploring import Explorer
from memfence.campaigns.settings import AuditSettings
from memfence.performing.contract import Target
from memfence.reporting import exploration
from memfence.reporting.json_report import as_json

FEW = ("cross_search", "list_all", "get_by_foreign_id", "interleaved_async")


def audited(target: Target, *, seed: int = 7, users: int = 3, **options: Any) -> dict[str, Any]:
    """Return the report of an audit, as it is after a while in a file."""
    settings = AuditSettings(seed=seed, users=users, **{"scenarios": FEW, **options})
    chosen = [one for one in resolve.scenarios(settings.scenarios) if one.fits(target.keys)]
    campaign = Campaign(target, chosen, settings, resolve.all_oracles(), catalogue=resolve.all_scenarios())
    report: dict[str, Any] = json.loads(json.dumps(as_json(campaign.run(), resolve.all_oracles().values())))
    return report


def explored(target: Target) -> dict[str, Any]:
    """Return the report of a short exploration."""
    settings = settings_of(None, 7, {"examples": 4, "steps": 12}, 0)
    found = Explorer(target, settings, resolve.all_oracles()).run()
    report: dict[str, Any] = json.loads(json.dumps(exploration.as_json(found, resolve.all_oracles().values())))
    return report


@cache
def _violated(seed: int) -> str:
    return json.dumps(audited(broken(), seed=seed, breakage="drop_user_id"))


def violated(seed: int = 7) -> dict[str, Any]:
    """Return the report of an audit that found leaks on several channels."""
    report: dict[str, Any] = json.loads(_violated(seed))
    return report


@cache
def _held() -> str:
    return json.dumps(audited(resolve.target("reference")))


def held() -> dict[str, Any]:
    """Return the report of an audit of what isolates."""
    report: dict[str, Any] = json.loads(_held())
    return report


@cache
def _inconclusive() -> str:
    return json.dumps(audited(Target("crashing", lambda _: Crashing()), require=("history",)))


def inconclusive() -> dict[str, Any]:
    """Return the report of an audit that could judge nothing: each call crashes, and says a secret."""
    report: dict[str, Any] = json.loads(_inconclusive())
    return report


def broken() -> Target:
    """Return a target that leaks."""
    return resolve.target("reference", breakage="drop_user_id")


class Crashing:
    """A memory whose store is down, and whose errors say too much."""

    def add(self, text: str) -> None:
        """Fail."""
        del text
        raise ConnectionError(SAID)

    def search(self, query: str) -> None:
        """Fail."""
        del query
        raise ConnectionError(SAID)


SECRET = "hunter2-hunter2"  # noqa: S105 - it opens nothing
SAID = f"no answer from postgresql://app:{SECRET}@db/x; Authorization: Token m0-{SECRET}; api_key={SECRET}"
