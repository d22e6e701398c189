import inspect
import itertools
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import broken_targets as broken
import honest_targets as honest
import pytest
import reborn_targets as reborn
import simple_targets as simple
from hypothesis import given, settings
from hypothesis import strategies as st
from signed_in_targets import Application, Numbered

from memfence import (
    Ability,
    Add,
    Channel,
    Chat,
    Copy,
    Crowd,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    History,
    Operation,
    PlantLink,
    Population,
    ReadStorage,
    Reset,
    Search,
    Step,
    Together,
    Update,
)
from memfence.breakages.controls import CONTROLS
from memfence.breakages.searched import SearchedCache
from memfence.breakages.unchecked_resource import UncheckedCache, bind_resource
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.resolve import all_oracles, all_scenarios, scenarios, target
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import FindingClass, Verdict
from memfence.model.keys import OTHER_WAYS
from memfence.model.observations import Returned
from memfence.model.operations import is_probe
from memfence.model.results import CampaignResult
from memfence.model.scenario_results import ScenarioResult
from memfence.performing.contract import METHODS, Target, adapt
from memfence.performing.driving import drive
from memfence.performing.executor import Executor
from memfence.targets.back_ends.mapping import InMemory
from memfence.targets.keyed_target import KeyedTarget

Records = list[dict[str, str]]
SCENARIOS = all_scenarios()
NAMES = tuple(SCENARIOS)
# What a store with records per user, and no ids to learn, is asked.
PLAIN = ("alice_and_bob", "cross_search", "delete_all_leaves_others", "list_all")
# Of keys that callers choose: asked of files, or where a time runs out of a cache.
OF_SESSIONS = frozenset(n for n, one in SCENARIOS.items() if one.fits("", sessions=True) and not one.fits(""))
OF_KEYS = frozenset(n for n, one in SCENARIOS.items() if not one.fits("", sessions=True))
# As good as thousands where no store is slow or approximate, and quicker.
CROWD = 60


class Plain:
    """One user's part of a plain store; the targets below break it."""

    def __init__(self, records: Records, user_id: str) -> None:
        self.records = records
        self.user_id = user_id

    def mine(self, record: dict[str, str]) -> bool:
        return record["user_id"] == self.user_id

    def add(self, text: str) -> None:
        self.records.append({"id": str(len(self.records)), "memory": text, "user_id": self.user_id})

    def search(self, query: str) -> Records:
        words = set(query.lower().split())
        found = [record for record in self.records if self.mine(record)]
        return sorted(found, key=lambda record: -len(words & set(record["memory"].lower().split())))

    def get_all(self) -> Records:
        return [record for record in self.records if self.mine(record)]

    def delete_all(self) -> None:
        self.records[:] = [record for record in self.records if not self.mine(record)]


class LeakingSearch(Plain):
    """The filter is missing from a search for a text."""

    def search(self, query: str) -> Records:
        if not any(character.isdigit() for character in query):
            return super().search(query)
        return [record for record in self.records if query in record["memory"]] or super().search(query)


class LeakingByMeaning(Plain):
    """A search for a subject, and it alone, looks at everybody's records."""

    def search(self, query: str) -> Records:
        return super().search(query) if any(character.isdigit() for character in query) else list(self.records)


class LeakingListing(Plain):
    """The filter is missing from get_all."""

    def get_all(self) -> Records:
        return list(self.records)


class CutListing(Plain):
    """A page is cut before it is filtered."""

    def get_all(self) -> Records:
        return [record for record in self.records[:2] if self.mine(record)]


class WipingDelete(Plain):
    """The filter is missing from delete_all."""

    def delete_all(self) -> None:
        self.records.clear()


class CachedSearch(Plain):
    """A cache of replies whose key is the query alone."""

    def search(self, query: str) -> Records:
        for record in self.records:
            if record.get("query") == query:
                return [record]
        found = super().search(query)
        if found:
            found[0]["query"] = query
        return found


class Relabelling(Plain):
    """All records carry the label of whoever was there first."""

    def add(self, text: str) -> None:
        super().add(text)
        self.records[-1]["user_id"] = self.records[0]["user_id"]


class Broken:
    """A disposable target with one of the memories above."""

    disposable = True

    def __init__(self, memory: type[Plain]) -> None:
        self.memory = memory
        self.records: Records = []

    def start(self) -> None:
        self.records = []

    def make_memory(self, user_id: str) -> Plain:
        return self.memory(self.records, user_id)


def audit(
    thing: object,
    *names: str,
    seed: int = 7,
    users: int = 3,
    facts: int = 2,
    crowd: int | None = None,
    fail_on: tuple[FindingClass, ...] = (),
) -> CampaignResult:
    chosen = AuditSettings(seed=seed, users=users, facts=facts, crowd=crowd, load=CROWD, fail_on=fail_on)
    return Campaign(adapt(thing, "fake"), scenarios(names), chosen, all_oracles(), catalogue=NAMES).run()


def asked(name: str, population: Population) -> Iterator[Operation | Together]:
    """Yield what a scenario asks for, as answered by the reference."""
    thing = sound(name)
    with ExitStack() as ending:
        if thing.close is not None:
            ending.callback(thing.close)
        executor = ending.enter_context(Executor(thing))
        plan = SCENARIOS[name].tell(population)
        found = next(plan, None)
        index = 0
        while found is not None:
            yield found
            for operation in flat(found):
                index += 1
                step = executor.perform(operation, index)
            try:
                found = plan.send(step)
            except StopIteration:
                return


