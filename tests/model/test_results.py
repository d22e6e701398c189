import pickle
import re
from dataclasses import replace

import pytest

from memfence import (
    Add,
    Channel,
    Chat,
    Get,
    GetAll,
    History,
    Operation,
    Population,
    ReadStorage,
    RecordRef,
    Search,
    Step,
    Tenant,
)
from memfence.model.audited import Audited
from memfence.model.control_results import ControlResult
from memfence.model.findings import Finding, FindingClass, FindingGroup, Severity, Verdict
from memfence.model.observations import Crashed, Observation, Refused, Returned
from memfence.model.own_errors import agree
from memfence.model.reasons import Reason
from memfence.model.results import CampaignResult, held
from memfence.model.scenario_results import ScenarioResult
from memfence.model.statistics import Bound
from memfence.model.tallies import Tally
from memfence.performing.outcomes import NOT_TRIED

ALICE, BOB, CAROL = Population(seed=1, size=3)
OWN = Search(ALICE, "x", ALICE.facts[0])
PROBE = Search(ALICE, "x", BOB.facts[0])
LISTING = GetAll(ALICE, BOB.facts[0])
CAUGHT = ControlResult("reroute", "canary_leak", negative_silent=True)
CRASH = Crashed("RuntimeError", "broken", "store.py:3 in search")


def step(operation: Operation = PROBE, observation: Observation | None = None, index: int = 1) -> Step:
    return Step(index, operation, Returned() if observation is None else observation)


def finding(klass: FindingClass = FindingClass.LEAK, *, oracle: str = "canary_leak", at: Step | None = None) -> Finding:
    return Finding(oracle, klass, Severity.HIGH, ALICE, BOB, at or step(), ("because",), (PROBE,))


def exercised(*steps: Step, control: ControlResult | None = CAUGHT) -> ScenarioResult:
    result = ScenarioResult("cross_search", "Everybody searches.", control=control)
    for one in steps:
        result.count(one)
    return result


def campaign(*scenarios: ScenarioResult, required: tuple[Channel, ...] = ()) -> CampaignResult:
    return CampaignResult(
        target="fake", seed=1, settings={}, versions={}, repeat="", scenarios=list(scenarios), required=required
    )


def test_a_tally_tells_what_became_of_each_probe() -> None:
    tally = Tally()

    for observation in (Returned(), Returned(), Refused("No", "no"), CRASH):
        tally.count(step(observation=observation))

    assert (tally.probes, tally.returned, tally.refused, tally.crashed) == (4, 2, 1, 1)


def test_the_same_pair_counts_once_and_only_where_it_was_answered() -> None:
    tally = Tally()

    tally.count(step())
    tally.count(step())
    tally.count(step(Search(CAROL, "x", BOB.facts[0]), CRASH))

    assert tally.pairs == {(ALICE.index, BOB.index)}
    assert tally.tried == {(ALICE.index, BOB.index), (CAROL.index, BOB.index)}


def test_a_call_on_ones_own_records_is_no_probe() -> None:
    result = exercised(step(OWN), step(OWN, Refused("No", "no")), step(OWN, CRASH))

    assert result.tallies == {}
    assert (result.operations, result.own_refused, result.own_crashed) == (3, 1, 1)


def test_what_was_not_tried_is_no_attempt_and_nobody_refused_it() -> None:
    result = exercised(step(), step(observation=NOT_TRIED), step(OWN, NOT_TRIED))

    assert result.tallies[Channel.SEARCH].probes == 1
    assert (result.operations, result.own_refused, result.accidents.why.total()) == (1, 0, 2)
    assert result.verdict is Verdict.HELD


def test_where_nothing_was_tried_no_probe_was_answered() -> None:
    result = exercised(step(observation=NOT_TRIED))

    assert result.reasons == ["no probe was answered"]


def test_an_answered_probe_and_a_caught_control_are_held() -> None:
    result = exercised(step(OWN), step())

    assert (result.verdict, result.reasons) == (Verdict.HELD, [])


