import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from memfence import Population
from memfence.base.errors import HarnessError
from memfence.campaigns import resolve
from memfence.campaigns.explorations import ExploreSettings
from memfence.campaigns.exploring import Explorer
from memfence.model.counterexamples import Counterexample, Move, flat
from memfence.model.findings import Finding, FindingClass, Severity, Verdict
from memfence.model.observations import Returned, Step
from memfence.model.operations import (
    Add,
    Anew,
    Chat,
    Copy,
    Crowd,
    Delete,
    DeleteAll,
    Expire,
    Get,
    GetAll,
    History,
    PlantLink,
    ReadStorage,
    RecordRef,
    Reopen,
    Reset,
    Search,
    SignIn,
    SignOut,
    Together,
    Update,
)
from memfence.model.tenants import Tenant
from memfence.performing.contract import adapt
from memfence.plans.replays import Replay, as_json, from_json, load, replay_of, save, save_all

POPULATION = Population(seed=5, size=12)
ALICE, BOB, CAROL, *_ = POPULATION
FACT, THEIRS = ALICE.facts[0], BOB.facts[0]
LATE = POPULATION.fact(ALICE.index, 700)
LONE = "\ud800"

MOVES: tuple[Move, ...] = (
    Add(ALICE, FACT),
    Add(ALICE, LATE, text=f"user_id: {BOB.id}. {LATE.text}", metadata={"user_id": BOB.id, "deep": [1, None]}, into=1),
    Add(BOB, THEIRS, metadata={"note": LONE}),
    Chat(BOB, THEIRS, seeks=FACT),
    Search(BOB, "What?", FACT),
    Search(BOB, f"\u00e9{LONE}", FACT, filters={"OR": [{"user_id": ALICE.id}, {"user_id": None}]}),
    GetAll(BOB, FACT),
    GetAll(BOB, FACT, filters={"user_id": "*"}),
    Get(BOB, RecordRef(1, 0)),
    Get(BOB, RecordRef(0, 1)),
    Update(BOB, RecordRef(1, 0), THEIRS.text),
    Update(ALICE, RecordRef(1, 0), FACT.text, metadata={"user_id": BOB.id}, into=1),
    Delete(BOB, RecordRef(1, 0)),
    DeleteAll(BOB, owner=0),
    Search(BOB, "{id}", FACT, record=RecordRef(1, 0, "{id}")),
    History(BOB, RecordRef(1, 0)),
    ReadStorage(ALICE.after_erasure(), FACT),
    Add(replace(ALICE, keys="path"), FACT, under="notes/shared.txt", ttl=60.0),
    Get(replace(BOB, keys="path"), RecordRef(1, 0, "../{owner}/{id}", "notes/shared.txt")),
    Get(replace(ALICE, keys="flat"), RecordRef(0, 0, key="shared"), FACT),
    GetAll(replace(BOB, keys="path"), FACT, prefix="../"),
    GetAll(replace(BOB, keys="path"), FACT, how="scroll"),
    Copy(replace(BOB, keys="path"), RecordRef(1, 0, key="a"), RecordRef(0, 1, "../{id}", "b"), "move"),
    PlantLink(replace(BOB, keys="path:bytes"), RecordRef(2, 1, key="a"), RecordRef(1, 0, key="b"), 2, folder=True),
    Expire(CAROL, everything=True),
    Reopen(CAROL),
    Reset(CAROL),
    Anew(CAROL),
    SignIn(CAROL.bearing(of=ALICE), carrying="left"),
    SignOut(CAROL.bearing(device=1)),
    GetAll(BOB.bearing("user", of=ALICE, number=2), FACT),
    GetAll(BOB.bearing(of=ALICE, claim=("query", "user_id")), FACT, how="page"),
    Search(BOB.bearing("absent", spelling="upper case"), "x", FACT, how="ask"),
    Expire(CAROL),
    Copy(BOB, RecordRef(0, 0, spelt="../{owner}/{id}", key="a"), RecordRef(0, 1, key="b"), "move"),
    PlantLink(BOB, RecordRef(0, 1, key="b"), RecordRef(0, 0, key="a")),
    Add(BOB, THEIRS, under="a", ttl=60.0),
    GetAll(BOB, FACT, prefix="a"),
    Together((GetAll(ALICE, FACT), GetAll(BOB, THEIRS), Add(CAROL, CAROL.facts[1]))),
)
PRINCIPALS = [
    ALICE,
    *(ALICE.posing_as(one) for one in (7, 0, False, True, None, "", "*", ["x"], [], {"ne": "x"}, LONE, "\x00", "7")),
    ALICE.in_scope(agent_id="assistant", run_id="a&b"),
    ALICE.after_erasure(),
    ALICE.through_async(),
    ALICE.posing_as("x").in_scope(run_id="r").after_erasure().through_async(),
]


