"""How quickly one user is answered, and what it finds, as a picture of two panels: an SVG that needs nothing else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from math import ceil, floor, log10
from typing import Any

from .scale_curves import ARRANGED

_WIDTH, _HEIGHT, _LEFT, _TOP, _GAP = 380, 230, 62, 34, 70
# Told apart without colours, too: each has a shape of its own.
_LOOKS = {"user_id": ("#1a7f4b", ""), "none": ("#b35900", "6 4"), "hnsw": ("#6f42c1", "2 4")}
_STYLE = "font-family:system-ui,sans-serif;font-size:12px;fill:#555"


def picture(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the picture; empty where fewer than two sizes were measured."""
    sizes = [row["users"] for row in rows if row["arranged"]]
    if len(sizes) < 2:  # noqa: PLR2004 - of one there is no curve
        return ""
    names = [name for name in ARRANGED if any(name in row["arranged"] for row in rows)]
    across = _Axis(log10(sizes[0]), log10(sizes[-1]), 0, _WIDTH)
    times = [row["arranged"][n]["scoped_p50"] for row in rows for n in names if n in row["arranged"]]
    low, high = floor(log10(max(min(times), 1e-6))), ceil(log10(max(times)))
    up = _Axis(low, max(high, low + 1), _HEIGHT, 0)
    left = [*_frame("search through ScopedMemory, p50", sizes, across, _decades(up))]
    right = [*_frame("users who found their own fact", sizes, across, _parts())]
    for name in names:
        drawn = [(row["users"], row["arranged"][name]) for row in rows if name in row["arranged"]]
        left += _line(name, [(across(log10(n)), up(log10(max(one["scoped_p50"], 1e-6)))) for n, one in drawn])
        right += _line(name, [(across(log10(n)), _HEIGHT * (1 - one["recall"])) for n, one in drawn])
    whole = 2 * (_WIDTH + _LEFT) + _GAP
    legend = _legend(names, _TOP + _HEIGHT + 52)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {_TOP + _HEIGHT + 70}" role="img" '
        f'aria-label="Search time and own recall by number of users">'
        f'<g transform="translate({_LEFT} {_TOP})">{"".join(left)}</g>'
        f'<g transform="translate({_WIDTH + _LEFT + _GAP + 40} {_TOP})">{"".join(right)}</g>{legend}</svg>'
    )


class _Axis:
    """From values to places."""

    def __init__(self, low: float, high: float, at_low: float, at_high: float) -> None:
        self.low, self.high, self._at_low, self._at_high = low, high, at_low, at_high

    def __call__(self, value: float) -> float:
        part = (value - self.low) / ((self.high - self.low) or 1)
        return round(self._at_low + part * (self._at_high - self._at_low), 1)


def _decades(up: _Axis) -> list[tuple[float, str]]:
    return [(up(power), _seconds(power)) for power in range(int(up.low), int(up.high) + 1)]


def _seconds(power: int) -> str:
    return f"{10 ** (power + 3):g} ms" if power < 0 else f"{10**power:g} s"


def _parts() -> list[tuple[float, str]]:
    return [(_HEIGHT * (1 - part / 4), f"{part * 25} %") for part in range(5)]


def _frame(
    title: str, sizes: Iterable[int], across: Callable[[float], float], ticks: Iterable[tuple[float, str]]
) -> Iterable[str]:
    yield f'<text x="0" y="-14" style="{_STYLE};font-weight:600">{escape(title)}</text>'
    for y, told in ticks:
        yield f'<path d="M0 {y}H{_WIDTH}" stroke="#8884" fill="none"/>'
        yield f'<text x="-8" y="{y + 4}" text-anchor="end" style="{_STYLE}">{told}</text>'
    for size in sizes:
        place = f'x="{across(log10(size))}" y="{_HEIGHT + 20}" text-anchor="middle"'
        yield f'<text {place} style="{_STYLE}">{_short(size)}</text>'


def _line(name: str, places: Sequence[tuple[float, float]]) -> Iterable[str]:
    colour, dashes = _LOOKS[name]
    path = " ".join(f"{x},{y:.1f}" for x, y in places)
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>'
    yield from (f'<circle cx="{x}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places)


def _legend(names: Iterable[str], y: int) -> str:
    drawn = []
    for place, name in enumerate(names):
        colour, dashes = _LOOKS[name]
        x = _LEFT + place * 220
        drawn.append(f'<path d="M{x} {y}h34" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>')
        drawn.append(f'<text x="{x + 42}" y="{y + 4}" style="{_STYLE}">{escape(ARRANGED[name])}</text>')
    return "".join(drawn)


def _short(size: int) -> str:
    for unit, sign in ((1_000_000, "M"), (1000, "k")):
        if size >= unit and size % unit == 0:
            return f"{size // unit}{sign}"
    return f"{size:,}"
