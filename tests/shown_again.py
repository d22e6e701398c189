"""Tells whether the printed lines of a finding show it: by what their last call gave, and by nothing of the harness."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

Play = Callable[[list[str]], list[dict[str, Any]]]

# A fact's code, or its made-up name where that alone was seen.
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
NAME = re.compile(r"\b[A-Z][a-z]+x [A-Z][a-z]+x\b")
_MAKERS = ("make_memory", "make_async_memory")
# What differs from one process to the next.
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BY_ID = re.compile(r"\.(get|update|delete|history)\(")


def shows(found: dict[str, Any], play: Play) -> bool:
    """Play the lines of a finding and tell whether its evidence comes back; `play` has a new process each time."""
    lines = found["reproduce"]
    played = play(lines)
    if "broken" in played[-1]:
        return False
    evidence = " ".join(found["evidence"])
    code = CODE.search(evidence) or NAME.search(evidence)
    texts = [_text(value) for value in _last(found, lines, played)]
    match found["oracle"]:
        case "canary_leak" | "residue" | "prompt_bleed" | "filter_ignored":
            # What a filter takes in is the one that must not be seen.
            missed = "its own filter" in evidence and "takes in" in evidence
            return code is not None and any(code[0] in text for text in texts) is not missed
        case "foreign_id":
            return any(json.dumps(found["owner"])[1:-1] in text for text in texts)
        case "foreign_record" | "mislabelled":
            label = re.search(r"user_id='([^']+)'", evidence)
            held = [label and label[1], code[0] if code and found["oracle"] == "mislabelled" else ""]
            records = [record for value in _last(found, lines, played) for record in _records(value)]
            return any(all(one is not None and one in _text(record) for one in held) for record in records)
        case "contained":
            return played[-1]["raised"] and found["shown"] in played[-1]["value"]
        case "existence":
            (method,) = _BY_ID.findall(played[-1]["source"])
            others = [one for one in played[:-1] if method in _BY_ID.findall(one["source"])]
            return any(_answer(one) != _answer(played[-1]) for one in others)
        case "tampering":
            gone = code is not None and code[0] not in texts[-1]
            return gone and any(code[0] in _text(one["value"]) for one in played[:-1] if _is_look(one["source"]))
        case "lost":
            alone = play(_alone(lines, found))
            return code is not None and code[0] not in texts[-1] and code[0] in _text(alone[-1].get("value"))
        case "noninterference":
            alone, again = (_answer(play(_alone(lines, found))[-1]) for _ in range(2))
            return alone == again != _answer(played[-1])
    msg = f"nobody has said how {found['oracle']} shows"
    raise AssertionError(msg)


def _last(found: dict[str, Any], lines: list[str], played: list[dict[str, Any]]) -> list[Any]:
    """Return what the last call gave to anybody but the owner, where that is not the observer; prompts come first."""
    space, last = _Names(lines), ast.parse("\n".join(lines)).body[-1]
    own = repr(found["owner"]) if found["owner"] != found["observer"] else None
    value = played[-1]["value"]
    if played[-1]["source"].startswith("at_once("):
        asked = [space.asker(node) for node in ast.walk(last) if isinstance(node, ast.Lambda)]
        mine = repr(found["observer"])
        return [
            answer for who, answer in zip(asked, value, strict=True) if (who == mine if own is None else who != own)
        ]
    if played[-1]["source"].startswith("target.prompts("):
        return [value, played[-2]["value"]]
    asker = space.asker(last)
    # What was tampered with is for its owner to miss.
    return [value] if found["oracle"] == "tampering" or asker is None or asker != own else []


def _alone(lines: list[str], found: dict[str, Any]) -> list[str]:
    """Return the lines of who asks last, without those of others; of several who ask at once, the observer."""
    text, space = "\n".join(lines), _Names(lines)
    statements = ast.parse(text).body
    asked = [who for who in map(space.asker, statements) if who is not None]
    own = (None, repr(found["observer"]) if ast.unparse(statements[-1]).startswith("at_once(") else asked[-1])
    for one in statements:
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Call) and ast.unparse(one.value.func) == "at_once":
            one.value.args = [call for call in one.value.args if space.asker(call) in own]
    return [ast.unparse(one) for one in statements if space.asker(one) in own]


class _Names:
    """Who stands behind the names that a block gives to memories."""

    def __init__(self, lines: list[str]) -> None:
        self._known: dict[str, str] = {}
        for statement in ast.parse("\n".join(lines)).body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                asker = self.asker(statement.value)
                if asker is not None:
                    self._known.setdefault(statement.targets[0].id, asker)

    def asker(self, statement: ast.AST) -> str | None:
        """Return the id of whose memory is asked, as Python writes it; None where nobody's is."""
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MAKERS:
                return repr(ast.literal_eval(node.args[0]))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in self._known:
                return self._known[node.value.id]
        return None


def _records(value: Any) -> Iterator[Any]:
    """Yield each record of a reply, whatever it is wrapped in."""
    if isinstance(value, list):
        for one in value:
            yield from _records(one)
    elif isinstance(value, dict) and isinstance(value.get("results"), list):
        yield from value["results"]
    else:
        yield value


def _text(value: Any) -> str:
    return json.dumps(value)


def _answer(played: dict[str, Any]) -> str:
    return _UUID.sub("<id>", _text([played.get("raised"), played.get("value"), "broken" in played]))


def _is_look(source: str) -> bool:
    return any(f".{name}(" in source for name in ("search", "get_all", "get"))
