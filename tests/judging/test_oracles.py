from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence import (
    Add,
    Channel,
    Crowd,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    Operation,
    Population,
    Record,
    RecordRef,
    Search,
    Tenant,
    Update,
)
from memfence.campaigns.resolve import all_oracles
from memfence.judging.attribution import Attributor, CanaryAttributor
from memfence.judging.oracles import Judge, Oracle, oracle
from memfence.judging.oracles.canary_leak import canary_leak
from memfence.judging.oracles.contained import contained
from memfence.judging.oracles.foreign_id import foreign_id
from memfence.judging.oracles.foreign_record import foreign_record
from memfence.judging.oracles.lost import lost, settle
from memfence.judging.oracles.mislabelled import mislabelled
from memfence.judging.oracles.tampering import tampering
from memfence.model.findings import Finding, FindingClass, Severity, Verdict
from memfence.model.observations import Crashed, Observation, Refused, Returned, Step
from memfence.model.operations import OPERATIONS

POPULATION = Population(42, 4)
ALICE, BOB, CAROL, DAVE = POPULATION
TENANTS = (ALICE, BOB, CAROL, DAVE)
OWN, FOREIGN = ALICE.facts[0], BOB.facts[0]
NOTHING = Returned()
ORACLES: dict[str, Oracle] = {
    "canary_leak": canary_leak,
    "foreign_record": foreign_record,
    "contained": contained,
    "mislabelled": mislabelled,
    "foreign_id": foreign_id,
    "lost": lost,
    "tampering": tampering,
}
# Alice reaches for Bob's fact, and sends no canary.
PROBE = Search(ALICE, FOREIGN.about, FOREIGN)


def _steps(*events: tuple[Operation, Observation]) -> list[Step]:
    return [Step(index, *event) for index, event in enumerate(events, 1)]


def _judged(oracle: Oracle, steps: Iterable[Step]) -> list[Finding]:
    judge = oracle(CanaryAttributor(POPULATION))
    return [finding for step in steps for finding in judge(step)]


def _stored(tenant: Tenant, label: str | None = None) -> Record:
    return Record("1", tenant.facts[0].text, label)


@pytest.mark.parametrize("oracle", ORACLES.values(), ids=ORACLES)
def test_every_oracle_is_silent_where_each_tenant_sees_its_own_facts_alone(oracle: Oracle) -> None:
    everybody = [(Add(tenant, tenant.facts[0]), NOTHING) for tenant in TENANTS]
    looks = [(GetAll(tenant, tenant.facts[0]), Returned((_stored(tenant, tenant.id),))) for tenant in TENANTS]
    attacks: list[tuple[Operation, Observation]] = [
        (PROBE, Returned((_stored(ALICE, ALICE.id),))),
        (Get(ALICE, RecordRef(2, BOB.index)), Refused("RecordNotFoundError", "no record of this id")),
        (DeleteAll(DAVE, owner=BOB.index), NOTHING),
    ]

    findings = _judged(oracle, _steps(*everybody, *looks, *attacks, *looks[:3]))

    assert findings == []


# What makes a function an oracle


def test_a_function_becomes_an_oracle_of_its_name_and_of_its_docstrings_first_line() -> None:
    begun: list[Attributor] = []

    def of_this_test(attributor: Attributor) -> Judge:
        """Something was seen.

        Not where it was not.
        """
        begun.append(attributor)
        return lambda step: iter([_finding_at(step)])

    made = oracle(Search, GetAll)(of_this_test)
    (finding,) = _judged(made, _steps((PROBE, NOTHING)))

    assert (made.name, made.summary, made.judges, made.alone) == (
        "of_this_test",
        "Something was seen.",
        (Search, GetAll),
        False,
    )
    assert finding.step.operation == PROBE
    assert len(begun) == 1


def _finding_at(step: Step) -> Finding:
    return Finding("of_this_test", FindingClass.LEAK, Severity.LOW, ALICE, BOB, step, (), (step.operation,))


def test_an_oracle_judges_every_kind_of_operation_unless_it_says_which() -> None:
    def anything(attributor: Attributor) -> Judge:
        del attributor
        return lambda _: iter(())

    assert oracle()(anything).judges == OPERATIONS
    assert oracle(GetAll, alone=True)(anything).alone
    assert oracle()(anything).summary == ""