def test_nothing_answered_is_inconclusive() -> None:
    for result in (exercised(), exercised(step(OWN))):
        assert (result.verdict, result.reasons) == (Verdict.INCONCLUSIVE, ["no probe was answered"])


def test_refusals_alone_are_inconclusive() -> None:
    result = exercised(step(observation=Refused("No", "no")))

    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.reasons == ["no probe was answered: a refusal is no proof"]


def test_one_crash_among_many_answers_is_inconclusive_and_told_with_its_place() -> None:
    result = exercised(step(), step(observation=CRASH), step(OWN, CRASH))

    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.reasons == ["2 calls crashed, the first at store.py:3 in search: RuntimeError: broken"]


def test_the_first_of_several_crashes_is_told() -> None:
    later = Crashed("TimeoutError", "slow", "store.py:9 in search")

    result = exercised(step(observation=CRASH), step(observation=later))

    assert "2 calls crashed, the first at store.py:3" in result.reasons[0]


def test_a_refusal_of_a_probe_leaves_nothing_open_where_another_was_answered() -> None:
    assert exercised(step(), step(observation=Refused("No", "no"))).verdict is Verdict.HELD


def test_a_refusal_on_ones_own_records_is_inconclusive() -> None:
    result = exercised(step(), step(OWN, Refused("ScopeError", "not you")))

    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.reasons == ["1 call on own records got a refusal, the first at : ScopeError: not you"]


@pytest.mark.parametrize(
    ("control", "reason"),
    [
        (
            ControlResult("reroute", None, negative_silent=True),
            "The planted leak (reroute) was not noticed, so this scenario proves nothing.",
        ),
        (
            ControlResult("reroute", "lost", negative_silent=False),
            "a canary that was never planted was found, so its findings cannot be trusted",
        ),
    ],
)
def test_a_control_that_came_out_wrong_is_inconclusive(control: ControlResult, reason: str) -> None:
    result = exercised(step(), control=control)

    assert not control.trustworthy
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.reasons == [reason]


def test_controls_that_came_out_as_they_must_are_trustworthy() -> None:
    assert CAUGHT.trustworthy


def test_an_interruption_and_a_failure_are_inconclusive() -> None:
    interrupted, failed = exercised(step()), exercised(step())
    interrupted.interrupted = True
    failed.failure = Reason.FAILED.told(error="fake could not be started")

    assert (interrupted.verdict, interrupted.reasons) == (Verdict.INCONCLUSIVE, ["it was interrupted"])
    assert (failed.verdict, failed.reasons) == (
        Verdict.INCONCLUSIVE,
        ["it could not be carried out: fake could not be started"],
    )


def test_a_lost_fact_leaves_the_question_open() -> None:
    result = exercised(step())

    result.note(finding(FindingClass.AVAILABILITY, oracle="lost"))

    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.reasons == ["a tenant could not find its own fact"]


def test_a_filter_that_leaves_out_too_much_leaves_the_question_open_in_words_of_its_own() -> None:
    result = exercised(step())

    result.note(finding(FindingClass.AVAILABILITY, oracle="filter_ignored"))
    assert result.reasons == ["a filter of a tenant's own left out a record that it takes in"]
    assert result.verdict is Verdict.INCONCLUSIVE

    result.note(finding(FindingClass.AVAILABILITY, oracle="lost"))
    assert result.reasons == ["a tenant could not find its own fact"]


@pytest.mark.parametrize("klass", [FindingClass.LEAK, FindingClass.INTERFERENCE, FindingClass.INTEGRITY])
def test_a_violation_beats_every_reason_to_doubt(klass: FindingClass) -> None:
    result = exercised(step(observation=CRASH), control=ControlResult("reroute", None, negative_silent=True))
    result.interrupted = True

    result.note(finding(klass))

    assert result.verdict is Verdict.VIOLATED


def test_findings_of_a_detector_that_cries_wolf_are_no_violation() -> None:
    result = exercised(step(), control=ControlResult("reroute", "canary_leak", negative_silent=False))

    result.note(finding(FindingClass.LEAK))

    assert result.verdict is Verdict.INCONCLUSIVE


