"""The pytest plugin: an audit as test items, and a fixture for tests of one's own.

Inert unless asked for: what it needs of memfence, `commands/pytest_*.py`, is imported when an audit is wanted.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from .base.errors import HarnessError
from .commands.pytest_options import NAME, OPTIONS

if TYPE_CHECKING:
    from .commands.pytest_fixture import MemfenceFixture


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, all of which begin with --memfence, and ini options of the same names."""
    group = parser.getgroup(NAME, "memfence: isolation between the users of an agent memory")
    target = "audit mem0, reference, or your own target as module:callable"
    or_else = "without a value, the target of the ini file or of [tool.memfence]"
    group.addoption("--memfence", nargs="?", const="", metavar="TARGET", help=f"{target}; {or_else}")
    parser.addini(NAME, target)
    for name, meaning in OPTIONS.items():
        group.addoption(f"--memfence-{name}", metavar=name.upper(), help=meaning)
        parser.addini(f"memfence_{name}", meaning)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Turn mem0's telemetry off before a conftest.py imports mem0."""
    options = early_config.known_args_namespace
    if _asked(early_config, options) and not options.collectonly:
        from .real_mem0.environment import silence_telemetry  # noqa: PLC0415 - inert unless asked for

        with _as_usage_error():
            silence_telemetry()


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker and, where an audit is asked for, what adds and gathers its items."""
    config.addinivalue_line(
        "markers",
        "memfence(users=..., seed=...): the items of --memfence; on a test, what its memfence fixture starts from",
    )
    if _asked(config, config.option):
        from .commands.pytest_gate import Gate  # noqa: PLC0415 - inert unless asked for

        with _as_usage_error():
            config.pluginmanager.register(Gate(config), "memfence_gate")


@pytest.fixture
def memfence(request: pytest.FixtureRequest) -> "MemfenceFixture":
    """Audit a memory within a test: `memfence.audit(make_memory, users=50)`."""
    from .commands.pytest_fixture import MemfenceFixture  # noqa: PLC0415 - inert unless asked for

    return MemfenceFixture(request)


def _asked(config: pytest.Config, options: argparse.Namespace) -> bool:
    return options.memfence is not None or bool(config.getini(NAME))


@contextmanager
def _as_usage_error() -> Iterator[None]:
    """Let pytest tell it in one line."""
    try:
        yield
    except HarnessError as error:
        msg = f"memfence: {error}"
        raise pytest.UsageError(msg) from None
