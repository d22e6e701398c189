"""Results of parts of one audit, merged into one."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..base.versions import versions
from ..model.own_errors import agree
from ..model.reasons import Told
from ..model.results import CampaignResult
from ..model.scenario_results import ScenarioResult
from . import resolve
from .explorations import SUMMARY
from .settings import HISTORIES, AuditSettings


def merge(
    portions: Iterable[CampaignResult],
    settings: AuditSettings,
    repeat: str,
    problems: Iterable[str] = (),
    *,
    interrupted: bool = False,
) -> CampaignResult:
    """Return one result as of the whole audit, the scenarios in alphabetical order; it needs at least one portion.

    `settings` are those of the whole, `repeat` its command; `problems` went wrong beside the portions; `interrupted`:
    not all of them were run.
    """
    parts = sorted((part for part in portions if part.scenarios), key=lambda part: part.scenarios[0].name)
    passed: dict[str, Mapping[str, object]] = {}
    for part in parts:
        passed |= part.passed
    # A portion that failed before it began knows less of the target than the others.
    told = max(parts, key=lambda part: (bool(part.tenant_prefix), part.scenarios[0].name != HISTORIES))
    agree((one.own_errors for part in parts for one in part.scenarios), told.target.partition(":")[2] or "make_memory")
    return replace(
        told,
        settings=settings.as_dict(),
        repeat=repeat,
        scenarios=sorted(
            (one for part in parts for one in part.scenarios if one.name in settings.scenarios or _fits(one, told)),
            key=lambda one: one.name,
        ),
        required=settings.require,
        seconds=sum(part.seconds for part in parts),
        inside=sum(part.inside for part in parts),
        left_behind=sum(part.left_behind for part in parts),
        uncalled=next((part.uncalled for part in parts if part.uncalled), ()),
        methods_missing=next((part.methods_missing for part in parts if part.methods_missing), ()),
        possible=min((part.possible for part in parts), key=len),
        passed=passed,
        warnings=list(dict.fromkeys([*(warning for part in parts for warning in part.warnings), *problems])),
        interrupted=interrupted or any(part.interrupted for part in parts),
    )


def _fits(one: ScenarioResult, told: CampaignResult) -> bool:
    known = resolve.all_scenarios().get(one.name)
    return known is None or one.not_exercised is None or known.fits(told.keys, sessions=told.sessions)


def failed(target: str, scenario: str, settings: AuditSettings, reason: Told) -> CampaignResult:
    """Return the result of a scenario, or of the histories, that could not be carried out."""
    summary = SUMMARY if scenario == HISTORIES else resolve.all_scenarios()[scenario].summary
    return CampaignResult(
        target=target,
        seed=settings.seed,
        settings=settings.as_dict(),
        versions=versions(),
        repeat=settings.command(target),
        scenarios=[ScenarioResult(scenario, summary, failure=reason)],
    )
