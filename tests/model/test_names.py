import importlib
import json
import pkgutil
import random
import re
from collections.abc import Callable, Iterator

import faker.providers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memfence.model.canaries import FACTS, TENANTS, CanaryCodec
from memfence.model.names import NameCodec, values

NAMES = NameCodec(CanaryCodec(b"this campaign"))
OTHER = NameCodec(CanaryCodec(b"another campaign"))
LETTERS = "abcdefghijklmnopqrstuvwxyz"

tenants = st.integers(0, TENANTS - 1) | st.sampled_from([0, 1, TENANTS - 1])
facts = st.integers(0, FACTS - 1) | st.sampled_from([0, 1, FACTS - 1])

DRESSINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in lower case": str.lower,
    "in upper case": str.upper,
    "in swapped case": str.swapcase,
    "in brackets": lambda name: f"({name})",
    "before a full stop": lambda name: f"My best friend is {name}.",
    "with an apostrophe": lambda name: f"The user works at {name}'s shop",
    "in markdown": lambda name: f"**{name}**",
    "in a list": lambda name: f"Ann,{name},Bob",
    "on two lines": lambda name: name.replace(" ", "\n   "),
    "with a hyphen": lambda name: name.replace(" ", "-"),
    "with an underscore": lambda name: name.replace(" ", "_").lower(),
    "after an underscore": lambda name: f"friend_{name}_",
    "in a query": lambda name: f"?q={name.replace(' ', '+')}&x=1",
    "in JSON": lambda name: json.dumps({"memory": f"my friend is {name}"}),
    "after an escaped newline": lambda name: json.dumps(f"first\n{name}\nlast"),
    "on two escaped lines": lambda name: json.dumps(name.replace(" ", "\n")),
    "after an escaped newline of bytes": lambda name: repr(f"first\n{name}\tlast".encode()),
    "as in a directory": lambda name: f"see {', '.join(reversed(name.split()))}.",
    "after another capitalised word": lambda name: f"Doctor {name} Junior",
    "beside a lone surrogate": lambda name: f"\ud800{name}\udfff",
}


@given(tenant=tenants, fact=facts)
def test_a_name_decodes_to_the_tenant_and_fact_that_it_was_made_of(tenant: int, fact: int) -> None:
    name = NAMES.encode(tenant, fact)

    assert list(NAMES.decode(name)) == [(tenant, fact, name)]


@given(tenant=tenants, fact=facts)
def test_a_name_can_be_pronounced_and_is_short(tenant: int, fact: int) -> None:
    assert re.fullmatch("([BDFGHJKLMNPRSTVZ][aiou]([bdfghjklmnprstvz][aiou]){4}x ?){2}", NAMES.encode(tenant, fact))
    assert len(NAMES.encode(tenant, fact)) == 23


@given(one=st.tuples(tenants, facts), other=st.tuples(tenants, facts))
def test_two_facts_never_share_a_name(one: tuple[int, int], other: tuple[int, int]) -> None:
    assert (NAMES.encode(*one) == NAMES.encode(*other)) == (one == other)


@pytest.mark.parametrize("dress", DRESSINGS.values(), ids=DRESSINGS)
@pytest.mark.parametrize(("tenant", "fact"), [(0, 0), (3, 1), (TENANTS - 1, FACTS - 1)])
def test_a_name_survives_what_happens_to_text(dress: Callable[[str], str], tenant: int, fact: int) -> None:
    text = dress(NAMES.encode(tenant, fact))

    assert [found[:2] for found in NAMES.decode(text)] == [(tenant, fact)]


def test_the_evidence_is_the_name_as_it_stands_in_the_text() -> None:
    name = NAMES.encode(3, 1)

    assert [words for _, _, words in NAMES.decode(f"it was {name.upper()}")] == [name.upper()]


@pytest.mark.parametrize("joint", [" and ", ", ", " ", "\n", "\\n"])
def test_several_names_in_a_text_are_found_in_order_and_nobody_between_them(joint: str) -> None:
    text = joint.join(NAMES.encode(tenant, 2) for tenant in (7, 3, 9))

    assert [(tenant, fact) for tenant, fact, _ in NAMES.decode(text)] == [(7, 2), (3, 2), (9, 2)]


# Never guessed.


@pytest.mark.parametrize(("tenant", "fact"), [(0, 0), (3, 1), (TENANTS - 1, FACTS - 1)])
def test_a_name_with_any_one_letter_changed_lost_or_doubled_is_nobodys(tenant: int, fact: int) -> None:
    name = NAMES.encode(tenant, fact).lower()
    near = {
        name[:place] + letter + name[place + more :]
        for place in range(len(name))
        for letter in ("", *LETTERS)
        for more in (0, 1)
    } - {name}
    # A joint that is lost or is a letter leaves no two parts; one at the end or the beginning makes another word.
    assert [text for text in near if list(NAMES.decode(text))] == []
    assert len(near) > 1_000


