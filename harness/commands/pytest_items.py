"""The audit as test items: one for each scenario, and one for generated histories."""

import sys
from pathlib import Path
from typing import Any

import pytest

from ..base.errors import HarnessError
from ..campaigns import resolve
from ..campaigns.portions import pack
from ..model.reasons import Reason
from ..model.results import CampaignResult
from ..targets.web.addresses import is_address
from .pytest_audit import SharedAudit
from .pytest_options import NAME


class Collector(pytest.Collector):
    """The audit, as the parent of its items."""

    def __init__(self, *, audit: SharedAudit, **options: Any) -> None:  # noqa: ANN401 - as pytest passes them
        """Take the audit that the items are for."""
        super().__init__(**options)
        self._audit = audit

    def collect(self) -> list[pytest.Item]:
        """Return one item per scenario, and one for histories; what is not there to be audited is told once."""
        audit = self._audit
        if ":" in audit.target and not is_address(audit.target) and not self.config.option.collectonly:
            _make_importable(self.config.rootpath)
            try:
                resolve.load(audit.target.removesuffix("()"))
            except HarnessError as error:
                msg = f"memfence: {error}"
                raise self.CollectError(msg) from None
        return [ScenarioItem.from_parent(self, name=name, audit=audit) for name in audit.names]


class ScenarioItem(pytest.Item):
    """A scenario or the histories: it passes, fails with its story or as inconclusive, or says why not."""

    def __init__(self, *, audit: SharedAudit, **options: Any) -> None:  # noqa: ANN401 - as pytest passes them
        """Take the audit that the result is for."""
        super().__init__(**options)
        self.add_marker(NAME)
        self._audit = audit
        self._result: CampaignResult | None = None
        self._error = ""

    def runtest(self) -> None:
        """Run the scenario and judge it."""
        self._result = result = self._run()
        if self._error:
            pytest.fail(f"memfence: {self._error}", pytrace=False)
        if result.interrupted:
            # pytest makes no report of what Ctrl-C ended.
            self._audit.results |= {self.name: result} if result.scenarios else {}
            raise KeyboardInterrupt
        obstacle = result.scenarios[0].not_exercised
        if obstacle is None:
            if self._audit.left(result).exit_code:
                pytest.fail(self._audit.failure(result), pytrace=False)
            return
        required = self._required(result)
        if required:
            pytest.fail(f"{Reason.NOT_JUDGED.told(channels=', '.join(required))}: {obstacle}", pytrace=False)
        pytest.skip(f"not exercised: {obstacle}")

    def complete(self, report: pytest.TestReport) -> None:
        """Put the result on the report."""
        if self._result is not None:
            vars(report)[NAME] = pack(self._result)
        if self._error:
            vars(report)["memfence_error"] = True
        if report.skipped and isinstance(report.longrepr, tuple):
            # Where it is raised says nothing; a line of -rs names the item.
            report.longrepr = (self.nodeid, report.longrepr[1], report.longrepr[2])

    def reportinfo(self) -> tuple[Path, None, str]:
        """Say where it stands: in no file."""
        return self.config.rootpath / NAME, None, self.nodeid

    def _run(self) -> CampaignResult:
        _make_importable(self.config.rootpath)
        try:
            return self._audit.portions.run(self.name)
        except HarnessError as error:
            # Told outside of this block: a chain of exceptions is no clear line.
            self._error = str(error)
            return self._audit.portions.failed(self.name, Reason.FAILED.told(error=error))

    def _required(self, result: CampaignResult) -> list[str]:
        """Return the required channels that the scenario needs and the target has no method for."""
        known = resolve.all_scenarios().get(self.name)
        needs = {name for choice in (known.needs if known else ()) for name in choice}
        return [one for one in self._audit.settings.require if one in needs and one in result.methods_missing]


def _make_importable(root: Path) -> None:
    """As the current directory, for pytest may be called below the root: after everything that is installed."""
    if str(root) not in sys.path:
        sys.path.append(str(root))