def test_a_scenario_that_was_not_exercised_has_no_verdict() -> None:
    assert ScenarioResult("list_all", "", not_exercised="the target has no get_all").verdict is None


def test_findings_of_a_kind_are_grouped_and_violations_come_first() -> None:
    result = exercised(step())
    late = finding(at=step(index=9))
    for one in (finding(FindingClass.AVAILABILITY, oracle="lost"), late, finding(at=step(LISTING, index=4)), late):
        result.note(one)

    told = [(group.example.oracle, group.example.channel, group.earliest, group.count) for group in result.findings]

    assert told == [
        ("canary_leak", Channel.GET_ALL, 4, 1),
        ("canary_leak", Channel.SEARCH, 9, 2),
        ("lost", Channel.SEARCH, 1, 1),
    ]


def test_the_example_of_a_group_is_the_first_that_answers_a_probe_for_that_owner() -> None:
    result = exercised()
    beside = step(Search(ALICE, "x", CAROL.facts[0]), index=2)
    own = step(OWN, index=3)
    for at in (own, beside, step(index=4), step(index=5)):
        result.note(finding(at=at))

    (group,) = result.findings

    assert (group.example.step.index, group.earliest, group.count) == (4, 3, 4)


def test_without_such_an_answer_the_example_is_the_first() -> None:
    result = exercised()
    for index in (3, 4):
        result.note(finding(at=step(OWN, index=index)))

    (group,) = result.findings

    assert (group.example.step.index, group.earliest) == (3, 3)


def test_totals_are_over_all_channels() -> None:
    result = exercised(step(), step(LISTING), step(LISTING, CRASH))

    assert (result.total("probes"), result.total("returned"), result.total("crashed")) == (3, 2, 1)


def test_the_verdict_of_a_campaign_is_the_worst_of_its_scenarios() -> None:
    good, doubtful, bad = exercised(step()), exercised(), exercised(step())
    bad.note(finding())

    assert campaign(good).verdict is Verdict.HELD
    assert campaign(good, doubtful).verdict is Verdict.INCONCLUSIVE
    assert campaign(good, doubtful, bad).verdict is Verdict.VIOLATED


def test_a_campaign_that_exercised_nothing_is_inconclusive() -> None:
    skipped = ScenarioResult("list_all", "", not_exercised="the target has no get_all")

    assert campaign().verdict is Verdict.INCONCLUSIVE
    assert campaign(skipped).verdict is Verdict.INCONCLUSIVE
    assert campaign(skipped, exercised(step())).verdict is Verdict.HELD


def test_an_interrupted_campaign_is_not_held() -> None:
    result = campaign(exercised(step()))
    result.interrupted = True

    assert result.verdict is Verdict.INCONCLUSIVE


def test_each_exercised_channel_has_its_own_verdict() -> None:
    leaking = exercised(step(), step(LISTING))
    leaking.note(finding())

    assert campaign(leaking).channels == {Channel.SEARCH: Verdict.VIOLATED, Channel.GET_ALL: Verdict.HELD}


def test_a_channel_whose_probes_were_all_refused_is_not_held() -> None:
    result = campaign(exercised(step(observation=Refused("No", "no")), step(LISTING)))

    assert result.channels == {Channel.SEARCH: Verdict.INCONCLUSIVE, Channel.GET_ALL: Verdict.HELD}


def test_no_channel_of_a_doubtful_scenario_is_held() -> None:
    assert campaign(exercised(step(), control=None), exercised(step(), step(observation=CRASH))).channels == {
        Channel.SEARCH: Verdict.INCONCLUSIVE
    }


def test_a_leak_in_an_error_is_on_the_channel_of_errors() -> None:
    result = exercised(step())
    result.note(finding(at=step(observation=Refused("ScopeError", BOB.facts[0].text))))

    assert campaign(result).channels == {Channel.SEARCH: Verdict.HELD, Channel.ERRORS: Verdict.VIOLATED}


