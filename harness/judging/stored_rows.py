"""Whose each stored row is, by its text and by its label: exact counts, and sums by which a missing one is known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..plans.crowds import Crowd

# A row as a store keeps it: its id, the user id it carries, its text.
Row: TypeAlias = tuple[str, str | None, str]
# How many rows of a kind are told whole.
_EXAMPLES = 5


@dataclass(slots=True)
class Attributed:
    """What so many rows are.

    `right`: text and label name one tenant. `mislabelled`: they name two. `unlabelled`: the label is nobody's.
    `foreign`: the text holds no mark of the campaign. `sums` hold, for each block of `each` tenants by the texts, how
    many facts and what they add up to: no list of tenants is kept.
    """

    crowd: Crowd
    each: int
    rows: int = 0
    right: int = 0
    mislabelled: int = 0
    unlabelled: int = 0
    foreign: int = 0
    sums: dict[int, tuple[int, int]] = field(default_factory=dict)
    examples: list[dict[str, Any]] = field(default_factory=list)

    def take(self, rows: Iterable[Row]) -> None:
        """Attribute each row."""
        decode, owner_of = self.crowd.population.marks.decode, self.crowd.population.owner_of_label
        for record_id, label, text in rows:
            self.rows += 1
            said = [(owner, number) for owner, number, _, _ in decode(text) if owner < self.crowd.size]
            labelled = None if label is None else owner_of(label)
            if not said:
                self.foreign += 1
                self._tell("foreign", record_id, label, "")
                continue
            for owner, number in said:
                count, total = self.sums.get(owner // self.each, (0, 0))
                self.sums[owner // self.each] = count + 1, self._sum(total, owner, number)
            owners = {owner for owner, _ in said}
            if owners == {labelled}:
                self.right += 1
            elif labelled is None or labelled >= self.crowd.size:
                self.unlabelled += 1
                self._tell("unlabelled", record_id, label, text)
            else:
                self.mislabelled += 1
                owner, number = next(one for one in said if one[0] != labelled)
                self._tell("mislabelled", record_id, label, text, owner=owner, number=number, labelled=labelled)

    def as_json(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        names = ("rows", "right", "mislabelled", "unlabelled", "foreign", "examples")
        return {name: getattr(self, name) for name in names} | {"sums": [[b, *s] for b, s in sorted(self.sums.items())]}

    def _sum(self, total: int, owner: int, number: int) -> int:
        return (total + self.crowd.seal([(owner, number)])) % (1 << 64)

    def _tell(self, kind: str, record_id: str, label: str | None, text: str, **who: int) -> None:
        if sum(one["kind"] == kind for one in self.examples) < _EXAMPLES:
            self.examples.append({"kind": kind, "id": record_id, "label": label, "text": text, **who})


def expected(crowd: Crowd, first: int, count: int, *, erased: bool) -> tuple[int, int]:
    """Return how many facts so many tenants have, and what they add up to; without those that are `erased`."""
    facts = crowd.population.facts
    indices = [index for index in range(first, first + count) if not (erased and crowd.is_erased(index))]
    return len(indices) * facts, crowd.seal((index, number) for index in indices for number in range(facts))


def expected_by_block(
    crowd: Crowd, each: int, first: int, count: int, *, erased: bool
) -> Iterator[tuple[int, int, int]]:
    """Yield (block, how many facts, what they add up to) for so many tenants, in blocks of `each`."""
    end = first + count
    for block in range(first // each, -(-end // each)):
        begin = max(first, block * each)
        yield block, *expected(crowd, begin, min(end, (block + 1) * each) - begin, erased=erased)


@dataclass(slots=True)
class Found:
    """How often each fact of some blocks of tenants stands in the store."""

    crowd: Crowd
    each: int
    blocks: tuple[int, ...]
    counts: dict[int, bytearray] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing found."""
        self.counts = {block: bytearray(self.each * self.crowd.population.facts) for block in self.blocks}

    def take(self, rows: Iterable[Row]) -> None:
        """Count each fact of these blocks."""
        facts, decode = self.crowd.population.facts, self.crowd.population.marks.decode
        for _, _, text in rows:
            for owner, number, _, _ in decode(text):
                seen = self.counts.get(owner // self.each) if owner < self.crowd.size else None
                if seen is not None and number < facts:
                    place = owner % self.each * facts + number
                    seen[place] = min(255, seen[place] + 1)

    def as_json(self, *, erased: bool) -> dict[str, Any]:
        """Return what is missing, doubled, or still there though it was `erased`: how many, and the first of them."""
        told: dict[str, list[tuple[int, int]]] = {"missing": [], "doubled": [], "left": []}
        doubles = 0
        for owner, number, count in self._each():
            gone = erased and self.crowd.is_erased(owner)
            if count == 0 and not gone:
                told["missing"].append((owner, number))
            elif count and gone:
                told["left"].append((owner, number))
            elif count > 1:
                doubles += count - 1
                told["doubled"].append((owner, number))
        counts = {kind: len(found) for kind, found in told.items()} | {"doubled": doubles}
        examples = [{"kind": k, "owner": o, "number": n} for k, found in told.items() for o, n in found[:_EXAMPLES]]
        return {**counts, "examples": examples}

    def _each(self) -> Iterator[tuple[int, int, int]]:
        facts = self.crowd.population.facts
        for block, seen in self.counts.items():
            for place, count in enumerate(seen):
                owner = block * self.each + place // facts
                if owner < self.crowd.size:
                    yield owner, place % facts, count
