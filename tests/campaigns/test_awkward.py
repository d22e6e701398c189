"""Correct code is held, and the same code broken is violated, where the two are hard to tell apart."""

import awkward_targets as awkward
import pytest
from simple_targets import Own

from memfence import Add, Plan, Population, Search, scenario
from memfence.campaigns.audits import Audit
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.explorations import ExploreSettings
from memfence.campaigns.exploring import Explorer
from memfence.campaigns.resolve import all_oracles, all_scenarios, scenarios
from memfence.campaigns.settings import AuditSettings
from memfence.model.channels import Channel
from memfence.model.findings import Verdict
from memfence.model.results import CampaignResult
from memfence.performing.contract import adapt
from memfence.reporting import advice, story
from memfence.reporting.json_report import as_json
from memfence.reporting.reading import open_questions

SEEDS = (1, *(pytest.param(seed, marks=pytest.mark.long) for seed in (2, 3, 4, 5)))


def explore(thing: object, seed: int) -> CampaignResult:
    return Explorer(adapt(thing, "fake"), ExploreSettings(seed=seed, examples=40), all_oracles()).run().result


UNDER_HOSTILE_IDS = ("empty_scope_is_refused", "aliased_ids", "injected_ids")


def audit(thing: object, *names: str, seed: int = 1, **options: object) -> CampaignResult:
    settings = AuditSettings(seed=seed, **{"users": 3, "facts": 2, **options})  # type: ignore[arg-type]  # its own fields
    return Campaign(adapt(thing, "fake"), scenarios(names), settings, all_oracles(), catalogue=all_scenarios()).run()


def reasons(result: CampaignResult) -> list[tuple[str, list[str]]]:
    return [(one.name, one.reasons) for one in result.scenarios if one.reasons]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("target", [Own(awkward.Stripping), awkward.NoneForNobody()], ids=["strip", "none"])
def test_an_id_that_breaks_the_constructor_is_refused_by_accident(target: Own, seed: int) -> None:
    result = audit(target, *UNDER_HOSTILE_IDS, seed=seed)

    assert (result.verdict, reasons(result)) == (Verdict.HELD, [])
    assert sum(tally.accidents for tally in result.tallies.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_an_accident_hides_no_leak(seed: int) -> None:
    assert audit(Own(awkward.StrippingAndShared), *UNDER_HOSTILE_IDS, seed=seed).verdict is Verdict.VIOLATED


def test_the_report_says_how_to_refuse_clearly() -> None:
    result = audit(Own(awkward.Stripping), "empty_scope_is_refused")

    (told,) = advice.accidents(result)
    assert "calls were refused by accident" in told
    assert "First: make_memory(None), at awkward_targets.py:" in told
    assert 'raise ValueError("user_id must be a non-empty text")' in told
    assert told in as_json(result)["notes"]
    assert as_json(result)["probes"]["search"]["refused_by_accident"] > 0


@pytest.mark.parametrize("target", [Own(awkward.Late), awkward.Down()], ids=["a memory exists", "the store is down"])
def test_any_other_crash_stays_one(target: Own) -> None:
    result = audit(target, "empty_scope_is_refused")

    assert result.verdict is Verdict.INCONCLUSIVE
    assert "calls crashed" in result.scenarios[0].reasons[0]
    assert not advice.accidents(result)


def test_an_ordinary_id_that_breaks_the_constructor_is_a_crash() -> None:
    class Picky(Own):
        first: object = None

        def make_memory(self, user_id: object) -> awkward.Simple:
            self.first = self.first or user_id
            if user_id != self.first:
                raise TypeError
            return super().make_memory(user_id)

    result = audit(Picky(), "cross_search")

    assert result.verdict is Verdict.INCONCLUSIVE
    assert not advice.accidents(result)


@pytest.mark.parametrize("seed", SEEDS)
def test_provoked_crashes_hold_the_errors_and_nothing_else(seed: int) -> None:
    result = audit(Own(awkward.Brittle), "loud_errors", seed=seed)

    assert result.verdict is Verdict.HELD
    by_id = {Channel.GET, Channel.UPDATE, Channel.DELETE, Channel.HISTORY}
    assert {channel for channel, verdict in result.channels.items() if verdict is Verdict.INCONCLUSIVE} == by_id
    assert result.channels[Channel.ERRORS] is Verdict.HELD


@pytest.mark.parametrize("seed", SEEDS)
def test_a_provoked_crash_that_quotes_another_is_violated(seed: int) -> None:
    result = audit(Own(awkward.BrittleAndLoud), "loud_errors", seed=seed)

    assert result.channels[Channel.ERRORS] is Verdict.VIOLATED


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("right", "wrong"), [(awkward.Words, awkward.SharedWords), (awkward.SomeWords, awkward.SharedSomeWords)]
)
def test_a_search_that_matches_words_is_asked_until_the_planted_leak_shows(
    right: type[awkward.Simple], wrong: type[awkward.Simple], seed: int
) -> None:
    asked = ("alice_and_bob", "cross_search", "named_in_words")

    held = audit(Own(right), *asked, seed=seed)
    violated = audit(Own(wrong), *asked, seed=seed)

    assert (held.verdict, reasons(held)) == (Verdict.HELD, [])
    assert [one.verdict for one in violated.scenarios] == [Verdict.VIOLATED] * 3


