import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from memfence import Population
from memfence.judging.attribution import CanaryAttributor
from memfence.model.observations import Outside
from memfence.performing.declared import search_storage

POPULATION = Population(seed=5, size=2)
FACT, OTHER = next(iter(POPULATION)).facts[:2]
WORDS = FACT.canary
# What is read at a time.
BLOCK = 1 << 20


def found(declared: object) -> list[Outside]:
    return list(search_storage(declared, WORDS))


def places(declared: object) -> list[str]:
    return [outside.place for outside in found(declared)]


@pytest.mark.parametrize(
    "content",
    [
        FACT.text,
        FACT.text.encode(),
        bytearray(FACT.text.encode()),
        memoryview(FACT.text.encode()),
        [OTHER.text, FACT.text],
        (FACT.text,),
        {FACT.text},
        [OTHER.text.encode(), FACT.text.encode()],
        [["nested"], [FACT.text]],
        FACT.text.encode("utf-16-le"),
        b"\x00" + FACT.text.encode("utf-16-le"),
        FACT.text.encode("utf-16"),
        f"\ud800 {FACT.text}",
    ],
    ids=lambda content: type(content).__name__,
)
@pytest.mark.parametrize("as_pairs", [True, False], ids=["pairs", "dict"])
def test_a_fact_is_found_in_whatever_a_table_holds(content: object, as_pairs: bool) -> None:  # noqa: FBT001 - a parameter of the test
    tables = [("empty", ""), ("history", content), ("none", [])]

    (outside,) = found(iter(tables) if as_pairs else dict(tables))

    assert outside.place == "history"
    assert [sighting.fact for sighting in CanaryAttributor(POPULATION).content(outside.text)] == [FACT.number]


@pytest.mark.parametrize("content", [OTHER.text, FACT.text[:-2], WORDS[:7], b"", [], ""])
def test_what_does_not_hold_the_words_is_silent(content: object) -> None:
    assert found({"history": content}) == []


def test_nothing_declared_is_nothing_found() -> None:
    assert found(()) == found({}) == []


def test_a_dict_of_lists_tells_each_table_once() -> None:
    tables = {"records": [FACT.text, FACT.text], "history": [OTHER.text], "messages": [OTHER.text, FACT.text]}

    assert places(tables) == ["records", "messages"]


@pytest.mark.parametrize("rows", [[{"old": OTHER.text, "new": FACT.text}], {"r1": FACT.text}], ids=["rows", "by id"])
def test_rows_that_are_dicts_are_searched_or_refused_but_never_passed_over(rows: object) -> None:
    try:
        seen = places({"history": rows})
    except TypeError:
        return
    assert seen == ["history"]


def test_a_place_may_be_declared_twice_and_is_told_once() -> None:
    assert places([("history", FACT.text), ("history", FACT.text)]) == ["history"]


def test_every_file_of_nested_folders_is_searched_and_named_by_its_path(tmp_path: Path) -> None:
    deep = tmp_path / "collection" / "alice" / "segments"
    deep.mkdir(parents=True)
    (deep / "0.bin").write_bytes(b"\x00\xff" + FACT.text.encode() + b"\x00")
    (tmp_path / "wal").write_bytes(FACT.text.encode("utf-16-le"))
    (tmp_path / "meta.json").write_text(OTHER.text)
    (tmp_path / "empty").write_bytes(b"")

    assert places({"qdrant": tmp_path}) == ["qdrant/collection/alice/segments/0.bin", "qdrant/wal"]


def test_a_file_is_searched_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "history.db").write_text(FACT.text)

    assert places([("history", tmp_path / "history.db")]) == ["history"]
    # A text that names a file that is there means the file.
    assert places([("history", str(tmp_path / "history.db"))]) == ["history"]
    assert places([("history", f"{tmp_path}/none"), ("history", "history.db"), ("history", "\x00")]) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("cut", range(1, 2 * len(WORDS), 3))
def test_words_that_lie_across_the_edge_of_two_blocks_are_found(tmp_path: Path, encoding: str, cut: int) -> None:
    words = FACT.text.encode(encoding)
    start = words.index(WORDS.encode(encoding))
    file = tmp_path / "store"
    file.write_bytes(b"." * (BLOCK - start - cut) + words + b"." * 10)

    (outside,) = found([("store", file)])

    assert WORDS in outside.text


