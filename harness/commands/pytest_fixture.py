"""The fixture: an audit within a test of one's own."""

import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from ..base.errors import HarnessError
from ..campaigns.configuration import OF_AN_OBJECT, checked, layered
from ..campaigns.portions import audit_object
from ..model.results import CampaignResult
from ..reporting.plain import failure_text
from .pytest_options import NAME, SEED
from .pytest_told import said


class MemfenceFixture:
    """Audits what a test gives it."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        """Take the request, for its test's markers and the configuration."""
        self._test: pytest.Item = request.node

    def audit(self, make_memory: object, **options: object) -> CampaignResult:
        """Audit a function from user id to memory, or a target object, with all scenarios; fail unless it held.

        `options` are those of an audit (`users`, `seed`, `scenarios`, `require`, ...). They win over the test's marker,
        that over the command line, the ini file and `[tool.memfence]`. Raises TypeError for one that there is not.
        """
        # A failure shows the test's own line alone.
        __tracebackhide__ = True

        own = self._own(options)
        name = getattr(make_memory, "__qualname__", type(make_memory).__qualname__)
        with _as_failure():
            settings = layered(*own, *self._configured()).settings(SEED)
            result = audit_object(make_memory, name, settings, repeat=shlex.join(["pytest", self._test.nodeid]))
        if result.interrupted:
            raise KeyboardInterrupt
        if result.verdict.exit_code:
            pytest.fail(failure_text(result), pytrace=False)
        return result

    def _own(self, options: Mapping[str, object]) -> list[dict[str, object]]:
        __tracebackhide__ = True

        try:
            own = [checked(options, "memfence.audit()", keys=OF_AN_OBJECT)]
            marks = self._test.iter_markers(NAME)
            own += [checked(mark.kwargs, "@pytest.mark.memfence", keys=OF_AN_OBJECT) for mark in marks]
        except HarnessError as error:
            raise TypeError(str(error)) from None
        return own

    def _configured(self) -> list[dict[str, object]]:

        found = said(self._test.config)
        return [{key: layer[key] for key in layer.keys() & OF_AN_OBJECT} for layer in found]


@contextmanager
def _as_failure() -> Iterator[None]:
    """Let a test fail with it, in one line."""
    try:
        yield
    except HarnessError as error:
        msg = f"memfence: {error}"
        raise pytest.fail.Exception(msg, pytrace=False) from None
