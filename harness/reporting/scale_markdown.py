"""A crowd's result as Markdown: the verdict, counts, probes, curves with a picture of them, findings."""

from collections.abc import Iterator, Mapping, Sequence
from math import log10
from typing import Any

from .scale_curves import ARRANGED, milliseconds, table
from .scale_lines import counted, notes, probed, stories, story

Report = Mapping[str, Any]
# A bar is this long for ten thousand times the quickest.
_BAR, _DECADES = 30, 4.0


def render(report: Report) -> str:
    """Return the text of the file."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"## memfence: {report['said']}"
    yield from ("", f"`{report['repeat']}`", "")
    yield from (f"- **violated**: {what}" for what in report["violations"])
    yield from (f"- open: {why}" for why in report["open"])
    yield from (f"- {told.strip()}" for told in counted(report))
    yield from ("", "### Probes", "")
    yield from _table(probed(report))
    if any(row["arranged"] for row in report["curves"]):
        yield from ("", "### Curves", "")
        yield from _table(table(report["curves"]))
        yield from ("", "Search through ScopedMemory, p50, on a logarithmic scale:", "", "```text")
        yield from _bars(report["curves"])
        yield "```"
    for finding in stories(report):
        yield from ("", f"### {finding['headline']}", "", "```text", *story(finding), "```")
    yield from ("", "### Notes", "")
    yield from (f"- {note}" for note in notes(report))
    yield from (f"- {name} {version}" for name, version in report["versions"].items())


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    heading, *body = rows
    for row in (heading, ["---"] * len(heading), *body):
        yield f"| {' | '.join(row)} |"


def _bars(rows: Sequence[Report]) -> Iterator[str]:
    times = [one["scoped_p50"] for row in rows for one in row["arranged"].values()]
    least = max(min(times), 1e-6)
    for name, called in ARRANGED.items():
        for row in rows:
            if name in row["arranged"]:
                one = row["arranged"][name]
                long = 1 + round(_BAR * log10(max(one["scoped_p50"], least) / least) / _DECADES)
                found = f"{one['recall']:.0%} found"
                yield f"{called:<24} {row['users']:>11,}  {'█' * long} {milliseconds(one['scoped_p50'])}, {found}"
