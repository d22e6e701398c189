"""A proof on a terminal: breakages x oracles, operations to the first detection, and the clean controls."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..base.wording import printable
from ..model.kills import Cell, Clean, Kill, Proof

MARKS = {Cell.CAUGHT: "●", Cell.DOUBTED: "◐", Cell.MISSED: "·", Cell.NOT_EXERCISED: " "}
_STYLES = {Cell.CAUGHT: "green", Cell.DOUBTED: "yellow", Cell.MISSED: "dim", Cell.NOT_EXERCISED: "dim"}
_TOGETHER = 4
_KEY = "by: the oracle that must catch it. ● caught, ◐ seen, and inconclusive, · silent, blank: not exercised. "
_TWO = "First mark: the target can be started afresh; second: it cannot, as most people's. "
_COUNTS = (
    "most: operations up to the one that first showed it to that oracle, in the scenario that shows it soonest, over "
    "the seeds."
)


def write_kill_matrix(proof: Proof, console: Console) -> None:
    """Print the whole proof."""
    _print(
        console, f"memfence prove on {proof.on}: {len(proof.kills)} breakages, {proof.seeds} seeds from {proof.seed}"
    )
    _print(console, ", ".join(f"{letter} {name}" for name, letter in letters(proof).items()))
    console.print(_table(proof))
    _print(console, legend(proof))
    for sentence in sentences(proof):
        _print(console, sentence)
    _print(console, f"repeat: {proof.repeat}")
    console.print(proof_line(proof), soft_wrap=True)


def legend(proof: Proof) -> str:
    """Return how to read the table."""
    two = any(cell is not Cell.NOT_EXERCISED for kill in proof.kills for cell in kill.shared.values())
    return f"{_KEY}{_TWO if two else ''}{_COUNTS}"


def sentences(proof: Proof) -> list[str]:
    """Return what the proof says, but for its table and its last line."""
    told = [missed(kill) for kill in proof.missed]
    told += [alarm for clean in proof.cleans for alarm in clean.alarms]
    told += [alarm for explored in proof.explored for alarm in explored.alarms]
    told += [clean_sentence(clean) for clean in proof.cleans]
    bound, whole = proof.clean, proof.whole
    if bound.trials:
        told.append(
            f"false alarms: {bound.failures} in {bound.trials} clean campaigns of up to {proof.each} scenarios, below "
            f"{bound.told} of such campaigns at 95 % (exact binomial), for tenants drawn as here, and for no others"
        )
    if whole.trials and proof.each < proof.cleans[0].scenarios:
        told.append(f"as {whole.trials} audits of all scenarios: below {whole.told} of such audits")
    explorations = proof.explorations
    if explorations.trials:
        of = " and ".join(f"{one.explorations} of {one.target}" for one in proof.explored)
        told.append(
            f"generated histories: {explorations.failures} false alarms in {explorations.trials} explorations ({of}), "
            f"{proof.explored[0].histories} histories each: below {explorations.told} of such explorations at 95 %"
        )
    return told


def missed(kill: Kill) -> str:
    """Return why a breakage counts as missed, and where to look."""
    spoke = [name for name, cell in kill.fresh.items() if cell.spoke]
    if kill.caught_by in spoke and kill.missed_seeds:
        why = f"it spoke on {len(kill.operations) - kill.missed_seeds} of {len(kill.operations)} seeds"
    elif kill.caught_by in spoke:
        why = "it spoke, and left the verdict inconclusive"
    elif spoke:
        why = f"it was silent, and these spoke: {', '.join(spoke)}; is caught_by right?"
    else:
        why = "no oracle spoke: no scenario shows the defect"
    crash = f"; calls crashed, the first with {kill.crash}" if kill.crash else ""
    return f"MISSED {kill.breakage} by {kill.caught_by}: {why}{crash}. It is: {kill.summary}"


def clean_sentence(clean: Clean) -> str:
    """Return what the campaigns of one clean control were, and what came of them."""
    doubts = f", {clean.inconclusive} inconclusive (it loses facts)" if clean.inconclusive else ""
    return (
        f"{clean.target}: {clean.alarmed} false alarms in {clean.campaigns} campaigns{doubts}; each audits up to "
        f"{clean.each} of the {clean.scenarios} scenarios, in turn"
    )


def proof_line(proof: Proof) -> Text:
    """Return the last line: `PROVEN: 59 of 59 breakages caught, 0 false alarms in 1000 clean campaigns ... (97 s)`."""
    head = Text("PROVEN" if proof.proven else "NOT PROVEN", style="bold green" if proof.proven else "bold red")
    caught = len(proof.kills) - len(proof.missed)
    doubted = sum(kill.caught and kill.fresh[kill.caught_by] is Cell.DOUBTED for kill in proof.kills)
    as_doubts = f" ({doubted} of them rightly inconclusive)" if doubted else ""
    rest = f", of {proof.known} that there are" if len(proof.kills) < proof.known else ""
    alarms = proof.clean.failures + proof.explorations.failures
    explored = f" and {proof.explorations.trials} explorations" if proof.explorations.trials else ""
    interrupted = ", interrupted" if proof.interrupted else ""
    return head.append(
        f": {caught} of {len(proof.kills)} breakages caught{as_doubts}{rest}, {alarms} false alarms in "
        f"{proof.clean.trials} clean campaigns of up to {proof.each} scenarios{explored}{interrupted} "
        f"({proof.seconds:.0f} s)",
        style="default",
    )


def letters(proof: Proof) -> dict[str, str]:
    """Return a letter for each oracle, by the oracle's name."""
    return {name: chr(ord("a") + position) for position, name in enumerate(proof.oracles)}


def marks(kill: Kill, oracle: str) -> str:
    """Return a cell's two marks."""
    return "".join(MARKS[cell] for cell in _pair(kill, oracle))


def _table(proof: Proof) -> Table:
    named = letters(proof)
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    # Four oracles share a column, or a terminal would be too narrow for them all.
    fours = [[*named][at : at + _TOGETHER] for at in range(0, len(named), _TOGETHER)]
    for name in ("breakage", "by", *(" ".join(named[one] for one in four) for four in fours)):
        table.add_column(name, no_wrap=True)
    # The median stands in the reports: a terminal has no more room.
    table.add_column("most", justify="right")
    layer = ""
    for kill in proof.kills:
        if kill.layer != layer:
            layer = kill.layer
            table.add_row(Text(layer, style="bold"))
        cells = [
            Text.assemble(*((MARKS[one], _STYLES[one]) for name in four for one in _pair(kill, name))) for four in fours
        ]
        style = "" if kill.caught else "bold red"
        table.add_row(
            Text(f" {kill.breakage}", style=style),
            Text(named[kill.caught_by], style=style),
            *cells,
            str(kill.worst or ""),
        )
    return table


def _pair(kill: Kill, oracle: str) -> tuple[Cell, Cell]:
    return kill.fresh[oracle], kill.shared[oracle]


def _print(console: Console, line: str) -> None:
    console.print(printable(line), markup=False, highlight=False, soft_wrap=True)
