"""What pytest was told of an audit: on its command line, in its ini file, and by the project's table."""

import pytest

from ..campaigns.configuration import from_text, read_table
from .pytest_options import NAME, OPTIONS


def said(config: pytest.Config) -> list[dict[str, object]]:
    """Return what the command line, the ini file and the table say, in this order; raises HarnessError."""
    line: dict[str, object] = {}
    file: dict[str, object] = {}
    folder = config.inipath.parent if config.inipath else config.rootpath
    for option, key in {NAME: "target", **{f"memfence_{name}": name for name in OPTIONS}}.items():
        if config.getoption(option):
            line |= from_text(key, config.getoption(option), f"--{option.replace('_', '-')}")
        if config.getini(option):
            file |= from_text(key, config.getini(option), f"the ini option {option}", folder=folder)
    return [line, file, read_table(config.rootpath / "pyproject.toml")]