def test_each_oracle_says_what_is_wrong_where_to_look_and_what_is_right() -> None:
    for found in all_oracles().values():
        wrong, look, right = found.advice

        assert wrong.endswith(".")
        assert look.startswith("Look at ")
        assert right.startswith("A right version ")


def test_each_oracle_is_named_after_its_file_and_has_a_summary() -> None:
    known = all_oracles()

    assert {name: one.name for name, one in known.items()} == {name: name for name in known}
    assert all(
        one.summary.endswith(".") and one.judges and set(one.judges) <= set(OPERATIONS) for one in known.values()
    )
    assert [name for name, one in known.items() if one.alone] == ["noninterference"]


# canary_leak


def test_a_foreign_record_in_a_reply_is_a_leak_with_its_witness() -> None:
    reply = Returned((_stored(ALICE, ALICE.id), _stored(BOB, BOB.id)))

    (finding,) = _judged(canary_leak, _steps((PROBE, reply)))

    assert (finding.klass, finding.severity, finding.verdict) == (FindingClass.LEAK, Severity.HIGH, Verdict.VIOLATED)
    assert (finding.observer, finding.owner, finding.channel) == (ALICE, BOB, Channel.SEARCH)
    assert finding.witness == (Add(BOB, FOREIGN), PROBE)
    assert finding.shown == FOREIGN.text
    assert FOREIGN.canary in finding.evidence[0]
    assert finding.evidence[1] == f"record 2 of 2 is labelled user_id={BOB.id!r}"


def test_a_record_without_a_label_is_said_to_have_none() -> None:
    (finding,) = _judged(canary_leak, _steps((PROBE, Returned((_stored(BOB),)))))

    assert finding.evidence[1] == "record 1 of 1 carries no user_id"


def test_foreign_content_under_ones_own_label_is_a_leak_all_the_same() -> None:
    (finding,) = _judged(canary_leak, _steps((PROBE, Returned((_stored(BOB, ALICE.id),)))))

    assert finding.owner == BOB


def test_a_leak_is_seen_by_whoever_looks_at_its_own_records_too() -> None:
    (finding,) = _judged(canary_leak, _steps((GetAll(ALICE, OWN), Returned((_stored(CAROL),)))))

    assert (finding.observer, finding.owner) == (ALICE, CAROL)


def test_each_foreign_owner_in_one_record_is_a_finding() -> None:
    both = Record("1", f"{BOB.facts[0].text} {CAROL.facts[1].text} {OWN.text}")

    findings = _judged(canary_leak, _steps((PROBE, Returned((both,)))))

    assert [finding.owner for finding in findings] == [BOB, CAROL]
    assert findings[1].witness[0] == Add(CAROL, CAROL.facts[1])


@pytest.mark.parametrize(
    "reply",
    [Returned((Record("1", "a summary", aside=(f"was: {FOREIGN.text}",)),)), Returned(aside=(FOREIGN.text,))],
    ids=["metadata", "beside the records"],
)
def test_foreign_content_beside_the_records_is_a_leak(reply: Returned) -> None:
    (finding,) = _judged(canary_leak, _steps((PROBE, reply)))

    assert (finding.owner, finding.channel) == (BOB, Channel.SEARCH)
    assert finding.evidence[1] == "it stood beside the records (returned)"


@pytest.mark.parametrize(
    "observation",
    [
        Refused("ValueError", f"clash with {FOREIGN.text}"),
        Refused("IsolationError", f"withheld {FOREIGN.canary}", contained=True),
        Crashed("KeyError", f"row 3: first\\n{FOREIGN.canary}", "store.py:1 in get"),
    ],
    ids=["refused", "contained", "crashed"],
)
def test_an_errors_text_that_quotes_another_tenants_canary_is_a_leak(observation: Observation) -> None:
    (finding,) = _judged(canary_leak, _steps((Get(ALICE, RecordRef(1, BOB.index)), observation)))

    assert (finding.owner, finding.channel, finding.verdict) == (BOB, Channel.ERRORS, Verdict.VIOLATED)


def test_an_errors_text_that_quotes_ones_own_canary_is_no_leak() -> None:
    assert _judged(canary_leak, _steps((PROBE, Crashed("KeyError", OWN.text, "store.py:1 in get")))) == []


