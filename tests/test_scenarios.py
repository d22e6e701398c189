from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memfence import Add, Delete, DeleteAll, GetAll, Operation, Population, Search, Step, Update
from memfence.campaign import Campaign
from memfence.contract import METHODS, adapt
from memfence.executor import Executor
from memfence.findings import Verdict
from memfence.observations import Returned
from memfence.operations import is_probe
from memfence.resolve import all_oracles, all_scenarios, scenarios, target
from memfence.results import CampaignResult
from memfence.settings import AuditSettings

Records = list[dict[str, str]]
SCENARIOS = all_scenarios()
NAMES = tuple(SCENARIOS)
# What a store with records per user, and no ids to learn, is asked.
PLAIN = ("alice_and_bob", "cross_search", "delete_all_leaves_others", "list_all")


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


def audit(thing: object, *names: str, seed: int = 7, users: int = 3) -> CampaignResult:
    chosen = AuditSettings(seed=seed, users=users, facts=2)
    return Campaign(adapt(thing, "fake"), scenarios(names), chosen, all_oracles(), catalogue=NAMES).run()


def told(name: str, population: Population) -> list[Operation]:
    """Return a scenario's operations, as performed on the reference."""
    operations = []
    with Executor(target("reference")) as executor:
        plan = SCENARIOS[name].tell(population)
        operation = next(plan, None)
        while operation is not None:
            operations.append(operation)
            try:
                operation = plan.send(executor.perform(operation, len(operations)))
            except StopIteration:
                break
    return operations


def test_there_are_the_four_that_the_rest_of_this_file_is_about() -> None:
    assert set(NAMES) >= {"alice_and_bob", "cross_search", "delete_all_leaves_others", "list_all"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("users", [2, 3, 9])
def test_the_reference_is_held(name: str, users: int) -> None:
    settings_ = AuditSettings(seed=1, users=users)

    result = Campaign(target("reference"), [SCENARIOS[name]], settings_, all_oracles()).run()

    assert result.verdict is Verdict.HELD
    assert result.scenarios[0].findings == []


@given(seed=st.integers(0, 2**63), users=st.integers(2, 4), facts=st.integers(1, 3))
@settings(max_examples=15)
def test_the_reference_is_held_whatever_the_seed(seed: int, users: int, facts: int) -> None:
    chosen = AuditSettings(seed=seed, users=users, facts=facts)

    result = Campaign(target("reference"), scenarios(()), chosen, all_oracles()).run()

    assert result.verdict is Verdict.HELD


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


@pytest.mark.parametrize("name", NAMES)
def test_its_length_is_the_number_of_its_operations(name: str) -> None:
    population = Population(seed=1, size=3, facts=2)

    assert SCENARIOS[name].length(population) == len(told(name, population))


@pytest.mark.parametrize("name", NAMES)
def test_it_probes_and_needs_no_method_that_the_contract_does_not_have(name: str) -> None:
    operations = told(name, Population(seed=1, size=2))

    assert any(is_probe(operation) for operation in operations)
    assert {operation.channel for operation in operations} <= set(METHODS)
    needed = {kind for choice in SCENARIOS[name].needs for kind in choice}
    assert {type(operation) for operation in operations} <= needed


@pytest.mark.parametrize("name", NAMES)
def test_what_writes_to_others_or_under_hostile_ids_is_destructive_and_says_so(name: str) -> None:
    operations = told(name, Population(seed=1, size=2))

    writes = any(isinstance(operation, DeleteAll | Delete | Update) for operation in operations)
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