def test_what_only_insisting_shows_is_asked_of_the_target_like_that() -> None:
    class OnlyByCode(awkward.Words):
        """Its leak is on the one way of asking that the scenario does not know."""

        def search(self, query: str) -> list[str]:
            by_code = any(character.isdigit() for character in query)
            return (
                super().search(query) if not by_code else [row["memory"] for row in self.rows if query in row["memory"]]
            )

    @scenario(needs=(Add, Search), control="reroute")
    def by_subject(population: Population) -> Plan:
        """Somebody asks for another's subject."""
        for victim, attacker in population.pairs():
            yield Add(victim, victim.facts[0])
            yield Search(attacker, victim.facts[0].about, victim.facts[0])

    settings = AuditSettings(seed=1, users=3, facts=1)
    held, violated = (
        Campaign(adapt(Own(memory), "fake"), [by_subject], settings, all_oracles()).run()
        for memory in (awkward.Words, OnlyByCode)
    )

    assert (held.verdict, violated.verdict) == (Verdict.HELD, Verdict.VIOLATED)
    assert held.scenarios[0].control is not None
    assert held.scenarios[0].control.insisted


def test_a_planted_leak_that_never_shows_is_told_with_what_was_asked_and_what_to_do() -> None:
    result = audit(Own(awkward.Exact), "alice_and_bob")

    assert result.verdict is Verdict.INCONCLUSIVE
    (told,) = result.scenarios[0].reasons
    assert told.startswith(
        "The planted leak (reroute) was not noticed, so this scenario proves nothing. Asked, and what"
    )
    assert "search for the fact's words: 0 records; search for its code: 0 records" in told
    assert "search for the whole fact: 1 records. Try: let each record that `search` returns say whose it is" in told


ON_A_CACHE = ("busy_neighbours", "delete_by_foreign_id", "interleaved", "named_in_words", "cross_search", "erasure")


@pytest.mark.parametrize("seed", SEEDS)
def test_an_old_answer_of_a_cache_of_ones_own_is_no_loss(seed: int) -> None:
    result = audit(awkward.Caching(awkward.Remembering), *ON_A_CACHE, seed=seed)

    assert (result.verdict, reasons(result)) == (Verdict.HELD, [])


@pytest.mark.parametrize("seed", SEEDS)
def test_an_old_answer_to_another_is_a_leak(seed: int) -> None:
    assert audit(awkward.Caching(awkward.ForAll), *ON_A_CACHE, seed=seed).verdict is Verdict.VIOLATED


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["erasure", "reset_then_reuse"])
def test_a_cache_that_a_delete_does_not_empty_shows_erased_text(name: str, seed: int) -> None:
    class Survives(awkward.Caching):
        """What it keeps outlives a reset."""

        def reset(self) -> None:
            self.rows.clear()

    (found,) = audit(Survives(awkward.NeverEmptied), name, seed=seed).scenarios

    assert any(one.example.oracle == "residue" and one.example.channel is Channel.SEARCH for one in found.findings)


