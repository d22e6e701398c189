"""How long answers take, compared in pairs: what is another's against what is nobody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

# So many pairs are measured of each kind. All on one side is a chance of 1 in 10 to the 29th; a busy machine spoils
# some of them.
ROUNDS = 96
# In seconds. Less than that takes thousands of tries to see across a network, and code that is careful shows as much.
LEAST = 1e-4
# How often chance alone says so, at most, for both directions together.
ERROR = 1e-6

RECORD, QUESTION = "timing: another's record", "timing: another's question"
CLASSES = {
    RECORD: "whether another's record takes longer to refuse than one that nobody has (--timing)",
    QUESTION: "whether a question that another has asked is answered in another time than a new one (--timing)",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """By how many `seconds`, at the median of `pairs`, what is another's took longer; less than 0: was quicker.

    `chance` is the probability, at most, that a difference of no more than `LEAST` shows itself so.
    """

    seconds: float
    pairs: int
    chance: float

    @property
    def told(self) -> str:
        """What to say of it: `0.52 ms longer at the median of 96 pairs`, and how often chance alone shows that."""
        side = "longer" if self.seconds > 0 else "less"
        odds = f"which chance shows in fewer than 1 of {round(1 / ERROR):,} audits"
        return f"{abs(self.seconds) * 1000:.2g} ms {side} at the median of {self.pairs} pairs, {odds}"


def difference(pairs: Sequence[tuple[float, float]]) -> Difference | None:
    """Return how the first of each pair differs from the second, None where that may be chance or is too little.

    Wilcoxon's signed ranks, exact, each way, of the differences less `LEAST`; which of a pair came first must not hang
    on which it is.
    """
    more = [first - second for first, second in pairs]
    for sign in (1, -1):
        chance = 2 * chance_of([sign * one - LEAST for one in more])
        if chance <= ERROR:
            return Difference(median(more), len(more), chance)
    return None


def chance_of(differences: Sequence[float]) -> float:
    """Return how probable it is, where each sign is a coin's, that the ranks above 0 sum to as much as here, or more.

    The smallest has rank 1; equals share theirs. What is 0 says nothing.
    """
    ranked = _ranks([one for one in differences if one])
    above = sum(rank for one, rank in ranked if one > 0)
    # How many of all ways to give signs reach each sum: the counts stand side by side in one whole number, for to add
    # up thousands of counts at once is far quicker than each by itself. None of them, nor their sum, needs more bits.
    bits = len(ranked) + 2
    ways = 1
    for _, rank in ranked:
        ways += ways << rank * bits
    # As the sum of a number's digits is what it leaves when it is divided by nine.
    reaching = (ways >> above * bits) % ((1 << bits) - 1)
    return reaching / (1 << len(ranked))


def _ranks(differences: Sequence[float]) -> list[tuple[float, int]]:
    """Return each with twice the rank of its size, so that shared ones are whole numbers."""
    ordered = sorted(differences, key=abs)
    ranked: list[tuple[float, int]] = []
    while len(ranked) < len(ordered):
        begin = end = len(ranked)
        while end < len(ordered) and abs(ordered[end]) == abs(ordered[begin]):
            end += 1
        ranked += [(one, begin + 1 + end) for one in ordered[begin:end]]
    return ranked
