import dataclasses

import pytest

from memfence import (
    Add,
    Anew,
    Channel,
    Chat,
    Copy,
    Crowd,
    Delete,
    DeleteAll,
    Expire,
    Get,
    GetAll,
    History,
    Operation,
    PlantLink,
    Population,
    ReadStorage,
    RecordRef,
    Reopen,
    Reset,
    Search,
    SignIn,
    SignOut,
    Update,
)
from memfence.model.operations import OPERATIONS, is_probe, is_spelt, records_named, sent_text

ALICE, BOB = Population(42, 2)
OWN, FOREIGN = RecordRef(1, ALICE.index), RecordRef(2, BOB.index)
# What reaches for nobody's records, whoever does it.
STORING = (Add, Anew, DeleteAll, Crowd, Reopen, Reset, Expire, PlantLink, SignIn, SignOut)

PROBES: list[tuple[Operation, Channel, str]] = [
    (Search(ALICE, "what Bob eats", BOB.facts[0]), Channel.SEARCH, "what Bob eats"),
    (GetAll(ALICE, BOB.facts[0]), Channel.GET_ALL, ""),
    (Get(ALICE, FOREIGN), Channel.GET, ""),
    (Update(ALICE, FOREIGN, "changed"), Channel.UPDATE, "changed"),
    (Delete(ALICE, FOREIGN), Channel.DELETE, ""),
    (DeleteAll(ALICE, owner=BOB.index), Channel.DELETE_ALL, ""),
    (History(ALICE, FOREIGN), Channel.HISTORY, ""),
    (Chat(ALICE, ALICE.facts[0], BOB.facts[0]), Channel.PROMPTS, ALICE.facts[0].text),
    (ReadStorage(ALICE, BOB.facts[0]), Channel.STORAGE, ""),
    (Copy(ALICE, FOREIGN, RecordRef(0, ALICE.index, key="mine")), Channel.COPY, ""),
    (Copy(ALICE, OWN, RecordRef(2, BOB.index, key="theirs"), "move"), Channel.COPY, ""),
    (Add(ALICE, ALICE.facts[0], metadata={"user_id": BOB.id}, into=BOB.index), Channel.ADD, ALICE.facts[0].text),
    (Update(ALICE, OWN, "changed", {"user_id": BOB.id}, into=BOB.index), Channel.UPDATE, "changed"),
]
OWN_CALLS: list[tuple[Operation, Channel, str]] = [
    (Add(ALICE, ALICE.facts[0]), Channel.ADD, ALICE.facts[0].text),
    (Search(ALICE, "what I eat", ALICE.facts[0]), Channel.SEARCH, "what I eat"),
    (GetAll(ALICE, ALICE.facts[0]), Channel.GET_ALL, ""),
    (Get(ALICE, OWN), Channel.GET, ""),
    (Update(ALICE, OWN, "changed"), Channel.UPDATE, "changed"),
    (Delete(ALICE, OWN), Channel.DELETE, ""),
    (DeleteAll(ALICE, owner=ALICE.index), Channel.DELETE_ALL, ""),
    (History(ALICE, OWN), Channel.HISTORY, ""),
    (Chat(ALICE, ALICE.facts[0], ALICE.facts[1]), Channel.PROMPTS, ALICE.facts[0].text),
    (ReadStorage(ALICE, ALICE.facts[0]), Channel.STORAGE, ""),
    (Copy(ALICE, OWN, RecordRef(0, ALICE.index, key="mine")), Channel.COPY, ""),
    (Reopen(ALICE), Channel.STORAGE, ""),
    (Expire(ALICE), Channel.STORAGE, ""),
    (Anew(ALICE), Channel.STORAGE, ""),
    (SignIn(ALICE), Channel.STORAGE, ""),
    (SignOut(ALICE), Channel.STORAGE, ""),
    (PlantLink(ALICE, OWN, FOREIGN), Channel.STORAGE, ""),
    (Reset(ALICE), Channel.STORAGE, ""),
    (Crowd(ALICE, (Add(ALICE, ALICE.facts[0]),)), Channel.ADD, ""),
]


@pytest.mark.parametrize("operation", [operation for operation, *_ in PROBES])
def test_an_operation_that_reaches_for_anothers_record_is_a_probe_of_its_owner(operation: Operation) -> None:
    assert is_probe(operation)
    assert operation.owner == BOB.index


@pytest.mark.parametrize("operation", [operation for operation, *_ in OWN_CALLS])
def test_an_operation_on_ones_own_records_is_no_probe(operation: Operation) -> None:
    assert not is_probe(operation)
    assert operation.owner == ALICE.index


@pytest.mark.parametrize(
    "look",
    [operation for operation, *_ in OWN_CALLS if not isinstance(operation, STORING)],
)
def test_after_its_erasure_a_tenants_own_facts_are_as_foreign_to_it_as_anybodys(look: Operation) -> None:
    assert is_probe(dataclasses.replace(look, principal=ALICE.after_erasure()))


