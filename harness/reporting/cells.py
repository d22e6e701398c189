"""What a report says of one channel or scenario, in the few words of a table."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

# A report as JSON has it.
Report: TypeAlias = Mapping[str, Any]

LEGEND = {
    "leaked": "somebody was shown what is another's, or could tell it from what is not there",
    "destroyed": "another's record was changed or removed",
    "lost": "others' records hid a tenant's own from it",
    "interfered": "what somebody saw hung on what others had stored or done",
    "contained": "the store answered with another's record, and the wrapper kept it back",
    "residue": "erased text was still there to be read",
    "crashed": "calls fell over, so nothing is known",
    "inconclusive": "it was tried, and the question is left open",
    "refused": "each attempt got a clear no",
    "held": "attempts were answered, and nothing crossed",
    "-": "not exercised",
}
UNTRIED = "-"
_BY_ORACLE = {
    "tampering": "destroyed",
    "lost": "lost",
    "noninterference": "interfered",
    "contained": "contained",
    "residue": "residue",
}
_AVAILABILITY = "availability"


@dataclass(frozen=True, slots=True)
class Cell:
    """The words that fit, gravest first, and where to see it: the scenario, the calls and the command of a witness."""

    words: tuple[str, ...]
    scenario: str = ""
    reproduce: tuple[str, ...] = ()
    repeat: str = ""

    @property
    def text(self) -> str:
        """As it stands in a table."""
        return "+".join(self.words)

    @property
    def bad(self) -> bool:
        """Whether isolation is broken here."""
        return self.words[0] in ("leaked", "destroyed", "lost", "interfered")


def channel_cells(report: Report) -> dict[str, Cell]:
    """Return a cell for each channel."""
    return {channel: _of_channel(report, channel) for channel in report["channels"]}


def scenario_cells(report: Report) -> dict[str, Cell]:
    """Return a cell for each scenario."""
    return {scenario["name"]: _of_scenario(scenario) for scenario in report["scenarios"]}


def _of_channel(report: Report, channel: str) -> Cell:
    found = [(one, scenario) for scenario in report["scenarios"] for one in scenario["findings"]]
    cell = _found((one, scenario) for one, scenario in found if one["channel"] == channel)
    if cell is not None:
        return cell
    tally = report["probes"].get(channel, {})
    return Cell((_unfound(report["channels"][channel], tally),))


def _of_scenario(scenario: Report) -> Cell:
    cell = _found((one, scenario) for one in scenario["findings"])
    if cell is not None:
        return cell
    tallies = scenario["channels"].values()
    total = {outcome: sum(tally[outcome] for tally in tallies) for outcome in ("returned", "refused", "crashed")}
    return Cell((_unfound(scenario["verdict"] or "not exercised", total),))


def _unfound(verdict: str, tally: Mapping[str, int]) -> str:
    if verdict == "not exercised":
        return UNTRIED
    if verdict == "held":
        return "held" if tally.get("returned") else "refused"
    return "crashed" if tally.get("crashed") else "inconclusive"


def _found(findings: Iterable[tuple[Report, Report]]) -> Cell | None:
    """Return the cell of what was found, the gravest first; None where that is nothing that counts here."""
    ranked = sorted(_named(findings), key=lambda one: list(LEGEND).index(one[0]))
    if not ranked:
        return None
    _, told, scenario = ranked[0]
    words = tuple(dict.fromkeys(word for word, _, _ in ranked))
    return Cell(words, scenario["name"], tuple(told["reproduce"]), told["repeat"])


def _named(findings: Iterable[tuple[Report, Report]]) -> Iterator[tuple[str, Report, Report]]:
    for told, scenario in findings:
        control = scenario["control"]
        # Where what was never planted is found, nothing that is found counts.
        trusted = control is None or control["unplanted_canary_silent"]
        if trusted and told["class"] != _AVAILABILITY:
            yield _BY_ORACLE.get(told["oracle"], "leaked"), told, scenario