ECHOES: dict[str, tuple[Operation, Observation]] = {
    "a field of the reply": (Search(ALICE, FOREIGN.text, FOREIGN), Returned(aside=(FOREIGN.text,))),
    "a sentence of the reply": (Search(ALICE, FOREIGN.canary, FOREIGN), Returned(aside=(f"no {FOREIGN.canary}",))),
    "a bare string": (
        Search(ALICE, FOREIGN.text, FOREIGN),
        Returned((Record(None, f"nothing for {FOREIGN.text}", structured=False),)),
    ),
    "a refusal": (Search(ALICE, FOREIGN.text, FOREIGN), Refused("ValueError", f"bad query {FOREIGN.text!r}")),
    "a crash": (Search(ALICE, FOREIGN.canary, FOREIGN), Crashed("E", f"bad {FOREIGN.canary}", "a.py:1 in f")),
    "a crash in lower case": (
        Search(ALICE, FOREIGN.canary, FOREIGN),
        Crashed("E", f"bad {FOREIGN.canary.lower()}", "a.py:1 in f"),
    ),
    "a text to store": (
        Update(ALICE, RecordRef(1, BOB.index), FOREIGN.text),
        Refused("PermissionError", f"may not store {FOREIGN.text}"),
    ),
}


@pytest.mark.parametrize("event", ECHOES.values(), ids=ECHOES)
def test_a_reply_that_merely_quotes_the_request_is_no_leak(event: tuple[Operation, Observation]) -> None:
    assert _judged(canary_leak, _steps(event)) == []


@pytest.mark.parametrize(
    "observation",
    [
        Returned((Record("1", FOREIGN.text),)),
        Returned((Record(None, FOREIGN.text, structured=False),)),
        Returned(aside=(FOREIGN.text,)),
        Crashed("KeyError", f"row: {FOREIGN.text}", "store.py:1 in get"),
    ],
    ids=["a record", "a bare string", "beside the records", "a crash"],
)
def test_a_whole_fact_returned_for_a_canary_alone_is_a_leak(observation: Observation) -> None:
    findings = _judged(canary_leak, _steps((Search(ALICE, FOREIGN.canary, FOREIGN), observation)))

    assert [finding.owner for finding in findings] == [BOB]


def test_anothers_labelled_record_is_a_leak_even_where_the_query_was_its_text() -> None:
    findings = _judged(canary_leak, _steps((Search(ALICE, FOREIGN.text, FOREIGN), Returned((_stored(BOB, BOB.id),)))))

    assert [finding.owner for finding in findings] == [BOB]


@pytest.mark.parametrize("label", [None, ALICE.id])
def test_what_a_principal_has_asked_and_finds_under_its_own_label_or_none_is_no_leak(label: str | None) -> None:
    remembered = Record("1", FOREIGN.text, label)
    steps = _steps(
        (Search(ALICE, FOREIGN.text, FOREIGN), NOTHING), (GetAll(ALICE, OWN), Returned((_stored(ALICE), remembered)))
    )

    assert _judged(canary_leak, steps) == []


def test_a_reply_that_quotes_the_query_and_leaks_another_tenant_is_that_tenants_leak() -> None:
    reply = Returned(aside=(f"for {FOREIGN.canary}: {CAROL.facts[0].text}",))

    findings = _judged(canary_leak, _steps((Search(ALICE, FOREIGN.canary, FOREIGN), reply)))

    assert [finding.owner for finding in findings] == [CAROL]


# foreign_record


# Bob has said Alice's words himself, and a store may keep them as his.
QUOTED = Add(BOB, FOREIGN, text=f"She said: {OWN.text}")


@pytest.mark.parametrize(
    ("text", "whose"),
    [("She does not eat meat.", "its content names nobody"), (OWN.text, f"its content is {BOB.handle}'s word, too")],
    ids=["rephrased", "what its owner has quoted"],
)
def test_a_record_with_another_tenants_label_is_foreign_whatever_its_text(text: str, whose: str) -> None:
    (finding,) = _judged(foreign_record, _steps((QUOTED, NOTHING), (PROBE, Returned((Record("1", text, BOB.id),)))))

    assert (finding.klass, finding.verdict, finding.channel) == (FindingClass.LEAK, Verdict.VIOLATED, Channel.SEARCH)
    assert (finding.observer, finding.owner, finding.shown) == (ALICE, BOB, text)
    assert finding.witness == (Add(BOB, FOREIGN), PROBE)
    assert finding.evidence == (f"record 1 is labelled user_id={BOB.id!r}, which is {BOB.handle}", whose)