def test_adding_after_an_erasure_reaches_for_nobody() -> None:
    assert not is_probe(Add(ALICE.after_erasure(), ALICE.facts[0]))


@pytest.mark.parametrize(
    ("operation", "required"),
    [
        (Search(ALICE, "x", ALICE.facts[0]), {"search"}),
        (Search(ALICE, "x", ALICE.facts[0], {"a": 1}), {"search", "search.filters"}),
        (
            GetAll(ALICE.through_async(), ALICE.facts[0], {"a": 1}),
            {"get_all", "get_all.filters", "async", "async.get_all"},
        ),
        (Add(ALICE.in_scope(run_id="1", agent_id="2"), ALICE.facts[0]), {"add", "run_id", "agent_id"}),
        (Add(ALICE, ALICE.facts[0], metadata={}), {"add", "add.metadata"}),
        (Chat(ALICE, ALICE.facts[0], BOB.facts[0]), {"add", "add.infer", "prompts"}),
        (Reopen(ALICE), {"reopen"}),
        (SignIn(ALICE), {"sign_in"}),
        (SignIn(ALICE, carrying="kept"), {"sign_in", "guest"}),
        (SignOut(ALICE), {"sign_in", "sign_out"}),
        (GetAll(ALICE.bearing("absent"), ALICE.facts[0]), {"get_all", "sign_in"}),
        (GetAll(ALICE.bearing(claim=("query", "user")), ALICE.facts[0]), {"get_all", "sign_in", "claim"}),
        (Reset(ALICE), {"reset"}),
        (Reset(ALICE.through_async()), {"async_reset"}),
        (Crowd(ALICE, ()), {"load"}),
        (ReadStorage(ALICE, ALICE.facts[0]), {"storage"}),
        (Add(ALICE, ALICE.facts[0], under="k", ttl=5.0), {"add", "add.ttl", "keys"}),
        (GetAll(ALICE, ALICE.facts[0], prefix=""), {"get_all", "get_all.prefix"}),
        (Copy(ALICE, OWN, FOREIGN, "move"), {"move", "keys"}),
        (Search(ALICE, "q", ALICE.facts[0], how="hybrid"), {"hybrid", "hybrid.text"}),
        (GetAll(ALICE, ALICE.facts[0], how="count"), {"count", "count.all"}),
        (Expire(ALICE), {"expire"}),
        (PlantLink(ALICE, OWN, FOREIGN), {"storage", "paths"}),
    ],
)
def test_an_operation_says_what_the_target_must_offer_for_it(operation: Operation, required: set[str]) -> None:
    assert operation.requires == required


def test_a_question_names_a_record_where_its_id_is_asked_for() -> None:
    plain = Search(ALICE, "what I eat", BOB.facts[0])
    about = Search(ALICE, "{id}", BOB.facts[0], record=RecordRef(1, BOB.index, "{id}"))

    assert records_named(plain) == ()
    assert records_named(about) == (about.record,)
    assert is_spelt(about)
    assert not is_spelt(plain)


def test_adding_reaches_for_nobody_even_with_anothers_fact() -> None:
    assert not is_probe(Add(ALICE, BOB.facts[0]))


@pytest.mark.parametrize(
    ("operation", "channel"), [(operation, channel) for operation, channel, _ in OWN_CALLS + PROBES]
)
def test_each_operation_knows_its_channel(operation: Operation, channel: Channel) -> None:
    assert operation.channel is channel


@pytest.mark.parametrize(("operation", "text"), [(operation, text) for operation, _, text in OWN_CALLS + PROBES])
def test_what_an_operation_sends_is_the_text_that_it_carries(operation: Operation, text: str) -> None:
    assert sent_text(operation) == text


def test_the_list_of_operations_is_whole_and_each_has_a_channel_of_its_own() -> None:
    assert {type(operation) for operation, *_ in OWN_CALLS} == set(OPERATIONS)
    of_records = set(OPERATIONS) - {Anew, Crowd, Reopen, Reset, Expire, PlantLink, SignIn, SignOut}
    assert len({kind.channel for kind in of_records}) == len(of_records) == 11


@pytest.mark.parametrize("channel", Channel)
def test_each_channel_says_in_one_line_what_crosses_there(channel: Channel) -> None:
    assert channel.meaning.strip()
    assert "\n" not in channel.meaning


def test_the_meanings_of_two_channels_differ() -> None:
    assert len({channel.meaning for channel in Channel}) == len(Channel)


def test_an_operation_cannot_be_changed_after_it_was_recorded() -> None:
    operation = Get(ALICE, FOREIGN)

    with pytest.raises(dataclasses.FrozenInstanceError):
        operation.principal = BOB  # type: ignore[misc]  # what the test is about
