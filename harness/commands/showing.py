"""`memfence demo`: Alice and Bob on the screen."""

from ..demo import acts, play
from ..reporting.console import open_console


def show() -> int:
    """Play each act and return the exit code: 0 where each leaked as it must, or did not."""
    console = open_console()
    as_told = True
    for act in acts():
        console.print(f"\n{act.title}", style="bold", highlight=False)
        console.print(act.explanation, style="dim", highlight=False)
        leaked = False
        for line in play(act):
            leaked = leaked or bool(line.leaked)
            shown = line.shown(console.width)
            console.print(shown, style="red" if line.leaked else "", markup=False, highlight=False)
        as_told = as_told and leaked == act.must_leak
    console.print()
    if not as_told:
        console.print("This is not what the demonstration is there to show; please report it.", style="bold red")
    return 0 if as_told else 1
