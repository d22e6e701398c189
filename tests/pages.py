"""The pages that are looked at in a browser: of audits, of a demonstration and of a proof."""

import pytest
from browsing import audited

from memfence.commands.demo import Line, acts, as_plain
from memfence.model.kills import Cell, Clean, Kill, Proof
from memfence.reporting import demo_html, proof_html
from memfence.reporting.html_report import render
from memfence.reporting.proof_json import proof_as_json

OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"


def demonstration() -> str:
    told = (
        Line("Alice stores", "'a'"),
        Line("Bob lists", "'a'", "LEAK: Alice's", leaked=True),
        Line("Bob's was deleted", leaked=True),
    )
    return demo_html.render(as_plain([told] * len(acts()), as_told=True))


def proof() -> str:
    cells = {"canary_leak": Cell.CAUGHT, "lost": Cell.DOUBTED, "residue": Cell.MISSED}

    def kill(name: str, caught_by: str, *operations: int | None) -> Kill:
        return Kill(
            breakage=name,
            summary=f"It is {name}.",
            layer="wrapper",
            caught_by=caught_by,
            doubted=False,
            fresh=cells,
            shared=dict.fromkeys(cells, Cell.NOT_EXERCISED),
            operations=operations,
        )

    told = Proof(
        on="reference",
        seed=0,
        seeds=2,
        known=2,
        oracles=tuple(cells),
        settings={"users": 4},
        versions={"python": "3"},
        repeat="memfence prove",
        kills=[kill("drop_user_id", "canary_leak", 3, 4), kill("never_seen", "residue", None, None)],
        cleans=[Clean("reference", 20, 16, 32)],
    )
    return proof_html.render(proof_as_json(told))


PAGES = [
    pytest.param(lambda: render(audited()), id="violated"),
    pytest.param(lambda: render(audited(None)), id="held"),
    pytest.param(demonstration, id="demo"),
    pytest.param(proof, id="proof"),
]
