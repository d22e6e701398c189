"""The report of an audit or an exploration as one HTML file, made of its JSON."""

from collections.abc import Mapping

from .html_page import page

_PARTS = (
    "pairs.js",
    "steering.js",
    "matrix.js",
    "picture.js",
    "coverage.js",
    "sequence.js",
    "findings.js",
    "report.js",
)


def render(report: Mapping[str, object]) -> str:
    """Return the page of a JSON report (`json_report.as_json`): it is self-contained and loads nothing."""
    told = {name: value for name, value in report.items() if name != "sightings"}
    title = f"{report['verdict']}: memfence audit of {report['target']}, seed {report['seed']}"
    return page(title, {"report": told}, _PARTS, packed={"sightings": report.get("sightings", [])})
