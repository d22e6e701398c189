"""`memfence demo`: Alice and Bob on the screen."""

from pathlib import Path

from ..reporting.console import announce, open_console
from ..reporting.demo_html import write_demo_html
from ..reporting.files import writing
from .demo import Line, acts, as_plain, play


def show(reports: list[Path]) -> int:
    """Play each act, write it, and return the exit code: 0 where each leaked as it must, or did not."""
    told: list[list[Line]] = []
    console = open_console()
    as_told = True
    for act in acts():
        console.print(f"\n{act.title}", style="bold", highlight=False)
        console.print(act.explanation, style="dim", highlight=False)
        leaked = False
        told.append([])
        for line in play(act):
            told[-1].append(line)
            leaked = leaked or bool(line.leaked)
            shown = line.shown(console.width)
            console.print(shown, style="red" if line.leaked else "", markup=False, highlight=False)
        as_told = as_told and leaked == act.must_leak
    console.print()
    if not as_told:
        console.print("This is not what the demonstration is there to show; please report it.", style="bold red")
    for path in reports:
        with writing(path):
            write_demo_html(as_plain(told, as_told=as_told), path)
        announce(path)
    return 0 if as_told else 1