@pytest.mark.parametrize("text", [OWN.text, CAROL.facts[0].text], ids=["the observers", "a thirds"])
def test_somebody_elses_content_that_the_labels_owner_never_said_is_left_to_mislabelled(text: str) -> None:
    steps = _steps((PROBE, Returned((Record("1", text, BOB.id),))))

    assert _judged(foreign_record, steps) == []
    assert [finding.step.index for finding in _judged(mislabelled, steps)] == [1]


def test_of_one_foreign_label_exactly_one_of_the_three_speaks_whatever_was_said_before() -> None:
    for before in ((), ((QUOTED, NOTHING),)):
        for text in (FOREIGN.text, OWN.text, "She does not eat meat."):
            steps = _steps(*before, (PROBE, Returned((Record("1", text, BOB.id),))))

            found = [_judged(oracle, steps) for oracle in (canary_leak, foreign_record, mislabelled)]

            assert [len(one) for one in found if one] == [1]


@pytest.mark.parametrize(
    "record",
    [
        Record("1", "a shared note"),
        Record("1", "a shared note", "assistant"),
        Record("1", "a shared note", ""),
        Record("1", "a shared note", f"{POPULATION.prefix}-nobody-1"),
        Record("1", "a shared note", Population(43, 2).tenant(1).id),
        Record("1", "a shared note", ALICE.id),
        _stored(BOB, ALICE.id),
    ],
    ids=["none", "unknown", "empty", "malformed", "another campaign's", "own", "own with foreign content"],
)
def test_a_label_that_names_no_other_tenant_is_no_foreign_record(record: Record) -> None:
    assert _judged(foreign_record, _steps((PROBE, Returned((record,))))) == []


def test_one_leaked_record_is_one_finding_of_one_oracle() -> None:
    steps = _steps((PROBE, Returned((_stored(BOB, BOB.id),))))

    assert [len(_judged(oracle, steps)) for oracle in (canary_leak, foreign_record)] == [1, 0]


def test_content_of_one_tenant_under_the_label_of_another_is_a_leak_of_the_ones_and_labelled_wrongly() -> None:
    steps = _steps((PROBE, Returned((_stored(CAROL, BOB.id),))))

    findings = [_judged(oracle, steps) for oracle in (canary_leak, foreign_record, mislabelled)]

    assert [[finding.owner for finding in found] for found in findings] == [[CAROL], [], [CAROL]]


@pytest.mark.parametrize("observation", [Refused("ValueError", BOB.id), Crashed("E", BOB.id, "a.py:1 in f")])
def test_a_call_that_returned_nothing_holds_no_foreign_record(observation: Observation) -> None:
    assert _judged(foreign_record, _steps((PROBE, observation))) == []


def test_a_mapped_label_is_learned_from_its_owners_records_and_recognised_elsewhere() -> None:
    steps = _steps(
        (GetAll(ALICE, OWN), Returned((_stored(ALICE, "u_111"),))),
        (GetAll(BOB, FOREIGN), Returned((_stored(BOB, "u_9f3"),))),
        (PROBE, Returned((Record("1", "She does not eat meat.", "u_9f3"),))),
    )

    (finding,) = _judged(foreign_record, steps)

    assert (finding.observer, finding.owner, finding.step.index) == (ALICE, BOB, 3)


def test_a_mapped_label_is_nobodys_before_its_owner_was_seen_with_it() -> None:
    assert _judged(foreign_record, _steps((PROBE, Returned((Record("1", "a note", "u_9f3"),))))) == []


def test_a_label_that_two_tenants_share_makes_no_record_foreign() -> None:
    steps = _steps(
        (GetAll(BOB, FOREIGN), Returned((_stored(BOB, "assistant"),))),
        (GetAll(ALICE, OWN), Returned((_stored(ALICE, "assistant"),))),
        (PROBE, Returned((Record("1", "a shared note", "assistant"),))),
    )

    assert _judged(foreign_record, steps) == []


