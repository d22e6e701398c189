"""Whoever reads one line reads why it is no verdict."""

from memfence import Channel
from memfence.model.gaps import Gap
from memfence.model.observations import Crashed
from memfence.model.results import CampaignResult
from memfence.model.scenario_results import ScenarioResult
from memfence.model.tallies import Tally
from memfence.reporting import baselines
from memfence.reporting.json_report import as_json
from memfence.reporting.quiet import quiet_line

CRASH = Crashed("OSError", "the disk is full", "store.py:3 in search")


def probed(name: str, channel: Channel, *, crashed: bool = False) -> ScenarioResult:
    scenario = ScenarioResult(name, "", may_refuse=True)
    scenario.tallies[channel] = Tally(probes=1, returned=1 - crashed, crashed=int(crashed))
    scenario.first_crash = CRASH if crashed else None
    return scenario


def campaign(*scenarios: ScenarioResult, required: tuple[Channel, ...] = ()) -> CampaignResult:
    settings = {"wrapper": "scoped", "breakage": None, "users": 3, "facts": 1}
    return CampaignResult("fake", 7, settings, {}, "", scenarios=list(scenarios), required=required)


def quiet(result: CampaignResult) -> str:
    return quiet_line(result, as_json(result)).plain


def test_what_held_has_no_reason() -> None:
    said = quiet(campaign(probed("a", Channel.SEARCH)))

    assert said == (
        "HELD on 1 of the 11 channels your memory has; add, get_all, get, update, delete, delete_all, history, errors, "
        "prompts, storage were not attacked (seed 7)"
    )


def test_what_is_inconclusive_says_how_much_held_and_the_first_reason() -> None:
    result = campaign(probed("a", Channel.SEARCH), probed("b", Channel.GET, crashed=True))

    assert quiet(result) == (
        "INCONCLUSIVE: 1 of 11 channels held, 1 open (seed 7). First: b: 1 call crashed, the first at "
        "store.py:3 in search: OSError: the disk is full; no probe was answered. Mend the error; where it means no, "
        "say so: `make_memory.refusals = (ThatError,)`."
    )


def test_a_required_channel_that_was_not_judged_is_a_reason() -> None:
    result = campaign(probed("a", Channel.SEARCH), required=(Channel.GET,))

    assert quiet(result).endswith(
        "First: required and not judged: get. Offer the method, or leave the channel out of `--require`."
    )


def test_where_nothing_was_tried_the_first_way_out_is_the_reason() -> None:
    result = campaign(ScenarioResult("list_all", "", not_exercised="x", gap=Gap("give the target `get_all`")))

    assert quiet(result).endswith("0 open (seed 7). First: list all was not judged: give the target `get_all`")
    assert quiet(campaign()).endswith("First: no attack was tried")


def test_what_was_interrupted_says_so_whatever_was_found() -> None:
    result = campaign(probed("a", Channel.SEARCH))
    result.interrupted = True

    assert quiet(result) == (
        "INCONCLUSIVE: 1 of 11 channels held, 0 open (seed 7), interrupted. "
        "First: interrupted: this is what was found so far. Run it again, to its end."
    )


def test_a_reason_stays_on_the_one_line() -> None:
    scenario = probed("a", Channel.GET, crashed=True)
    scenario.first_crash = Crashed("OSError", "two\nlines", "x.py:1 in f")

    assert "\n" not in quiet(campaign(scenario))


def test_what_a_baseline_leaves_open_has_its_reason() -> None:
    result = campaign(probed("b", Channel.GET, crashed=True))

    assert ". First: b: 1 call crashed" in quiet_line(result, baselines.compared(as_json(result), ())).plain
