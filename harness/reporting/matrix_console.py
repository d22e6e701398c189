"""The matrix on a screen: a table for each wrapper, channels by stores."""

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..model.channels import Channel
from .cells import LEGEND, UNTRIED
from .console import print_line
from .matrix_markdown import sentences
from .tables import Matrix, Row, channels_of

_STYLES = {
    "leaked": "bold red",
    "destroyed": "bold red",
    "lost": "bold red",
    "interfered": "bold red",
    "residue": "yellow",
    "contained": "yellow",
    "held": "green",
}


def write_matrix(matrix: Matrix, console: Console) -> None:
    """Print the tables, their legend, and what must be known beside them."""
    for wrapper in matrix.settings.wrappers:
        for kind in matrix.kinds:
            rows = [row for row in kind if row.wrapper == wrapper and row.report and not row.mem0]
            if rows:
                console.print(_table(_title(matrix, wrapper, of_keys=rows[0].of_keys), rows))
    versions = [row for row in matrix.rows if row.mem0 and row.report]
    if versions:
        console.print(_table("plain, by version of mem0", versions))
    used = {word for row in matrix.rows for cell in row.channels.values() for word in cell.words}
    for word, meaning in LEGEND.items():
        if word in used:
            print_line(console, f"{word}: {meaning}")
    for sentence in sentences(matrix):
        print_line(console, sentence.removeprefix("- "))
    console.print(_last_line(matrix), soft_wrap=True)


def _title(matrix: Matrix, wrapper: str, *, of_keys: bool) -> str:
    """Name the embedder where there is but one: where there are two, the cells do. Resources have none of ours."""
    if of_keys:
        return f"{wrapper}, resources with keys"
    embedders = matrix.settings.embedders
    return wrapper if len(embedders) > 1 else f"{wrapper}, {embedders[0]} embedder"


def _last_line(matrix: Matrix) -> Text:
    """Return how much was audited, and in how many audits isolation was broken: `COMPLETE: 36 audits, ...`."""
    made = [row for row in matrix.rows if row.report]
    told = []
    for wrapper in dict.fromkeys(row.wrapper for row in made):
        of_it = [row for row in made if row.wrapper == wrapper]
        broken = sum(any(cell.bad for cell in row.channels.values()) for row in of_it)
        told.append(f"{wrapper} {broken} of {len(of_it)}")
    word, style = ("COMPLETE", "bold green") if matrix.complete else ("INCOMPLETE", "bold yellow")
    broken_in = f", isolation broken in: {', '.join(told)}" if told else ""
    return Text(f"{word}: {len(made)} audits{broken_in} ({matrix.seconds:.0f} s)", style=style)


def _table(title: str, rows: Sequence[Row]) -> Table:
    columns = list(dict.fromkeys(row.mem0 or row.store for row in rows))
    table = Table(title, *columns, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for channel in channels_of(rows):
        shown = [_shown([row for row in rows if (row.mem0 or row.store) == name], channel) for name in columns]
        if any(text.plain != UNTRIED for text in shown):
            table.add_row(channel, *shown)
    return table


def _shown(rows: Sequence[Row], channel: Channel) -> Text:
    """Return the words of a cell, one below the other; one that not every embedder leads to says which does."""
    return Text("\n").join(
        Text(word if len(embedders) == len(rows) else f"{word} ({', '.join(embedders)})", style=_STYLES.get(word, ""))
        for word, embedders in _words(rows, channel)
    )


def _words(rows: Sequence[Row], channel: Channel) -> Iterator[tuple[str, list[str]]]:
    found = {row.embedder: row.channels[channel].words for row in rows}
    for word in LEGEND:
        embedders = [embedder for embedder, words in found.items() if word in words]
        if embedders:
            yield word, embedders
