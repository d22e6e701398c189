"""Applications into which users sign in: a right one is held, and each of the usual mistakes is found by its oracle."""

import pytest
from signed_in_targets import BROKEN, Application

from memfence.campaigns import resolve
from memfence.campaigns.audits import Audit
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.performing.contract import adapt

SCENARIOS = tuple(name for name, one in resolve.all_scenarios().items() if one.fits("", sessions=True) != one.fits(""))


def audited(kind: type[Application], *, histories: int = 0) -> Audit:
    settings = AuditSettings(seed=7, users=4, examples=histories, scenarios=SCENARIOS if not histories else ())
    return Audit(adapt(kind, kind.__name__), settings, resolve.all_oracles(), repeat="")


@pytest.mark.parametrize("kind", BROKEN, ids=lambda kind: kind.__name__)
def test_a_mistake_is_found_by_the_oracle_that_names_it(kind: type[Application]) -> None:
    result = audited(kind).run()

    found = {group.example.oracle for one in result.scenarios for group in one.findings}
    assert result.verdict is Verdict.VIOLATED
    assert BROKEN[kind] in found


def test_a_right_application_is_held_by_every_scenario_of_credentials() -> None:
    result = audited(Application).run()

    told = {one.name: one.reasons for one in result.scenarios if one.verdict not in (Verdict.HELD, None)}
    assert told == {}
    unasked = {one.name: one.not_exercised for one in result.scenarios if one.verdict is None}
    # Its tokens do not count, so there was nothing to guess; what asked nothing holds nothing.
    assert unasked == {"guessed_credentials": "there is no such credential here: guessed"}