def replayed(*moves: Move, **changed: Any) -> Replay:
    return replace(Replay("mine:Target", "scoped", None, 5, "canary_leak", Verdict.VIOLATED, moves), **changed)


def through_a_file(replay: Replay, tmp_path: Path) -> Replay:
    save(replay, tmp_path / "found.json")
    return load(tmp_path / "found.json")


@pytest.mark.parametrize("move", MOVES, ids=lambda move: type(move).__name__)
def test_each_kind_of_move_comes_back_from_its_file(move: Move, tmp_path: Path) -> None:
    replay = replayed(move)

    known = through_a_file(replay, tmp_path)

    assert known == replay
    # Metadata and filters take part in equality; their types must not have changed on the way either.
    assert repr(known.moves) == repr(replay.moves)


def test_every_kind_of_operation_is_tried_here() -> None:
    from memfence.model.operations import OPERATIONS  # noqa: PLC0415 - for this alone

    # No generated history begins among a crowd.
    assert {type(operation) for operation in flat(MOVES)} == set(OPERATIONS) - {Crowd}


def test_a_whole_history_comes_back_in_order(tmp_path: Path) -> None:
    replay = replayed(*MOVES, breakage="drop_user_id", wrapper="tutorial", verdict=Verdict.INCONCLUSIVE, target="mem0")

    assert through_a_file(replay, tmp_path) == replay


@pytest.mark.parametrize("tenant", PRINCIPALS, ids=lambda tenant: repr((tenant.id, tenant.within, tenant.hostile)))
def test_whoever_acts_comes_back_under_the_same_id_of_the_same_type(tenant: Tenant, tmp_path: Path) -> None:
    known = through_a_file(replayed(GetAll(tenant, THEIRS)), tmp_path)

    (operation,) = flat(known.moves)
    assert operation.principal == tenant
    assert repr(operation.principal.id) == repr(tenant.id)


def test_ids_that_are_equal_in_python_but_not_in_a_store_stay_two(tmp_path: Path) -> None:
    ids = (1, True, "1", "True", 0, False, "", None)
    moves = tuple(GetAll(ALICE.posing_as(one), THEIRS) for one in ids)

    known = through_a_file(replayed(*moves), tmp_path)

    assert [repr(one.principal.id) for one in flat(known.moves)] == [repr(one) for one in ids]


def test_who_acts_several_times_is_told_once() -> None:
    told = as_json(replayed(Add(ALICE, FACT), GetAll(ALICE, FACT), GetAll(BOB, FACT)))

    assert [one["index"] for one in told["tenants"]] == [0, 1]
    assert [next(iter(move.values()))["by"] for move in told["moves"]] == [0, 0, 1]


def test_its_population_knows_all_who_act_and_what_they_say() -> None:
    replay = replayed(Add(CAROL, CAROL.facts[0]), GetAll(BOB, CAROL.facts[0]))

    assert replay.population.tenant(2) == CAROL
    assert replay.population.size == 3


def test_a_file_of_two_calls_is_small_and_ascii(tmp_path: Path) -> None:
    path = tmp_path / "found.json"

    save(replayed(Add(ALICE, FACT), GetAll(BOB.posing_as("\u00e9"), FACT)), path)

    assert len(path.read_bytes()) < 3000
    assert path.read_bytes().isascii()


def test_a_file_holds_no_more_than_it_takes_to_make_the_data_again(tmp_path: Path) -> None:
    path = tmp_path / "found.json"

    save(replayed(Add(ALICE, FACT), Search(BOB, FACT.bare, FACT)), path)

    told = json.loads(path.read_text("ascii"))
    assert FACT.canary not in path.read_text("ascii")
    assert set(told) == {
        "memfence_replay",
        "target",
        "wrapper",
        "breakage",
        "seed",
        "oracle",
        "verdict",
        "tenants",
        "moves",
    }
    assert [one["id"] for one in told["tenants"]] == [ALICE.id, BOB.id]


class Everybodys:
    """A search shows whatever anybody stored, and a stranger's words that were there before."""

    def __init__(self) -> None:
        self.rows = ["A customer's own words."]

    def make_memory(self, user_id: object) -> "Everybodys":
        del user_id
        return self

    def add(self, text: str) -> None:
        self.rows.append(text)

    def search(self, query: str) -> list[str]:
        del query
        return list(self.rows)


def test_what_a_real_store_held_before_is_in_no_file(tmp_path: Path) -> None:
    target = adapt(Everybodys(), "everybodys")
    exploration = Explorer(target, ExploreSettings(seed=0, examples=30), resolve.all_oracles()).run()

    save_all(exploration.counterexamples, exploration.result, tmp_path)

    written = sorted(tmp_path.iterdir())
    assert [path.name for path in written] == ["canary_leak.json"]
    assert not any("customer" in path.read_text("ascii") for path in written)
    assert all(path.stat().st_size < 3000 for path in written)
    assert load(written[0]).moves == exploration.counterexamples[0].moves


