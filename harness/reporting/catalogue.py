"""What there is to choose from, as a list."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

_INDENT = "  "


def write_catalogue(console: Console, kinds: Mapping[str, Mapping[str, str]]) -> None:
    """Print each kind's names with their one-line meanings."""
    width = max(len(name) for names in kinds.values() for name in names)
    for kind, names in kinds.items():
        console.print(kind, style="bold")
        grid = Table.grid(padding=(0, 2))
        grid.add_column(min_width=width + len(_INDENT), no_wrap=True)
        grid.add_column(overflow="fold")
        for name, meaning in names.items():
            grid.add_row(f"{_INDENT}{name}", Text(meaning))
        console.print(grid)
