"""The pytest plugin: an audit as test items, and a fixture for tests of one's own. It alone knows pytest.

Inert unless asked for: what it needs of memfence is imported when an audit is wanted.
"""

import argparse
import shlex
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .base.errors import HarnessError

if TYPE_CHECKING:
    from .model.findings import Verdict
    from .model.results import CampaignResult

_NAME = "memfence"
# Fixed: a gate must say the same twice.
_SEED = 0
_OPTIONS = {
    "seed": "the same seed is the same campaign (default: 0)",
    "users": "synthetic users per scenario, at least 2 (default: 20)",
    "report": "write one report of all items here (.json)",
    "examples": "how many histories the machine generates (default: 200)",
    "wrapper": "what stands between users and mem0's client: scoped, tutorial or plain",
    "breakage": "plant this defect; the audit must find it",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, all of which begin with --memfence, and ini options of the same names."""
    group = parser.getgroup(_NAME, "memfence: isolation between the users of an agent memory")
    target = "audit mem0, reference, or your own target as module:callable"
    or_else = "without a value, the target of the ini file or of [tool.memfence]"
    group.addoption("--memfence", nargs="?", const="", metavar="TARGET", help=f"{target}; {or_else}")
    parser.addini(_NAME, target)
    for name, meaning in _OPTIONS.items():
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
        with _as_usage_error():
            config.pluginmanager.register(_Gate(config), "memfence_gate")


@pytest.fixture
def memfence(request: pytest.FixtureRequest) -> "MemfenceFixture":
    """Audit a memory within a test: `memfence.audit(make_memory, users=50)`."""
    return MemfenceFixture(request)


class MemfenceFixture:
    """Audits what a test gives it."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        """Take the request, for its test's markers and the configuration."""
        self._test: pytest.Item = request.node

    def audit(self, make_memory: object, **options: object) -> "CampaignResult":
        """Audit a function from user id to memory, or a target object, with all scenarios; fail unless it held.

        `options` are those of an audit (`users`, `seed`, `scenarios`, `require`, ...). They win over the test's marker,
        that over the command line, the ini file and `[tool.memfence]`. Raises TypeError for one that there is not.
        """
        # A failure shows the test's own line alone.
        __tracebackhide__ = True
        from .campaigns.configuration import layered  # noqa: PLC0415 - inert unless asked for
        from .campaigns.portions import audit_object  # noqa: PLC0415 - as above
        from .reporting.plain import failure_text  # noqa: PLC0415 - as above

        own = self._own(options)
        name = getattr(make_memory, "__qualname__", type(make_memory).__qualname__)
        with _as_failure():
            settings = layered(*own, *self._configured()).settings(_SEED)
            result = audit_object(make_memory, name, settings, repeat=shlex.join(["pytest", self._test.nodeid]))
        if result.interrupted:
            raise KeyboardInterrupt
        if result.verdict.exit_code:
            pytest.fail(failure_text(result), pytrace=False)
        return result

    def _own(self, options: Mapping[str, object]) -> list[dict[str, object]]:
        __tracebackhide__ = True
        from .campaigns.configuration import OF_AN_OBJECT, checked  # noqa: PLC0415 - inert unless asked for

        try:
            own = [checked(options, "memfence.audit()", keys=OF_AN_OBJECT)]
            marks = self._test.iter_markers(_NAME)
            own += [checked(mark.kwargs, "@pytest.mark.memfence", keys=OF_AN_OBJECT) for mark in marks]
        except HarnessError as error:
            raise TypeError(str(error)) from None
        return own

    def _configured(self) -> list[dict[str, object]]:
        from .campaigns.configuration import OF_AN_OBJECT  # noqa: PLC0415 - inert unless asked for

        said = _said(self._test.config)
        return [{key: layer[key] for key in layer.keys() & OF_AN_OBJECT} for layer in said]


class _Gate:
    """Adds the items and gathers their results, wherever they were run, into one report."""

    def __init__(self, config: pytest.Config) -> None:
        """Read what is configured; raises HarnessError where that makes no audit."""
        from .campaigns import resolve  # noqa: PLC0415 - inert unless asked for
        from .campaigns.configuration import layered  # noqa: PLC0415 - as above
        from .campaigns.explorations import MACHINE  # noqa: PLC0415 - as above
        from .campaigns.portions import Portions  # noqa: PLC0415 - as above
        from .commands.delivery import Delivery  # noqa: PLC0415 - as above

        said = layered(*_said(config))
        if not said.target:
            msg = (
                "--memfence names no target, and neither does [tool.memfence]: give mem0, reference or module:callable"
            )
            raise HarnessError(msg)
        self.settings = said.settings(_SEED)
        self.target = said.target
        amounts = {
            name: value for name, value in (("examples", said.examples), ("steps", said.steps)) if value is not None
        }
        self.portions = Portions(self.target, self.settings, **amounts)
        resolve.check_target(self.target, breakage=self.settings.breakage, wrapper=self.settings.wrapper)
        self.names = sorted(one.name for one in resolve.scenarios(self.settings.scenarios))
        # Who chooses scenarios chooses these alone.
        self.names += [] if self.settings.scenarios else [MACHINE]
        self.results: dict[str, CampaignResult] = {}
        self._config = config
        self._delivery = Delivery.of(said)
        self._problems: list[str] = []
        self._result: CampaignResult | None = None
        self._written: list[str] = []

    def pytest_report_header(self) -> str:
        """Say what is audited, and how to do it again."""
        return f"memfence: {self.target}, {self.settings.users} users, seed {self.settings.seed}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Add the items: last, for an audit changes its process, and before -k and -m choose."""
        collector = _Collector.from_parent(session, name=_NAME, nodeid=_NAME, gate=self)
        items += session.genitems(collector)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Send an item's result along with its report, as text: it may cross processes."""
        report = yield
        if isinstance(item, _ScenarioItem) and call.when == "call":
            item.complete(report)
        return report

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Count what could not be carried out as an error, not as a failure."""
        return ("error", "E", "ERROR") if "memfence_error" in vars(report) else None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the result that came with a report."""
        from .campaigns.portions import unpack  # noqa: PLC0415 - inert unless asked for

        parent, _, name = report.nodeid.partition("::")
        if parent != _NAME or name not in self.names:
            return
        if _NAME in vars(report):
            self.results[name] = unpack(vars(report)[_NAME])
        elif report.failed and name not in self.results:
            self.results[name] = self.portions.failed(name, "it ended before it was judged")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401 - pytest-xdist's, which may be left out
        """Take what a worker could not close."""
        self._problems += getattr(node, "workeroutput", {}).get(_NAME, [])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the report, and let the exit code be no better than the verdict."""
        problem = self.portions.close()
        self._problems += [problem] if problem else []
        if hasattr(self._config, "workerinput"):
            vars(self._config)["workeroutput"][_NAME] = self._problems
            return
        if not self.results:
            return
        # After Ctrl-C, or with -x, nobody knows what the others would have said.
        stopped = session.shouldfail or session.shouldstop or session.exitstatus == pytest.ExitCode.INTERRUPTED
        self._result = self.portions.merge(self.results.values(), self._problems, interrupted=bool(stopped))
        unwritten = self._write(self._result)
        if (unwritten or self.left(self._result).exit_code) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell the whole audit in short, the verdict last."""
        if self._result is None:
            return
        from .commands.delivery import settled  # noqa: PLC0415 - inert unless asked for
        from .reporting.plain import summary, verdict_line  # noqa: PLC0415 - as above

        terminalreporter.section(_NAME)
        for line in [*summary(self._result), *self._written]:
            terminalreporter.write_line(line)
        held = not self.left(self._result).exit_code
        last = f"{verdict_line(self._result)}{settled(self.report(self._result))}"
        terminalreporter.write_line(last, bold=True, green=held, red=not held)

    def report(self, result: "CampaignResult") -> dict[str, Any]:
        """Return the report of a result, compared with the baseline where there is one."""
        from .campaigns import resolve  # noqa: PLC0415 - inert unless asked for
        from .reporting.json_report import as_json  # noqa: PLC0415 - as above

        return self._delivery.judged(as_json(result, resolve.all_oracles().values()))

    def left(self, result: "CampaignResult") -> "Verdict":
        """Return what is left of the verdict when known findings are accepted."""
        from .reporting.baselines import verdict  # noqa: PLC0415 - inert unless asked for

        return result.verdict if self._delivery.known is None else verdict(self.report(result))

    def failure(self, result: "CampaignResult") -> str:
        """Return why a scenario did not hold; with a baseline what is new is told first."""
        from .model.findings import Verdict  # noqa: PLC0415 - inert unless asked for
        from .reporting.compact import text  # noqa: PLC0415 - as above
        from .reporting.plain import failure_text  # noqa: PLC0415 - as above

        if self._delivery.known is not None and result.verdict is Verdict.VIOLATED:
            return text(self.report(result))
        return failure_text(result)

    def _write(self, result: "CampaignResult") -> bool:
        """Write the reports; return whether one could not be."""
        problems, written = self._delivery.tried(self.report(result))
        self._written = [*(f"report written to {path}" for path in written), *problems]
        return bool(problems)


class _Collector(pytest.Collector):
    """The audit, as the parent of its items."""

    def __init__(self, *, gate: _Gate, **options: Any) -> None:  # noqa: ANN401 - as pytest passes them
        """Take the gate that the items are for."""
        super().__init__(**options)
        self._gate = gate

    def collect(self) -> list[pytest.Item]:
        """Return one item per scenario, and one for the machine; what is not there to be audited is told once."""
        if ":" in self._gate.target and not self.config.option.collectonly:
            from .campaigns import resolve  # noqa: PLC0415 - inert unless asked for

            _make_importable(self.config.rootpath)
            try:
                resolve.load(self._gate.target)
            except HarnessError as error:
                msg = f"memfence: {error}"
                raise self.CollectError(msg) from None
        return [_ScenarioItem.from_parent(self, name=name, gate=self._gate) for name in self._gate.names]


class _ScenarioItem(pytest.Item):
    """A scenario or the machine: passes, fails with its story or as inconclusive, or says why it was not exercised."""

    def __init__(self, *, gate: _Gate, **options: Any) -> None:  # noqa: ANN401 - as pytest passes them
        """Take the gate that the result is for."""
        super().__init__(**options)
        self.add_marker(_NAME)
        self._gate = gate
        self._result: CampaignResult | None = None
        self._error = ""

    def runtest(self) -> None:
        """Run the scenario and judge it."""
        self._result = result = self._run()
        if self._error:
            pytest.fail(f"memfence: {self._error}", pytrace=False)
        if result.interrupted:
            # pytest makes no report of what Ctrl-C ended.
            self._gate.results |= {self.name: result} if result.scenarios else {}
            raise KeyboardInterrupt
        obstacle = result.scenarios[0].not_exercised
        if obstacle is None:
            if self._gate.left(result).exit_code:
                pytest.fail(self._gate.failure(result), pytrace=False)
            return
        required = self._required(result)
        if required:
            pytest.fail(f"required and not judged: {', '.join(required)}: {obstacle}", pytrace=False)
        pytest.skip(f"not exercised: {obstacle}")

    def complete(self, report: pytest.TestReport) -> None:
        """Put the result on the report."""
        from .campaigns.portions import pack  # noqa: PLC0415 - inert unless asked for

        if self._result is not None:
            vars(report)[_NAME] = pack(self._result)
        if self._error:
            vars(report)["memfence_error"] = True
        if report.skipped and isinstance(report.longrepr, tuple):
            # Where it is raised says nothing; a line of -rs names the item.
            report.longrepr = (self.nodeid, report.longrepr[1], report.longrepr[2])

    def reportinfo(self) -> tuple[Path, None, str]:
        """Say where it stands: in no file."""
        return self.config.rootpath / _NAME, None, self.nodeid

    def _run(self) -> "CampaignResult":
        _make_importable(self.config.rootpath)
        try:
            return self._gate.portions.run(self.name)
        except HarnessError as error:
            # Told outside of this block: a chain of exceptions is no clear line.
            self._error = str(error)
            return self._gate.portions.failed(self.name, self._error)

    def _required(self, result: "CampaignResult") -> list[str]:
        """Return the required channels that the scenario needs and the target has no method for."""
        from .campaigns import resolve  # noqa: PLC0415 - inert unless asked for

        known = resolve.all_scenarios().get(self.name)
        needs = {name for choice in (known.needs if known else ()) for name in choice}
        return [one for one in self._gate.settings.require if one in needs and one in result.methods_missing]


def _make_importable(root: Path) -> None:
    """As the current directory, for pytest may be called below the root: after everything that is installed."""
    if str(root) not in sys.path:
        sys.path.append(str(root))


def _asked(config: pytest.Config, options: argparse.Namespace) -> bool:
    return options.memfence is not None or bool(config.getini(_NAME))


def _said(config: pytest.Config) -> list[dict[str, object]]:
    """Return what the command line, the ini file and the table say, in this order; raises HarnessError."""
    from .campaigns.configuration import from_text, read_table  # noqa: PLC0415 - inert unless asked for

    line: dict[str, object] = {}
    file: dict[str, object] = {}
    folder = config.inipath.parent if config.inipath else config.rootpath
    for option, key in {_NAME: "target", **{f"memfence_{name}": name for name in _OPTIONS}}.items():
        if config.getoption(option):
            line |= from_text(key, config.getoption(option), f"--{option.replace('_', '-')}")
        if config.getini(option):
            file |= from_text(key, config.getini(option), f"the ini option {option}", folder=folder)
    return [line, file, read_table(config.rootpath / "pyproject.toml")]


@contextmanager
def _as_usage_error() -> Iterator[None]:
    """Let pytest tell it in one line."""
    try:
        yield
    except HarnessError as error:
        msg = f"memfence: {error}"
        raise pytest.UsageError(msg) from None


@contextmanager
def _as_failure() -> Iterator[None]:
    """Let a test fail with it, in one line."""
    try:
        yield
    except HarnessError as error:
        msg = f"memfence: {error}"
        raise pytest.fail.Exception(msg, pytrace=False) from None
