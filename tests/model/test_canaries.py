import json
import random
import string
import uuid
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memfence.model.canaries import FACTS, TENANTS, CanaryCodec, written_codes

CODEC = CanaryCodec(b"this campaign")
OTHER = CanaryCodec(b"another campaign")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

tenants = st.integers(0, TENANTS - 1) | st.sampled_from([0, 1, TENANTS - 1])
facts = st.integers(0, FACTS - 1) | st.sampled_from([0, 1, FACTS - 1])

DRESSINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in lower case": str.lower,
    "in title case": str.title,
    "in swapped case": str.swapcase,
    "without hyphens": lambda code: code.replace("-", ""),
    "with blanks": lambda code: code.replace("-", " "),
    "with underscores": lambda code: code.replace("-", "_"),
    "with typographic hyphens": lambda code: code.replace("-", "\u2011"),
    "with dashes": lambda code: code.replace("-", "\u2013"),
    "with half its hyphens": lambda code: code.replace("-", "", 1),
    "in brackets": lambda code: f"({code})",
    "before a full stop": lambda code: f"My locker code is {code}.",
    "after a colon": lambda code: f"code:{code},",
    "in markdown": lambda code: f"**`{code}`**",
    "after an equals sign": lambda code: f"?q={code}&x=1",
    "in JSON": lambda code: json.dumps({"memory": f"my code is {code}"}),
    "in JSON in JSON": lambda code: json.dumps(json.dumps({"memory": f"my code\nis {code}"})),
    "after a newline": lambda code: f"first\n{code}",
    "after an escaped newline": lambda code: json.dumps(f"first\n{code}\nlast"),
    "after an escaped newline of bytes": lambda code: repr(f"first\n{code}\tlast".encode()),
    "after a word of four letters": lambda code: f"code {code}",
    "stuck to a word of four letters": lambda code: f"CODE{code}",
    "between words of four letters": lambda code: f"MEAL CARD {code} THAT WORD",
    "stuck to a letter": lambda code: f"n{code}",
    "beside a lone surrogate": lambda code: f"\ud800{code}\udfff",
}


@given(tenant=tenants, fact=facts)
def test_a_code_decodes_to_the_tenant_and_fact_that_it_was_made_of(tenant: int, fact: int) -> None:
    code = CODEC.encode(tenant, fact)

    assert list(CODEC.decode(code)) == [(tenant, fact, code)]


@given(tenant=tenants, fact=facts)
def test_a_code_is_three_groups_of_four_characters_that_nobody_mistakes(tenant: int, fact: int) -> None:
    groups = CODEC.encode(tenant, fact).split("-")

    assert [len(group) for group in groups] == [4, 4, 4]
    assert set("".join(groups)) <= set(ALPHABET)


@pytest.mark.parametrize("dress", DRESSINGS.values(), ids=DRESSINGS)
@pytest.mark.parametrize(("tenant", "fact"), [(0, 0), (3, 1), (TENANTS - 1, FACTS - 1)])
def test_a_canary_survives_what_happens_to_text(dress: Callable[[str], str], tenant: int, fact: int) -> None:
    text = dress(CODEC.encode(tenant, fact))

    assert [found[:2] for found in CODEC.decode(text)] == [(tenant, fact)]


@given(tenant=tenants, fact=facts, before=st.text(ALPHABET + ALPHABET.lower() + "- \\n", max_size=12))
def test_a_canary_is_found_whatever_stands_before_it(tenant: int, fact: int, before: str) -> None:
    code = CODEC.encode(tenant, fact)

    assert (tenant, fact, code) in list(CODEC.decode(before + code))


def test_the_evidence_is_the_code_as_it_stands_in_the_text() -> None:
    code = CODEC.encode(3, 1)

    assert [evidence for _, _, evidence in CODEC.decode(f"it was {code.lower()}")] == [code.lower()]


@pytest.mark.parametrize("joint", [" and ", "", "-", "\\n"])
def test_several_canaries_in_a_text_are_found_in_order(joint: str) -> None:
    text = joint.join(CODEC.encode(tenant, 2) for tenant in (7, 3, 7))

    assert [(tenant, fact) for tenant, fact, _ in CODEC.decode(text)] == [(7, 2), (3, 2), (7, 2)]


@pytest.mark.parametrize(("tenant", "fact"), [(0, 0), (3, 1), (TENANTS - 1, FACTS - 1)])
def test_a_code_with_any_one_character_damaged_does_not_decode(tenant: int, fact: int) -> None:
    code = CODEC.encode(tenant, fact)
    damaged = [
        code[:position] + character + code[position + 1 :]
        for position, original in enumerate(code)
        if original != "-"
        for character in ALPHABET
        if character != original
    ]

    attributed = [text for text in damaged if list(CODEC.decode(text))]

    assert len(damaged) == 12 * 31
    assert attributed == []


def test_a_code_that_was_cut_short_does_not_decode() -> None:
    code = CODEC.encode(3, 1)

    assert [text for text in (code[:-1], code[1:], code[:9], code[5:]) if list(CODEC.decode(text))] == []


def test_the_codes_of_another_campaign_do_not_decode() -> None:
    foreign = [OTHER.encode(tenant, fact) for tenant in range(1000) for fact in range(3)]

    assert [code for code in foreign if list(CODEC.decode(code))] == []


def test_random_strings_in_the_shape_of_a_code_do_not_decode() -> None:
    draw = random.Random(20)  # noqa: S311 - a fixed seed makes the strings, not a secret
    strings = ["-".join("".join(draw.choices(ALPHABET, k=4)) for _ in range(3)) for _ in range(20_000)]

    assert [text for text in strings if list(CODEC.decode(text))] == []