def test_words_in_a_later_block_are_found_and_a_file_that_is_full_of_them_is_one_place(tmp_path: Path) -> None:
    late, full = tmp_path / "late", tmp_path / "full"
    late.write_bytes(b"." * (2 * BLOCK + 100) + FACT.text.encode())
    full.write_bytes(FACT.text.encode() * (3 * BLOCK // len(FACT.text)))

    assert places([("late", late), ("full", full)]) == ["late", "full"]


def test_what_stands_around_a_find_holds_the_whole_sentence_and_not_the_whole_file(tmp_path: Path) -> None:
    file = tmp_path / "store"
    file.write_bytes(b"x" * 5_000 + f" {FACT.text} ".encode() + b"x" * 5_000)

    (outside,) = found([("store", file)])

    assert FACT.text in outside.text
    assert len(outside.text) < 1_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_the_whole_sentence_is_told_from_wherever_it_begins(encoding: str) -> None:
    facts = [fact for tenant in Population(seed=5, size=100, facts=6) for fact in tenant.facts]

    for fact in facts:
        (outside,) = search_storage({"heap": fact.text.encode(encoding)}, fact.canary)
        assert fact.text in outside.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_bytes_around_a_find_that_are_no_text_do_no_harm(encoding: str) -> None:
    # The cut falls into the middle of a character.
    for shift in range(4):
        content = "é\U0001f600".encode(encoding) * 40 + b"\x00" * shift + WORDS.encode(encoding) + b"\xff\xd8" * 60

        (outside,) = found({"heap": content})

        assert WORDS in outside.text


@pytest.mark.parametrize("texts", [[OTHER.text] * 3, [OTHER.text, "a/b"], ["\ud800", OTHER.text]])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_text_among_many_is_found_in_the_encodings_that_bytes_are_searched_for(
    texts: list[str], encoding: str
) -> None:
    # A database's driver may give the bytes of UTF-16 as a text, with a NUL beside each letter.
    as_a_text = FACT.text.encode(encoding).decode()

    assert found({"history": texts}) == []
    assert places({"history": [*texts, as_a_text, *texts]}) == ["history"]
    assert places({"history": as_a_text}) == ["history"]


@pytest.mark.parametrize("word", ["Zoë \U0001f600", "é"])
def test_a_word_that_is_no_ascii_is_found_like_any(word: str) -> None:
    for content in (f"I am {word}.", [OTHER.text, f"I am {word}."], f"I am {word}.".encode("utf-16-le")):
        (outside,) = search_storage({"history": content}, word)
        assert word in outside.text

    assert list(search_storage({"history": [OTHER.text, "I am Zoe."]}, word)) == []


def test_of_several_words_any_is_enough_and_each_place_is_told_once() -> None:
    searched = search_storage({"a": FACT.name, "b": FACT.canary, "c": FACT.text, "d": OTHER.text}, *FACT.marks)

    assert [outside.place for outside in searched] == ["a", "b", "c"]


@pytest.mark.parametrize("content", [7, None, object()], ids=["int", "None", "object"])
def test_a_content_that_cannot_be_searched_is_refused_with_its_place(content: object) -> None:
    with pytest.raises(TypeError, match=f"must give paths, bytes or texts, got {type(content).__name__} for history"):
        found({"history": content})


def test_a_file_that_is_not_there_is_an_error_and_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        found([("history", tmp_path / "gone.db")])


def test_a_pipe_among_the_files_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "wal").write_text(FACT.text)

    assert places({"store": tmp_path}) == ["store/wal"]


def test_tables_may_be_read_one_after_the_other() -> None:
    read: list[str] = []

    def tables() -> Iterator[tuple[str, object]]:
        for name in ("first", "second"):
            read.append(name)
            yield name, FACT.text

    searched = search_storage(tables(), WORDS)

    assert next(searched).place == "first"
    assert read == ["first"]


@pytest.mark.parametrize("position", [0, 99, 100, 250, 299])
def test_a_long_list_is_searched_to_its_end(tmp_path: Path, position: int) -> None:
    file = tmp_path / "notes.txt"
    file.write_text(FACT.text)
    rows: list[object] = [OTHER.text] * 300

    named = [*rows[:position], str(file), *rows[position + 1 :]]
    kept = [*rows[:position], FACT.text, *rows[position + 1 :]]

    assert [outside.text for outside in found({"rows": kept})] == [FACT.text]
    assert [outside.text for outside in found({"rows": named})] == [FACT.text]
    assert places({"rows": rows}) == []
