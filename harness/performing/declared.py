"""What a target declares as its storage, searched byte by byte."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..model.observations import Outside

_BLOCK = 1 << 20
# Shown around a find, in bytes on each side: enough for the sentence that a code stands in. By encoding, with the
# size of its units: a cut between two units leaves no text.
_AROUND = {"utf-8": (160, 1), "utf-16-le": (320, 2)}
_OVERLAP = 1024
# So many texts of a list are looked at together: most hold nothing.
_MANY = 100


def search_storage(declared: Any, *words: str) -> Iterator[Outside]:  # noqa: ANN401 - a stranger's reply
    """Yield each place that holds any of the words, once, with what stands around the first of them.

    `declared` are pairs of a place and its content: a path of a file or folder, bytes, a str, or rows of these. Raises
    TypeError for another content, OSError where a file cannot be read.
    """
    sought = _Sought(words)
    told: set[str] = set()
    for place, content in declared.items() if isinstance(declared, dict) else declared:
        for where, block in _blocks(str(place), content, sought):
            found = None if where in told else sought.around(block)
            if found is not None:
                told.add(where)
                yield Outside(where, found)


class _Sought:
    """Words in each encoding; most texts of a big store hold none, and are never encoded to see that."""

    __slots__ = ("_encoded", "_texts")

    def __init__(self, words: Sequence[str]) -> None:
        self._encoded = [(word.encode(encoding), encoding) for word in words for encoding in _AROUND]
        self._texts = [_as_a_text_holds(encoded) for encoded, _ in self._encoded]

    def may_stand_in(self, text: str) -> bool:
        """Tell whether the text's bytes hold any of them."""
        return any(one in text for one in self._texts)

    def may_stand_among(self, parts: Sequence[object]) -> bool:
        """Tell whether a part holds any of them, or is no text, or may be a path; one look at all of them."""
        try:
            joined = "\n".join(parts)  # type: ignore[arg-type]  # whether all are texts is what the error tells
        except TypeError:
            return True
        return os.sep in joined or self.may_stand_in(joined)

    def around(self, block: bytes) -> str | None:
        """Return what stands around the first of them that the bytes hold, None where they hold none."""
        for sought, encoding in self._encoded:
            start = block.find(sought)
            if start >= 0:
                around, unit = _AROUND[encoding]
                before = min(around, start - start % unit)
                return block[start - before : start + len(sought) + around].decode(encoding, "replace")
        return None


def _as_a_text_holds(encoded: bytes) -> str:
    """Return the characters of a text whose bytes in UTF-8 hold these; nothing, which any text holds, where none do."""
    try:
        return encoded.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return ""


def _blocks(place: str, content: object, sought: _Sought) -> Iterator[tuple[str, bytes]]:
    """Yield what is to be searched, but for texts that hold nothing of what is sought."""
    match content:
        case Path():
            yield from _files(place, content)
        case bytes() | bytearray() | memoryview():
            yield place, bytes(content)
        case str():
            if _is_path(content):
                yield from _files(place, Path(content))
            if sought.may_stand_in(content):
                yield place, content.encode("utf-8", "surrogatepass")
        case Mapping():
            yield from _blocks(place, [part for pair in content.items() for part in pair], sought)
        case Iterable():
            # A number in a row holds no code.
            parts = (
                part for part in _parts(content, sought) if part is not None and not isinstance(part, (int, float))
            )
            yield from (block for part in parts for block in _blocks(place, part, sought))
        case _:
            msg = f"storage() must give paths, bytes or texts, got {type(content).__name__} for {place}"
            raise TypeError(msg)


def _parts(content: Iterable[object], sought: _Sought) -> Iterator[object]:
    """Yield what a list or another collection holds, but of a list no texts that hold nothing of what is sought."""
    if not isinstance(content, (list, tuple)):
        yield from content
        return
    for at in range(0, len(content), _MANY):
        some = content[at : at + _MANY]
        if sought.may_stand_among(some):
            yield from some


def _is_path(text: str) -> bool:
    """Tell whether a text names a file or folder: then what lies there is meant, too."""
    try:
        # Asked first: to make a Path of each text costs more than the rest of a search.
        return os.sep in text and Path(text).is_absolute() and Path(text).exists()
    except (OSError, ValueError):
        return False


def _files(place: str, path: Path) -> Iterator[tuple[str, bytes]]:
    if not path.is_dir():
        yield from ((place, block) for block in _read(path))
        return
    for file in sorted(path.rglob("*")):
        if file.is_file():
            yield from _files(f"{place}/{file.relative_to(path)}", file)


def _read(file: Path) -> Iterator[bytes]:
    """Yield overlapping blocks, so that what lies across an edge is found."""
    with file.open("rb") as opened:
        before = b""
        while block := opened.read(_BLOCK):
            yield before + block
            before = block[-_OVERLAP:]
