"""`memfence prove`: the kill matrix, on the screen and in reports."""

from pathlib import Path

from ..campaigns.workers import Workers
from ..model.findings import Verdict
from ..reporting.console import announce, open_console
from ..reporting.files import writing
from ..reporting.kill_matrix import proof_line, write_kill_matrix
from ..reporting.progress import proof_bar
from ..reporting.proof_html import write_proof_html
from ..reporting.proof_json import write_proof_json
from ..reporting.proof_markdown import write_proof_markdown
from .proof import ProofSettings, prove, tasks

_WRITERS = {".json": write_proof_json, ".md": write_proof_markdown, ".html": write_proof_html}


def run(settings: ProofSettings, workers: int, reports: list[Path], *, quiet: bool) -> int:
    """Prove in so many processes, and return the exit code; raises HarnessError."""
    errors = open_console(stderr=True)
    if errors.is_terminal and not quiet:
        with proof_bar(len(tasks(settings)), errors) as bar:
            proof = prove(settings, Workers(workers), bar)
    else:
        proof = prove(settings, Workers(workers))
    console = open_console()
    if quiet:
        console.print(proof_line(proof), soft_wrap=True)
    else:
        write_kill_matrix(proof, console)
    for path in reports:
        with writing(path):
            _WRITERS[path.suffix](proof, path)
        if not quiet:
            announce(path)
    if proof.interrupted:
        return Verdict.INCONCLUSIVE.exit_code
    return (Verdict.HELD if proof.proven else Verdict.VIOLATED).exit_code
