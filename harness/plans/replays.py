"""A counterexample as a file: versioned JSON, small, with synthetic data alone."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from ..base.errors import HarnessError
from ..model.counterexamples import Counterexample, Move, flat
from ..model.credentials import Credential
from ..model.findings import Verdict
from ..model.operations import OPERATIONS, Operation, RecordRef, Together
from ..model.results import CampaignResult
from ..model.tenants import Fact, Tenant
from .id_forms import NAME, IdForm
from .population import Population

VERSION = 1
_KEY = "memfence_replay"
_KINDS = {kind.__name__: kind for kind in OPERATIONS}
_TOGETHER = "Together"
# The options that say where records are, and their defaults.
_PLACE: Mapping[str, str | bool | None] = {
    "store": "qdrant",
    "store_url": None,
    "store_config": None,
    "embedder": "semantic",
    "app": None,
    "asgi": None,
    "allow_remote": False,
    "behind_cache": False,
}


@dataclass(frozen=True, slots=True)
class Replay:
    """The moves that showed what `oracle` called `verdict`, on which target, by tenants made from which seed.

    `place` says where the records are, as the options of an exploration do; what is by default is left out. `id_form`
    is the form of ids, None for the target's own.
    """

    target: str
    wrapper: str
    breakage: str | None
    seed: int
    oracle: str
    verdict: Verdict
    moves: tuple[Move, ...]
    place: Mapping[str, Any] = field(default_factory=dict)
    id_form: IdForm | None = None

    @property
    def placed(self) -> dict[str, Any]:
        """Where the records are, with what is by default."""
        return {**_PLACE, **self.place}

    @property
    def population(self) -> Population:
        """The tenants that its moves are told with, and all others of that seed."""
        size = max(one.principal.index for one in flat(self.moves)) + 1
        return Population(self.seed, size, id_form=self.id_form or NAME)


def replay_of(found: Counterexample, target: str, settings: Mapping[str, Any], seed: int) -> Replay:
    """Return what is to be kept of a counterexample; `settings` are those of its exploration."""
    finding = found.finding
    place = {name: settings.get(name) for name, default in _PLACE.items() if settings.get(name, default) != default}
    named = settings["wrapper"], settings["breakage"]
    form = settings.get("id_form")
    return Replay(target, *named, seed, finding.oracle, finding.verdict, found.moves, place, form)


def as_json(replay: Replay) -> dict[str, Any]:
    """Return it as plain values."""
    who = list(dict.fromkeys(_identity(one.principal) for one in flat(replay.moves)))
    return {
        _KEY: VERSION,
        "target": replay.target,
        "wrapper": replay.wrapper,
        "breakage": replay.breakage,
        **({"place": dict(replay.place)} if replay.place else {}),
        **({"id_form": replay.id_form} if isinstance(replay.id_form, str) else {}),
        "seed": replay.seed,
        "oracle": replay.oracle,
        "verdict": replay.verdict,
        "tenants": [json.loads(identity) for identity in who],
        "moves": [_move(move, who) for move in replay.moves],
    }


def save(replay: Replay, path: Path) -> None:
    """Write the file; raises OSError."""
    path.write_text(json.dumps(as_json(replay), indent=1) + "\n", encoding="ascii")


def save_all(found: Iterable[Counterexample], result: CampaignResult, folder: Path) -> None:
    """Write each counterexample of a campaign to the folder, by its oracle's name; raises OSError.

    A further one of the same oracle has its channel and its family of ids in its name, too.
    """
    taken: set[str] = set()
    for one in found:
        oracle = one.finding.oracle
        family = one.family.replace(" ", "-")
        name = "-".join(filter(None, (oracle, one.finding.channel, family))) if oracle in taken else oracle
        taken.add(oracle)
        save(replay_of(one, result.target, result.settings, result.seed), folder / f"{name}.json")


def load(path: Path) -> Replay:
    """Read the file; raises HarnessError where it cannot be read, or is no replay of this version."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise HarnessError(msg) from error
    except ValueError as error:
        msg = f"{path} is no replay: `memfence explore ... --save FOLDER` writes one"
        raise HarnessError(msg) from error
    return from_json(found, str(path))


