"""A finding told as a story: who planted what, who asked what, what came back, whose it is, how to see it again."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from ..campaigns.settings import HISTORIES
from ..model.channels import Channel
from ..model.findings import FindingClass, FindingGroup, Verdict
from ..model.operations import (
    Add,
    Chat,
    Crowd,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    History,
    Operation,
    ReadStorage,
    Reopen,
    Reset,
    Search,
    Together,
    Update,
)
from ..model.pairs import Fate
from ..model.results import CampaignResult, held
from ..model.scenario_results import ScenarioResult
from .calls import call, deed
from .script import script


def title(result: CampaignResult) -> str:
    """Return what was audited and with how much, in one line."""
    said = result.settings
    # An exploration has as many users as its histories take.
    much = f": {said['users']} users, {said['facts']} facts each," if "users" in said else ":"
    generated = any(one.name == HISTORIES for one in result.scenarios)
    also = f" {said['examples']} histories," if generated else ""
    return f"memfence audit of {audited(result)}{much}{also} seed {result.seed}"


def foremost(result: CampaignResult) -> list[str]:
    """Return the notes that even the shortest report tells: what it was an audit of, and what mends what it found."""
    mended = f"that others' records hide a tenant's own is mended by {result.remedy}"
    return [*result.foremost, *([mended] if result.remedy and result.crowded_out else [])]


def recall(result: CampaignResult) -> list[str]:
    """Return how much of what was said to an extraction LLM its own users found again; nothing where nothing was."""
    found, looked_for = result.recall
    told = f"{found} of {looked_for} facts that were said to the extraction LLM were found again by who had said them"
    return [told] if looked_for else []


def audited(result: CampaignResult) -> str:
    """Return the target, with its store and what stands between users and its client where these are no defaults."""
    said = result.settings
    store = said.get("store_config") or said.get("store") or "qdrant"
    on = result.target if store == "qdrant" else f"{result.target} on {store}"
    if said["wrapper"] != "scoped":
        return f"{on} through {said['wrapper']}"
    return f"{on} with breakage {said['breakage']}" if said["breakage"] else on


def headline(scenario: ScenarioResult, group: FindingGroup) -> str:
    """Return the finding in one line: `canary_leak (leak, high, CWE-668) in cross_search by search: 87 times, ...`."""
    told = group.example
    times = "once" if group.count == 1 else f"{group.count} times"
    return (
        f"{told.oracle} ({told.klass}, {_severity(told.severity, scenario.weakness(group))}) "
        f"in {scenario.name} by {told.channel}: "
        f"{times}, first at operation {group.earliest}"
    )


def in_short(scenario: ScenarioResult, groups: Iterable[FindingGroup]) -> str:
    """Return further findings of a scenario in a line: `list_all: canary_leak by get_all (high, CWE-668), 9 times`."""
    alike: dict[tuple[str, str], list[FindingGroup]] = {}
    for group in groups:
        key = (group.example.oracle, _severity(group.example.severity, scenario.weakness(group)))
        alike.setdefault(key, []).append(group)
    told = []
    for (oracle, severity), same in alike.items():
        channels = ", ".join(dict.fromkeys(group.example.channel.value for group in same))
        count = sum(group.count for group in same)
        times = "once" if count == 1 else f"{count} times"
        told.append(f"{oracle} by {channels} ({severity}), {times}")
    return f"{scenario.name}: {'; '.join(told)}"


def by_id(scenario: ScenarioResult) -> str:
    """Return what became of the hostile ids: `wildcard_ids by id: leaked: '*'; isolated: '%'`.

    Empty where each was refused or isolated.
    """
    worst: dict[Fate, list[str]] = {}
    for shape, fates in scenario.pairs.shapes.items():
        if fates:
            worst.setdefault(max(fates), []).append(shape)
    if not worst or max(worst) <= Fate.ISOLATED:
        return ""
    told = (f"{fate}: {', '.join(worst[fate])}" for fate in sorted(worst, reverse=True))
    return f"{scenario.name} by id: {'; '.join(told)}"


def _severity(severity: str, weakness: int | None) -> str:
    return severity if weakness is None else f"{severity}, CWE-{weakness}"


def paragraphs(group: FindingGroup) -> Iterator[tuple[str, str]]:
    """Yield (what, text) pairs: planted, asked, came back, whose it is."""
    told = group.example
    for operation in told.witness:
        yield doing(operation), deed(operation)
    if told.shown:
        yield ("it differs in", told.shown) if told.oracle == "noninterference" else ("came back", repr(told.shown))
    heading = "whose it is" if told.klass is FindingClass.LEAK and told.owner != told.observer else "evidence"
    for position, sentence in enumerate(told.evidence):
        yield "" if position else heading, sentence


def calls(result: CampaignResult, group: FindingGroup) -> list[str]:
    """Return the calls that show the finding, as Python: those that were seen to, else those that the oracle names."""
    if group.retold is None or group.retold.why:
        return [call(operation, result.passed.get(operation.channel)) for operation in group.example.witness]
    return list(script(group.retold, result.passed))


def reproducing(group: FindingGroup) -> str:
    """Return what these calls are: seen to show the finding again, or not."""
    retold = group.retold
    if retold is None:
        return "reproduce, in short"
    if retold.why:
        return f"reproduce, by guess: {retold.why}"
    made = len(retold.operations)
    calls_made = "1 call" if made == 1 else f"{made} calls"
    chance = any(isinstance(move, Together) for move in retold.moves)
    again = "seen to show it again, not each time: who comes first is chance" if chance else "seen to show it again"
    return f"reproduce ({calls_made} of {retold.whole}, {again})"


def bound(result: CampaignResult) -> str:
    """Return what the campaign says of the rate of leaks, and for whom that holds."""
    rate = result.bound
    if not rate.trials:
        return "no conclusive probe of another's records was answered: nothing is known of the rate of leaks"
    told = f"{rate.failures} of {rate.trials} answered pairs of an observer and another leaked"
    if rate.failures:
        return told
    return (
        f"{told}: a rate below {rate.told} at 95 % (exact binomial, pairs taken as independent), for users, facts and "
        f"probes drawn as here from seed {result.seed}, and for no others"
    )


def verdict(result: CampaignResult) -> tuple[str, str]:
    """Return the verdict, and what it holds for: `HELD`, ` on 3 of 11 channels (seed 42)`."""
    channels = result.channels
    if result.verdict is Verdict.HELD:
        count, word = held(channels.values()), "on"
    elif result.verdict is Verdict.VIOLATED:
        count, word = sum(one is Verdict.VIOLATED for one in channels.values()), "on"
    else:
        count, word = held(channels.values()), "held on"
    return result.verdict.upper(), f" {word} {count} of {len(Channel)} channels (seed {result.seed})"


def reasons(result: CampaignResult) -> dict[str, list[str]]:
    """Return why scenarios are not exercised or inconclusive, each reason once, with the scenarios it holds for."""
    reasons: dict[str, list[str]] = {}
    for scenario in result.scenarios:
        if scenario.not_exercised is not None:
            reasons.setdefault(f"not exercised: {scenario.not_exercised}", []).append(scenario.name)
        elif scenario.verdict is Verdict.INCONCLUSIVE:
            reasons.setdefault(f"inconclusive: {'; '.join(scenario.reasons)}", []).append(scenario.name)
    return reasons


def repeat(result: CampaignResult, scenario: ScenarioResult) -> str:
    """Return the command line that finds it again, with this scenario alone."""
    if scenario.repeat or result.settings.get("scenarios"):
        return scenario.repeat or result.repeat
    return f"{result.repeat} --scenario {scenario.name}"


def doing(operation: Operation) -> str:
    """Return who did what kind of thing: `ann_0 planted`."""
    who = operation.principal.handle
    match operation:
        case Add():
            return f"{who} planted"
        case Chat():
            return f"{who} said"
        case Search() | GetAll() | Get() | History():
            return f"{who} asked"
        case Update() | Delete() | DeleteAll():
            return f"{who} did"
        case ReadStorage():
            return "somebody read"
        case Reopen() | Reset() | Crowd():
            return "then"
        case _:
            assert_never(operation)
