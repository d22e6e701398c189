"""The report of an audit or an exploration as one HTML file, made of its JSON."""

from collections.abc import Mapping
from typing import Any

from ..model.reasons import Reason
from .html_page import page
from .reading import wiping
from .unasked import DOUBT

_PARTS = (
    "pairs.js",
    "steering.js",
    "matrix.js",
    "picture.js",
    "coverage.js",
    "detection.js",
    "lettering.js",
    "sequence.js",
    "causes.js",
    "findings.js",
    "report.js",
)


def render(report: Mapping[str, Any]) -> str:
    """Return the page of a JSON report (`json_report.as_json`): it is self-contained and loads nothing."""
    told = {name: value for name, value in report.items() if name != "sightings"}
    title = f"{report['verdict']}: memfence audit of {report['target']}, seed {report['seed']}"
    unsaid = Reason.UNSAID.told(**wiping(str(report["target"]), report["settings"]))
    words = {"so_far": Reason.SO_FAR.told(), "unsaid": unsaid, "doubt": DOUBT}
    return page(title, {"report": told, "words": words}, _PARTS, packed={"sightings": report.get("sightings", [])})