def from_json(found: Any, name: str = "the replay") -> Replay:  # noqa: ANN401 - what a file may hold
    """Return the replay behind plain values; raises HarnessError, naming `name`, where they are none."""
    if not isinstance(found, dict) or _KEY not in found:
        msg = f"{name} is no replay: it has no {_KEY!r}; `memfence explore ... --save FOLDER` writes one"
        raise HarnessError(msg)
    if found[_KEY] != VERSION:
        msg = f"{name} has version {found[_KEY]!r}, this memfence reads {VERSION}; explore again to write it anew"
        raise HarnessError(msg)
    try:
        reader = _Reader(found["seed"], found["tenants"])
        return Replay(
            str(found["target"]),
            str(found["wrapper"]),
            found["breakage"],
            int(found["seed"]),
            str(found["oracle"]),
            Verdict(found["verdict"]),
            reader.moves(found["moves"]),
            {name: value for name, value in dict(found.get("place", {})).items() if name in _PLACE},
            found.get("id_form"),
        )
    except (HarnessError, KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        msg = f"{name} is damaged: {type(error).__name__}: {error}"
        raise HarnessError(msg) from error


def _identity(tenant: Tenant) -> str:
    """Return who a principal is, as JSON: what its index alone does not tell stands beside it."""
    told: dict[str, Any] = {"index": tenant.index, "id": tenant.id}
    told |= {name: True for name in ("hostile", "erased", "asynchronous", "guest") if getattr(tenant, name)}
    told |= {name: getattr(tenant, name) for name in ("kind", "keys") if getattr(tenant, name)}
    if tenant.within:
        told["within"] = dict(tenant.within)
    if tenant.credential is not None:
        said = asdict(tenant.credential).items()
        told["credential"] = {name: value for name, value in said if value not in (None, "")}
    return json.dumps(told)


def _move(move: Move, who: Sequence[str]) -> dict[str, Any]:
    if isinstance(move, Together):
        return {_TOGETHER: [_move(one, who) for one in move.operations]}
    return {type(move).__name__: dict(_values(move, who))}


def _values(operation: Operation, who: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for one in fields(operation):
        value = getattr(operation, one.name)
        match value:
            case None:
                continue
            case Tenant():
                yield "by", who.index(_identity(value))
            case Fact(owner=owner, number=number):
                yield one.name, [owner, number]
            case RecordRef(step=step, owner=owner, spelt=spelt, key=key):
                yield one.name, [step, owner, *([spelt, key] if key else [spelt] if spelt else [])]
            case Mapping():
                yield one.name, dict(value)
            case _:
                yield one.name, value


class _Reader:
    def __init__(self, seed: int, tenants: Sequence[Mapping[str, Any]]) -> None:
        self._population = Population(seed, 1 + max(told["index"] for told in tenants))
        self._tenants = [self._tenant(**told) for told in tenants]

    def _tenant(self, *, index: int, id: Any, within: Mapping[str, str] | None = None, **said: Any) -> Tenant:  # noqa: A002, ANN401 - as the file calls it
        own = self._population.tenant(index)
        if "credential" in said:
            told = dict(said["credential"])
            told |= {"claim": tuple(told["claim"])} if "claim" in told else {}
            said["credential"] = Credential(**told)
        return replace(own, id=id, within=tuple((within or {}).items()), **said)

    def moves(self, told: Sequence[Mapping[str, Any]]) -> tuple[Move, ...]:
        if not told:
            msg = "it has no moves"
            raise ValueError(msg)
        return tuple(map(self._move, told))

    def _move(self, told: Mapping[str, Any]) -> Move:
        ((kind, values),) = told.items()
        if kind == _TOGETHER:
            return Together(tuple(self._operation(*one) for each in values for one in each.items()))
        return self._operation(kind, values)

    def _operation(self, kind: str, values: Mapping[str, Any]) -> Operation:
        made = {name: self._value(name, value) for name, value in values.items() if name != "by"}
        operation: Operation = _KINDS[kind](self._tenants[values["by"]], **made)
        return operation

    def _value(self, name: str, value: Any) -> Any:  # noqa: ANN401 - any field of an operation
        match name:
            case "fact" | "seeks":
                return self._population.fact(*value)
            case "record" | "to":
                return RecordRef(*value)
            case _:
                return value
