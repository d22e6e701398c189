"""The lines that `audit` and `explore` print show what was found, each block in a process in which nothing has been."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import leaky_targets
import pytest
from forked import Fresh
from shown_again import shows

from memfence.breakages import Breakage, Layer
from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.effort import Effort
from memfence.campaigns.explorations import ExploreSettings
from memfence.campaigns.exploring import Explorer
from memfence.campaigns.rates import explorable
from memfence.campaigns.retelling import ELSEWHERE
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Finding, Verdict
from memfence.performing.contract import Target, adapt
from memfence.reporting import exploration, json_report

Find = Callable[[Callable[[], Target], int], Iterator[dict[str, Any]]]

# `pytest --log-cli-level=INFO` tells the figures.
LOG = logging.getLogger(__name__)
# What only a time shows, no block shows.
PLAYABLE = [
    one
    for name, one in resolve.all_breakages().items()
    if name in explorable() and not one.doubted and "reference" in one.applies_to
]
# They are not planted in the reference.
APART = {Layer.RESOURCE, Layer.SERVER}
BY_LAYER = {layer: [one for one in PLAYABLE if one.layer is layer] for layer in Layer if layer not in APART}
# So many seeds are tried, until one finds it.
_SEEDS = 20
# A page, and how many are piled up beyond it; when so many scenarios have found it, the next breakage is planted.
PAGE, CROWD, SCENARIOS = 5, 12, 1
# The share of the blocks that are told as seen again.
ENOUGH = 0.95
# How often somebody plays a block that does not show it each time.
AGAIN = 10
KINDS = leaky_targets.ALL


@dataclass
class Tally:
    """What became of printed blocks."""

    shown: int = 0
    said: int = 0
    failed: list[str] = field(default_factory=list)

    def take(self, found: dict[str, Any], setup: str, fresh: Fresh) -> None:
        again = found["played_again"]
        if again is not None and again["why_not"] == ELSEWHERE:
            return
        if again is None or not again["shown"]:
            # It says so beforehand, and why.
            assert found["reproduce_as"].startswith("reproduce, in short" if again is None else "reproduce, by guess: ")
            assert again is None or again["why_not"]
            self.said += 1
        elif any(shows(found, partial(fresh.play, setup)) for _ in range(_tries(found))):
            self.shown += 1
        else:
            self.failed.append("\n".join([setup, found["headline"], *found["evidence"], *found["reproduce"]]))

    @property
    def figures(self) -> str:
        blocks = self.shown + self.said + len(self.failed)
        return f"{blocks} blocks: {self.shown} show it, {self.said} say beforehand that they may not"


def _tries(found: dict[str, Any]) -> int:
    """Return how often a block is played: once, but where it says beforehand that chance is in it."""
    return AGAIN if "who comes first is chance" in found["reproduce_as"] else 1


def audited(make: Callable[[], Target], number: int, most: int = SCENARIOS) -> Iterator[dict[str, Any]]:
    """Yield what scenarios find, each in a campaign of its own, until so many have; begin with another each time."""
    everything = list(resolve.all_scenarios().values())
    settings = AuditSettings(seed=1, users=3, facts=2, probes=1, crowd=CROWD, load=CROWD)
    left, at = most, number % len(everything)
    for scenario in (*everything[at:], *everything[:at]):
        campaign = Campaign(
            make(),
            [scenario],
            settings,
            resolve.all_oracles(),
            catalogue=resolve.all_scenarios(),
            effort=Effort(controls=False, compared=2),
        )
        found = list(violations(json_report.as_json(campaign.run())))
        yield from found
        left -= bool(found)
        if not left:
            return


def explored(make: Callable[[], Target], seed: int) -> Iterator[dict[str, Any]]:
    """Yield what a history shows that is the first to violate anything."""
    settings = ExploreSettings(seed=seed, examples=60)
    explorer = Explorer(make(), settings, resolve.all_oracles(), until=violated)
    yield from violations(exploration.as_json(explorer.run()))


def found_by(make: Callable[[], Target], how: str, number: int) -> list[dict[str, Any]]:
    """Return what an audit finds, or an exploration with the first seed that finds anything."""
    if how == "audit":
        return list(audited(make, 5 * number))
    return next(filter(None, (list(explored(make, seed)) for seed in range(_SEEDS))), [])


# What shows only with more records than these have, or between two who may be one person.
BEYOND = {
    "audit": {"delete_all_stops_at_a_thousand", "next_page_is_everybodys"},
    "explore": {"delete_all_stops_at_a_thousand", "next_page_is_everybodys", "delete_all_of_all_runs"},
}


def violated(finding: Finding) -> bool:
    return finding.verdict is Verdict.VIOLATED


def violations(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for scenario in report["scenarios"]:
        yield from (one for one in scenario["findings"] if one["verdict"] == "violated")


@pytest.fixture(scope="module")
def fresh() -> Iterator[Fresh]:
    with Fresh() as opened:
        yield opened


def planted(broken: Breakage) -> tuple[Callable[[], Target], str]:
    """Return what makes the target, and the same as source."""
    make = partial(resolve.target, "reference", breakage=broken.name, page=PAGE)
    source = f"target = resolve.target('reference', breakage={broken.name!r}, page={PAGE})"
    return make, f"from memfence.campaigns import resolve\n{source}"


def leaky(kind: type[leaky_targets.Leaky]) -> tuple[Callable[[], Target], str]:
    # Its lines import it themselves.
    return lambda: adapt(kind(), f"leaky_targets:{kind.__name__}"), ""


def tally_of(breakages: list[Breakage], how: str, fresh: Fresh) -> Tally:
    tally = Tally()
    for number, broken in enumerate(breakages):
        make, setup = planted(broken)
        found = found_by(make, how, number)
        assert found or broken.name in BEYOND[how], f"nobody finds {broken.name}"
        for one in found:
            tally.take(one, setup, fresh)
    return tally


# Each breakage is found in one of the two ways here, every other one in each; slow, in both.
HALVES = {"audit": (0, 2), "explore": (1, 2)}


@pytest.mark.parametrize(
    ("how", "begin", "step"),
    [
        *(pytest.param(how, *half, marks=pytest.mark.long) for how, half in HALVES.items()),
        *(pytest.param(how, 0, 1, marks=pytest.mark.slow) for how in HALVES),
    ],
)
def test_of_the_blocks_that_are_told_as_seen_again_nearly_all_show_it(
    how: str, begin: int, step: int, fresh: Fresh
) -> None:
    asked = {layer: planted_here[begin::step] for layer, planted_here in BY_LAYER.items()}
    tallies = {layer: tally_of(planted_here, how, fresh) for layer, planted_here in asked.items()}

    for layer, tally in tallies.items():
        LOG.info("%s, %s: %s breakages, %s", layer, how, len(asked[layer]), tally.figures)
    shown = sum(tally.shown for tally in tallies.values())
    failed = [block for tally in tallies.values() for block in tally.failed]
    LOG.info("not shown:\n%s", "\n\n".join(failed))
    # Who comes first is chance in two of them: on a loaded machine one may say beforehand that it was seen once.
    found = {layer: [one for one in some if one.name not in BEYOND[how]] for layer, some in asked.items()}
    assert all(tally.shown + tally.said >= len(found[layer]) for layer, tally in tallies.items())
    said = sum(tally.said for tally in tallies.values())
    assert shown >= ENOUGH * (shown + said + len(failed)), "\n\n".join(failed)


# Several oracles, each layer, and one whose methods are asynchronous.
FEW = (
    ("audit", "drop_user_id_beneath"),
    ("audit", "soft_delete"),
    ("audit", "text_redacted"),
    ("explore", "cache_without_user"),
    ("explore", "leaking_context_variable"),
    ("explore", "neighbours_messages_in_prompt"),
)


@pytest.mark.parametrize(("how", "name"), FEW)
def test_the_block_of_a_breakage_shows_it_again(how: str, name: str, fresh: Fresh) -> None:
    tally = tally_of([resolve.all_breakages()[name]], how, fresh)

    assert tally.shown > 0
    assert tally.failed == []


@pytest.mark.long
@pytest.mark.parametrize("how", ["audit", "explore"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_takes_several_steps_is_shown_again_by_every_block(
    kind: type[leaky_targets.Leaky], how: str, fresh: Fresh
) -> None:
    make, setup = leaky(kind)
    tally = Tally()
    for one in audited(make, 0, most=100) if how == "audit" else explored(make, 1):
        tally.take(one, setup, fresh)

    LOG.info("%s, %s: %s", kind.__name__, how, tally.figures)
    assert tally.shown > 0
    assert tally.failed == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_takes_several_steps_is_violated_and_its_cure_is_held(kind: type[leaky_targets.Leaky], seed: int) -> None:
    cure = leaky_targets.cured(kind)

    assert (audit_of(kind, seed), exploration_of(kind, seed, until=violated)) == (Verdict.VIOLATED, Verdict.VIOLATED)
    assert (audit_of(cure, seed), exploration_of(cure, seed)) == (Verdict.HELD, Verdict.HELD)


def audit_of(kind: type[leaky_targets.Leaky], seed: int) -> Verdict:
    settings = AuditSettings(seed=seed, users=4, facts=2, probes=1, crowd=CROWD, load=CROWD)
    make, _ = leaky(kind)
    effort = Effort(retold=False)
    return Campaign(make(), resolve.scenarios(()), settings, resolve.all_oracles(), effort=effort).run().verdict


def exploration_of(
    kind: type[leaky_targets.Leaky], seed: int, until: Callable[[Finding], bool] | None = None
) -> Verdict:
    make, _ = leaky(kind)
    settings = ExploreSettings(seed=seed, examples=20 if until is None else 60)
    return Explorer(make(), settings, resolve.all_oracles(), until=until, shrinks=False).run().verdict