def sound(name: str) -> Target:
    """Return a target that isolates, of the kind that the scenario is for."""
    if set(OTHER_WAYS) & needed(name):
        return adapt(KeyedTarget(lambda place: bind_resource(place, SearchedCache), InMemory()), "cache")
    if "ttl" in needed(name):
        return adapt(KeyedTarget(lambda place: bind_resource(place, UncheckedCache), InMemory()), "cache")
    if name in OF_SESSIONS:
        return adapt(Numbered if name == "guessed_credentials" else Application, "application")
    return target("files" if name in OF_KEYS else "reference")


def needed(name: str) -> set[str]:
    return {one for choice in SCENARIOS[name].needs for one in choice}


def flat(found: Operation | Together) -> tuple[Operation, ...]:
    return found.operations if isinstance(found, Together) else (found,)


def told(name: str, population: Population) -> list[Operation]:
    population = replace(population, keys=sound(name).keys)
    return [operation for found in asked(name, population) for operation in flat(found)]


def few(**options: Any) -> Population:
    return Population(**{"seed": 1, "size": 2, "crowd": CROWD, "bulk": 30, "load": 30, **options})


def test_there_are_the_four_that_the_rest_of_this_file_is_about() -> None:
    assert set(NAMES) >= {"alice_and_bob", "cross_search", "delete_all_leaves_others", "list_all"}


# The largest takes longer than the two others together.
SIZES = [(2, 1), (3, 3), pytest.param(9, 3, marks=pytest.mark.long)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("users", "facts"), SIZES)
def test_the_reference_is_held(name: str, users: int, facts: int) -> None:
    settings = AuditSettings(seed=1, users=users, facts=facts, crowd=CROWD, load=CROWD)
    result = Campaign(sound(name), scenarios([name]), settings, all_oracles(), catalogue=NAMES).run()

    (found,) = result.scenarios
    assert (result.verdict, found.findings, found.reasons) == (Verdict.HELD, [], [])


@pytest.mark.parametrize("name", [name for name in NAMES if name not in OF_KEYS | OF_SESSIONS])
@pytest.mark.parametrize(("users", "facts"), SIZES)
def test_a_store_that_does_everything_and_refuses_no_id_is_held(name: str, users: int, facts: int) -> None:
    result = audit(honest.World(), name, seed=1, users=users, facts=facts, crowd=CROWD)

    (found,) = result.scenarios
    assert (result.verdict, found.findings, found.reasons) == (Verdict.HELD, [], [])
    assert found.control is not None
    assert found.control.trustworthy


@pytest.mark.long
@given(seed=st.integers(0, 2**63), users=st.integers(2, 4), facts=st.integers(1, 3))
@settings(max_examples=3)
def test_what_isolates_is_held_whatever_the_seed(seed: int, users: int, facts: int) -> None:
    for thing in (target("reference"), honest.World()):
        assert audit(thing, seed=seed, users=users, facts=facts, crowd=CROWD).verdict is Verdict.HELD


@given(seed=st.integers(0, 2**63), name=st.sampled_from(["cross_search", "list_all", "delete_all_leaves_others"]))
@settings(max_examples=15)
def test_a_broken_store_is_violated_whatever_the_seed(seed: int, name: str) -> None:
    class AllBroken(LeakingSearch, LeakingListing, WipingDelete):
        pass

    assert audit(Broken(AllBroken), name, seed=seed).verdict is Verdict.VIOLATED


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_store_that_isolates_is_held(name: str) -> None:
    result = audit(Broken(Plain), name)

    assert result.verdict is Verdict.HELD
    assert result.scenarios[0].findings == []


