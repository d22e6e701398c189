"""A crowd's result as lines for a terminal: what was counted, probed and measured, the first finding, the verdict."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .scale_curves import table
from .scale_story import stray

Report = Mapping[str, Any]
# So many are told whole; a line says of each of the others what it is.
STORIES = 3
_UNITS = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))


def lines(report: Report) -> Iterator[str]:
    """Yield the lines but for the last, which is the verdict's."""
    settings = report["settings"]
    beside = f", breakage {settings['breakage']}" if settings["breakage"] else ""
    yield f"memfence scale: {settings['users']:,} users on {settings['store']}{beside}, seed {settings['seed']}"
    yield from counted(report)
    yield from _columns(probed(report))
    if report["curves"] and any(row["arranged"] for row in report["curves"]):
        yield ""
        yield from _columns(table(report["curves"]))
    for finding in stories(report)[:STORIES]:
        yield ""
        yield from story(finding)
    yield from (f"note: {note}" for note in notes(report))
    yield from (f"open: {why}" for why in report["open"])
    yield from (f"violated: {what}" for what in report["violations"])
    if report["open"] or report["violations"]:
        yield f"repeat: {report['repeat']}"


def stories(report: Report) -> list[Report]:
    """Return the findings that are told whole: of those that wrong labels explain, one."""
    found = [one for one in report["findings"] if not one["known"]]
    explained = [one for one in found if one["stray"]][1:]
    return [one for one in found if one not in explained]


def counted(report: Report) -> Iterator[str]:
    """Yield what was planted, read and erased."""
    planted = report["planted"]
    if planted:
        whole = sum(planted.values())
        yield f"planted: {whole:,} facts, {planted['through_mem0']:,} of them by mem0's own add, the others in bulk"
    told: list[str] = []
    for number, sweep in enumerate(report["sweeps"], 1):
        again = f" after {report['erased']:,} users were erased" if number > 1 else ""
        yield f"swept{again}: {sweep['said']}; {sweep['expected']:,} expected"
        # What was there before anybody was erased is told once.
        new = [said for said in map(stray, sweep["examples"]) if said not in told]
        yield from (f"  {said}" for said in new)
        told += new
    if report["left_behind"] is not None:
        yield f"cleaned up: {report['left_behind'] or 'nothing'} is left"


def probed(report: Report) -> list[tuple[str, ...]]:
    """Return the probes as rows of texts, a heading first."""
    found: list[tuple[str, ...]] = [
        ("door", "channel", "probes", "refused", "crashed", "pairs", "leaked", "rate below (95 %)")
    ]
    for door, channels in report["doors"].items():
        for channel, one in channels.items():
            found.append(
                (
                    door,
                    channel,
                    *(f"{one[name]:,}" for name in ("probes", "refused", "crashed", "pairs", "leaked")),
                    one["rate_below_said"],
                )
            )
    return found


def story(finding: Report) -> Iterator[str]:
    """Yield a finding as a story, and the calls that show it."""
    count = "1 finding" if finding["count"] == 1 else f"{finding['count']:,} findings"
    yield f"{finding['headline']} through {finding['door']}: {count}"
    width = max(len(one["what"]) for one in finding["told"])
    yield from (f"  {one['what']:<{width}}  {one['text']}" for one in finding["told"])
    if finding["reproduce"]:
        yield "  reproduce, in short"
    yield from (f"    {call}" for call in finding["reproduce"])


def notes(report: Report) -> Iterator[str]:
    """Yield what a reader of the verdict should know."""
    for door, own in report["own_recall"].items():
        if own["looked"]:
            yield f"{door}: own facts found in {own['found']:,} of {own['looked']:,} looks"
    if any(one["known"] for one in report["findings"]):
        yield (
            "mem0's own client answers any record id to anybody (door plain, channel get): it is known, and no part of "
            "the verdict; ScopedMemory checks whose it is"
        )
    if any(one["pairs"] > one["probes"] for channels in report["doors"].values() for one in channels.values()):
        yield "who is shown a fact that it did not ask for is one of a pair, too: so there are more pairs than probes"
    yield from report["notes"]
    shards = report["shards"]
    yield (
        f"{shards['all']:,} shards by {report['executor']}, {shards['resumed']:,} done before, "
        f"{shards['tried_again']:,} tried again, {shards['workers_lost']:,} workers lost"
    )
    if report["peak_bytes"]:
        yield f"peak memory of a process: {size(max(report['peak_bytes'].values()))}"
    times = report["times"]
    yield f"{times['from_first_to_last']:,.0f} s from the first shard to the last, pauses included"


def size(count: float) -> str:
    """Return bytes as a reader compares them."""
    unit, name = next(((unit, name) for unit, name in _UNITS if count >= unit), (1, "bytes"))
    return f"{count / unit:,.1f} {name}"


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