def test_a_required_channel_that_was_not_exercised_is_inconclusive() -> None:
    result = campaign(exercised(step()), required=(Channel.SEARCH, Channel.HISTORY))

    assert result.missing == (Channel.HISTORY,)
    assert result.verdict is Verdict.INCONCLUSIVE


def test_the_first_finding_told_is_a_violation_where_there_is_one() -> None:
    weak, strong = exercised(step()), exercised(step())
    weak.note(finding(FindingClass.AVAILABILITY, oracle="lost"))
    only_weak = campaign(weak).first_finding
    strong.note(finding())

    both = campaign(weak, strong).first_finding

    assert only_weak is not None
    assert only_weak[1].example.oracle == "lost"
    assert both is not None
    assert (both[0], both[1].example.oracle) == (strong, "canary_leak")
    assert campaign(exercised(step())).first_finding is None


def test_held_channels_are_counted() -> None:
    assert held([Verdict.HELD, Verdict.VIOLATED, Verdict.HELD, Verdict.INCONCLUSIVE]) == 2


def test_an_add_is_never_a_probe() -> None:
    assert exercised(step(Add(ALICE, ALICE.facts[0]))).tallies == {}


# Tallies over scenarios, errors that were read, and what a finding is worth.

NO = Refused("ScopeError", "no")


def test_two_tallies_make_one_and_a_pair_in_both_counts_once() -> None:
    first, second = Tally(), Tally()
    for observation in (Returned(), NO, CRASH):
        first.count(step(observation=observation))
    second.count(step())
    second.count(step(Search(CAROL, "x", BOB.facts[0])))

    first.take(second)

    assert (first.probes, first.returned, first.refused, first.crashed) == (5, 3, 1, 1)
    assert first.pairs == {(ALICE.index, BOB.index), (CAROL.index, BOB.index)}
    assert second.probes == 2


def test_a_campaign_adds_up_what_became_of_the_probes_on_each_channel() -> None:
    result = campaign(exercised(step(), step(LISTING)), exercised(step(observation=NO)), exercised())

    assert {channel: (tally.probes, tally.refused) for channel, tally in result.tallies.items()} == {
        Channel.SEARCH: (2, 1),
        Channel.GET_ALL: (1, 0),
    }
    assert result.scenarios[0].tallies[Channel.SEARCH].probes == 1


def reading(*steps: Step) -> ScenarioResult:
    result = ScenarioResult("loud_errors", "Mistakes.", may_refuse=True, reads_errors=True, control=CAUGHT)
    for one in steps:
        result.count(one)
    return result


def test_an_error_whose_text_was_read_is_an_answered_probe_of_errors() -> None:
    result = reading(step(), step(observation=NO), step(observation=CRASH))

    errors = result.tallies[Channel.ERRORS]
    assert (errors.probes, errors.returned, errors.refused, errors.crashed) == (2, 2, 0, 0)
    assert errors.pairs == {(ALICE.index, BOB.index)}
    # Each was one probe, though it counts on two channels.
    assert (result.total("probes"), result.total("returned")) == (3, 1)


def test_where_errors_are_not_read_they_are_no_probe_of_errors() -> None:
    assert Channel.ERRORS not in exercised(step(observation=NO), step(observation=CRASH)).tallies


def test_ones_own_errors_are_no_probe_of_errors() -> None:
    assert reading(step(OWN, NO), step(OWN, CRASH)).tallies == {}


def test_errors_that_quoted_nobody_are_held() -> None:
    result = reading(step(observation=NO))

    assert result.verdict is Verdict.HELD
    assert campaign(result).channels == {Channel.SEARCH: Verdict.HELD, Channel.ERRORS: Verdict.HELD}


def test_a_provoked_crash_is_an_answer_on_the_channel_of_errors_and_on_no_other() -> None:
    result = reading(step(observation=NO), step(LISTING, CRASH))

    assert result.verdict is Verdict.HELD
    assert campaign(result).channels == {
        Channel.SEARCH: Verdict.HELD,
        Channel.GET_ALL: Verdict.INCONCLUSIVE,
        Channel.ERRORS: Verdict.HELD,
    }