@pytest.mark.parametrize(
    ("memory", "caught"),
    [
        (LeakingSearch, {"cross_search": {"canary_leak"}}),
        (LeakingByMeaning, {"alice_and_bob": {"canary_leak"}, "cross_search": {"canary_leak"}}),
        (
            LeakingListing,
            {
                "alice_and_bob": {"canary_leak"},
                "delete_all_leaves_others": {"canary_leak"},
                "list_all": {"canary_leak"},
            },
        ),
        (CutListing, {"list_all": {"lost"}}),
        (WipingDelete, {"delete_all_leaves_others": {"tampering"}}),
        (CachedSearch, {"cross_search": {"canary_leak"}}),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_broken_store_is_caught_by_the_scenarios_that_can_see_it_and_by_no_other(
    memory: type[Plain], caught: dict[str, set[str]]
) -> None:
    result = audit(Broken(memory), *PLAIN)

    found = {one.name: {group.example.oracle for group in one.findings} for one in result.scenarios}
    assert {name: oracles for name, oracles in found.items() if oracles and name in NAMES} == caught
    violated = {one.name for one in result.scenarios if one.verdict is Verdict.VIOLATED}
    assert violated == set(caught)


@pytest.mark.parametrize("name", ["alice_and_bob", "cross_search", "list_all"])
def test_records_that_end_up_with_somebody_else_are_seen(name: str) -> None:
    result = audit(Broken(Relabelling), name)

    assert result.verdict is Verdict.VIOLATED


# What they ask next hangs on what came back.
BY_ANSWERS = frozenset(
    {
        "aliased_ids",
        "cleaned_ids",
        "confusable_ids",
        "delete_all_leaves_others",
        "same_words",
        "empty_scope_is_refused",
        "ended_feeds",
        "hostile_ids_by_async_client",
        "hostile_scopes",
        "identities",
        "injected_ids",
        "joined_texts",
        "linked_keys",
        "live_feeds",
        "one_person",
        "path_ids",
        "swapped_links",
        "wildcard_ids",
    }
)


@pytest.mark.parametrize("name", NAMES)
def test_its_length_is_the_number_of_its_operations_or_near_it_where_they_hang_on_answers(name: str) -> None:
    population = few(size=3, facts=2, keys=sound(name).keys)

    length, performed = SCENARIOS[name].length(population), len(told(name, population))
    assert length == performed or (name in BY_ANSWERS and performed / 4 < length < 4 * performed)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_short_story_with_a_summary_and_a_control_that_exists(name: str) -> None:
    scenario = SCENARIOS[name]
    file = Path(inspect.getfile(scenario.tell))

    assert len(file.read_text().splitlines()) <= 80
    assert file.read_text().startswith('"""')
    assert scenario.summary.endswith(".")
    assert scenario.control in CONTROLS


@pytest.mark.parametrize("name", NAMES)
def test_it_asks_the_same_each_time(name: str) -> None:
    assert list(asked(name, few(size=3))) == list(asked(name, few(size=3)))


def barely(name: str) -> Iterator[frozenset[str]]:
    """Yield what targets offer that have no more than the scenario needs."""
    for choice in itertools.product(*SCENARIOS[name].needs):
        # Who has both clients has an asynchronous one.
        named = {*choice, *({Ability.ASYNC} if Ability.BOTH_CLIENTS in choice else ())}
        named |= {Ability.KEYS} if Ability.PATHS in choice else set()
        yield frozenset(named) | {f"{method}.{argument}" for method in named for argument in named}


@pytest.mark.parametrize("name", NAMES)
def test_with_what_it_needs_alone_it_probes_and_asks_for_nothing_that_is_not_there(name: str) -> None:
    for offered in barely(name):
        population = few(keys=sound(name).keys)
        steps = list(drive(SCENARIOS[name], population, lambda asked, index: Step(index, asked, Returned()), offered))

        # Where nothing is shown to anybody, one person's two are not kept apart.
        assert any(is_probe(step.operation) for step in steps) or name == "one_person"
        assert all(step.operation.requires <= offered for step in steps)


@pytest.mark.parametrize("name", NAMES)
def test_it_needs_nothing_that_no_target_can_offer_or_that_it_never_asks_for(name: str) -> None:
    asked_for = {required for operation in told(name, few()) for required in operation.requires}
    asked_for |= {required.rpartition(".")[2] for required in asked_for}
    if any(operation.principal.asynchronous for operation in told(name, few())):
        asked_for.add(Ability.BOTH_CLIENTS)

    for choice in SCENARIOS[name].needs:
        assert set(choice) <= {*METHODS, *Ability}
        # What is asked of a resource, or of what users sign in to, is no call's own need.
        assert asked_for.intersection(choice) or choice in [(Ability.KEYS,), (Ability.SIGN_IN,), (Ability.AROUND,)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("facts", [1, 3])
def test_what_a_probe_reaches_for_was_stored_before(name: str, facts: int) -> None:
    stored: set[tuple[int, int]] = set()
    adds: set[int] = set()

    population = few(size=3, facts=facts)

    for index, operation in enumerate(told(name, population), 1):
        match operation:
            case Search() | GetAll() | Chat() | ReadStorage() if is_probe(operation):
                assert (operation.seeks.owner, operation.seeks.number) in stored
            case Get() | Update() | Delete() | History() if is_probe(operation) and not operation.record.key:
                assert operation.record.step in adds
        match operation:
            case Add(fact=fact) | Chat(fact=fact):
                stored.add((fact.owner, fact.number))
            case Crowd(adds=loaded):
                stored |= {(add.fact.owner, add.fact.number) for add in loaded}
            case Update(text=text):
                stored |= {(owner, number) for owner, number, _ in population.codec.decode(text)}
        if isinstance(operation, Add):
            adds.add(index)


@pytest.mark.parametrize("name", NAMES)
def test_what_writes_to_others_or_under_hostile_ids_is_destructive_and_says_so(name: str) -> None:
    operations = told(name, few())

    writing = DeleteAll | Delete | Update | Reset | Copy | PlantLink
    writes = any(isinstance(operation, writing) for operation in operations)
    hostile = any(operation.principal.hostile for operation in operations)

    assert SCENARIOS[name].destructive == (writes or hostile)


@pytest.mark.parametrize("name", ["cross_search", "list_all", "delete_all_leaves_others"])
def test_every_tenant_is_attacked_by_every_other_in_a_small_population(name: str) -> None:
    probes = [operation for operation in told(name, Population(seed=1, size=4)) if is_probe(operation)]

    pairs = {(operation.principal.index, operation.owner) for operation in probes}

    assert pairs == {(observer, owner) for observer in range(4) for owner in range(4) if observer != owner}


@pytest.mark.parametrize("name", ["cross_search", "list_all", "delete_all_leaves_others"])
def test_the_number_of_attacks_grows_linearly(name: str) -> None:
    ten, forty = (SCENARIOS[name].length(Population(seed=1, size=size, probes=3)) for size in (10, 40))

    assert forty == 4 * ten


def test_a_crowd_of_one_has_more_records_than_a_tenant_has_facts() -> None:
    crowd = [one for one in told("crowding_out", few(crowd=2000)) if isinstance(one, Add) and one.principal.index == 1]

    assert len(crowd) == 2000
    assert len({one.fact for one in crowd}) > 900


def test_alice_and_bob_look_for_their_own_fact_and_for_the_others() -> None:
    alice, bob = Population(seed=1, size=2)

    operations = told("alice_and_bob", Population(seed=1, size=2))

    assert operations == [
        Add(alice, alice.facts[0]),
        Add(bob, bob.facts[0]),
        Search(alice, alice.facts[0].text, alice.facts[0]),
        Search(alice, bob.facts[0].about, bob.facts[0]),
        GetAll(alice, alice.facts[0]),
        GetAll(alice, bob.facts[0]),
        Search(bob, bob.facts[0].text, bob.facts[0]),
        Search(bob, alice.facts[0].about, alice.facts[0]),
        GetAll(bob, bob.facts[0]),
        GetAll(bob, alice.facts[0]),
    ]


def test_a_fact_is_searched_in_meaning_by_its_canary_and_then_word_for_word() -> None:
    population = Population(seed=1, size=2, facts=1)
    victim, attacker = population
    (fact,) = victim.facts

    operations = told("cross_search", population)

    assert operations[:5] == [
        Add(victim, fact),
        Search(victim, fact.text, fact),
        Search(attacker, fact.about, fact),
        Search(attacker, fact.canary, fact),
        Search(attacker, fact.text, fact),
    ]


def test_a_listing_is_asked_for_each_of_ones_own_facts_after_all_are_stored() -> None:
    population = Population(seed=1, size=3, facts=2)

    operations = told("list_all", population)

    stored, asked = operations[:6], operations[6:]
    assert all(isinstance(operation, Add) for operation in stored)
    assert all(isinstance(operation, GetAll) for operation in asked)
    own = [operation.seeks for operation in asked if isinstance(operation, GetAll) and not is_probe(operation)]
    assert own == [fact for tenant in population for fact in tenant.facts]


def test_the_victim_is_seen_before_and_after_somebody_else_deletes_all() -> None:
    population = Population(seed=1, size=2)
    victim, attacker = population
    look = GetAll(victim, victim.facts[0])

    operations = told("delete_all_leaves_others", population)

    assert operations[:5] == [
        Add(victim, victim.facts[0]),
        look,
        Add(attacker, attacker.facts[-1]),
        DeleteAll(attacker, owner=victim.index),
        look,
    ]


def test_what_was_just_said_is_not_looked_for_until_somebody_else_has_left() -> None:
    population = Population(seed=1, size=2)
    victim, attacker = population
    just_said = population.fact(victim.index, 10)

    operations = told("delete_all_leaves_others", population)

    assert operations[-8:-4] == [
        DeleteAll(attacker, owner=victim.index),
        Add(victim, just_said),
        DeleteAll(attacker, owner=victim.index),
        GetAll(victim, just_said),
    ]


def test_who_says_the_same_changes_it_deletes_it_and_leaves_and_the_other_looks_each_time() -> None:
    population = Population(seed=1, size=2)
    victim, attacker = population
    look = GetAll(victim, victim.facts[0])

    operations = told("same_words", population)[:13]

    done = [type(one) for one in operations if one.principal == attacker]
    assert done == [GetAll, Add, Delete, Add, Update, Add, DeleteAll]
    assert [
        operations[at + 1] for at, one in enumerate(operations) if isinstance(one, Update | Delete | DeleteAll)
    ] == [look] * 3


def test_many_records_are_more_than_any_page_and_the_first_and_the_last_are_looked_for() -> None:
    population = Population(seed=1, size=3)
    victim, attacker, _ = population

    operations = told("many_records", population)

    stored = [one.fact for one in operations if isinstance(one, Add) and one.principal == victim]
    sought = {one.seeks for one in operations if isinstance(one, GetAll | Search)}
    assert len(stored) == len(set(stored)) == population.bulk == 250
    assert sought == {stored[0], stored[-1]}
    assert {one.principal for one in operations if is_probe(one)} == {attacker}


def test_somebody_is_named_in_queries_and_in_what_is_stored() -> None:
    population = Population(seed=1, size=2)
    victim, attacker = population

    operations = told("named_in_words", population)

    queries = [
        one.query for one in operations if isinstance(one, Search) and is_probe(one) and one.owner == victim.index
    ]
    assert len(queries) == 4
    assert all(victim.id in query for query in queries)
    (added,) = (one for one in operations if isinstance(one, Add) and victim.id in one.sent)
    # And that is no claim that any target might rightly follow: the text is the attacker's own.
    assert (added.principal, added.fact, added.into, added.metadata) == (attacker, attacker.facts[-1], None, None)


def test_a_deleted_records_id_is_asked_for_by_another_and_by_its_former_owner_once_the_next_one_is_stored() -> None:
    former, owner = Population(seed=1, size=2)

    operations = told("reused_ids", Population(seed=1, size=2))[11:]

    kinds = [type(operation) for operation in operations]
    assert kinds == [Add, Get, Delete, Get, History, Add, GetAll, Get, History, Get, History]
    assert [operation.principal.index for operation in operations] == [0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0]
    asked = [operation.record.step for operation in operations if isinstance(operation, Get | History)]
    assert asked == [12, 12, 12, 17, 17, 12, 12]
    others = [is_probe(operation) for operation in operations]
    assert others == [False] * 3 + [True] * 2 + [False] * 4 + [True] * 2
    assert (former.index, owner.index) == (0, 1)


def test_neighbours_ask_for_one_tenants_subjects_again_and_again_and_then_it_looks_itself() -> None:
    population = Population(seed=1, size=3)
    victim, *others = population

    operations = told("busy_neighbours", population)

    probes = [operation for operation in operations if is_probe(operation)]
    own = [one for one in operations if isinstance(one, Search) and one.principal == victim]
    assert {one.principal for one in probes} == set(others)
    assert all(probes.count(one) == 3 for one in probes)
    assert operations[-len(own) :] == own == [Search(victim, fact.bare, fact) for fact in victim.facts]


def performed(steps: Sequence[Step]) -> list[str]:
    return [step.operation.channel.value for step in steps]


@pytest.mark.parametrize(("missing", "instead"), [("search", "get_all"), ("get_all", "search")])
def test_alice_and_bob_take_the_other_way_to_look_where_one_is_missing(missing: str, instead: str) -> None:
    less = type("Less", (Plain,), {missing: None})

    result = audit(Broken(less), "alice_and_bob")

    assert result.verdict is Verdict.HELD
    assert result.scenarios[0].operations == 10
    assert [channel.value for channel in result.channels] == [instead]


def test_the_reference_answers_each_step_of_a_scenario() -> None:
    population = Population(seed=1, size=2)

    with Executor(target("reference")) as executor:
        trace = [executor.perform(*pair[::-1]) for pair in enumerate(told("alice_and_bob", population), 1)]

    assert performed(trace)[:2] == ["add", "add"]
    assert all(isinstance(step.observation, Returned) for step in trace)


BY_ID = ("delete_by_foreign_id", "get_by_foreign_id", "history_by_foreign_id", "update_by_foreign_id")


@pytest.mark.parametrize("name", [*BY_ID, "wildcard_ids", "wildcard_delete_all"])
def test_a_clear_no_is_a_good_answer_where_the_owners_own_call_is_answered(name: str) -> None:
    result = audit(target("reference"), name)

    (found,) = result.scenarios
    assert (found.verdict, found.reasons) == (Verdict.HELD, [])
    assert found.total("refused") == found.total("probes") > 0


@pytest.mark.parametrize("wrapper", ["tutorial", "plain"])
@pytest.mark.parametrize(
    ("name", "oracle"),
    [
        ("get_by_foreign_id", "canary_leak"),
        ("history_by_foreign_id", "canary_leak"),
        ("update_by_foreign_id", "tampering"),
        ("delete_by_foreign_id", "tampering"),
    ],
)
def test_a_wrapper_that_checks_no_owner_is_found_out_by_id(wrapper: str, name: str, oracle: str) -> None:
    result = audit(target("reference", wrapper=wrapper), name)

    (found,) = result.scenarios
    assert found.verdict is Verdict.VIOLATED
    assert {group.example.oracle for group in found.findings} == {oracle}


def test_a_no_to_everybody_is_no_proof() -> None:
    class Mute(Plain):
        def get(self, record_id: str) -> None:
            raise PermissionError(record_id)

    result = audit(Broken(Mute), "get_by_foreign_id")

    assert result.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("pattern", "name", "oracle"),
    [
        ("*", "wildcard_ids", "canary_leak"),
        ("%", "wildcard_ids", "canary_leak"),
        (".*", "wildcard_ids", "canary_leak"),
        ("*", "wildcard_delete_all", "tampering"),
    ],
)
def test_a_pattern_that_stands_for_everybody_is_found_out(pattern: str, name: str, oracle: str) -> None:
    class Everybody(Plain):
        def mine(self, record: dict[str, str]) -> bool:
            return self.user_id == pattern or super().mine(record)

    result = audit(Broken(Everybody), name)

    (found,) = result.scenarios
    assert found.verdict is Verdict.VIOLATED
    assert oracle in {group.example.oracle for group in found.findings}


@pytest.mark.parametrize("name", ["wildcard_ids", "wildcard_delete_all"])
def test_a_store_to_which_a_pattern_is_a_name_like_any_other_is_held(name: str) -> None:
    result = audit(Broken(Plain), name)

    (found,) = result.scenarios
    assert (found.verdict, found.total("refused")) == (Verdict.HELD, 0)


@pytest.mark.parametrize("name", ["aliased_ids", "confusable_ids", "injected_ids", "wildcard_ids"])
@pytest.mark.parametrize("seed", range(5))
def test_a_store_that_takes_each_id_as_it_is_gives_no_alarm(name: str, seed: int) -> None:
    result = audit(Broken(Plain), name, seed=seed, users=6)

    assert result.verdict is Verdict.HELD


@pytest.mark.parametrize(
    ("same", "name"),
    [
        (str.strip, "aliased_ids"),
        (str.casefold, "confusable_ids"),
        (lambda user_id: user_id.encode("ascii", "ignore").decode(), "confusable_ids"),
        (lambda user_id: user_id[:255].rstrip("0"), "confusable_ids"),
        (lambda user_id: user_id.rpartition("=")[2], "injected_ids"),
        (lambda user_id: user_id.partition("\x00")[0], "injected_ids"),
    ],
    ids=["blanks stripped", "case folded", "non-ASCII dropped", "cut short", "joined key", "ended by NUL"],
)
def test_a_store_that_takes_two_ids_for_one_is_found_out(same: Callable[[str], str], name: str) -> None:
    class Confusing(Plain):
        def mine(self, record: dict[str, str]) -> bool:
            return same(record["user_id"]) == same(self.user_id)

    result = audit(Broken(Confusing), name)

    assert result.verdict is Verdict.VIOLATED
    assert "canary_leak" in {group.example.oracle for group in result.scenarios[0].findings}


def outcome(thing: object, name: str, **options: int) -> tuple[Verdict | None, set[tuple[str, Channel]]]:
    """Return the verdict of one scenario, and which oracle found something that counts, on which channel."""
    (found,) = audit(thing, name, **options).scenarios
    assert found.control is not None
    assert found.control.trustworthy
    return found.verdict, violations(found)


def violations(found: ScenarioResult) -> set[tuple[str, Channel]]:
    examples = [group.example for group in found.findings]
    return {(one.oracle, one.channel) for one in examples if one.verdict is Verdict.VIOLATED}


BY_LOOKING = {("canary_leak", Channel.SEARCH), ("canary_leak", Channel.GET_ALL)}
NOT_NARROWED = {("filter_ignored", Channel.SEARCH), ("filter_ignored", Channel.GET_ALL)}
DESTROYED = {("tampering", Channel.DELETE_ALL)}
SERVED = {("residue", channel) for channel in (Channel.SEARCH, Channel.GET_ALL, Channel.GET, Channel.HISTORY)}


@pytest.mark.parametrize(
    ("name", "thing", "seen"),
    [
        ("scope_override_by_filter", honest.World(broken.AndWidens), BY_LOOKING),
        ("scope_override_by_filter", honest.World(broken.FilterWins), BY_LOOKING),
        ("scope_override_by_filter", honest.World(broken.OrWidens), BY_LOOKING),
        ("scope_override_by_filter", honest.World(broken.NoneIsNoFilter), BY_LOOKING),
        ("scope_override_by_metadata", honest.World(broken.MetadataWinsOnAdd), {("canary_leak", Channel.ADD)}),
        ("scope_override_by_metadata", honest.World(broken.MetadataWinsOnUpdate), {("canary_leak", Channel.UPDATE)}),
        ("delete_all_is_complete", honest.World(broken.DeletesOnePage), SERVED),
        ("erasure", honest.World(broken.Marks), {("residue", Channel.HISTORY)}),
        ("erasure", honest.World(broken.KeepsMessages), {("prompt_bleed", Channel.PROMPTS)}),
        ("erasure", honest.World(broken.SharesMessages), {("prompt_bleed", Channel.PROMPTS)}),
        ("across_restart", honest.World(reborn.WritingAhead, reborn.WritesAhead), SERVED),
        ("across_restart", honest.World(reborn.LookingUpOwners, reborn.OwnersInMemory), BY_LOOKING),
        ("reset_then_reuse", honest.World(reborn.ReadingIndex, reborn.Indexed), {("residue", Channel.SEARCH)}),
        ("reset_then_reuse", honest.World(store=reborn.KeepsConversations), {("prompt_bleed", Channel.PROMPTS)}),
        ("reset_then_reuse", reborn.RemembersWhenAsynchronous(), SERVED),
        ("narrowing_filters", honest.World(broken.LosesFilters), NOT_NARROWED),
        ("crowding_out", honest.World(broken.Forgetting), {("lost", Channel.SEARCH)}),
        ("crowding_out", honest.World(broken.FiltersLast), {("lost", Channel.SEARCH)}),
        (
            "same_answer_sync_async",
            honest.World(asynchronous=broken.AsynchronouslyEverybodys),
            {("canary_leak", Channel.GET_ALL)},
        ),
        ("same_answer_sync_async", honest.World(asynchronous=broken.AsynchronouslyKept), SERVED),
        ("mixed_scopes", honest.World(broken.ByRunAlone), BY_LOOKING),
        ("mixed_scopes", honest.World(broken.JoinedKey), BY_LOOKING),
        ("mixed_scopes", honest.World(broken.RunFirst), BY_LOOKING),
        ("mixed_scopes", honest.World(broken.UnderscoredKey), BY_LOOKING),
        ("confusable_ids", honest.World(broken.DeletesInLowerCase), DESTROYED),
        ("confusable_ids", honest.World(broken.DeletesByPrefix), DESTROYED),
        ("empty_scope_is_refused", honest.World(broken.DeletesForNobody), DESTROYED),
        ("same_words", honest.World(broken.KnownByWords), {("lost", Channel.GET_ALL)}),
        ("mixed_scopes", honest.World(broken.QueryString), BY_LOOKING),
        ("mixed_scopes", honest.World(broken.JoinedMessages), {("prompt_bleed", Channel.PROMPTS)}),
        ("failed_write", honest.World(broken.StoresFirst), {("residue", Channel.SEARCH), ("residue", Channel.GET_ALL)}),
        ("loud_errors", honest.World(broken.Loud), {("canary_leak", Channel.ERRORS)}),
        ("loud_errors", honest.World(broken.LoudFilter), {("canary_leak", Channel.ERRORS)}),
        ("many_records", honest.World(broken.ListsNewest), {("lost", Channel.GET_ALL)}),
        ("many_records", honest.World(broken.NextPageIsEverybodys), {("canary_leak", Channel.GET_ALL)}),
        ("named_in_words", honest.World(broken.SearchesAsWhoIsNamed), {("canary_leak", Channel.SEARCH)}),
        (
            "named_in_words",
            honest.World(broken.StoresForWhoIsNamed),
            {("canary_leak", Channel.GET_ALL), ("mislabelled", Channel.GET_ALL)},
        ),
        ("reused_ids", honest.World(broken.KeepsThePast), {("canary_leak", Channel.HISTORY)}),
        ("reused_ids", honest.World(broken.KeepsRights), {("canary_leak", Channel.GET)}),
        ("busy_neighbours", honest.World(broken.RanksByTraffic), {("noninterference", Channel.SEARCH)}),
        ("busy_neighbours", honest.World(broken.SharesQuota), {("lost", Channel.SEARCH)}),
    ],
    ids=lambda value: getattr(getattr(value, "memory", None), "__name__", None),
)
@pytest.mark.parametrize("users", [2, pytest.param(5, marks=pytest.mark.long)])
def test_a_defect_is_seen_by_the_scenario_that_is_about_it(
    name: str, thing: object, seen: set[tuple[str, Channel]], users: int
) -> None:
    verdict, found = outcome(thing, name, users=users)

    assert verdict is Verdict.VIOLATED
    assert found >= seen


@pytest.mark.parametrize(
    ("name", "memory"),
    [("failed_write", broken.ValidatesFirst), ("loud_errors", broken.Quiet), ("reused_ids", broken.ReusesIds)],
)
def test_its_correct_twin_is_held(name: str, memory: type[honest.Honest]) -> None:
    assert outcome(honest.World(memory), name) == (Verdict.HELD, set())


@pytest.mark.parametrize("seed", [1, 2])
def test_who_forgets_by_chance_forgets_whatever_the_filter(seed: int) -> None:
    (found,) = audit(target("lossy"), "narrowing_filters", seed=seed, users=3).scenarios

    assert (found.verdict, found.findings) == (Verdict.HELD, [])


@pytest.mark.parametrize(("fail_on", "verdict"), [((), Verdict.HELD), ((FindingClass.RESIDUE,), Verdict.VIOLATED)])
def test_text_that_only_the_storage_holds_fails_where_it_is_told_to(
    fail_on: tuple[FindingClass, ...], verdict: Verdict
) -> None:
    (found,) = audit(honest.World(broken.KeepsText), "erasure", fail_on=fail_on).scenarios

    assert found.verdict is verdict
    # What fails is played again like any other violation.
    assert [group.retold is not None and not group.retold.why for group in found.findings] == [bool(fail_on)]
    assert {(group.example.oracle, group.example.klass, group.example.channel) for group in found.findings} == {
        ("residue", FindingClass.RESIDUE, Channel.STORAGE)
    }


def shortened(length: int) -> Callable[[object], object]:
    return lambda user_id: user_id[:length] if isinstance(user_id, str) else user_id


def normal(form: str) -> Callable[[object], object]:
    return lambda user_id: unicodedata.normalize(form, user_id) if isinstance(user_id, str) else user_id


@pytest.mark.parametrize(
    ("name", "fold"),
    [
        ("confusable_ids", shortened(32)),
        ("confusable_ids", shortened(64)),
        ("aliased_ids", lambda user_id: str(user_id) if type(user_id) is int else user_id),
        ("aliased_ids", lambda user_id: str(user_id) if isinstance(user_id, bool) else user_id),
        ("aliased_ids", lambda user_id: int(user_id) if str(user_id).isdecimal() else user_id),
        ("aliased_ids", lambda user_id: user_id.strip(" ") if isinstance(user_id, str) else user_id),
        ("aliased_ids", lambda user_id: user_id.rstrip("\t") if isinstance(user_id, str) else user_id),
        ("confusable_ids", shortened(255)),
        ("confusable_ids", shortened(256)),
        ("confusable_ids", shortened(512)),
        ("confusable_ids", normal("NFC")),
        ("confusable_ids", normal("NFKC")),
        ("confusable_ids", str.casefold),
        ("confusable_ids", lambda user_id: user_id.replace("\u00df", "ss")),
        ("confusable_ids", lambda user_id: user_id.replace("\u200b", "")),
    ],
    ids=[
        "32",
        "64",
        "7 and '7'",
        "True and 'True'",
        "7 and 007",
        "blanks",
        "a trailing tab",
        "255",
        "256",
        "512",
        "NFC",
        "NFKC",
        "case",
        "sharp s",
        "zero width",
    ],
)
def test_ids_that_a_store_folds_into_one_are_seen(name: str, fold: Callable[[object], object]) -> None:
    verdict, found = outcome(honest.World(broken.folding(fold)), name)

    assert verdict is Verdict.VIOLATED
    assert found >= BY_LOOKING


@pytest.mark.parametrize(
    "means",
    [
        lambda mine, _: mine == "",
        lambda mine, _: mine is None,
        lambda mine, _: not mine,
        lambda mine, _: mine is False,
        lambda mine, _: isinstance(mine, dict) and not mine,
        lambda mine, theirs: isinstance(mine, list) and theirs in mine,
        lambda mine, theirs: isinstance(mine, dict) and theirs in mine.get("in", []),
        lambda mine, theirs: isinstance(mine, dict) and "ne" in mine and theirs != mine["ne"],
    ],
    ids=["empty", "None", "falsy", "False", "no conditions", "any of", "in", "not equal"],
)
def test_what_stands_where_an_id_belongs_and_means_others_is_seen(means: Callable[[object, object], bool]) -> None:
    verdict, found = outcome(honest.World(broken.meaning(means)), "empty_scope_is_refused")

    assert verdict is Verdict.VIOLATED
    assert found >= BY_LOOKING


SIMPLE = (
    simple.Simple,
    simple.BareStrings,
    simple.Silent,
    *(
        pytest.param(memory, marks=pytest.mark.long)
        for memory in (simple.AddAndSearch, simple.WithoutDelete, simple.Numbered, simple.Raising)
    ),
)


@pytest.mark.parametrize("memory", SIMPLE)
def test_somebodys_own_honest_store_is_held_on_all_that_it_has_methods_for(memory: type[simple.Simple]) -> None:
    result = audit(simple.Own(memory), crowd=CROWD)

    assert {found.name: found.reasons for found in result.scenarios if found.verdict not in (None, Verdict.HELD)} == {}
    assert all(found.findings == [] for found in result.scenarios)
    assert {found.name for found in result.scenarios if found.verdict is None} >= {
        "across_restart",
        "interleaved_async",
        "mixed_scopes",
        "same_answer_sync_async",
        "scope_override_by_filter",
        "scope_override_by_metadata",
    }


def test_a_store_that_shows_a_page_and_no_more_is_held_on_all_but_the_scenario_about_that() -> None:
    result = audit(simple.Own(simple.Paged), crowd=CROWD)

    doubtful = {found.name: found.reasons for found in result.scenarios if found.verdict not in (None, Verdict.HELD)}
    assert doubtful == {"many_records": ["a tenant could not find its own fact"]}
    assert all(found.findings == [] for found in result.scenarios if found.name != "many_records")


def test_two_methods_are_enough_for_many_scenarios() -> None:
    result = audit(simple.Own(simple.AddAndSearch), crowd=CROWD)

    assert {found.name for found in result.scenarios if found.verdict is Verdict.HELD} == {
        "aliased_ids",
        "alice_and_bob",
        "busy_neighbours",
        "cached_methods",
        "cleaned_ids",
        "confusable_ids",
        "cross_search",
        "crowding_out",
        "empty_scope_is_refused",
        "failed_write",
        "injected_ids",
        "interleaved",
        "joined_texts",
        "loud_errors",
        "many_records",
        "named_in_words",
        "odd_questions",
        "path_ids",
        "wildcard_ids",
    }


@pytest.mark.parametrize("memory", [simple.Simple, simple.BareStrings, simple.Numbered, simple.Silent, simple.Raising])
def test_on_a_target_that_is_not_disposable_nothing_destructive_is_run_and_nothing_left(
    memory: type[simple.Simple],
) -> None:
    production = simple.Production(memory)

    result = audit(production, crowd=CROWD)

    assert [row["user_id"] for row in production.rows] == ["customer"]
    assert result.left_behind == 0
    assert all(found.verdict is None for found in result.scenarios if SCENARIOS[found.name].destructive)
    assert all(found.findings == [] for found in result.scenarios)


def test_what_cannot_be_deleted_from_such_a_target_is_counted() -> None:
    production = simple.Production(simple.WithoutDelete)

    result = audit(production, crowd=CROWD)

    # A fact that a tenant has stored twice is counted once; its code ends each text.
    facts = {(row["user_id"], row["memory"].rpartition(" ")[2]) for row in production.rows}
    assert result.left_behind == len(facts) - 1 > 0


@pytest.mark.parametrize(
    ("thing", "name", "compared"),
    [
        (target("reference"), "cross_search", True),
        (target("reference"), "interleaved", False),
        (honest.World(broken.SearchesAsWhoIsNamed), "named_in_words", False),
    ],
    ids=["held", "together", "violated"],
)
def test_a_scenario_says_whether_tenants_were_compared_with_themselves_alone(
    thing: object, name: str, *, compared: bool
) -> None:
    (found,) = audit(thing, name).scenarios

    assert found.compared is compared


def test_a_crowd_can_be_judged_where_nobody_can_be_tried_alone() -> None:
    result = audit(simple.Production(), "crowding_out", crowd=CROWD)

    assert result.verdict is Verdict.HELD


def test_a_store_that_numbers_each_users_records_from_one_is_held() -> None:
    result = audit(simple.Apart(), "loud_errors")

    assert result.verdict is Verdict.HELD


@pytest.mark.parametrize("name", ["get_by_foreign_id", "history_by_foreign_id"])
def test_a_store_that_numbers_each_users_records_and_does_not_tell_is_held(name: str) -> None:
    result = audit(simple.Apart(simple.Silent), name)

    assert result.verdict is Verdict.HELD


def test_a_store_that_shows_metadata_as_they_were_given_is_held() -> None:
    result = audit(honest.World(honest.Unlabelled), "scope_override_by_metadata")

    assert result.verdict is Verdict.HELD


def test_a_store_that_crashes_without_a_word_about_others_makes_no_loud_errors() -> None:
    result = audit(honest.World(honest.Fragile), "loud_errors")

    assert result.verdict is Verdict.HELD
