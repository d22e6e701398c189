"""Tenants as a function of (seed, index): any order, any shard; but for what a block has made, nothing is held.

Names, jobs, colours, states and countries are Faker's own word lists, chosen by a keyed counter: Faker's
generator makes about 1,400 tenants a second, this more than 100,000.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import islice
from typing import Self

from faker.providers.address.en_US import Provider as _Address
from faker.providers.color.en_US import Provider as _Color
from faker.providers.job.en_US import Provider as _Job
from faker.providers.person.en_US import Provider as _Person

from ..base.errors import HarnessError
from ..model.canaries import FACTS, TENANTS, CanaryCodec
from ..model.marks import MarkCodec
from ..model.tenants import Fact, Tenant
from .id_forms import NAME, IdForm, Written, written

DEFAULT_PROBES = 5
ALL_PAIRS_UP_TO = 8

_NAMES: tuple[str, ...] = tuple(name for name in _Person.first_names if name.isascii() and name.isalpha())
_JOBS = tuple(job.lower() for job in _Job.jobs if job.replace(" ", "").isalpha())
_STATES = tuple(_Address.states)
_COUNTRIES = tuple(country for country in _Address.countries if country.replace(" ", "").isalpha())
_COLORS = tuple(_Color.safe_colors)
# Few diets on purpose: several tenants are near twins in meaning and told apart by their marks alone.
_DIETS = ("vegetarian", "vegan", "a vegetarian who eats fish", "on a gluten free diet")

# The words before a name are near the subject: a made-up name is near nothing, and would hide what the rest means.
# (what the sentence starts with, the words that may follow, how it goes on to the name, and to the code, its subject)
_TOPICS = (
    ("I am ", _DIETS, ", and eat at ", "; my meal card is ", "food preferences"),
    ("I work as a ", _JOBS, ", my profession at ", "; my badge number is ", "profession"),
    ("I grew up in ", _STATES, ", in the town of ", "; my door code is ", "home town"),
    ("My best friend is ", _NAMES, ", of the family ", "; our shared locker code is ", "friends and family"),
    ("My favourite colour is ", _COLORS, ", the colour of ", "; my wardrobe code is ", "favourite colour"),
    ("I always book a window seat to ", _COUNTRIES, ", and travel with ", "; my booking reference is ", "travel plans"),
)
_DRAW = 0xFFFF


@dataclass(frozen=True, slots=True)
class Population:
    """`size` tenants of `facts` facts each, made from `seed`; `first` is the index of its first tenant.

    Populations of one seed with different `first` are blocks of one campaign: their codes and ids never clash.
    `probes` is how many others each tenant attacks; None means 5, or all of them up to 8 tenants. `crowd` is how many
    records of others a scenario may pile up, `bulk` how many of one tenant, `load` how many may be there before.
    `id_form` is the form of its ids, as in `id_forms`; all of them begin with `prefix`. `scope_keys` are names by
    which the target says that its records tell whose they are. `pages` is how many of one tenant may be put there at
    once: more than a page of any known store holds. `keys` is how they spell the keys that they put things under.
    """

    seed: int
    size: int
    facts: int = 3
    probes: int | None = None
    first: int = 0
    crowd: int = 2000
    bulk: int = 250
    load: int = 2000
    id_form: IdForm = NAME
    scope_keys: tuple[str, ...] = ()
    pages: int = FACTS
    keys: str = ""
    codec: CanaryCodec = field(init=False, repr=False, compare=False)
    marks: MarkCodec = field(init=False, repr=False, compare=False)
    prefix: str = field(init=False)
    _key: bytes = field(init=False, repr=False, compare=False)
    _ids: Written = field(init=False, repr=False, compare=False)
    # Of a block, its own tenants that were asked for: operations that are kept name each of them again and again.
    _made: dict[int, Tenant] | None = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        """Check the numbers; derive the campaign's key and id prefix from the seed."""
        if self.size < 1:
            msg = f"a population needs at least 1 tenant, got size={self.size}"
            raise HarnessError(msg)
        if self.first < 0 or self.first + self.size > TENANTS:
            msg = f"a campaign has at most {TENANTS} tenants, got the {self.size} from {self.first} on"
            raise HarnessError(msg)
        if not 1 <= self.facts <= FACTS:
            msg = f"a tenant has 1 to {FACTS} facts, got facts={self.facts}"
            raise HarnessError(msg)
        if self.probes is not None and self.probes < 1:
            msg = f"each tenant attacks at least 1 other, got probes={self.probes}"
            raise HarnessError(msg)
        key = blake2b(str(self.seed).encode(), digest_size=32, person=b"memfence").digest()
        object.__setattr__(self, "_key", key)
        object.__setattr__(self, "codec", CanaryCodec(key))
        object.__setattr__(self, "marks", MarkCodec(self.codec))
        object.__setattr__(self, "_ids", written(self.id_form, key))
        object.__setattr__(self, "prefix", self._ids.prefix)

    def block(self, *, first: int, size: int) -> Self:
        """Return another block of the same campaign; it keeps its tenants, so is for as many as a scenario has."""
        block = replace(self, first=first, size=size)
        object.__setattr__(block, "_made", {})
        return block

    def __iter__(self) -> Iterator[Tenant]:
        """Yield the tenants in the order of their indices."""
        return map(self.tenant, range(self.first, self.first + self.size))

    def tenant(self, index: int) -> Tenant:
        """Return the tenant with this index, whether or not it lies in this block."""
        if self._made is None or not self.first <= index < self.first + self.size:
            return self._tenant(index)
        made = self._made.get(index)
        if made is None:
            made = self._made[index] = self._tenant(index)
        return made

    def _tenant(self, index: int) -> Tenant:
        bits = self._bits(index)
        name = _name(bits)
        return Tenant(
            index,
            self._ids.write(index, name.lower()),
            name,
            tuple([self._fact(index, number, bits) for number in range(self.facts)]),
            keys=self.keys,
        )

    def strangers(self) -> Iterator[Tenant]:
        """Yield the `load` tenants of the campaign that are in no block, the same for all its scenarios."""
        return map(self.tenant, range(TENANTS - self.load, TENANTS))

    def fact(self, index: int, number: int) -> Fact:
        """Return a fact of the tenant with this index by its number, also past those that it starts with."""
        return self._fact(index, number, self._bits(index))

    def facts_of(self, index: int, numbers: Iterable[int]) -> Iterator[Fact]:
        """Yield several such facts."""
        bits = self._bits(index)
        return (self._fact(index, number, bits) for number in numbers)

    def _bits(self, index: int) -> int:
        return int.from_bytes(blake2b(index.to_bytes(8, "big"), digest_size=64, key=self._key).digest(), "big")

    def _fact(self, owner: int, number: int, bits: int) -> Fact:
        topic = (bits >> 16 & _DRAW) + number
        start, words, by, middle, about = _TOPICS[topic % len(_TOPICS)]
        word = words[(bits >> (32 + 16 * (number % 30)) & _DRAW) % len(words)]
        canary, name = self.marks.encode(owner, number)
        return Fact(owner, number, f"{start}{word}{by}{name}{middle}{canary}.", about, canary, name)

    def owner_of_label(self, label: str) -> int | None:
        """Return the index of the tenant whose id `label` is, None where it is no id of this campaign."""
        return next((index for index, start, own in self._ids_in(label) if (start, own) == (0, label)), None)

    def ids_in(self, text: str) -> Iterator[int]:
        """Yield the index of each tenant whose id stands in the text, in order."""
        if self.prefix not in text:
            return
        for index, start, own in self._ids_in(text):
            end = start + len(own)
            if not (_is_of_a_word(text[start - 1 : start]) or _is_of_a_word(text[end : end + 1])):
                yield index

    def _ids_in(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield the index of each tenant whose id stands in the text, also within a word, where it begins, and the id.

        The tenants are not made for it: their facts would cost more than all the rest.
        """
        for index, place, part in self._ids.places(text):
            own = self._ids.write(index, _name(self._bits(index)).lower()) if index < TENANTS else ""
            start = place - own.find(part)
            if part in own and start >= 0 and text.startswith(own, start):
                yield index, start, own

    def attackers(self, victim: Tenant) -> Iterator[Tenant]:
        """Yield the tenants that attack `victim`; each tenant attacks, and is attacked by, equally many."""
        for offset in self._offsets():
            yield self.tenant(self.first + (victim.index - self.first + offset) % self.size)

    def pairs(self) -> Iterator[tuple[Tenant, Tenant]]:
        """Yield (victim, attacker), all attackers of one victim together."""
        for victim in self:
            for attacker in self.attackers(victim):
                yield victim, attacker

    def _offsets(self) -> list[int]:
        others = self.size - 1
        if self.probes is None:
            wanted = others if self.size <= ALL_PAIRS_UP_TO else DEFAULT_PROBES
        else:
            wanted = min(self.probes, others)
        if wanted == others:
            return list(range(1, self.size))
        return list(islice(self._distinct_offsets(), wanted))

    def _distinct_offsets(self) -> Iterator[int]:
        seen: set[int] = set()
        counter = 0
        while True:
            draw = blake2b(counter.to_bytes(8, "big"), digest_size=8, key=self._key, person=b"pairs").digest()
            offset = 1 + int.from_bytes(draw, "big") % (self.size - 1)
            counter += 1
            if offset not in seen:
                seen.add(offset)
                yield offset


def _name(bits: int) -> str:
    return _NAMES[(bits & _DRAW) % len(_NAMES)]


def _is_of_a_word(character: str) -> bool:
    return character.isalnum() or character == "_"