def test_a_channel_where_some_were_refused_and_the_others_crashed_is_not_held() -> None:
    result = reading(step(LISTING), step(observation=NO), step(observation=CRASH))

    assert campaign(result).channels[Channel.SEARCH] is Verdict.INCONCLUSIVE


def test_what_another_scenario_answered_stands_beside_provoked_crashes() -> None:
    provoked = reading(step(observation=NO), step(LISTING, CRASH))

    assert campaign(provoked, exercised(step(LISTING))).channels[Channel.GET_ALL] is Verdict.HELD
    assert campaign(provoked, exercised(step(LISTING, CRASH))).channels[Channel.GET_ALL] is Verdict.INCONCLUSIVE


def test_where_everything_crashes_no_error_is_held() -> None:
    result = reading(step(observation=CRASH), step(LISTING, CRASH))

    assert result.reasons == ["no probe was answered"]
    assert set(campaign(result).channels.values()) == {Verdict.INCONCLUSIVE}


def test_the_crash_that_is_told_is_one_that_counts() -> None:
    own = Crashed("TimeoutError", "slow", "store.py:9 in search")

    result = reading(step(observation=CRASH), step(OWN, own), step())

    assert result.reasons == ["1 call crashed, the first at store.py:9 in search: TimeoutError: slow"]


def test_looks_for_what_was_erased_prompts_and_storage_are_probes_of_their_channels() -> None:
    gone = ALICE.after_erasure()
    result = exercised(
        step(History(gone, RecordRef(1, ALICE.index))),
        step(ReadStorage(gone, ALICE.facts[0])),
        step(Chat(ALICE, ALICE.facts[0], BOB.facts[0])),
    )

    assert {channel: tally.probes for channel, tally in result.tallies.items()} == {
        Channel.HISTORY: 1,
        Channel.STORAGE: 1,
        Channel.PROMPTS: 1,
    }
    assert result.tallies[Channel.STORAGE].pairs == {(ALICE.index, ALICE.index)}


@pytest.mark.parametrize("observation", [NO, CRASH], ids=["refused", "crashed"])
def test_what_is_malformed_on_purpose_may_be_refused_or_crash(observation: Observation) -> None:
    hostile = Add(ALICE.posing_as("\ud800"), ALICE.facts[0])

    assert exercised(step(), step(hostile, observation)).verdict is Verdict.HELD
    # And an unknown id of one's own may be refused, not crash.
    unknown = exercised(step(), step(Get(ALICE, RecordRef(0, ALICE.index)), observation))
    assert unknown.verdict is (Verdict.HELD if observation is NO else Verdict.INCONCLUSIVE)


def test_residue_that_nothing_serves_leaves_verdict_and_channel_unless_it_was_told_to_fail() -> None:
    look = step(ReadStorage(ALICE, BOB.facts[0]))
    told = replace(finding(FindingClass.RESIDUE, oracle="residue", at=look), severity=Severity.LOW)
    for fails, verdict in ((False, Verdict.HELD), (True, Verdict.VIOLATED)):
        result = exercised(look)
        result.note(replace(told, fails=fails))

        assert (result.verdict, campaign(result).channels) == (verdict, {Channel.STORAGE: verdict})
        assert len(result.findings) == 1


def test_a_residue_does_not_make_up_for_a_reason_to_doubt() -> None:
    look = step(ReadStorage(ALICE, BOB.facts[0]))
    result = exercised(look, step(observation=CRASH))
    result.note(finding(FindingClass.RESIDUE, oracle="residue", at=look))

    assert result.verdict is Verdict.INCONCLUSIVE
    assert campaign(result).channels[Channel.STORAGE] is Verdict.INCONCLUSIVE


def test_the_weakness_of_a_finding_is_its_own_or_its_scenarios() -> None:
    of_search, by_id = finding(), finding(at=step(Get(ALICE, RecordRef(1, BOB.index))))
    plain, racing = exercised(), replace(exercised(), cwe=488)

    assert [plain.weakness(FindingGroup(one, 1)) for one in (of_search, by_id)] == [668, 639]
    assert plain.weakness(FindingGroup(finding(oracle="residue"), 1)) == 212
    assert {racing.weakness(FindingGroup(one, 1)) for one in (of_search, by_id)} == {488}


