"""What was not asked is told last, the gravest first, with what to do."""

import pytest
from audited import held, violated

from memfence import Channel
from memfence.model.gaps import Gap
from memfence.model.results import CampaignResult
from memfence.model.scenario_results import ScenarioResult
from memfence.model.tallies import Tally
from memfence.reporting import html_report, md_report
from memfence.reporting.compact import lines as compact
from memfence.reporting.plain import summary
from memfence.reporting.unasked import DOUBT, doubt, lines, unasked


class Answered(Tally):
    """A channel on which one probe was answered."""

    def __init__(self) -> None:
        super().__init__(probes=1, returned=1)


LOAD = Gap("give the target `load`")
WRITES = Gap("give the target `delete`", destructive=True)
PERMIT = Gap("give --allow-destructive", unpermitted=True, destructive=True)


def left(name: str, gap: Gap | None) -> ScenarioResult:
    return ScenarioResult(name, "", not_exercised="it lacks something", gap=gap)


def campaign(*scenarios: ScenarioResult) -> CampaignResult:
    return CampaignResult("fake", 7, {"wrapper": "scoped", "breakage": None}, {}, "", scenarios=list(scenarios))


def told(*scenarios: ScenarioResult, most: int | None = 6) -> list[str]:
    return list(lines(unasked(campaign(*scenarios)), most))


def test_one_attack_that_was_left_out_is_named_with_what_to_do() -> None:
    assert told(left("crowded_store", LOAD)) == [
        "tried: 0 of 1 attacks",
        "crowded store was not judged: give the target `load`",
    ]


def test_a_permission_comes_first_then_what_would_write_then_what_holds_up_most() -> None:
    scenarios = [left("c", LOAD), left("d", LOAD), left("w", WRITES), left("p", PERMIT)]

    _, *gaps = told(*scenarios)

    assert [line.partition(":")[0] for line in gaps] == [
        "p was not judged",
        "w was not judged",
        "c and d were not judged",
    ]


def test_attacks_that_lack_the_same_share_a_line_and_of_many_the_rest_is_counted() -> None:
    (line,) = told(*(left(name, WRITES) for name in "abcde"))[1:]

    assert line == "a, b, c and 2 more were not judged: give the target `delete`"


@pytest.mark.parametrize(("most", "shown", "last"), [(2, 4, "and 2 more were not judged: --verbose"), (None, 5, "d w")])
def test_a_terminal_shows_a_few_ways_out_and_counts_the_rest(most: int | None, shown: int, last: str) -> None:
    scenarios = [left(f"{name}_w", Gap(f"give the target `{name}`")) for name in "abcd"]

    shows = told(*scenarios, most=most)

    assert len(shows) == shown
    assert shows[-1].startswith(last)


def test_what_nobody_can_name_a_way_out_for_is_told_with_its_reason() -> None:
    assert told(left("wildcard_ids", Gap()))[1] == "wildcard ids was not judged: it lacks something"


def test_generated_histories_alone_are_no_attack_by_name() -> None:
    assert told(ScenarioResult("histories", "")) == []


@pytest.mark.parametrize(
    ("possible", "gap", "thorough"),
    [
        ((Channel.SEARCH, Channel.GET_ALL, Channel.GET), None, "most"),
        ((Channel.SEARCH, Channel.GET_ALL, Channel.GET, Channel.HISTORY), None, "too little"),
        ((Channel.SEARCH, Channel.GET_ALL, Channel.GET), PERMIT, "too little"),
    ],
)
def test_most_was_asked_where_two_thirds_of_the_channels_were_judged_and_no_permission_was_wanting(
    possible: tuple[Channel, ...], gap: Gap | None, thorough: str
) -> None:
    result = campaign(ScenarioResult("a", "", may_refuse=True), ScenarioResult("b", "", gap=gap))
    for channel in (Channel.SEARCH, Channel.GET_ALL):
        result.scenarios[0].tallies[channel] = Answered()
    result.possible = possible

    assert result.thorough is (thorough == "most")


def test_most_was_not_asked_where_fewer_than_half_of_the_attacks_were_tried() -> None:
    result = campaign(ScenarioResult("a", "", may_refuse=True), left("b", LOAD), left("c", LOAD))
    result.scenarios[0].tallies[Channel.SEARCH] = Answered()
    result.possible = (Channel.SEARCH,)

    assert not result.thorough


def test_every_report_says_what_it_did_not_ask() -> None:
    gap = "interleaved async was not judged: make the methods coroutines, or give the target `make_async_memory`"

    # The one screen of a violation names what was left out for want of a permission alone.
    gaps = [{"attacks": ["wildcard_delete_all"], "way_out": "say disposable", "unpermitted": True, "destructive": True}]
    short = compact(violated() | {"unasked": {**violated()["unasked"], "gaps": gaps}}, 200)
    assert "wildcard delete all was not judged: say disposable" in short
    assert f"- {gap}\n" in md_report.render(violated())
    assert "What lets them be tried" in html_report.render(held())
    assert "tried: 0 of 1 attacks" in summary(campaign(left("crowded_store", LOAD)))


def test_who_reads_that_too_little_was_tried_is_told_who_says_what_is_missing() -> None:
    result = campaign(ScenarioResult("a", "", may_refuse=True), left("b", LOAD), left("c", LOAD))
    result.scenarios[0].tallies[Channel.SEARCH] = Answered()

    assert doubt(result) == [f"{DOUBT}; see memfence doctor fake"]
    assert summary(result)[-1] == f"{DOUBT}; see memfence doctor fake"


def test_what_held_without_most_being_asked_is_no_green_light_in_a_file_either() -> None:
    report = held()
    doubt = "**held only where it was tried: too much was left out for a green light**"

    assert doubt in md_report.render({**report, "unasked": {**report["unasked"], "thorough": False}})
    assert doubt not in md_report.render({**report, "unasked": {**report["unasked"], "thorough": True}})
