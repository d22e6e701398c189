"""A crowd's result as one HTML file, made of its JSON."""

from collections.abc import Mapping
from typing import Any

from .html_page import page
from .scale_curves import table
from .scale_lines import counted, notes, probed, stories, story


def render(report: Mapping[str, Any]) -> str:
    """Return the page of a JSON report."""
    told = {name: report[name] for name in ("verdict", "said", "repeat", "violations", "open", "settings", "versions")}
    told |= {
        "counted": list(counted(report)),
        "probed": probed(report),
        "curves": table(report["curves"]),
        "picture": report["picture"],
        "stories": [{"headline": one["headline"], "lines": list(story(one))} for one in stories(report)],
        "notes": list(notes(report)),
        "peaks": report["peak_bytes"],
        "busy": report["times"]["in_shards"],
    }
    return page(report["said"], {"scale": told}, ("proof.css", "scale.js"))
