"""What held in small amounts is told on half a screen, and nothing that was not asked is left out of it."""

from typer.testing import CliRunner

from memfence.commands.cli import app
from memfence.model.gaps import Gap
from memfence.model.results import CampaignResult
from memfence.model.scenario_results import ScenarioResult
from memfence.reporting.green import lines
from memfence.reporting.json_report import as_json

# With the last line.
ENOUGH = 25


def left(count: int) -> list[ScenarioResult]:
    """Return scenarios that each wait for something else."""
    return [
        ScenarioResult(f"left_{number}", "", not_exercised="it lacks something", gap=Gap(f"give it {number}"))
        for number in range(count)
    ]


def told(scenarios: list[ScenarioResult]) -> list[str]:
    result = CampaignResult("fake", 7, {"wrapper": "scoped", "breakage": None}, {}, "", scenarios=scenarios)
    return list(lines(result, as_json(result)))


def test_each_thing_that_attacks_wait_for_has_a_line_where_there_is_room() -> None:
    text = told(left(12))

    assert len(text) < ENOUGH
    for number in range(12):
        assert f"left {number} was not judged: give it {number}" in text
    assert not any("more" in line for line in text)


def test_of_more_than_there_is_room_for_the_rest_is_counted() -> None:
    text = told(left(40))

    assert len(text) < ENOUGH
    (rest,) = [line for line in text if line.endswith("more were not judged: --verbose")]
    shown = sum("was not judged: give it" in line for line in text)
    assert rest == f"and {40 - shown} more were not judged: --verbose"


def test_a_green_audit_in_small_amounts_fits_on_half_a_screen_and_verbose_has_it_all() -> None:
    small = CliRunner().invoke(app, ["audit", "reference", "--fast", "--seed", "3", "--scenario", "get_by_foreign_id"])
    whole = CliRunner().invoke(
        app, ["audit", "reference", "--fast", "--seed", "3", "--scenario", "get_by_foreign_id", "--verbose"]
    )

    assert (small.exit_code, whole.exit_code) == (0, 0)
    first, second, third, *_, last = small.stdout.splitlines()
    assert first == whole.stdout.splitlines()[0]
    assert second == "scenarios: 1 held (--verbose has them all)"
    assert third == "held because each probe was refused: get"
    assert last == whole.stdout.splitlines()[-1]
    assert any(line.startswith("get_by_foreign_id ") for line in whole.stdout.splitlines())
    assert not any(line.startswith("get_by_foreign_id ") for line in small.stdout.splitlines())
