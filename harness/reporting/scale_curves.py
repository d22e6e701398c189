"""The speeds of a crowd, a row for each size: how quickly it was planted, and how quickly one user is answered."""

from collections.abc import Iterable, Mapping
from typing import Any

# How a store was arranged, and what a reader reads.
ARRANGED = {
    "user_id": "index on the user id",
    "none": "no index",
    "hnsw": "mem0's default HNSW",
}


def curves(measured: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows in the order of their sizes, each arrangement by its name."""
    rows: dict[int, dict[str, Any]] = {}
    for one in measured:
        row = rows.setdefault(one["size"], {"users": one["size"], "arranged": {}})
        if "planted" in one:
            row["planted"] = one["planted"]
            row["planted_a_second"] = round(one["planted"] / max(one["seconds"], 1e-9), 1)
            row["planted_a_second_by_one"] = round(one["rate_of_one"], 1)
            continue
        row["arranged"][one["index"]] = {
            "bytes_a_user": round(one["bytes"] / one["size"]),
            "seconds_to_arrange": round(one["arranged_seconds"], 1),
            "recall": one["scoped"]["found"] / max(1, one["scoped"]["asked"]),
            "asked": one["scoped"]["asked"],
            **{f"{door}_{part}": one[door][part] for door in ("scoped", "raw") for part in ("p50", "p99")},
        }
    return [rows[size] for size in sorted(rows)]


def table(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """Return the curves as rows of texts, a heading first."""
    heading = ("users", "facts/s", "arranged", "scoped p50", "p99", "raw p50", "p99", "own recall", "bytes/user")
    found: list[tuple[str, ...]] = [heading]
    for row in rows:
        for name, one in row["arranged"].items():
            found.append(
                (
                    f"{row['users']:,}",
                    f"{row['planted_a_second']:,.0f}" if "planted_a_second" in row else "",
                    ARRANGED[name],
                    *(milliseconds(one[key]) for key in ("scoped_p50", "scoped_p99", "raw_p50", "raw_p99")),
                    f"{one['recall']:.1%}",
                    f"{one['bytes_a_user']:,}",
                )
            )
    return found


def milliseconds(seconds: float) -> str:
    """Return a time as a reader compares it: `1.4 ms`."""
    return f"{seconds * 1000:,.2f} ms" if seconds < 0.01 else f"{seconds * 1000:,.0f} ms"  # noqa: PLR2004 - two digits that count
