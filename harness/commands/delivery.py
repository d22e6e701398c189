"""What audit and explore do with a finished report: compare it with a baseline, write it, pick the exit code."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import baselines
from ..baselines import Known
from ..configuration import Configuration
from ..findings import Verdict
from ..reporting.files import check_reports
from ..reporting.formats import suffixes, summarise, write


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where reports go, and what is known; whatever is wrong with either is said before the work, not after it."""

    reports: tuple[Path, ...]
    known: tuple[Known, ...] | None

    @classmethod
    def of(cls, said: Configuration) -> "Delivery":
        """Return what was asked for; raises HarnessError where it cannot be had."""
        reports = tuple(check_reports(said.report, suffixes()))
        return cls(reports, None if said.baseline is None else baselines.load(said.baseline))

    def judged(self, report: dict[str, Any]) -> dict[str, Any]:
        """Return the report, compared with the baseline where there is one."""
        return report if self.known is None else baselines.compared(report, self.known)

    def send(self, report: Mapping[str, Any]) -> Verdict:
        """Write the report wherever it is wanted; return the verdict that the exit code is picked by.

        Raises HarnessError where one cannot be written; the others are, for they may be all that is left.
        """
        write(report, self.reports)
        summarise(report)
        return baselines.verdict(report)