def test_neighbouring_tenants_and_facts_have_codes_that_look_nothing_alike() -> None:
    codes = [CODEC.encode(tenant, fact) for tenant in range(20) for fact in range(3)]

    assert len({code[:4] for code in codes}) == len({code[-4:] for code in codes}) == len(codes)


@pytest.mark.parametrize(("tenant", "fact"), [(-1, 0), (TENANTS, 0), (0, -1), (0, FACTS)])
def test_what_a_code_cannot_hold_is_refused_with_both_limits(tenant: int, fact: int) -> None:
    with pytest.raises(ValueError, match=f"below {TENANTS} and a fact below {FACTS}, got tenant={tenant}, fact={fact}"):
        CODEC.encode(tenant, fact)


@pytest.mark.parametrize("key", [b"", b"k" * 65], ids=len)
def test_a_key_of_another_length_is_refused_at_once(key: bytes) -> None:
    with pytest.raises(ValueError, match="1 to 64 bytes"):
        CanaryCodec(key)


# What any text may do to a code, and several such things at once.

# All marks of ASCII but the hyphen and the underscore, which may join a code to what stands before it.
MARKS = "!\"#$%&'()*+,./:;<=>?@[\\]^`{|}~\n\t"
JOINTS = ("-", "", " ", "_", "\u2010", "\u2011", "\u2013")


@st.composite
def dressed(draw: st.DrawFn) -> tuple[str, tuple[int, int]]:
    """Return a text with one code in it, and what the code says."""
    said = draw(tenants), draw(facts)
    first, second, third = CODEC.encode(*said).split("-")
    code = first + draw(st.sampled_from(JOINTS)) + second + draw(st.sampled_from(JOINTS)) + third
    upper = draw(st.integers(0, (1 << len(code)) - 1))
    text = "".join(one if upper >> place & 1 else one.lower() for place, one in enumerate(code))
    text = draw(st.text(MARKS, max_size=5)) + text + draw(st.text(MARKS, max_size=5))
    for _ in range(draw(st.integers(0, 3))):
        text = json.dumps({"memory": text}, ensure_ascii=False)
    return text, said


@given(dressed())
@settings(max_examples=500)
def test_a_code_survives_case_lost_hyphens_marks_around_it_and_json_all_at_once(
    example: tuple[str, tuple[int, int]],
) -> None:
    text, said = example

    assert [found[:2] for found in CODEC.decode(text)] == [said]


# What stands in the shape of a code.


@pytest.mark.parametrize("shape", ["{} and {}", "({}) and `{}`.", "it was {}: {}", '{{"code": "{}", "was": "{}"}}'])
@pytest.mark.parametrize("code", ["7QK2-M9XD-04TV", "7qk2-m9xd-04tv", "7OIL-UUUU-uuu0"])
def test_what_is_written_in_the_shape_of_a_code_is_told_whether_or_not_it_is_one(shape: str, code: str) -> None:
    assert written_codes(shape.format(code, "ZZZZ-ZZZZ-ZZZ9")) == [code, "ZZZZ-ZZZZ-ZZZ9"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I like well-made-shoe things, and THIS-THAT-MORE.",
        "7QK2-M9XD",
        "7QK2-M9XD-04T",
        "7QK2M9XD04TV",
        "7QK2 M9XD 04TV",
        "X7QK2-M9XD-04TV",
        "7QK2-M9XD-04TVX",
        "7QK2-M9XD-04TV-1234",
        "1234-7QK2-M9XD-04TV",
        "0b1f7a52-9c1d-5d8e-9f39-0f0e3d6f0a11",
        "2024-01-31T10:20:30",
    ],
)
def test_what_is_of_another_shape_or_three_words_is_no_written_code(text: str) -> None:
    assert written_codes(text) == []


@given(st.uuids())
def test_a_uuid_holds_no_written_code(known: uuid.UUID) -> None:
    assert written_codes(f"record {known} not found") == []


@given(words=st.lists(st.text(string.ascii_letters, min_size=4, max_size=4), min_size=3, max_size=3))
def test_three_words_that_hyphens_join_are_no_written_code(words: list[str]) -> None:
    assert written_codes(f"a {'-'.join(words)} day, the 1st") == []


@given(tenant=tenants, fact=facts)
def test_every_code_with_a_digit_is_written_in_that_shape(tenant: int, fact: int) -> None:
    code = CODEC.encode(tenant, fact)

    assert written_codes(f"my badge number is {code}.") == ([code] if any(map(str.isdigit, code)) else [])


@given(
    parts=st.lists(st.sampled_from([*DRESSINGS]), min_size=1, max_size=4),
    joint=st.sampled_from(["\n", "\n\n", " ", " and\n", "\r\n", "-\n", "."]),
    words=st.sampled_from(["go on. ", "go\non. ", "7qk2\n"]),
)
def test_a_long_text_is_read_as_a_short_one_is(parts: list[str], joint: str, words: str) -> None:
    codes = [DRESSINGS[dress](CODEC.encode(number, 3)) for number, dress in enumerate(parts)]
    # A code that is broken over two lines is none in either.
    text = joint.join([*codes, CODEC.encode(77, 1).replace("-", "\n"), f"{codes[0]}."])
    rest = words * (2000 // len(words)) + "\n"

    found = list(CODEC.decode(f"{rest}{text}\n{rest}"))

    assert found == list(CODEC.decode(text))
    assert len(found) == len(parts) + 1
