"""An audit that is shared out among test items, wherever they are run: what is asked, and what comes of it."""

from collections.abc import Sequence
from typing import Any

import pytest

from ..base.errors import HarnessError
from ..campaigns import resolve
from ..campaigns.audits import chosen
from ..campaigns.configuration import layered
from ..campaigns.portions import Portions
from ..campaigns.settings import HISTORIES
from ..model.findings import Verdict
from ..model.results import CampaignResult
from ..reporting import baselines, compact
from ..reporting.json_report import as_json
from ..reporting.plain import failure_text
from .delivery import Delivery
from .pytest_options import SEED
from .pytest_told import said


class SharedAudit:
    """Knows the items' names, runs one of them, and judges what is left of a result when known findings are accepted.

    `results` are those that are in, by the item's name.
    """

    def __init__(self, config: pytest.Config) -> None:
        """Read what is configured; raises HarnessError where that makes no audit."""
        told = layered(*said(config))
        target = told.target or told.options.get("asgi")
        if not target:
            msg = (
                "--memfence names no target, and neither does [tool.memfence]: give mem0, reference or module:callable"
            )
            raise HarnessError(msg)
        self.settings = told.settings(SEED)
        self.target = str(target)
        self.portions = Portions(self.target, self.settings)
        resolve.check_target(self.target, breakage=self.settings.breakage, wrapper=self.settings.wrapper)
        self.names = sorted(one.name for one in chosen(self.settings))
        self.names += [HISTORIES] if self.settings.histories else []
        self.results: dict[str, CampaignResult] = {}
        self._delivery = Delivery.of(told)

    def report(self, result: CampaignResult) -> dict[str, Any]:
        """Return the report of a result, compared with the baseline where there is one."""
        return self._delivery.judged(as_json(result, resolve.all_oracles().values()))

    def left(self, result: CampaignResult) -> Verdict:
        """Return what is left of the verdict when known findings are accepted."""
        return result.verdict if self._delivery.known is None else baselines.verdict(self.report(result))

    def failure(self, result: CampaignResult) -> str:
        """Return why a scenario did not hold; with a baseline what is new is told first."""
        if self._delivery.known is not None and result.verdict is Verdict.VIOLATED:
            return compact.text(self.report(result))
        return failure_text(result)

    def merged(self, problems: Sequence[str], *, interrupted: bool) -> CampaignResult:
        """Return the one result of all items, with what went wrong beside them."""
        return self.portions.merge(self.results.values(), problems, interrupted=interrupted)

    def write(self, result: CampaignResult) -> tuple[list[str], list[str]]:
        """Write the reports; return what went wrong, and what was written, as sentences."""
        problems, written = self._delivery.tried(self.report(result))
        return problems, [f"report written to {path}" for path in written]
