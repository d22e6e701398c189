"""The strategies as anybody's own tests use them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from memfence import Fact, Population, ScopedMemory, ScopeError
from memfence.plans.overrides import widening
from memfence.strategies import confusable_pairs, facts, filters, injected_ids, owners_of, tenant_ids
from memfence.targets.reference_client import ReferenceClient

# Without the explanation of what is found, which takes longer than finding it. One pair in 35 is of a certain kind.
QUIET = settings(
    max_examples=2000,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)
# The same draws each time: what is looked for is among them, or never.
MANY = settings(QUIET, max_examples=400, phases=[Phase.generate], derandomize=True)
two_users = st.lists(tenant_ids(), min_size=2, max_size=2, unique=True)


def look(client: Any, user_id: Any, query: str, **arguments: Any) -> list[dict[str, Any]] | None:
    """Return what a search and a listing show, None where the user or an argument is refused."""
    try:
        memory = ScopedMemory(user_id, client=client)
        return [*memory.search(query, threshold=0, **arguments), *memory.get_all(**arguments)]
    except (ScopeError, TypeError):
        return None


def store(client: Any, user_id: Any, fact: Fact) -> bool:
    """Store a fact and tell whether that was allowed."""
    try:
        ScopedMemory(user_id, client=client).add(fact.text, infer=False)
    except (ScopeError, TypeError):
        return False
    return True


def drawn_of(strategy: st.SearchStrategy[Any]) -> list[Any]:
    """Return many draws."""
    found: list[Any] = []

    @MANY
    @given(drawn=strategy)
    def take(drawn: Any) -> None:
        found.append(drawn)

    take()
    return found


class Folding(ReferenceClient):
    """A store that takes ids for one that differ in case or in blanks around them."""

    def add(self, messages: Any, *, user_id: str | None = None, **options: Any) -> dict[str, Any]:
        return super().add(messages, user_id=self.folded(user_id), **options)

    def get_all(self, *, filters: Any, top_k: int | None = None) -> dict[str, Any]:
        return super().get_all(filters={**filters, "user_id": self.folded(filters["user_id"])}, top_k=top_k)

    def folded(self, user_id: Any) -> str:
        return str(user_id).strip().lower()


@given(users=two_users, fact=facts())
def test_ordinary_users_are_accepted_and_see_their_own_alone(users: list[str], fact: Fact) -> None:
    client = ReferenceClient()
    owner, other = users

    assert store(client, owner, fact)

    assert owners_of(str(look(client, owner, fact.bare))) == (fact.owner,)
    assert look(client, other, fact.bare) == []


@given(user=tenant_ids())
def test_ordinary_ids_are_safe_where_case_is_folded(user: str) -> None:
    assert user == user.lower()


def test_ordinary_ids_come_in_every_shape_that_applications_use() -> None:
    shapes = {
        "a name": str.isalpha,
        "with a number": lambda one: one.isalnum() and not one.isalpha() and not one.isdecimal(),
        "joined": lambda one: "_" in one and one[-1].isdecimal(),
        "a number": str.isdecimal,
        "an address": lambda one: "@" in one and one.endswith((".com", ".org")),
        "a label in one": lambda one: "+" in one,
        "within an organisation": lambda one: ":" in one,
        "a UUID": lambda one: len(one) == 36 and one.count("-") == 4,
    }

    found = drawn_of(tenant_ids())

    assert [shape for shape, told in shapes.items() if not any(map(told, found))] == []


@given(pair=confusable_pairs(), fact=facts())
def test_of_two_that_a_store_may_take_for_one_each_is_refused_or_apart(pair: tuple[str, object], fact: Fact) -> None:
    client = ReferenceClient()
    victim, attacker = pair

    store(client, victim, fact)

    assert not look(client, attacker, fact.bare)


@given(pair=confusable_pairs() | tenant_ids().flatmap(confusable_pairs))
def test_the_two_of_a_pair_are_never_the_same(pair: tuple[str, object]) -> None:
    victim, attacker = pair

    assert repr(victim) != repr(attacker)
    assert isinstance(victim, str)
    assert victim
    assert attacker != ""


@given(user=tenant_ids() | st.sampled_from(["a", "7", "True", "Zo\u00eb", "007", "9" * 5000]), data=st.data())
def test_a_victim_that_is_given_is_the_first_of_the_pair(user: str, data: st.DataObject) -> None:
    victim, attacker = data.draw(confusable_pairs(user))

    assert victim == user
    assert repr(attacker) != repr(user)


def test_pairs_differ_in_each_of_the_ways_that_stores_confuse() -> None:
    ways: dict[str, Any] = {
        "case": lambda own, alias: alias == own.upper(),
        "blanks": lambda own, alias: alias == f"{own} ",
        "patterns": lambda _, alias: alias == "*",
        "what cannot be seen": lambda own, alias: alias == f"{own}\u200b",
        "script": lambda own, alias: own.isascii() and "\u0430" in str(alias),
        "composition": lambda own, alias: "\u00e9" in own and "e\u0301" in alias,
        "a type": lambda own, alias: own.isdecimal() and alias == int(own),
        "a truth": lambda own, alias: (own, alias) == ("True", True),
        "the end of a long id": lambda own, alias: len(own) > 255 and own[:-1] == alias[:-1],
    }

    found = drawn_of(confusable_pairs())

    assert [way for way, told in ways.items() if not any(told(*pair) for pair in found)] == []


@pytest.mark.parametrize(
    ("alike", "least"),
    [
        (lambda _, alias: alias == "*", ("alice", "*")),
        (lambda own, alias: alias == f"{own} ", ("alice", "alice ")),
        (lambda _, alias: isinstance(alias, int) and alias is not True, ("7", 7)),
        (lambda own, _: "\u00e9" in own, ("alice-\u00e9", "alice-e\u0301")),
    ],
    ids=["a pattern", "a blank", "a number", "composed"],
)
def test_a_pair_keeps_what_it_differs_in_as_it_shrinks(alike: Any, least: tuple[str, object]) -> None:
    assert find(confusable_pairs(), lambda pair: alike(*pair), settings=QUIET) == least


@given(user=injected_ids())
def test_expressions_are_refused_as_ids(user: str) -> None:
    with pytest.raises(ScopeError):
        ScopedMemory(user, client=ReferenceClient())


def test_expressions_name_the_victim_that_is_given_and_an_ordinary_one_otherwise() -> None:
    named = find(injected_ids("zoe"), lambda one: "SELECT" in one, settings=QUIET)
    anybody = find(injected_ids(), lambda one: "SELECT" in one, settings=QUIET)

    assert (named, anybody) == ("x'UNION/**/SELECT'zoe'--", "x'UNION/**/SELECT'alice'--")


@given(users=two_users, fact=facts(), data=st.data())
def test_a_filter_that_widens_is_refused_or_shows_nothing(users: list[str], fact: Fact, data: st.DataObject) -> None:
    client = ReferenceClient()
    victim, attacker = users
    store(client, victim, fact)

    shown = look(client, attacker, fact.bare, filters=data.draw(filters(victim, attacker)))

    assert not shown


def test_each_filter_that_the_harness_tries_is_drawn_and_in_a_dict_of_its_own() -> None:
    found = drawn_of(filters("alice", "bob").map(lambda drawn: (json.dumps(drawn), drawn.clear())[0]))

    assert set(found) == {json.dumps(one) for one in widening("alice", "bob")}


@given(drawn=st.lists(facts(seed=7), unique=True, max_size=5))
def test_a_text_tells_whose_facts_stand_in_it(drawn: list[Fact]) -> None:
    owners = tuple(dict.fromkeys(fact.owner for fact in drawn))
    text = json.dumps([fact.text for fact in drawn])

    assert owners_of(text, seed=7) == owners
    assert owners_of(json.dumps([f"knows {fact.name}" for fact in drawn]), seed=7) == owners
    assert owners_of(text, seed=8) == ()


@given(fact=facts(seed=7, owners=[3, 200]))
def test_facts_are_those_of_a_population_and_of_the_owners_that_are_given(fact: Fact) -> None:
    assert fact.owner in {3, 200}
    assert fact == Population(7, 1).fact(fact.owner, fact.number)


def test_two_facts_are_now_one_owners_and_now_two_owners() -> None:
    found = drawn_of(st.lists(facts(), min_size=2, max_size=2, unique=True))

    assert {len({fact.owner for fact in two}) for two in found} == {1, 2}


def test_the_least_of_everything_is_plain() -> None:
    least = [
        find(strategy, lambda _: True, settings=QUIET)
        for strategy in (tenant_ids(), confusable_pairs(), facts(), filters("alice", "bob"))
    ]

    assert least == ["alice", ("alice", "ALICE"), Population(0, 1).fact(0, 0), {"user_id": "alice"}]


def test_a_store_that_folds_ids_is_found_out_with_a_plain_counterexample() -> None:
    def leaks(drawn: tuple[tuple[str, object], Fact]) -> bool:
        (victim, attacker), fact = drawn
        client = Folding()
        client.add(fact.text, user_id=victim)
        return fact.owner in owners_of(str(client.get_all(filters={"user_id": attacker})))

    (victim, attacker), fact = find(st.tuples(confusable_pairs(), facts()), leaks, settings=QUIET)

    assert (victim, attacker) == ("alice", "ALICE")
    assert (fact.owner, fact.number) == (0, 0)


def test_what_is_drawn_is_reported_as_it_is() -> None:
    fact = Population(0, 1).fact(0, 0)

    @QUIET
    @given(
        address=tenant_ids().filter(lambda one: "@" in one),
        pair=confusable_pairs(),
        fact=facts(),
        wide=filters("alice", "bob").filter(lambda one: "OR" in one),
    )
    def fails(address: str, pair: object, fact: Fact, wide: object) -> None:
        del address, pair, fact, wide
        raise AssertionError

    with pytest.raises(AssertionError) as raised:
        fails()

    told = "".join("\n".join(raised.value.__notes__).split())
    assert f"address='alice@example.com',pair=('alice','ALICE'),fact={''.join(repr(fact).split())}" in told
    assert "wide={'OR':[{'user_id':'alice'},{'user_id':'bob'}]}" in told


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: confusable_pairs(""), ValueError, "victim is empty: nobody has that id"),
        (lambda: confusable_pairs(7), TypeError, "victim must be a str, got int"),
        (lambda: injected_ids(""), ValueError, "victim is empty: nobody has that id"),
        (lambda: filters("alice", ""), ValueError, "attacker is empty: nobody has that id"),
        (lambda: filters("ann", "ann"), ValueError, "victim and attacker are both 'ann'; give two different ids"),
    ],
)
def test_arguments_that_make_no_sense_are_told_when_the_strategy_is_made(call: Any, error: type, words: str) -> None:
    with pytest.raises(error, match=f"^{words}$"):
        call()


USE = """
import sys
import memfence
assert "hypothesis" not in sys.modules
from memfence import strategies
assert not {"mem0", "pytest"} & set(sys.modules)
from hypothesis import find, settings
for strategy in (
    strategies.tenant_ids(), strategies.confusable_pairs(), strategies.injected_ids(), strategies.facts(),
    strategies.filters("alice", "bob"),
):
    find(strategy, lambda _: True, settings=settings(database=None))
"""


def test_drawing_imports_hypothesis_alone_and_writes_nothing_of_ours(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", USE],
        cwd=tmp_path,
        # Other packages' plugins for Hypothesis import what they like.
        env=os.environ | {"HYPOTHESIS_NO_PLUGINS": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    # What Hypothesis keeps for itself, whatever it draws.
    assert {path.name for path in tmp_path.iterdir()} <= {".hypothesis"}