def test_a_channel_that_was_only_refused_is_required_in_vain_unless_a_no_is_a_good_answer() -> None:
    refusing = exercised(step(observation=NO))
    welcome = replace(exercised(step(observation=NO)), may_refuse=True)

    assert campaign(refusing, required=(Channel.SEARCH,)).missing == (Channel.SEARCH,)
    assert campaign(welcome, required=(Channel.SEARCH,)).missing == ()


def test_a_mere_loss_shows_no_weakness_of_isolation() -> None:
    missed = FindingGroup(finding(FindingClass.AVAILABILITY, oracle="lost"), 1)

    assert exercised().weakness(missed) is None
    assert replace(exercised(), cwe=488).weakness(missed) is None
    assert exercised().weakness(FindingGroup(finding(FindingClass.INTERFERENCE, oracle="lost"), 1)) == 668


def test_of_several_violations_the_one_with_the_shortest_story_is_told_first() -> None:
    long, short, longest = exercised(step()), exercised(step(), step()), exercised(step())
    long.note(replace(finding(), witness=(PROBE, PROBE)))
    short.note(finding())
    longest.note(replace(finding(), witness=(PROBE, PROBE, PROBE)))

    told = campaign(long, short, longest).first_finding

    assert told is not None
    assert told[0] is short


# What so many answered pairs say of the rate of leaks.


def pair_of(observer: Tenant, owner: Tenant, observation: Observation | None = None, *, listing: bool = False) -> Step:
    """Return a probe of one for a fact of the other."""
    fact = owner.facts[0]
    return step(GetAll(observer, fact) if listing else Search(observer, "x", fact), observation)


def seen_by(observer: Tenant, owner: Tenant, *, listing: bool = False) -> Finding:
    return replace(finding(at=pair_of(observer, owner, listing=listing)), observer=observer, owner=owner)


def test_each_answered_pair_is_a_trial_however_often_it_was_probed_and_in_whichever_scenario() -> None:
    first = exercised(pair_of(ALICE, BOB), pair_of(ALICE, BOB), pair_of(BOB, ALICE))
    second = exercised(pair_of(ALICE, BOB), pair_of(CAROL, BOB))

    assert campaign(first, second).bounds == {Channel.SEARCH: Bound(3)}


@pytest.mark.parametrize("observation", [Refused("No", "no"), CRASH], ids=["refused", "crashed"])
def test_a_probe_that_was_not_answered_is_no_trial(observation: Observation) -> None:
    beside = replace(exercised(pair_of(ALICE, BOB), pair_of(CAROL, BOB, observation)), reads_errors=True)
    nothing = replace(exercised(pair_of(CAROL, BOB, observation)), reads_errors=True)

    assert (campaign(beside).bounds, campaign(beside).bound) == ({Channel.SEARCH: Bound(1)}, Bound(1))
    assert campaign(nothing).bound == Bound(0)


def test_a_scenario_that_is_inconclusive_gives_no_trials() -> None:
    missed = replace(exercised(pair_of(ALICE, BOB)), control=replace(CAUGHT, caught_by=None))
    crashed = exercised(pair_of(ALICE, BOB), pair_of(CAROL, BOB, CRASH))

    assert campaign(missed, crashed).bound == Bound(0)
    assert campaign(missed, exercised(pair_of(CAROL, BOB))).bound == Bound(1)


def test_ones_own_erased_records_are_no_trials_of_what_reaches_another() -> None:
    own = exercised(pair_of(ALICE, BOB), step(GetAll(ALICE.after_erasure(), ALICE.facts[0])))

    assert campaign(own).bound == Bound(1)


def test_calls_on_ones_own_records_are_no_trials() -> None:
    result = campaign(exercised(step(OWN)))

    assert (result.bounds, result.bound) == ({}, Bound(0))
    assert campaign().bound == Bound(0)


