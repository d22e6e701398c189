"""The matrix as Markdown: one table, to be read in a repository."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from .cells import LEGEND, UNTRIED, Cell
from .tables import Matrix, Row, channels_of


def markdown(matrix: Matrix, made: datetime | None = None) -> str:
    """Return it whole; `made` is now unless said otherwise."""
    return "\n".join(_lines(matrix, made or datetime.now(UTC))) + "\n"


def _lines(matrix: Matrix, made: datetime) -> Iterator[str]:
    said = matrix.settings
    yield "# How each store isolates"
    yield ""
    yield f"`{said.command()}`, {made:%Y-%m-%d}"
    yield ""
    for rows in matrix.kinds:
        where = ["store", "wrapper"] if rows[0].of_keys else ["store", "embedder", "wrapper", "mem0"]
        yield from _table([*where, *channels_of(rows)], _channel_rows(rows))
        yield ""
    yield from (f"- **{word}**: {meaning}" for word, meaning in LEGEND.items())
    yield from sentences(matrix)
    for wrapper in said.wrappers:
        for rows in matrix.kinds:
            of_it = [row for row in rows if row.wrapper == wrapper and row.report]
            if of_it:
                yield ""
                yield f"## {wrapper}{' on resources with keys' if of_it[0].of_keys else ''}, attack by attack"
                yield ""
                yield from _by_scenario(of_it)
    told = list(witnesses(matrix))
    if told:
        yield from ("", "## Witnesses", "", *told)
    yield ""
    yield f"Versions: {', '.join(f'{name} {version}' for name, version in versions(matrix).items())}"


def sentences(matrix: Matrix) -> Iterator[str]:
    """Yield what must be known beside the table."""
    said = matrix.settings
    load = said.audit().load
    yield f"- {said.users} users, {said.facts} facts each, {load} records of others, seed {said.seed}"
    for name, why in matrix.left_out.items():
        yield f"- not tried: {name}: {why}"
    for row in matrix.rows:
        if row.failure:
            yield f"- {row.name}: not audited: {row.failure}"
    notes = [note for row in matrix.rows for note in row.report.get("notes", ())]
    yield from (f"- note: {note}" for note in dict.fromkeys(notes))
    if matrix.interrupted:
        yield "- interrupted: rows are missing"


def versions(matrix: Matrix) -> Mapping[str, str]:
    """Return what was installed where the first row was audited."""
    return next((row.report["versions"] for row in matrix.rows if row.report), {})


def witnesses(matrix: Matrix) -> Iterator[str]:
    """Yield, for each cell in which isolation is broken, the command that shows it."""
    told: dict[str, list[str]] = {}
    for row in matrix.rows:
        for channel, cell in row.channels.items():
            if cell.bad:
                told.setdefault(f"{row.name}{f', mem0 {row.mem0}' if row.mem0 else ''}", []).append(
                    f"{channel} {cell.text}: {cell.scenario}"
                )
    yield from (f"- {name}: {'; '.join(cells)}" for name, cells in told.items())


def _channel_rows(rows: Sequence[Row]) -> Iterator[list[str]]:
    for row in rows:
        version = row.mem0 or row.report.get("versions", {}).get("mem0ai", "")
        cells = row.channels
        shown = [_shown(cells.get(channel)) for channel in channels_of(rows)]
        where = [row.store, row.wrapper] if row.of_keys else [row.store, row.embedder, row.wrapper, version]
        yield [*where, *shown]


def _by_scenario(rows: list[Row]) -> Iterator[str]:
    names = list(dict.fromkeys(name for row in rows for name in row.scenarios))
    yield from _table(["attack", *map(_column, rows)], ([name, *_cells(rows, name)] for name in names))


def _cells(rows: list[Row], scenario: str) -> list[str]:
    return [_shown(row.scenarios.get(scenario)) for row in rows]


def _column(row: Row) -> str:
    return f"{row.store} {row.embedder}".rstrip() + (f" mem0 {row.mem0}" if row.mem0 else "")


def _shown(cell: Cell | None) -> str:
    if cell is None:
        return UNTRIED
    return f"**{cell.text}**" if cell.bad else cell.text


def _table(head: list[str], rows: Iterator[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join(['---'] * len(head))} |"
    for row in rows:
        yield f"| {' | '.join(row)} |"
