"""Who in a crowd is planted how, erased, and attacked by whom: functions of seed and index, nothing is held."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from math import gcd
from uuid import UUID

from ..base.errors import HarnessError
from ..model.tenants import Fact, Tenant
from .population import Population

# All users of a crowd talk to one agent: what is left where a user id is dropped.
AGENT = "assistant"
# How many of those who come next are looked at for one whose fact is the same but for its marks.
_NEAR = 512
_MOST = 1 << 64


@dataclass(frozen=True, slots=True)
class Crowd:
    """The tenants of a campaign at scale, of whom every so many are planted by mem0 itself, or erased.

    `through` and `erased` are how many of them, about. `mislabelled`: one row is planted under another's id.
    """

    population: Population
    through: int
    erased: int
    mislabelled: bool = False

    @property
    def size(self) -> int:
        """How many there are."""
        return self.population.size

    def is_through(self, index: int) -> bool:
        """Tell whether mem0 itself is to insert this tenant's facts."""
        return bool(self.through) and index % max(1, self.size // self.through) == 0

    def is_erased(self, index: int) -> bool:
        """Tell whether this tenant is to be erased, whoever planted it; its neighbours, who read meanwhile, are not."""
        return bool(self.erased) and index % self._stride == self._stride // 2

    def erased_in(self, first: int, count: int) -> range:
        """Return the indices of those to be erased among so many tenants."""
        if not self.erased:
            return range(0)
        stride = self._stride
        begin = first + (stride // 2 - first) % stride
        return range(begin, first + count, stride)

    def facts(self, first: int, count: int) -> Iterator[tuple[Tenant, Fact]]:
        """Yield each fact of so many tenants, with its owner."""
        for index in range(first, first + count):
            tenant = self.population.tenant(index)
            for fact in tenant.facts:
                yield tenant, fact

    def label(self, tenant: Tenant, fact: Fact) -> str:
        """Return the id under which a fact is planted: its owner's, but for the one that is wrong on purpose."""
        if self.mislabelled and (tenant.index, fact.number) == self.wrong:
            return str(self.population.tenant((tenant.index + self.size // 2) % self.size).id)
        return str(tenant.id)

    @property
    def wrong(self) -> tuple[int, int]:
        """Whose fact, and which, is planted under another's id where one is; raises HarnessError where none can be."""
        drawn = self._draw("wrong", 0)
        for index in ((drawn + offset) % self.size for offset in range(self.size)):
            if not (self.is_through(index) or self.is_erased(index)):
                return index, 0
        msg = (
            f"mislabelled_row needs a user whom mem0 does not plant and who is not erased, and of {self.size} users "
            "there is none: give --users 3 or more, or --erased 0"
        )
        raise HarnessError(msg)

    def record_id(self, fact: Fact) -> UUID:
        """Return the id of a fact's record: the same however often it is planted."""
        digest = blake2b(f"{fact.owner}/{fact.number}".encode(), digest_size=16, key=self._key).digest()
        return UUID(bytes=digest, version=4)

    def pairs(self, first: int, count: int) -> Iterator[tuple[Tenant, Tenant]]:
        """Yield (victim, attacker): each victim once, every other attacker a near twin of its victim."""
        step, start = self._step, self._draw("start", 0)
        for number in range(first, first + count):
            index = (start + number * step) % self.size
            victim = self.population.tenant(index)
            yield victim, self._twin(victim) if number % 2 == 0 else self._other(victim, number)

    def sample(self, name: str, count: int, below: int) -> Iterator[Tenant]:
        """Yield so many of the first `below` tenants, drawn by a name."""
        for number in range(count):
            yield self.population.tenant(self._draw(name, number) % below)

    def _twin(self, victim: Tenant) -> Tenant:
        """Return one whose fact is the victim's but for its marks, among those who come next; else the next."""
        said = victim.facts[0].bare
        for offset in range(1, min(_NEAR, self.size)):
            other = self.population.tenant((victim.index + offset) % self.size)
            if other.facts[0].bare == said:
                return other
        return self.population.tenant((victim.index + 1) % self.size)

    def _other(self, victim: Tenant, number: int) -> Tenant:
        offset = 1 + self._draw("other", number) % (self.size - 1)
        return self.population.tenant((victim.index + offset) % self.size)

    @property
    def _stride(self) -> int:
        return max(2, self.size // self.erased)

    @property
    def _step(self) -> int:
        """How far the next victim is: no number of the size's factors, so that each comes once."""
        step = 1 + self._draw("step", 0) % self.size
        while gcd(step, self.size) != 1:
            step += 1
        return step

    @property
    def _key(self) -> bytes:
        return self.population.prefix.encode()

    def _draw(self, name: str, number: int) -> int:
        digest = blake2b(f"{name}/{number}".encode(), digest_size=8, key=self._key).digest()
        return int.from_bytes(digest, "big")

    def seal(self, facts: Iterable[tuple[int, int]]) -> int:
        """Return what (owner, number) pairs add up to, below 2**64: the same only for the same facts as often."""
        total = 0
        for owner, number in facts:
            said = (owner << 10 | number).to_bytes(6, "big")
            total += int.from_bytes(blake2b(said, digest_size=8, key=self._key, person=b"seal").digest(), "big")
        return total % _MOST
