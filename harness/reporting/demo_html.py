"""The demonstration as one HTML file: its acts side by side."""

from collections.abc import Mapping
from pathlib import Path

from .files import put
from .html_page import page


def write_demo_html(told: Mapping[str, object], path: Path) -> None:
    """Write the page of a demonstration (`demo.as_plain`); raises OSError where the path cannot be written."""
    put(path, render(told))


def render(told: Mapping[str, object]) -> str:
    """Return the page of a demonstration: acts that tell the same story stand beside each other, step by step."""
    return page("memfence demo: Alice and Bob on real mem0", {"demo": told}, ("demo.css", "demo.js"))
