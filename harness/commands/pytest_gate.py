"""The gate: adds the audit's items to the project's own tests, and gathers their results into one report."""

from collections.abc import Generator
from typing import Any

import pytest

from ..campaigns.portions import unpack
from ..model.reasons import Reason
from ..model.results import CampaignResult
from ..reporting.plain import summary, verdict_line
from .delivery import settled
from .pytest_audit import SharedAudit
from .pytest_items import Collector, ScenarioItem
from .pytest_options import NAME


class Gate:
    """Adds the items and gathers their results, wherever they were run, into one report."""

    def __init__(self, config: pytest.Config) -> None:
        """Read what is configured; raises HarnessError where that makes no audit."""
        self._audit = SharedAudit(config)
        self._config = config
        self._problems: list[str] = []
        self._result: CampaignResult | None = None
        self._written: list[str] = []

    def pytest_report_header(self) -> str:
        """Say what is audited, and how to do it again."""
        return f"memfence: {self._audit.target}, {self._audit.settings.users} users, seed {self._audit.settings.seed}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Add the items: last, for an audit changes its process, and before -k and -m choose."""
        collector = Collector.from_parent(session, name=NAME, nodeid=NAME, audit=self._audit)
        items += session.genitems(collector)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Send an item's result along with its report, as text: it may cross processes."""
        report = yield
        if isinstance(item, ScenarioItem) and call.when == "call":
            item.complete(report)
        return report

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Count what could not be carried out as an error, not as a failure."""
        return ("error", "E", "ERROR") if "memfence_error" in vars(report) else None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the result that came with a report."""
        parent, _, name = report.nodeid.partition("::")
        if parent != NAME or name not in self._audit.names:
            return
        if NAME in vars(report):
            self._audit.results[name] = unpack(vars(report)[NAME])
        elif report.failed and name not in self._audit.results:
            self._audit.results[name] = self._audit.portions.failed(name, Reason.ENDED.told())

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401 - pytest-xdist's, which may be left out
        """Take what a worker could not close."""
        self._problems += getattr(node, "workeroutput", {}).get(NAME, [])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the report, and let the exit code be no better than the verdict."""
        problem = self._audit.portions.close()
        self._problems += [problem] if problem else []
        if hasattr(self._config, "workerinput"):
            vars(self._config)["workeroutput"][NAME] = self._problems
            return
        if not self._audit.results:
            return
        # After Ctrl-C, or with -x, nobody knows what the others would have said.
        stopped = session.shouldfail or session.shouldstop or session.exitstatus == pytest.ExitCode.INTERRUPTED
        self._result = self._audit.merged(self._problems, interrupted=bool(stopped))
        unwritten, written = self._audit.write(self._result)
        self._written = [*written, *unwritten]
        if (unwritten or self._audit.left(self._result).exit_code) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell the whole audit in short, the verdict last."""
        if self._result is None:
            return
        terminalreporter.section(NAME)
        for line in [*summary(self._result), *self._written]:
            terminalreporter.write_line(line)
        held = not self._audit.left(self._result).exit_code
        last = f"{verdict_line(self._result)}{settled(self._audit.report(self._result))}"
        green = held and self._result.thorough
        terminalreporter.write_line(last, bold=True, green=green, yellow=held and not green, red=not held)
