"""A finding among millions told as a story: who planted what, who asked what, what came back, whose it is, and why."""

from collections.abc import Mapping
from typing import Any

from ..base.wording import printable
from ..model.counterexamples import flat
from ..plans.replays import from_json
from .calls import call, deed
from .story import doing


def told(finding: Mapping[str, Any]) -> dict[str, Any]:
    """Return the finding with its story in lines, and the calls that show it.

    No call shows one that is stray: its row lies under a wrong id, and who filters by ids rightly is shown it.
    """
    operations = list(flat(from_json(finding["replay"]).moves))
    lines = [(doing(one), deed(one)) for one in operations]
    compared = finding["oracle"] == "noninterference"
    if finding["shown"]:
        lines.append(("it differs in", finding["shown"]) if compared else ("came back", repr(finding["shown"])))
    lines += [("" if place else "evidence", said) for place, said in enumerate(finding["evidence"])]
    if finding["stray"]:
        lines.append(("why", f"its row is stored under {finding['observer']}'s id, as the sweep says above:"))
        lines.append(("", "what wrote it is wrong; what reads it only follows the label"))
    calls = [] if finding["stray"] else [call(one) for one in operations]
    if compared:
        calls += [f"# ask once with the others' facts in the store, and once with {finding['observer']}'s alone"]
    kept = {name: value for name, value in finding.items() if name != "replay"}
    return kept | {
        "headline": f"{finding['oracle']} ({finding['class']}, {finding['severity']}) by {finding['channel']}",
        "told": [{"what": what, "text": printable(text)} for what, text in lines],
        "reproduce": calls,
    }


def stray(example: Mapping[str, Any]) -> str:
    """Return what a sweep has found of one row or one fact, in a sentence."""
    match example["kind"]:
        case "mislabelled":
            whose = f"user {example['owner']}'s fact {example['number']}"
            label = f"user_id={example['label']!r} (user {example['labelled']})"
            return f"row {example['id']} carries {label} and holds {whose}: {printable(example['text'])!r}"
        case "foreign":
            return f"row {example['id']} carries user_id={example['label']!r} and no mark of this crowd"
        case "unlabelled":
            return f"row {example['id']} carries user_id={example['label']!r}, which is nobody's here"
        case "left":
            return f"user {example['owner']} was erased, and fact {example['number']} is still there"
        case kind:
            return f"user {example['owner']}'s fact {example['number']} is {kind}"
