import random
import string
from collections.abc import Callable, Iterator

import pytest
from faker import Faker

from memfence import Fact, Population, Record, Tenant
from memfence.judging.attribution import CanaryAttributor, ExactAttributor, Labels, fact_of
from memfence.model.canaries import FACTS, TENANTS
from memfence.model.findings import Attribution
from memfence.model.marks import Mark

POPULATION = Population(42, 4)
ALICE, BOB, CAROL, DAVE = POPULATION
ATTRIBUTOR = CanaryAttributor(POPULATION)
# The harshest there is: a code of any tenant and any fact would be attributed.
EVERYBODY = CanaryAttributor(Population(42, TENANTS, facts=FACTS))


def _prose(fake: Faker) -> list[str]:
    return [fake.text(max_nb_chars=2_000) for _ in range(100)]


def _people(fake: Faker) -> list[str]:
    return [
        f"{fake.name()}, {fake.address()}, {fake.company()}, {fake.job()}, {fake.phone_number()}" for _ in range(200)
    ]


def _codes(fake: Faker) -> list[str]:
    return [
        f"{fake.uuid4()} {fake.iban()} {fake.sha256()} {fake.credit_card_number()} {fake.isbn13()} {fake.mac_address()}"
        for _ in range(200)
    ]


def _random_strings(fake: Faker) -> list[str]:
    draw: random.Random = fake.random
    return ["".join(draw.choices(string.printable, k=draw.randrange(60))) for _ in range(20_000)]


@pytest.mark.parametrize("write", [_prose, _people, _codes, _random_strings])
def test_texts_without_a_canary_are_never_attributed(write: Callable[[Faker], list[str]]) -> None:
    fake = Faker("en_US")
    fake.seed_instance(20)

    attributed = [text for text in write(fake) if EVERYBODY.content(text)]

    assert attributed == []


def _faker() -> Faker:
    fake = Faker("en_US")
    fake.seed_instance(21)
    return fake


def test_some_thousands_of_sentences_and_paragraphs_are_never_attributed() -> None:
    fake = _faker()
    prose = [*(fake.sentence() for _ in range(5_000)), *(fake.paragraph() for _ in range(3_000))]

    attributed = [text for text in prose if EVERYBODY.content(text)]

    assert attributed == []


CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# As large as a campaign gets: among many more tenants one in eight million codes of pure chance would be somebody's.
LARGE = Population(42, 100_000)


def _shaped(some: str) -> str:
    return f"{some[:4]}-{some[4:8]}-{some[8:12]}"


# What random characters are taken from, and what a text makes of 14 of them.
_KINDS: tuple[tuple[str, Callable[[str], str]], ...] = (
    (CODE_ALPHABET, _shaped),
    (CODE_ALPHABET, lambda some: f"code {_shaped(some).lower()}."),
    (CODE_ALPHABET, lambda some: some[:13]),
    (CODE_ALPHABET + "--", str),
    (string.ascii_letters + string.digits + "- ", str),
    (string.printable, str),
)


def _random_texts(count: int, draw: random.Random) -> Iterator[str]:
    """Yield texts of all kinds; random bytes by the thousand are quicker than random characters one by one."""
    while count > 0:
        for alphabet, make in _KINDS:
            table = bytes(ord(alphabet[byte % len(alphabet)]) for byte in range(256))
            some = draw.randbytes(14_000).translate(table).decode("ascii")
            yield from (make(some[start : start + 14]) for start in range(0, len(some), 14))
            count -= 1_000


@pytest.mark.long
def test_a_million_random_texts_are_never_attributed() -> None:
    content = CanaryAttributor(LARGE).content
    read, attributed = 0, []

    for text in _random_texts(1_000_000, random.Random(22)):  # noqa: S311 - a fixed seed makes the texts, not a secret
        read += 1
        if content(text):
            attributed.append(text)

    assert attributed == []
    assert read >= 1_000_000


def _near_misses(code: str, draw: random.Random) -> Iterator[str]:
    """Yield texts that a slip of the pen makes of a code."""
    place, other = draw.sample([number for number, one in enumerate(code) if one != "-"], 2)
    replaced = draw.choice([one for one in CODE_ALPHABET + "ILOU?" if one != code[place]])
    yield code[:place] + replaced + code[place + 1 :]
    swapped = list(code)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    yield "".join(swapped)
    yield code[:place] + code[place + 1 :]
    yield code[:place] + code[place] + code[place:]
    # Neighbours, a hyphen among them.
    place = draw.randrange(len(code) - 1)
    yield code[:place] + code[place + 1] + code[place] + code[place + 2 :]


