"""A finding told as a story: who planted what, who asked what, what came back, whose it is, how to see it again."""

from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from ..campaigns.settings import HISTORIES
from ..model.findings import FindingClass, FindingGroup, Verdict
from ..model.operations import (
    Add,
    Anew,
    Chat,
    Copy,
    Crowd,
    Delete,
    DeleteAll,
    Expire,
    Get,
    GetAll,
    History,
    Operation,
    PlantLink,
    ReadStorage,
    Reopen,
    Reset,
    Search,
    SignIn,
    SignOut,
    Together,
    Update,
)
from ..model.pairs import Fate
from ..model.reasons import Reason, with_advice
from ..model.results import CampaignResult, held
from ..model.scenario_results import ScenarioResult
from .calls import call, deed
from .reading import wiping
from .script import headed, script
from .unasked import not_called


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
    mended = f"{result.remedy} mends that others' records hide a tenant's own"
    beside = [f"not called: {not_called(result.uncalled)}"] if result.uncalled else []
    return [*result.foremost, *beside, *([mended] if result.remedy and result.crowded_out else [])]


def recall(result: CampaignResult) -> list[str]:
    """Return how much of what was said to an extraction LLM its own users found again; nothing where nothing was."""
    looked_for, codes, names = result.recall
    told = f"Of {looked_for} facts the extraction step kept {codes} codes and {names} names."
    return [told] if looked_for else []


def audited(result: CampaignResult) -> str:
    """Return the target, with its store and what stands between users and its client where these are no defaults."""
    return audited_as(result.target, result.settings)


def audited_as(target: str, said: Mapping[str, object]) -> str:
    """Return the same of a target under settings, as plain values."""
    store = said.get("store_config") or said.get("store") or "qdrant"
    on = target if store == "qdrant" else f"{target} on {store}"
    if said["wrapper"] != "scoped":
        return f"{on} through {said['wrapper']}"
    return f"{on} with breakage {said['breakage']}" if said["breakage"] else on


def headline(scenario: ScenarioResult, group: FindingGroup) -> str:
    """Return the finding in one line: `canary_leak (leak, high, CWE-668) in list_all by get_all: 87 findings`."""
    told = group.example
    return (
        f"{told.oracle} ({told.klass}, {_severity(told.severity, scenario.weakness(group))}) "
        f"in {scenario.name} by {told.channel}: "
        f"{times(group.count)}, first at operation {group.earliest}"
    )


def in_short(scenario: ScenarioResult, groups: Iterable[FindingGroup]) -> str:
    """Return further findings of a scenario in a line: `list_all: canary_leak by get_all (high): 9 findings`."""
    alike: dict[tuple[str, str], list[FindingGroup]] = {}
    for group in groups:
        key = (group.example.oracle, _severity(group.example.severity, scenario.weakness(group)))
        alike.setdefault(key, []).append(group)
    told = []
    for (oracle, severity), same in alike.items():
        channels = ", ".join(dict.fromkeys(group.example.channel.value for group in same))
        count = sum(group.count for group in same)
        told.append(f"{oracle} by {channels} ({severity}): {times(count)}")
    return f"{scenario.name}: {'; '.join(told)}"


def times(count: int) -> str:
    """Return how often an oracle spoke: `1 finding`, or `3 findings`."""
    return "1 finding" if count == 1 else f"{count} findings"


def by_id(scenario: ScenarioResult) -> str:
    """Return what became of the hostile ids: `hostile ids in wildcard_ids: leaked: '*'; isolated: '%'`.

    Empty where each was refused or isolated.
    """
    worst: dict[Fate, list[str]] = {}
    for shape, fates in scenario.pairs.shapes.items():
        if fates:
            worst.setdefault(max(fates), []).append(shape)
    if not worst or max(worst) <= Fate.ISOLATED:
        return ""
    told = (f"{fate}: {', '.join(worst[fate])}" for fate in sorted(worst, reverse=True))
    return f"hostile ids in {scenario.name}: {'; '.join(told)}"


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
    """Return the calls that show the finding, as Python: those that were seen to, else those that the oracle names.

    Of a target that tells what was said over the wire, that is what shows it, as lines for a shell.
    """
    timed = group.example.klass is FindingClass.TIMING
    if group.retold is None or (group.retold.why and not timed):
        lines = [call(operation, result.passed.get(operation.method)) for operation in group.example.witness]
        return list(headed(lines, result.preamble))
    if group.retold.exchange:
        return [*result.preamble, *once(group.retold.exchange)]
    return list(script(group.retold, result.passed, result.preamble))