def test_a_shared_label_is_recognised_wherever_the_own_record_stands_in_the_reply() -> None:
    note = Record("9", "a shared note", "assistant")
    steps = _steps(
        (GetAll(BOB, FOREIGN), Returned((note, _stored(BOB, "assistant")))),
        (GetAll(ALICE, OWN), Returned((note, _stored(ALICE, "assistant")))),
    )

    assert _judged(foreign_record, steps) == []


def test_a_label_with_an_index_beyond_any_tenant_does_not_stop_the_judge() -> None:
    odd = Record("1", "a note", f"{POPULATION.prefix}-alice-{'9' * 20}")

    findings = _judged(foreign_record, _steps((PROBE, Returned((odd, Record("2", "a note", BOB.id))))))

    assert [finding.owner for finding in findings] == [BOB]


# contained


WITHHELD = Refused("IsolationError", "search: the whole reply was withheld", contained=True)


def test_a_withheld_reply_is_a_finding_of_medium_severity_that_violates() -> None:
    steps = _steps((Add(BOB, FOREIGN), NOTHING), (Add(ALICE, OWN), NOTHING), (PROBE, WITHHELD))

    (finding,) = _judged(contained, steps)

    assert (finding.klass, finding.severity, finding.verdict) == (FindingClass.LEAK, Severity.MEDIUM, Verdict.VIOLATED)
    assert (finding.observer, finding.owner, finding.channel) == (ALICE, BOB, Channel.SEARCH)
    assert finding.witness == (Add(BOB, FOREIGN), PROBE)
    assert finding.shown == WITHHELD.message


@pytest.mark.parametrize(
    "observation",
    [NOTHING, Refused("ScopeError", "no"), Crashed("IsolationError", "no", "a.py:1 in f"), Returned((_stored(BOB),))],
)
def test_any_other_outcome_was_not_contained(observation: Observation) -> None:
    assert _judged(contained, _steps((Add(BOB, FOREIGN), NOTHING), (PROBE, observation))) == []


def test_without_another_tenants_planting_the_witness_is_the_call_alone() -> None:
    look = GetAll(ALICE, OWN)
    steps = _steps((Add(ALICE, OWN), NOTHING), (Add(ALICE, ALICE.facts[1]), NOTHING), (look, WITHHELD))

    assert [finding.witness for finding in _judged(contained, steps)] == [(look,)]


@pytest.mark.parametrize("observer", TENANTS)
def test_the_witness_of_a_withheld_reply_holds_another_tenants_planting_for_each_principal(observer: Tenant) -> None:
    plantings = [(Add(tenant, fact), NOTHING) for tenant in TENANTS for fact in tenant.facts]
    look = GetAll(observer, observer.facts[0])

    (finding,) = _judged(contained, _steps(*plantings, (look, WITHHELD)))

    planted, asked = finding.witness
    assert isinstance(planted, Add)
    assert planted.principal != observer
    assert asked == look


def test_each_withheld_reply_is_a_finding() -> None:
    assert len(_judged(contained, _steps((PROBE, WITHHELD), (PROBE, WITHHELD)))) == 2


# lost and tampering


PLANTED = (Add(ALICE, OWN), NOTHING)
LOOK = Search(ALICE, OWN.about, OWN)
SEEN = (LOOK, Returned((_stored(ALICE),)))
GONE = (LOOK, NOTHING)
ATTACK = DeleteAll(BOB, owner=ALICE.index)


def test_a_fact_that_was_never_found_is_lost() -> None:
    steps = _steps(PLANTED, (ATTACK, NOTHING), GONE)

    (finding,) = _judged(lost, steps)

    assert (finding.klass, finding.severity) == (FindingClass.AVAILABILITY, Severity.LOW)
    assert finding.verdict is Verdict.INCONCLUSIVE
    assert (finding.observer, finding.owner, finding.step.index) == (ALICE, ALICE, 3)
    assert finding.witness == (Add(ALICE, OWN), LOOK)
    assert OWN.canary in finding.evidence[0]
    assert finding.evidence[1] == "it had not been found until then"
    assert _judged(tampering, steps) == []


def test_a_loss_by_a_reply_that_cannot_be_read_says_so_first() -> None:
    (finding,) = _judged(lost, _steps(PLANTED, (LOOK, Returned(unread="int"))))

    assert finding.evidence[0] == "search returned int; a list, a dict, a text is understood"