def test_some_tens_of_thousands_of_damaged_codes_are_never_attributed() -> None:
    draw = random.Random(23)  # noqa: S311 - a fixed seed makes the slips, not a secret
    codes = (POPULATION.codec.encode(draw.randrange(TENANTS), draw.randrange(FACTS)) for _ in range(10_000))
    # Two alike that are swapped, and the first or last one doubled, leave the code whole.
    misses = [near for code in codes for near in _near_misses(code, draw) if code not in near]

    attributed = [near for near in misses if EVERYBODY.content(near) or EVERYBODY.content(f"my code is {near}.")]

    assert attributed == []
    assert len(misses) > 40_000


FACT = BOB.facts[2]


@pytest.mark.parametrize(
    ("text", "evidence", "marks", "by"),
    [
        (FACT.text, FACT.canary, {Mark.CODE, Mark.NAME}, ", by its code"),
        (f"code: {FACT.canary}", FACT.canary, {Mark.CODE}, ", by its code"),
        (f"Friends with {FACT.name}.", FACT.name, {Mark.NAME}, ", by its name"),
        (f"{FACT.name} and {FACT.name} again", FACT.name, {Mark.NAME}, ", by its name"),
    ],
    ids=["both", "code", "name", "name twice"],
)
def test_a_fact_is_attributed_once_by_either_mark_and_the_evidence_says_by_which(
    text: str, evidence: str, marks: set[Mark], by: str
) -> None:
    (found,) = ATTRIBUTOR.content(text)

    assert found == Attribution(BOB.index, 2, evidence, frozenset(marks))
    assert found.by == by


def test_the_code_of_one_and_the_name_of_another_are_two_sightings() -> None:
    text = f"{ALICE.facts[0].name} has {BOB.facts[1].canary}, and {ALICE.facts[2].name}"

    found = [(sighting.owner, sighting.fact, sighting.by) for sighting in ATTRIBUTOR.content(text)]

    assert found == [(1, 1, ", by its code"), (0, 0, ", by its name"), (0, 2, ", by its name")]


def test_a_text_with_facts_of_two_tenants_is_attributed_to_both() -> None:
    text = f"{ALICE.facts[0].text} {BOB.facts[1].text}"

    assert [(found.owner, found.fact) for found in ATTRIBUTOR.content(text)] == [(0, 0), (1, 1)]


def test_a_code_of_another_campaign_is_unattributed() -> None:
    assert ATTRIBUTOR.content(Population(43, 4).tenant(0).facts[0].text) == ()


@pytest.mark.parametrize("index", [9, 14])
def test_a_tenant_outside_the_population_is_unattributed(index: int) -> None:
    attributor = CanaryAttributor(Population(42, 4, first=10))
    stranger = POPULATION.tenant(index)

    assert attributor.content(f"{stranger.facts[0].text} {stranger.facts[1].name}") == ()
    assert attributor.label(stranger.id) is None


@pytest.mark.parametrize("index", [10, 13])
def test_the_first_and_the_last_tenant_of_a_block_are_attributed(index: int) -> None:
    attributor = CanaryAttributor(Population(42, 4, first=10))
    tenant = POPULATION.tenant(index)

    assert [found.owner for found in attributor.content(tenant.facts[0].text)] == [index]
    assert attributor.label(tenant.id) == index
    assert attributor.tenant(index) == tenant


def test_a_fact_past_those_that_a_tenant_starts_with_is_its_own_too() -> None:
    (further,) = POPULATION.facts_of(ALICE.index, (700,))

    (sighting,) = ATTRIBUTOR.content(further.text)

    assert (sighting.owner, sighting.fact) == (ALICE.index, 700)
    assert fact_of(ATTRIBUTOR, sighting) == further


DEMO = {
    0: Tenant(0, "u_alice", "Alice", (Fact(0, 0, "I am vegetarian.", "food", "I am vegetarian."),)),
    1: Tenant(1, "u_bob", "Bob", (Fact(1, 0, "I prefer a window seat.", "travel", "I prefer a window seat."),)),
}


def test_exact_sentences_are_attributed_wherever_they_stand() -> None:
    attributor = ExactAttributor(DEMO)

    found = attributor.content("Noted: I prefer a window seat. And: I am vegetarian.")

    assert [(sighting.owner, sighting.fact) for sighting in found] == [(0, 0), (1, 0)]
    assert "I am vegetarian." in found[0].evidence


