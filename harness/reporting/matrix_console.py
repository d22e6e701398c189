"""The matrix on a screen."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..channels import Channel
from ..cells import LEGEND, UNTRIED, Cell
from ..tables import Matrix
from .console import print_line
from .matrix_markdown import sentences

_STYLES = {
    "leaked": "red",
    "destroyed": "red",
    "lost": "red",
    "residue": "yellow",
    "contained": "yellow",
    "held": "green",
}
_BETWEEN = " "


def write_matrix(matrix: Matrix, console: Console) -> None:
    """Print the table, its legend, and what must be known beside it."""
    channels = [name for name in Channel if any(_tried(row.channels.get(name)) for row in matrix.rows)]
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for name in ("store", "embedder", "wrapper", *channels):
        table.add_column(name, overflow="fold")
    for row in matrix.rows:
        store = f"{row.store}, mem0 {row.mem0}" if row.mem0 else row.store
        shown = [_shown(row.channels.get(name)) for name in channels]
        table.add_row(store, row.embedder, row.wrapper, *shown)
    console.print(table)
    used = {word for row in matrix.rows for cell in row.channels.values() for word in cell.words}
    for word, meaning in LEGEND.items():
        if word in used:
            print_line(console, f"{word}: {meaning}")
    for sentence in sentences(matrix):
        print_line(console, sentence.removeprefix("- "))


def _tried(cell: Cell | None) -> bool:
    return cell is not None and cell.words != (UNTRIED,)


def _shown(cell: Cell | None) -> Text:
    if cell is None:
        return Text(UNTRIED)
    # One below the other, so that the table fits.
    return Text("\n").join(Text(word, style=_STYLES.get(word, "")) for word in cell.words)
