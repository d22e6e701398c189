"""A proof as Markdown: one table, to be read in a repository."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from ..model.kills import Proof
from .files import put
from .kill_matrix import legend, marks, proof_line, sentences


def write_proof_markdown(proof: Proof, path: Path) -> None:
    """Write it; raises OSError where the path cannot be written."""
    put(path, "\n".join(proof_as_markdown(proof)) + "\n")


def proof_as_markdown(proof: Proof) -> Iterator[str]:
    """Yield its lines."""
    yield f"# memfence prove on {proof.on}"
    yield ""
    yield proof_line(proof).plain
    yield ""
    yield legend(proof)
    yield ""
    head = ["breakage", "what is wrong", "layer", "by", *proof.oracles, "soonest in", "median", "worst"]
    yield _row(head)
    yield _row(["---"] * len(head))
    for kill in proof.kills:
        median = "" if kill.median is None else f"{kill.median:g}"
        yield _row(
            [
                f"`{kill.breakage}`" if kill.caught else f"**`{kill.breakage}` MISSED**",
                kill.summary.replace("|", "\\|"),
                kill.layer,
                kill.caught_by,
                *(marks(kill, name) for name in proof.oracles),
                kill.scenario,
                median,
                str(kill.worst or ""),
            ]
        )
    yield ""
    for sentence in sentences(proof):
        yield f"- {sentence}"
    yield f"- {proof.seeds} seeds from {proof.seed}; settings: {_listed(proof.settings)}"
    yield f"- versions: {_listed(proof.versions)}"
    yield f"- repeat: `{proof.repeat}`"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())