def test_a_sentence_of_nobody_and_a_label_of_nobody_stay_unattributed() -> None:
    attributor = ExactAttributor(DEMO)

    assert attributor.content("I am a vegetarian too.") == ()
    assert attributor.label("u_carol") is None


def test_exact_attribution_knows_its_tenants_by_label_and_by_index() -> None:
    attributor = ExactAttributor(DEMO)

    assert attributor.label("u_bob") == 1
    assert attributor.tenant(1) is DEMO[1]


def test_ids_in_a_text_are_found_in_order_and_each_once() -> None:
    text = f"{BOB.id!r} may not see {ALICE.id}, {BOB.id}"

    assert ATTRIBUTOR.ids(text) == (BOB.index, ALICE.index)
    assert ATTRIBUTOR.ids("nobody") == ()


def test_ids_of_tenants_outside_the_population_are_nobodys() -> None:
    attributor = CanaryAttributor(Population(42, 4, first=10))

    text = " ".join(POPULATION.tenant(index).id for index in (9, 10, 13, 14))

    assert attributor.ids(text) == (10, 13)
    assert attributor.ids(Population(43, 20).tenant(10).id) == ()


def test_exact_attribution_finds_its_tenants_ids_in_a_text_each_once() -> None:
    attributor = ExactAttributor(DEMO)

    assert attributor.ids("u_bob, u_alice and u_bob") == (0, 1)
    assert attributor.ids("no u_carol here") == ()


def _own(tenant: Tenant, label: str | None) -> Record:
    return Record("1", tenant.facts[0].text, label)


@pytest.mark.parametrize("tenant", [ALICE, BOB])
def test_the_id_of_a_tenant_is_that_tenants_label(tenant: Tenant) -> None:
    assert Labels(ATTRIBUTOR).owner(tenant.id) == tenant.index


@pytest.mark.parametrize("label", ["", "u_9f3", f"{POPULATION.prefix}-nobody-0", POPULATION.tenant(99).id])
def test_an_unknown_or_malformed_label_is_nobodys(label: str) -> None:
    assert Labels(ATTRIBUTOR).owner(label) is None


def test_a_label_seen_on_a_tenants_own_record_is_its_label_from_then_on() -> None:
    labels = Labels(ATTRIBUTOR)

    labels.learn(ALICE.index, _own(ALICE, "u_9f3"))
    labels.learn(ALICE.index, _own(ALICE, "u_9f3"))
    labels.learn(BOB.index, _own(BOB, "u_111"))

    assert labels.owner("u_9f3") == ALICE.index


def test_a_label_that_might_still_turn_out_to_be_everybodys_is_nobodys() -> None:
    labels = Labels(ATTRIBUTOR)

    labels.learn(ALICE.index, _own(ALICE, "acme"))

    assert labels.owner("acme") is None


def test_a_label_that_two_tenants_share_tells_nothing_ever_again() -> None:
    labels = Labels(ATTRIBUTOR)

    labels.learn(ALICE.index, _own(ALICE, "shared"))
    labels.learn(BOB.index, _own(BOB, "shared"))
    after_two = labels.owner("shared")
    labels.learn(ALICE.index, _own(ALICE, "shared"))

    assert (after_two, labels.owner("shared")) == (None, None)


@pytest.mark.parametrize(
    "record",
    [
        _own(BOB, "u_9f3"),
        Record("1", "no canary at all", "u_9f3"),
        Record("1", f"{ALICE.facts[0].text} {BOB.facts[0].text}", "u_9f3"),
        _own(ALICE, None),
    ],
    ids=["foreign", "unattributed", "mixed", "without a label"],
)
def test_nothing_is_learned_from_a_record_that_is_not_plainly_the_principals_own(record: Record) -> None:
    labels = Labels(ATTRIBUTOR)

    labels.learn(ALICE.index, record)

    assert labels.owner("u_9f3") is None


def test_a_campaigns_own_id_is_never_unlearned() -> None:
    labels = Labels(ATTRIBUTOR)

    labels.learn(ALICE.index, _own(ALICE, BOB.id))

    assert labels.owner(BOB.id) == BOB.index


def test_a_sighting_leads_to_the_fact() -> None:
    (sighting,) = ATTRIBUTOR.content(BOB.facts[1].text)

    assert fact_of(ATTRIBUTOR, sighting) == BOB.facts[1]


def test_a_sighting_of_no_known_fact_leads_to_none() -> None:
    assert fact_of(ATTRIBUTOR, Attribution(BOB.index, None, "a label")) is None