@pytest.mark.parametrize(
    "shape",
    [
        "{0}",
        "{1}",
        "{0} {0}",
        "{1} {0}",
        "{0}, {1}",
        "{0}{1}",
        "{0} of {1}",
        "{0} {1}s",
        "Mac{0} {1}",
        "{0}. {1}",
    ],
)
def test_half_a_name_or_one_that_was_put_together_otherwise_is_nobodys(shape: str) -> None:
    for tenant in range(200):
        text = shape.format(*NAMES.encode(tenant, 1).split())
        assert list(NAMES.decode(text)) == []


def test_halves_of_two_names_are_nobodys() -> None:
    names = [NAMES.encode(tenant, 0).split() for tenant in range(120)]

    mixed = [f"{one[0]} {other[1]}" for one in names for other in names if one is not other]

    assert [text for text in mixed if list(NAMES.decode(text))] == []


def test_the_names_of_another_campaign_do_not_decode() -> None:
    foreign = [OTHER.encode(tenant, fact) for tenant in range(1000) for fact in range(3)]

    assert [name for name in foreign if list(NAMES.decode(name))] == []


def test_neighbouring_tenants_and_facts_have_names_that_look_nothing_alike() -> None:
    names = [NAMES.encode(tenant, fact) for tenant in range(20) for fact in range(3)]

    assert len({name[:4] for name in names}) > 50
    assert len({name[-4:] for name in names}) > 40


@pytest.mark.parametrize(("tenant", "fact"), [(-1, 0), (TENANTS, 0), (0, -1), (0, FACTS)])
def test_what_a_name_cannot_hold_is_refused(tenant: int, fact: int) -> None:
    with pytest.raises(ValueError, match=f"got tenant={tenant}, fact={fact}"):
        NAMES.encode(tenant, fact)


# No word is half a name.


def _words(value: object) -> Iterator[str]:
    match value:
        case str():
            yield from re.findall(r"[^\W\d_]+", value)
        case dict():
            for pair in value.items():
                yield from _words(pair)
        case list() | tuple() | set() | frozenset():
            for one in value:
                yield from _words(one)


def _all_of_fakers_words() -> set[str]:
    """Return each word of each language: people, places, firms, products, and plain words."""
    modules = [
        importlib.import_module(one.name) for one in pkgutil.walk_packages(faker.providers.__path__, "faker.providers.")
    ]
    providers = [vars(base) for one in modules if hasattr(one, "Provider") for base in one.Provider.__mro__[:-1]]
    return {word for held in providers for value in held.values() for word in _words(value)}


@pytest.mark.long
def test_no_word_and_no_real_name_of_any_language_is_half_a_name() -> None:
    first, second = NAMES.encode(3, 1).split()
    words = _all_of_fakers_words()

    halves = [word for word in words if values(f"{word} {second}") or values(f"{first} {word}")]

    assert halves == []
    assert len(words) > 100_000


# As many as a campaign might ever read.


def _texts(count: int, draw: random.Random) -> Iterator[str]:
    """Yield words of syllables such as names have, two and more in a text, and sentences of them."""
    syllables = [consonant + vowel for consonant in "bdfghjklmnprstvz" for vowel in "aiou"]
    for number in range(count):
        first, second, third = ("".join(draw.choices(syllables, k=5)) + "x" for _ in range(3))
        match number % 4:
            case 0:
                yield f"{first.capitalize()} {second.capitalize()}"
            case 1:
                yield f"{first} {second}, {third}"
            case 2:
                yield f"My best friend is {first.capitalize()}-{second}, and so is {third} {first}."
            case _:
                yield f"{first}\n{second} {third}\n{first}"


@pytest.mark.long
def test_a_million_texts_in_the_shape_of_names_are_nobodys_of_a_large_campaign() -> None:
    draw = random.Random(24)  # noqa: S311 - a fixed seed makes the texts, not a secret
    read, attributed = 0, []

    for text in _texts(1_000_000, draw):
        read += bool(values(text))
        # As large as a campaign gets.
        attributed += [text for tenant, _, _ in NAMES.decode(text) if tenant < 100_000]

    assert attributed == []
    assert read == 1_000_000


@given(st.text(max_size=200))
@settings(max_examples=500)
def test_any_text_is_read_without_an_error_and_names_nobody(text: str) -> None:
    assert list(NAMES.decode(text)) == []
    assert list(NAMES.decode(f"x{text}x")) == []


@given(before=st.text(max_size=8), after=st.text(max_size=8), tenant=tenants, fact=facts)
def test_a_name_is_found_in_any_text_where_it_is_a_word_of_its_own(
    before: str, after: str, tenant: int, fact: int
) -> None:
    name = NAMES.encode(tenant, fact)

    assert (tenant, fact, name) in list(NAMES.decode(f"{before} {name} {after}"))
