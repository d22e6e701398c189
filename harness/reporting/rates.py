"""How the machine alone fares against each breakage, as lines of a terminal or of Markdown."""

from collections.abc import Sequence
from statistics import median

from ..campaigns.rates import AT_MOST, WITHIN, Rate

_HEADINGS = ("breakage", "caught by", f"within {WITHIN}", "median", "users", "calls")


def rows(rates: Sequence[Rate]) -> list[tuple[str, ...]]:
    """Return a row of texts for each breakage, in alphabetical order, below the headings."""
    return [_HEADINGS, *(_row(rate) for rate in sorted(rates, key=lambda one: one.breakage))]


def lines(rates: Sequence[Rate]) -> list[str]:
    """Return the table for a terminal, and what it says."""
    table = rows(rates)
    widths = [max(len(row[column]) for row in table) for column in range(len(_HEADINGS))]
    told = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    return [*told, "", *summary(rates)]


def markdown(rates: Sequence[Rate], command: str) -> str:
    """Return the table as Markdown."""
    headings, *table = rows(rates)
    body = [headings, ("---",) * len(headings), *table]
    listed = "\n".join(f"| {' | '.join(row)} |" for row in body)
    said = "\n\n".join(summary(rates))
    return f"# Found by generated histories alone\n\n`{command}`\n\n{listed}\n\n{said}\n"


def summary(rates: Sequence[Rate]) -> list[str]:
    """Return the sentences below the table; what was missed is named."""
    missed = [rate.breakage for rate in rates if rate.missed]
    late = [rate.breakage for rate in rates if not rate.found and not rate.missed]
    columns = (
        f"Within {WITHIN}: on how many seeds the oracle that must catch it spoke within {WITHIN} histories; median: in "
        "which history, over the seeds on which it did; users and calls: the least that shows it, shrunk."
    )
    told = [columns]
    if late:
        told.append(f"Found within {AT_MOST} histories, on no seed within {WITHIN}: {', '.join(sorted(late))}")
    told.append(f"Not found within {AT_MOST} histories: {', '.join(sorted(missed)) or 'none'}")
    return told


def _row(rate: Rate) -> tuple[str, ...]:
    found = [one for one in rate.first if one is not None]
    sizes = (str(rate.tenants), str(rate.operations)) if rate.operations else ("", "")
    within = f"{rate.found}/{len(rate.first)}"
    return rate.breakage, rate.caught_by, within, f"{median(found):g}" if found else "missed", *sizes
