"""What audit and explore do with a finished report: compare it with a baseline, write it, pick the exit code."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..base.errors import HarnessError
from ..campaigns.configuration import Configuration
from ..model.findings import Verdict
from ..reporting import baselines
from ..reporting.baselines import Known
from ..reporting.console import announce, open_console, print_line
from ..reporting.files import check_reports
from ..reporting.formats import suffixes, summarise, write


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where reports go, and what is known; whatever is wrong with either is said before the work, not after it."""

    reports: tuple[Path, ...]
    known: tuple[Known, ...] | None
    quiet: bool = False

    @classmethod
    def of(cls, said: Configuration) -> "Delivery":
        """Return what was asked for; raises HarnessError where it cannot be had."""
        reports = tuple(check_reports(said.report, suffixes()))
        if said.baseline is not None and said.baseline.absolute() in [path.absolute() for path in reports]:
            msg = f"{said.baseline} is the baseline: write the report to another file"
            raise HarnessError(msg)
        return cls(reports, None if said.baseline is None else baselines.load(said.baseline), said.quiet)

    @property
    def fingerprints(self) -> frozenset[str]:
        """What a baseline accepts; nothing where there is none."""
        return frozenset(one.fingerprint for one in self.known or ())

    def judged(self, report: dict[str, Any]) -> dict[str, Any]:
        """Return the report, compared with the baseline where there is one."""
        return report if self.known is None else baselines.compared(report, self.known)

    def send(self, report: Mapping[str, Any]) -> Verdict:
        """Write the report wherever it is wanted; return the verdict that the exit code is picked by.

        Raises HarnessError where one cannot be written and nothing is violated; first the others are, for they may be
        all that is left.
        """
        verdict = baselines.verdict(report)
        problems, written = self.tried(report)
        for path in () if self.quiet else written:
            announce(path)
        if problems and verdict is not Verdict.VIOLATED:
            raise HarnessError("; ".join(problems))
        for problem in problems:
            # What is violated stays so, written down or not.
            print_line(open_console(stderr=True), f"memfence: {problem}")
        return verdict

    def tried(self, report: Mapping[str, Any]) -> tuple[list[str], list[Path]]:
        """Write the report wherever it is wanted; return what went wrong, as sentences, and what was written."""
        problems: list[str] = []
        written: list[Path] = []
        for path in self.reports:
            try:
                write(report, [path])
                written.append(path)
            except HarnessError as error:
                problems.append(str(error))
        try:
            summarise(report)
        except HarnessError as error:
            problems.append(str(error))
        return problems, written


def settled(report: Mapping[str, Any]) -> str:
    """Return what stands behind the verdict where a baseline accepts every violation; what was left open stays so."""
    left = baselines.verdict(report)
    if left == report["verdict"]:
        return ""
    beside = "" if left is Verdict.HELD else f", and {left} beside that"
    if report["verdict"] == Verdict.INCONCLUSIVE:
        return ": open, accepted by baseline"
    return f": known, accepted by baseline{beside}"