def test_a_pair_that_was_violated_fails_once_and_on_its_channel_alone() -> None:
    result = exercised(pair_of(ALICE, BOB), pair_of(CAROL, BOB), pair_of(ALICE, BOB, listing=True))
    result.note(seen_by(ALICE, BOB))
    result.note(replace(seen_by(ALICE, BOB), oracle="foreign_record"))

    assert result.broken == {Channel.SEARCH: {(ALICE.index, BOB.index)}}
    assert campaign(result).bounds == {Channel.SEARCH: Bound(2, 1), Channel.GET_ALL: Bound(1)}


def test_over_all_channels_a_pair_is_one_trial_and_fails_where_any_channel_did() -> None:
    first = exercised(pair_of(ALICE, BOB), pair_of(ALICE, BOB, listing=True), pair_of(CAROL, BOB))
    second = exercised(pair_of(BOB, CAROL, listing=True))
    first.note(seen_by(ALICE, BOB, listing=True))

    assert campaign(first, second).bound == Bound(3, 1)


def test_what_was_seen_where_nobody_had_probed_is_a_trial_too() -> None:
    beside = exercised(pair_of(ALICE, BOB))
    beside.note(seen_by(ALICE, CAROL))
    beside.note(finding(at=step(observation=Refused("ScopeError", BOB.facts[0].text))))

    result = campaign(beside)

    assert result.bounds == {Channel.SEARCH: Bound(2, 1), Channel.ERRORS: Bound(1, 1)}
    assert result.bound == Bound(2, 2)


def test_a_violation_in_reply_to_a_probe_that_was_not_answered_is_a_trial() -> None:
    result = exercised(pair_of(ALICE, BOB, CRASH))
    result.note(seen_by(ALICE, BOB))

    assert campaign(result).bounds == {Channel.SEARCH: Bound(1, 1)}


@pytest.mark.parametrize("klass", [FindingClass.AVAILABILITY, FindingClass.RESIDUE])
def test_what_is_no_violation_breaks_no_pair_unless_it_was_told_to_fail(klass: FindingClass) -> None:
    lenient, strict = exercised(step()), exercised(step())
    lenient.note(finding(klass))
    strict.note(replace(finding(klass), fails=True))

    assert lenient.broken == {}
    assert campaign(lenient).bound.failures == 0
    assert campaign(strict).bound == Bound(1, 1)


def test_the_bounds_stand_in_the_order_of_the_channels_and_change_nothing() -> None:
    result = campaign(exercised(pair_of(ALICE, BOB, listing=True), pair_of(ALICE, BOB)))
    result.scenarios[0].note(seen_by(CAROL, BOB))

    once, again = result.bounds, result.bounds

    assert list(once) == [channel for channel in Channel if channel in once]
    assert once == again == {Channel.SEARCH: Bound(2, 1), Channel.GET_ALL: Bound(1)}
    assert result.scenarios[0].tallies[Channel.SEARCH].pairs == {(ALICE.index, BOB.index)}


def test_a_scenario_knows_what_kinds_of_operations_it_has_performed() -> None:
    assert exercised().kinds == set()
    assert exercised(step(Add(ALICE, ALICE.facts[0])), step(observation=CRASH), step()).kinds == {Add, Search}


# What to do about what is left open.


def test_where_an_odd_id_broke_a_call_the_constructor_is_the_place_to_refuse_it() -> None:
    posing = Search(CAROL.posing_as(None), "x", BOB.facts[0])
    crashed = step(posing, CRASH)
    result = exercised(crashed)
    result.pairs.note(crashed, BOB, ())

    assert result.reasons[0].todo == "Refuse the id None in your constructor (`raise ValueError`)."
    assert exercised(step(observation=CRASH)).reasons[0].todo.startswith("Mend the error; ")


def test_a_reply_that_could_not_be_read_is_what_is_to_mend() -> None:
    result = exercised(step())
    unread = step(observation=Returned(unread="int"))
    result.note(replace(finding(FindingClass.AVAILABILITY, oracle="lost"), step=unread))

    (reason,) = [one for one in result.reasons if one == "a tenant could not find its own fact"]
    assert reason.todo == "Let `search` return a list, a dict or a text: it returned int."


