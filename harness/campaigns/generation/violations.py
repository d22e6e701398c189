"""Violations as exceptions: one class for each oracle, so that Hypothesis tells two bugs as two."""

from functools import cache

from ...model.counterexamples import Counterexample


class Violation(AssertionError):  # noqa: N818 - the target failed, not the harness
    """Somebody saw, changed or lost what is another's; carries the history so far and the finding."""

    def __init__(self, found: Counterexample) -> None:
        """Say it in one line."""
        finding = found.finding
        super().__init__(
            f"{finding.oracle}: {finding.observer.handle} by {finding.channel}, of {finding.owner.handle}: "
            f"{'; '.join(finding.evidence)}"
        )
        self.found = found


def violation(found: Counterexample) -> Violation:
    """Return it as an exception of its oracle's own class, such as `CanaryLeakViolation`."""
    return _class(found.finding.oracle)(found)


@cache
def _class(oracle: str) -> type[Violation]:
    return type(f"{oracle.title().replace('_', '')}Violation", (Violation,), {"__doc__": f"What {oracle} speaks of."})
