"""A proof as one HTML file, made of its JSON: breakages x oracles, and the clean controls."""

from collections.abc import Mapping
from pathlib import Path

from ..model.kills import Proof
from .files import put
from .html_page import page
from .proof_json import proof_as_json


def write_proof_html(proof: Proof, path: Path) -> None:
    """Write the page of a proof; raises OSError where the path cannot be written."""
    put(path, render(proof_as_json(proof)))


def render(proof: Mapping[str, object]) -> str:
    """Return the page of a JSON proof (`proof_json.proof_as_json`)."""
    word = "proven" if proof["proven"] else "not proven"
    return page(f"{word}: memfence prove on {proof['on']}", {"proof": proof}, ("proof.css", "proof.js"))
