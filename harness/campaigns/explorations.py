"""What an exploration is made of, and what comes of it."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ..base.errors import HarnessError, UnknownNameError
from ..base.masking import masked
from ..model.counterexamples import Counterexample
from ..model.findings import Verdict
from ..model.results import CampaignResult
from . import policies
from .options import check_least, like, options_of
from .settings import STEPS, AuditSettings, check_place, named, place_of

SUMMARY = "Generated histories of every operation, under ordinary and adversarial ids, are judged step by step."


@dataclass(frozen=True, slots=True)
class Profile:
    """How much is generated: `examples` histories of up to `steps` moves; with a `seed`, the same each time."""

    examples: int
    steps: int
    seed: int | None = None


PROFILES: Mapping[str, Profile] = {
    "dev": Profile(100, STEPS),
    "ci": Profile(200, STEPS, seed=0),
    "soak": Profile(5000, 100),
}


def profile(name: str) -> Profile:
    """Return the profile of this name; raises UnknownNameError."""
    if name not in PROFILES:
        raise UnknownNameError(name, kind="profile", choices=PROFILES)
    return PROFILES[name]


@dataclass(frozen=True, slots=True)
class ExploreSettings:
    """What the command line can say of an exploration; the same settings and seed are the same exploration.

    With the same release of Hypothesis. The rest is as in AuditSettings.
    """

    seed: int
    examples: int = PROFILES["ci"].examples
    steps: int = STEPS
    wrapper: str = like(AuditSettings, "wrapper")
    breakage: str | None = like(AuditSettings, "breakage")
    top_k: int | None = like(AuditSettings, "top_k")
    settle: float = like(AuditSettings, "settle")
    disposable: bool | None = like(AuditSettings, "disposable")
    allow_destructive: bool = like(AuditSettings, "allow_destructive")
    wildcard_ids: str = like(AuditSettings, "wildcard_ids")
    aliases: str = like(AuditSettings, "aliases")
    show_content: bool = like(AuditSettings, "show_content")
    id_form: str | None = like(AuditSettings, "id_form")
    store: str = like(AuditSettings, "store")
    store_url: str | None = like(AuditSettings, "store_url")
    store_config: str | None = like(AuditSettings, "store_config")
    embedder: str = like(AuditSettings, "embedder")
    app: str | None = like(AuditSettings, "app")
    asgi: str | None = like(AuditSettings, "asgi")
    allow_remote: bool = like(AuditSettings, "allow_remote")
    behind_cache: bool = like(AuditSettings, "behind_cache")

    def __post_init__(self) -> None:
        """Refuse what nothing can be generated from."""
        for name in ("examples", "steps"):
            if getattr(self, name) < 1:
                msg = f"{name} must be at least 1, got {name}={getattr(self, name)}"
                raise HarnessError(msg)
        check_least(self)
        policies.check(self)
        check_place(self.place)

    @property
    def place(self) -> dict[str, Any]:
        """Where the records are, as `resolve.placed` takes it."""
        return place_of(self)

    def as_dict(self) -> dict[str, Any]:
        """Return the settings as plain values, but for the seed."""
        said = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "seed"}
        return said | {"store_url": self.store_url and masked(self.store_url)}

    @property
    def allowed(self) -> tuple[str, ...]:
        """The policies that say that some ids are no attack."""
        return policies.allowed(self)

    def command(self, target: str) -> str:
        """Return the command line that repeats it; options at their default are left out."""
        words, known = ["memfence", "explore", *named(target, self.asgi)], options_of(type(self))
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name == "seed" or value != one.default:
                option = f"--{one.name.replace('_', '-')}"
                if isinstance(value, bool):
                    words.append(f"--{known[one.name].word if value else known[one.name].off}")
                else:
                    words += [option, masked(str(value))]
        return shlex.join(words)


def settings_of(name: str | None, seed: int | None, options: Mapping[str, Any], default_seed: int) -> ExploreSettings:
    """Return the options of an exploration: what is not said is the profile's; options of an audit alone are left out.

    Raises HarnessError where they make none.
    """
    chosen = profile(name or "dev")
    own = {one.name for one in fields(ExploreSettings)}
    said = {"examples": chosen.examples, "steps": chosen.steps, **options}
    return ExploreSettings(
        seed=next(one for one in (seed, chosen.seed, default_seed) if one is not None),
        **{key: value for key, value in said.items() if key in own},
    )


def part_of(audit: AuditSettings) -> ExploreSettings:
    """Return the options of the histories that are generated in an audit."""
    shared = {one.name for one in fields(ExploreSettings)} & {one.name for one in fields(AuditSettings)}
    return ExploreSettings(**{**{name: getattr(audit, name) for name in shared}, "examples": audit.histories})


@dataclass(slots=True)
class Exploration:
    """A campaign's result with the histories as its one scenario, and the smallest history that shows each kind.

    A kind is an oracle, a channel and a family of ids. `examples` were played of `wanted`; `first` tells for each
    oracle in which of them it spoke first. `kinds` are made small, the gravest; `unshrunk` are not.
    """

    result: CampaignResult
    wanted: int
    examples: int = 0
    counterexamples: tuple[Counterexample, ...] = ()
    first: dict[str, int] = field(default_factory=dict)
    kinds: int = 0
    unshrunk: int = 0

    @property
    def verdict(self) -> Verdict:
        """As of any campaign."""
        return self.result.verdict
