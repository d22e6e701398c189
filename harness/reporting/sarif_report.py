"""A report as SARIF 2.1.0, for code scanning: a rule for each oracle, a result for each finding.

Fingerprints are of a finding's class, so that the same leak stays the same alert from seed to seed.
"""

import json
from typing import Any
from urllib.parse import quote

from ..base.wording import printable
from ..model.findings import Severity, Verdict
from .reading import Report, every, open_questions

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# How GitHub ranks alerts: critical over 9.0, high from 7.0, medium from 4.0.
_SCORES = {Severity.LOW: 3.0, Severity.MEDIUM: 5.5, Severity.HIGH: 8.0, Severity.CRITICAL: 9.5}
_LEVELS = {Verdict.VIOLATED: "error", Verdict.INCONCLUSIVE: "warning", Verdict.HELD: "note"}
# An alert must stand somewhere; where the target's code is not known, at the place that names the target.
_NOWHERE: Report = {"file": "pyproject.toml", "line": 1}


def render(report: Report) -> str:
    """Return the text of the file."""
    names = list(dict.fromkeys([*report["oracles"], *(found["oracle"] for _, found in every(report))]))
    about = {
        "tool": {
            "driver": {
                "name": "memfence",
                "version": report["versions"].get("memfence", "0"),
                "rules": [_rule(report, name) for name in names],
            }
        },
        "automationDetails": {"id": f"memfence/{report['audited']}/"},
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(report, scenario, found, names) for scenario, found in every(report)],
        "properties": {"verdict": report["verdict"], "said": report["said"], "seed": report["seed"]},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [about]}, indent=2) + "\n"


def _rule(report: Report, name: str) -> dict[str, Any]:
    told = report["oracles"].get(name, {"meaning": name, "advice": [], "cwes": []})
    found = [one for _, one in every(report) if one["oracle"] == name]
    cwes = sorted({*told["cwes"], *(one["cwe"] for one in found if one["cwe"] is not None)})
    names = [f"CWE-{number}: {report['weaknesses'][str(number)]}" for number in cwes]
    score = max((_SCORES[Severity(one["severity"])] for one in found), default=_SCORES[Severity.MEDIUM])
    summary = told["meaning"].partition("\n")[0]
    return {
        "id": name,
        "name": "".join(word.capitalize() for word in name.split("_")),
        "shortDescription": {"text": summary},
        "fullDescription": {"text": told["meaning"]},
        "help": {
            "text": "\n\n".join([*told["advice"], told["meaning"], *names]),
            "markdown": "\n\n".join([*told["advice"], told["meaning"], *(f"- {one}" for one in names)]),
        },
        "defaultConfiguration": {"level": "error"},
        "properties": {
            "tags": ["security", *(f"external/cwe/cwe-{number}" for number in cwes)],
            "security-severity": f"{score:.1f}",
            "precision": "very-high",
        },
    }


def _result(report: Report, scenario: Report, found: Report, names: list[str]) -> dict[str, Any]:
    place: Report = found["location"] or report["location"] or _NOWHERE
    lines = [
        found["headline"],
        *(f"{told['what']}: {told['text']}" if told["what"] else told["text"] for told in found["told"]),
        "Reproduce, in short:",
        *found["reproduce"],
        f"Repeat: {found['repeat']}",
    ]
    result: dict[str, Any] = {
        "ruleId": found["oracle"],
        "ruleIndex": names.index(found["oracle"]),
        "level": _LEVELS[Verdict(found["verdict"])],
        "message": {"text": "\n".join(map(printable, lines))},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(place["file"]), "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": place["line"]},
                }
            }
        ],
        "partialFingerprints": {"memfence/v1": found["fingerprint"]},
        "properties": {
            "scenario": scenario["name"],
            "channel": found["channel"],
            "class": found["class"],
            "severity": found["severity"],
            "count": found["count"],
        },
    }
    if report["baseline"] is not None:
        result["baselineState"] = "unchanged" if found["known"] else "new"
    if found["known"]:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": "accepted by baseline"}]
    return result


def _invocation(report: Report) -> dict[str, Any]:
    """Say whether all was judged: where a question is open, no result is no good news."""
    notes = [f"{where}: {why}" for where, why in open_questions(report)]
    return {
        "executionSuccessful": not report["interrupted"],
        "commandLine": report["repeat"],
        "toolExecutionNotifications": [
            {"level": "warning", "message": {"text": printable(f"inconclusive: {note}")}} for note in notes
        ],
    }