def test_the_crowd_among_which_a_fact_is_lost_is_part_of_the_story() -> None:
    crowd = Crowd(BOB, (Add(BOB, BOB.facts[0]),))

    (finding,) = _judged(lost, _steps((crowd, NOTHING), PLANTED, GONE))

    assert finding.witness == (crowd, Add(ALICE, OWN), LOOK)


def test_a_fact_that_was_found_and_vanished_by_itself_is_lost() -> None:
    steps = _steps(PLANTED, SEEN, GONE)

    assert [finding.evidence[1] for finding in _judged(lost, steps)] == ["it had been found before"]
    assert _judged(tampering, steps) == []


def test_a_fact_that_was_found_and_is_gone_after_anothers_delete_is_tampering() -> None:
    steps = _steps(PLANTED, SEEN, (ATTACK, NOTHING), GONE)

    (finding,) = _judged(tampering, steps)

    assert (finding.klass, finding.severity) == (FindingClass.INTEGRITY, Severity.CRITICAL)
    assert (finding.observer, finding.owner, finding.verdict) == (BOB, ALICE, Verdict.VIOLATED)
    assert (finding.step, finding.channel) == (steps[2], Channel.DELETE_ALL)
    assert finding.witness == (Add(ALICE, OWN), ATTACK, LOOK)
    assert finding.evidence[0] == f"after {BOB.handle}'s delete_all it is gone: {OWN.canary}"
    assert _judged(lost, steps) == []


NEITHER: dict[str, list[tuple[Operation, Observation]]] = {
    "own delete": [PLANTED, SEEN, (Delete(ALICE, RecordRef(1, ALICE.index)), NOTHING), GONE],
    "own delete_all": [PLANTED, SEEN, (DeleteAll(ALICE, owner=BOB.index), NOTHING), GONE],
    "own delete after anothers": [PLANTED, SEEN, (ATTACK, NOTHING), (DeleteAll(ALICE, owner=BOB.index), NOTHING), GONE],
    "own update": [PLANTED, SEEN, (Update(ALICE, RecordRef(1, ALICE.index), "I eat fish."), NOTHING), GONE],
    "a foreign fact": [PLANTED, SEEN, (ATTACK, NOTHING), (Search(BOB, OWN.text, OWN), NOTHING)],
    "nothing stored": [(Add(ALICE, OWN), Refused("ValueError", "full")), (ATTACK, NOTHING), GONE],
    "not answered": [PLANTED, SEEN, (ATTACK, NOTHING), (LOOK, Crashed("OSError", "down", "net.py:1 in get"))],
    "still there": [PLANTED, SEEN, (ATTACK, NOTHING), SEEN],
}


@pytest.mark.parametrize("events", NEITHER.values(), ids=NEITHER)
@pytest.mark.parametrize("oracle", [lost, tampering])
def test_what_nobody_took_from_a_tenant_is_neither_lost_nor_tampered_with(
    oracle: Oracle, events: list[tuple[Operation, Observation]]
) -> None:
    assert _judged(oracle, _steps(*events)) == []


def _event(kind: str, who: int, number: int) -> tuple[Operation, Observation]:
    tenant, fact = TENANTS[who], TENANTS[who].facts[number]
    victim = TENANTS[(who + 1) % 3]
    events: dict[str, tuple[Operation, Observation]] = {
        "add": (Add(tenant, fact), NOTHING),
        "finds": (GetAll(tenant, fact), Returned((Record("1", fact.text),))),
        "misses": (GetAll(tenant, fact), NOTHING),
        "delete_all": (DeleteAll(tenant, owner=victim.index), NOTHING),
        "attacks": (Delete(tenant, RecordRef(1, victim.index)), NOTHING),
        "probes": (Search(tenant, victim.facts[number].about, victim.facts[number]), NOTHING),
    }
    return events[kind]


kinds = st.sampled_from(["add", "finds", "misses", "delete_all", "attacks", "probes"])
stories = st.lists(st.tuples(kinds, st.integers(0, 2), st.integers(0, 1)), max_size=40)


@dataclass
class _Known:
    stored: int
    seen: int = 0
    doubted: bool = False
    told: bool = False