@pytest.mark.parametrize("seed", SEEDS)
def test_who_can_flush_is_asked_to_before_one_looks_for_what_is_new(seed: int) -> None:
    unflushed = audit(awkward.Caching(awkward.OnlyListing), "list_all", "interleaved", seed=seed)
    flushed = audit(awkward.Flushing(awkward.OnlyListing), "list_all", "interleaved", seed=seed)

    assert (unflushed.verdict, flushed.verdict) == (Verdict.INCONCLUSIVE, Verdict.HELD)


@pytest.mark.parametrize("seed", SEEDS)
def test_who_may_forget_has_lost_nothing_but_must_keep_something(seed: int) -> None:
    silent, forgetful, deaf = (
        audit(target, "list_all", seed=seed)
        for target in (
            Own(awkward.EachOther),
            awkward.Forgetful(awkward.EachOther),
            awkward.Forgetful(awkward.Deaf),
        )
    )

    assert [one.verdict for one in (silent, forgetful, deaf)] == [
        Verdict.INCONCLUSIVE,
        Verdict.HELD,
        Verdict.INCONCLUSIVE,
    ]


IN_WORDS = ("cross_search", "alice_and_bob", "aliased_ids")


@pytest.mark.parametrize("seed", SEEDS)
def test_an_answer_in_words_that_an_empty_store_gives_is_taken_for_nothing_found(seed: int) -> None:
    result = audit(awkward.Talking(), *IN_WORDS, seed=seed)

    assert (result.verdict, reasons(result)) == (Verdict.HELD, [])
    (told,) = advice.words(result)
    assert told.startswith("The answer 'I do not know.' is taken for \"nothing found\"")
    assert told in as_json(result)["notes"]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("target", [awkward.TalkingOfAll, awkward.TellingTheLast])
def test_an_answer_in_words_hides_no_leak(target: type[Own], seed: int) -> None:
    result = audit(target(), *IN_WORDS, seed=seed)

    assert result.verdict is Verdict.VIOLATED
    assert not any("Somebody said" in told for told in advice.words(result))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_an_empty_store_does_not_say_may_be_somebodys(seed: int) -> None:
    result = audit(awkward.Whispering(), "cross_search", seed=seed)

    assert result.verdict is Verdict.VIOLATED
    (found,) = result.scenarios[0].findings
    assert found.example.oracle == "noninterference"


def test_in_a_store_that_stays_no_words_are_learned() -> None:
    class Staying(awkward.Talking):
        start = None  # type: ignore[assignment]  # that is the point

        def __init__(self) -> None:
            self.memory, self.rows = awkward.Simple, []

    assert audit(Staying(), "cross_search").verdict is Verdict.INCONCLUSIVE


# As good as thousands where no store is slow or approximate, and quicker.
CROWD = 60
MANY = ("many_records", "interleaved", "list_all", "cross_search")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("memory", [awkward.Files, awkward.NamedFiles])
def test_ones_own_second_upload_of_a_name_is_no_loss_of_the_first(memory: type[awkward.Simple], seed: int) -> None:
    result = audit(Own(memory), *MANY, seed=seed, facts=8, crowd=CROWD)

    assert (result.verdict, reasons(result)) == (Verdict.HELD, [])


@pytest.mark.parametrize("seed", SEEDS)
def test_in_a_store_that_stays_the_id_tells_that_one_took_the_others_place(seed: int) -> None:
    result = audit(awkward.Staying(awkward.NamedFiles), "many_records", seed=seed)

    assert (result.verdict, reasons(result)) == (Verdict.HELD, [])