def test_a_reason_keeps_what_to_do_in_another_process() -> None:
    reason = Reason.INTERRUPTED.told()

    again = pickle.loads(pickle.dumps(reason))  # noqa: S301 - our own

    assert (again, again.todo) == ("it was interrupted", "Run it again.")


def test_a_resource_is_told_what_to_do_in_its_own_words() -> None:
    names = dict.fromkeys(("calls", "place", "kind", "message", "kinds", "records", "text"), "x")
    of_memories = [
        reason.name
        for reason in (Reason.LOST, Reason.CRASHED, Reason.OWN_ERROR, Reason.UNATTRIBUTED, Reason.UNANSWERED)
        if re.search("add|search|get_all|make_memory|infer|mem0", reason.told(**names).todo_for(Audited.RESOURCE))
    ]

    assert of_memories == []
    assert "infer=False" in Reason.LOST.told().todo_for(Audited.MEMORY)
    assert Reason.INTERRUPTED.told().todo_for(Audited.RESOURCE) == "Run it again."


def any_names() -> dict[str, str]:
    """Return something for each name that a reason has."""
    names = ("error", "why", "tenants", "calls", "place", "kind", "message", "records", "text", "control", "ways")
    more = ("advice", "channels", "some", "all", "who", "channel", "disposable", "lasting", "kinds")
    return dict.fromkeys((*names, *more), "x")


def test_an_application_is_told_what_to_do_there_or_in_its_file() -> None:
    told = {reason.name: reason.told(**any_names()).todo_for(Audited.APPLICATION) for reason in Reason}

    of_python = [name for name, text in told.items() if re.search("make_memory|infer|raise [A-Z]|method", text)]
    assert of_python == []
    assert told["CRASHED"] == "Mend the error; where it means no, answer so: with 403, 404 or another 4xx."


def test_each_reason_has_what_to_do_or_says_it_itself() -> None:
    parts = {"MISSED", "ASKED", "SAY_WHOSE", "LET_FIND", "UNSAID"}

    silent = {reason.name for reason in Reason if not reason.told(**any_names()).todo}

    assert silent == parts


# Errors of the target's own.

PRIVATE = Crashed("NotYours", "no", "store.py:3 in get", own="NotYours")


def test_an_error_of_the_targets_own_is_told_with_the_line_by_which_it_means_no() -> None:
    result = exercised(step(observation=PRIVATE), step(observation=PRIVATE))

    assert (result.verdict, result.reasons) == (
        Verdict.INCONCLUSIVE,
        ["calls got NotYours, an error of the target's own that may mean no, and nobody has said so"],
    )
    assert result.reasons[0].todo == "Where it means no, say so: `make_memory.refusals = (NotYours,)`."


def test_an_error_that_who_asks_for_its_own_gets_too_is_a_crash() -> None:
    result = exercised(step(observation=PRIVATE), step(OWN, PRIVATE))

    assert "2 calls crashed, the first at store.py:3 in get: NotYours: no" in result.reasons[0]
    assert result.own_error is None


def test_other_crashes_are_counted_beside_an_error_of_the_targets_own() -> None:
    result = exercised(step(observation=PRIVATE), step(observation=CRASH))

    first, second, *_ = result.reasons
    assert first == "1 call crashed, the first at store.py:3 in search: RuntimeError: broken"
    assert second == result.own_error


def test_the_scenarios_of_an_audit_tell_of_the_same_errors_in_the_same_words() -> None:
    other = replace(PRIVATE, kind="Gone", own="Gone")
    everywhere = [exercised(step(observation=one)) for one in (PRIVATE, other)]
    everywhere[0].own_errors.known = everywhere[1].own_errors.known = ("Old",)

    agree((one.own_errors for one in everywhere), "Mine")

    told = {(one.reasons[0], one.reasons[0].todo) for one in everywhere}
    assert len(told) == 1
    assert "Where it means no, say so: `Mine.refusals = (Old, NotYours, Gone)`." in told.pop()[1]