def test_what_is_kept_of_a_counterexample_names_its_exploration() -> None:
    finding = Finding(
        "lost",
        FindingClass.AVAILABILITY,
        Severity.LOW,
        ALICE,
        ALICE,
        Step(1, Add(ALICE, FACT), Returned()),
        ("gone",),
        (),
    )

    kept = replay_of(Counterexample(MOVES, finding, 40), "mem0", {"wrapper": "plain", "breakage": "lost"}, 9)

    assert (kept.target, kept.wrapper, kept.breakage, kept.seed, kept.oracle) == ("mem0", "plain", "lost", 9, "lost")
    assert (kept.verdict, kept.moves) == (Verdict.INCONCLUSIVE, MOVES)


def test_a_file_that_is_not_there_is_said_to_be_unreadable(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match=r"gone\.json cannot be read: No such file or directory$"):
        load(tmp_path / "gone.json")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"not JSON"])
def test_a_file_that_is_no_json_is_no_replay(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    path.write_bytes(content)

    with pytest.raises(HarnessError, match=r"found\.json is no replay: "):
        load(path)


@pytest.mark.parametrize("content", ["[]", "null", "7", '"text"', "{}", '{"memfence": 1}', '["memfence_replay"]'])
def test_json_that_is_no_replay_says_how_one_is_had(content: str, tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    path.write_text(content)

    with pytest.raises(HarnessError, match=r"found\.json is no replay: .*`memfence explore \.\.\. --save FOLDER`"):
        load(path)


@pytest.mark.parametrize("version", [0, 2, "1", None, [1]])
def test_another_version_is_refused_with_both_numbers(version: object) -> None:
    told = {**as_json(replayed(Add(ALICE, FACT))), "memfence_replay": version}

    with pytest.raises(HarnessError) as error:
        from_json(told, "found.json")

    assert f"has version {version!r}, this memfence reads 1" in str(error.value)


def whole() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(as_json(replayed(Add(ALICE, FACT), Get(BOB, RecordRef(1, 0))))))
    return told


@pytest.mark.parametrize("key", ["target", "wrapper", "breakage", "seed", "oracle", "verdict", "tenants", "moves"])
def test_a_file_that_lacks_something_is_damaged_and_says_what(key: str) -> None:
    told = whole()
    del told[key]

    with pytest.raises(HarnessError, match=rf"found\.json is damaged: KeyError: '{key}'"):
        from_json(told, "found.json")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seed", "many"),
        ("seed", None),
        ("verdict", "broken"),
        ("tenants", []),
        ("tenants", None),
        ("tenants", [{}]),
        ("tenants", [{"index": -1, "id": "x"}]),
        ("tenants", [{"index": "0", "id": "x"}]),
        ("tenants", [{"index": 0, "id": "x", "admin": True}]),
        ("tenants", [{"index": 10**9, "id": "x"}]),
        ("tenants", [{"index": 0, "id": "x", "within": 7}]),
        ("moves", None),
        ("moves", [{}]),
        ("moves", ["Add"]),
        ("moves", [{"Steal": {"by": 0}}]),
        ("moves", [{"Add": {"by": 9, "fact": [0, 0]}}]),
        ("moves", [{"Add": {"by": 0}}]),
        ("moves", [{"Add": {"by": 0, "fact": [0]}}]),
        ("moves", [{"Add": {"by": 0, "fact": [0, 0]}, "Get": {"by": 0, "record": [1, 0]}}]),
        ("moves", [{"Get": {"by": 0, "record": 7}}]),
        ("moves", [{"Together": []}]),
        ("moves", [{"Add": {"by": 0, "fact": [0, 0], "colour": "blue"}}]),
        ("moves", [{"Add": {"by": 0, "fact": [0, -1]}}]),
        ("moves", [{"Add": {"by": 0, "fact": [0, 10**9]}}]),
        ("moves", []),
    ],
)
def test_a_damaged_file_is_said_to_be_damaged(key: str, value: object) -> None:
    with pytest.raises(HarnessError) as error:
        from_json({**whole(), key: value}, "found.json")

    assert str(error.value).startswith("found.json is damaged: ")
    assert "\n" not in str(error.value)


def test_a_record_id_that_is_spelt_otherwise_is_saved_so() -> None:
    spelt = Get(BOB, RecordRef(1, 0, "../{owner}/{id}"))

    told: dict[str, Any] = json.loads(json.dumps(as_json(replayed(Add(ALICE, FACT), spelt))))

    assert told["moves"][1]["Get"]["record"] == [1, 0, "../{owner}/{id}"]
    assert from_json(told).moves[1] == spelt