def _expected(story: list[tuple[str, int, int]]) -> list[tuple[str, int, int | None]]:
    """Say (oracle, index of the look, index of the culprit) for each loss, with the whole trace in view.

    Ids may be names that users choose: who writes to another's record may have written to its own, and who stores again
    may have taken the place of its own. An answer that is as old as before the fact was stored is told once.
    """
    found: list[tuple[str, int, int | None]] = []
    known: dict[tuple[int, int], _Known] = {}
    added: dict[int, int] = {}
    answered = _answered(story)
    for now, (kind, who, number) in enumerate(story, 1):
        fact = known.get((who, number))
        if kind == "add":
            known[who, number], added[who] = _Known(now), now
        elif kind == "attacks":
            for (owner, _), one in known.items():
                one.doubted |= owner == who
        elif kind == "delete_all":
            known = {key: one for key, one in known.items() if key[0] != who}
        elif kind == "finds" and fact is not None:
            fact.seen, fact.doubted = now, False
        elif kind == "misses" and fact is not None and not fact.doubted:
            is_old = answered[now] < fact.stored
            culprits = _written_by_others(story[: now - 1], who, fact.seen)
            tampered = fact.seen and culprits and added[who] < fact.seen
            if not (is_old and fact.told):
                found.append(("tampering", now, culprits[-1]) if tampered else ("lost", now, None))
            fact.told = is_old
            if not is_old:
                del known[who, number]
    return found


def _answered(story: list[tuple[str, int, int]]) -> dict[int, int]:
    """Return for each look the step since which its user has had the same answer."""
    since: dict[int, int] = {}
    latest: dict[int, tuple[int, int | None]] = {}
    for now, (kind, who, number) in enumerate(story, 1):
        if kind in ("finds", "misses"):
            answer = number if kind == "finds" else None
            first, before = latest.get(who, (now, answer))
            since[now] = first if before == answer else now
            latest[who] = since[now], answer
    return since


def _written_by_others(story: list[tuple[str, int, int]], who: int, after: int) -> list[int]:
    return [
        index
        for index, (deed, other, _) in enumerate(story, 1)
        if deed in ("delete_all", "attacks") and other != who and index > after
    ]


@given(story=stories)
def test_every_loss_is_lost_or_tampering_and_never_both(story: list[tuple[str, int, int]]) -> None:
    steps = _steps(*(_event(*event) for event in story))
    attributor = CanaryAttributor(POPULATION)
    judges = [lost(attributor), tampering(attributor)]

    found = [
        (finding.oracle, step.index, finding.step.index if finding.oracle == "tampering" else None)
        for step in steps
        for judge in judges
        for finding in judge(step)
    ]

    assert found == _expected(story)
    assert len({index for _, index, _ in found}) == len(found)


def _lost(*events: tuple[Operation, Observation]) -> list[Finding]:
    return _judged(lost, _steps(*events))


def test_what_the_tenant_alone_finds_was_taken_by_the_presence_of_others() -> None:
    (crowded,) = _lost(PLANTED, GONE)

    settled = settle(crowded, shown=True)

    assert (settled.klass, settled.severity) == (FindingClass.INTERFERENCE, Severity.HIGH)
    assert settled.verdict is Verdict.VIOLATED
    assert settled.evidence[-1] == "alone in a fresh world the same calls find it"
    assert settled.evidence[:-1] == crowded.evidence
    assert settled.witness == crowded.witness


def test_what_is_missing_alone_too_stays_a_matter_of_availability() -> None:
    (crowded,) = _lost(PLANTED, (Add(BOB, FOREIGN), NOTHING), GONE)

    settled = settle(crowded, shown=False)

    assert (settled.klass, settled.severity) == (FindingClass.AVAILABILITY, Severity.LOW)
    assert settled.verdict is Verdict.INCONCLUSIVE
    assert settled.evidence[-1] == "alone in a fresh world it is missing too"


def test_what_could_not_be_tried_alone_stays_a_matter_of_availability() -> None:
    (crowded,) = _lost(PLANTED, GONE)

    settled = settle(crowded, shown=None)

    assert (settled.klass, settled.verdict) == (FindingClass.AVAILABILITY, Verdict.INCONCLUSIVE)
    assert settled.evidence[-1] == "alone in a fresh world it could not be tried"


def test_an_add_whose_reply_named_no_record_is_told_as_the_likely_cause() -> None:
    (finding,) = _lost(PLANTED, GONE)

    assert finding.evidence[2] == "its add returned no record"