def once(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines for a shell; what only sets something that is not set yet stands once."""
    seen: set[str] = set()
    for line in lines:
        if not line.startswith(": ") or line not in seen:
            yield line
        seen.add(line)


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
    """Return what the campaign says of the rate of leaks: it holds for users and probes drawn as here."""
    rate = result.bound
    if not rate.trials:
        return "No probe of another's records was answered: nothing is known of the rate of leaks."
    pairs = "1 pair" if rate.trials == 1 else f"{rate.trials} pairs"
    if rate.failures:
        return f"{rate.failures} of {pairs} of users leaked."
    return f"No leak in {pairs} of users: with 95 % confidence fewer than {rate.told} of such pairs leak."


def verdict(result: CampaignResult) -> tuple[str, str]:
    """Return the verdict, and what it holds for: `HELD`, ` on 11 of 11 channels (seed 42)`.

    Of the channels that the memory has; those that no attack reached are named.
    """
    judged = result.channels
    known = result.known
    count = sum(one is result.verdict for one in judged.values())
    word = "on"
    if result.verdict is Verdict.INCONCLUSIVE:
        count, word = held(judged.values()), "held on"
    missed = [channel.value for channel in known if channel not in judged]
    told = f"{count} of {len(known)} channels"
    unpermitted = any(one.gap is not None and one.gap.unpermitted for one in result.scenarios)
    # Who chose scenarios knows what they left out.
    if missed and result.verdict is Verdict.HELD and (unpermitted or not result.settings.get("scenarios")):
        why = ": not disposable" if unpermitted else ""
        told = f"{count} of the {len(known)} channels your memory has; {', '.join(missed)} "
        told += f"{'was' if len(missed) == 1 else 'were'} not attacked{why}"
    return result.verdict.upper(), f" {word} {told} (seed {result.seed})"


def left_open(result: CampaignResult) -> list[str]:
    """Return what is open about the campaign as a whole, beside an interruption."""
    told: list[str] = []
    if result.missing:
        told.append(": ".join(Reason.NOT_JUDGED.parted(result.what, channels=", ".join(result.missing))))
    if result.unsaid:
        told.append(Reason.UNSAID.told(**wiping(result.target, result.settings)))
    return told


def reasons(result: CampaignResult) -> dict[str, list[str]]:
    """Return why scenarios are not exercised or inconclusive, each reason once, with the scenarios it holds for."""
    reasons: dict[str, list[str]] = {}
    for scenario in result.scenarios:
        if scenario.not_exercised is not None:
            reasons.setdefault(f"not exercised: {scenario.not_exercised}", []).append(scenario.name)
        elif scenario.verdict is Verdict.INCONCLUSIVE:
            # An error of the target's own is one question, whatever else a scenario leaves open.
            own = [one for one in scenario.reasons if one == scenario.own_error]
            others = [one for one in scenario.reasons if one not in own]
            for listed in filter(None, (others, own)):
                why = with_advice(listed, listed[0].todo_for(result.what))
                reasons.setdefault(f"inconclusive: {why}", []).append(scenario.name)
    return reasons


def repeat(result: CampaignResult, scenario: ScenarioResult) -> str:
    """Return the command line that finds it again, with this scenario alone."""
    if scenario.repeat or result.settings.get("scenarios"):
        return scenario.repeat or result.repeat
    return f"{result.repeat} --scenario {scenario.name}"


def doing(operation: Operation) -> str:
    """Return who did what kind of thing, with the id where it is not its own: `gene_4 (id "*") asked`."""
    who = operation.principal.told
    match operation:
        case Add():
            return f"{who} planted"
        case Chat():
            return f"{who} said"
        case Search() | GetAll() | Get() | History():
            return f"{who} asked"
        case Update() | Delete() | DeleteAll() | Copy():
            return f"{who} did"
        case SignIn() | SignOut():
            return f"{who} signed {'in' if isinstance(operation, SignIn) else 'out'}"
        case ReadStorage():
            return "somebody read"
        case Reopen() | Reset() | Crowd() | Expire() | PlantLink() | Anew():
            return "then"
        case _:
            assert_never(operation)