@pytest.mark.parametrize("seed", SEEDS)
def test_anothers_upload_of_a_name_takes_no_place_of_mine(seed: int) -> None:
    assert audit(Own(awkward.SharedFiles), *MANY, seed=seed, facts=8, crowd=CROWD).verdict is Verdict.VIOLATED


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("target", "verdict"),
    [(awkward.Trimmed, None), (Own, Verdict.HELD), (awkward.TrimmedToDelete, Verdict.VIOLATED)],
)
def test_an_allowed_alias_may_delete_what_it_is_shown_and_nothing_else(
    target: type[Own], verdict: Verdict | None, seed: int
) -> None:
    (found,) = audit(target(), "aliased_ids", seed=seed, aliases="allow").scenarios

    assert found.verdict is verdict, found.reasons
    if verdict is None:
        assert "what it tries is allowed (--aliases allow)" in str(found.not_exercised)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("target", "verdict"), [(awkward.Administrator, Verdict.HELD), (awkward.AdministratorDeletes, Verdict.VIOLATED)]
)
def test_an_allowed_pattern_may_delete_what_it_is_shown_and_nothing_else(
    target: type[Own], verdict: Verdict, seed: int
) -> None:
    asked = ("wildcard_delete_all", "wildcard_ids")

    deletes, reads = audit(target(), *asked, seed=seed, wildcard_ids="allow").scenarios

    assert deletes.verdict is verdict, deletes.reasons
    assert reads.not_exercised == "what it tries is allowed (--wildcard-ids allow)"


@pytest.mark.parametrize("seed", SEEDS)
def test_names_that_users_choose_are_explored_without_an_alarm(seed: int) -> None:
    result = explore(Own(awkward.Files), seed)

    assert (result.verdict, reasons(result)) == (Verdict.HELD, [])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_folder_for_all_is_found_by_exploring(seed: int) -> None:
    assert explore(Own(awkward.SharedFiles), seed).verdict is Verdict.VIOLATED


def test_a_no_of_the_targets_own_is_told_once_for_all_scenarios_and_its_line_makes_them_held() -> None:
    named = ("get_by_foreign_id", "update_by_foreign_id", "list_all")
    settings = AuditSettings(seed=1, users=3, facts=2, examples=0, scenarios=named)
    result = Audit(adapt(Own(awkward.Private), "app:Mine"), settings, all_oracles(), repeat="").run()

    ((reason, names),) = story.reasons(result).items()
    assert names == ["get_by_foreign_id", "update_by_foreign_id"]
    assert reason.endswith("Where it means no, say so: `Mine.refusals = (NotYoursError,)`.")
    assert len(list(open_questions(as_json(result)))) == 1
    said = Own(awkward.Private)
    said.refusals = (awkward.NotYoursError,)  # type: ignore[attr-defined]  # as its owner pastes it
    assert audit(said, *named).verdict is Verdict.HELD


PAGES = ("list_all", "alice_and_bob", "aliased_ids")


@pytest.mark.parametrize("kind", [awkward.PageMemory, awkward.JoinedPage], ids=["lines", "one text"])
def test_a_page_of_records_is_held_and_its_headings_are_told_once(kind: type[awkward.Simple]) -> None:
    result = audit(Own(kind), *PAGES)

    assert (result.verdict, reasons(result)) == (Verdict.HELD, [])
    told = advice.notes(result)
    if kind is awkward.PageMemory:
        assert [one.partition(", ")[0] for one in told] == ["3 lines without a fact stand among the records"]
    assert all("# Records of " in one for one in told)


def test_a_page_of_everybodys_records_is_violated() -> None:
    assert audit(Own(awkward.SharedPage), *PAGES).verdict is Verdict.VIOLATED


def test_a_line_that_no_user_alone_gets_may_be_somebodys_record() -> None:
    result = audit(Own(awkward.MarklessPage), "list_all")

    assert result.verdict is not Verdict.HELD
    assert "records were shown whose content and label name no user" in result.scenarios[0].reasons[0]


def test_a_line_that_has_lost_its_code_is_known_by_its_name() -> None:
    result = audit(Own(awkward.CodelessPage), "list_all")

    (group,) = result.scenarios[0].findings
    assert (result.verdict, group.example.oracle) == (Verdict.VIOLATED, "canary_leak")
    assert group.example.evidence[0].endswith(", by its name")


def test_in_a_store_that_stays_no_line_of_a_page_is_taken_for_the_targets_own() -> None:
    class Staying(Own):
        start = None  # type: ignore[assignment]  # that is the point

        def __init__(self) -> None:
            self.memory, self.rows = awkward.PageMemory, []

    assert audit(Staying(), "list_all").verdict is Verdict.INCONCLUSIVE
