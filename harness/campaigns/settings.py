"""The options of an audit, in one place."""

import math
import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

from ..base.errors import HarnessError
from ..base.masking import masked
from ..model.channels import Channel
from ..model.findings import FindingClass
from . import policies

MIN_USERS = 2
_LEAST = (
    ("users", MIN_USERS),
    ("facts", 1),
    ("probes", 1),
    ("top_k", 1),
    ("settle", 0),
    ("crowd", 1),
    ("load", 1),
    ("max_requests", 1),
)
# A crowd that a shared store, or one behind a network, can bear.
_CROWD, _CROWD_ELSEWHERE = 2000, 100
_BULK = 250


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """What the command line, and later the configuration file, can say of an audit; `settle` is in seconds.

    `crowd` is how many records are piled up around one tenant's; None means 2000, or 100 where the target is not
    disposable; `load` is how many others' are in the store before, where they can be put there at once. `fail_on` are
    classes of findings that make the verdict violated beside the usual ones. The policies `wildcard_ids` and `aliases`
    are "deny" or "allow". `store`, its server's `store_url`, `store_config` (the path of a mem0 config) and `embedder`
    are for the target mem0. `show_content`: what a target returned that is not the campaign's own is kept and shown.
    `max_requests` is how many a target that counts them may make. The same settings and seed are the same campaign.
    """

    seed: int
    users: int = 20
    facts: int = 3
    probes: int | None = None
    scenarios: tuple[str, ...] = ()
    wrapper: str = "scoped"
    breakage: str | None = None
    top_k: int | None = None
    require: tuple[Channel, ...] = ()
    settle: float = 0.0
    allow_destructive: bool = False
    crowd: int | None = None
    load: int = 2000
    fail_on: tuple[FindingClass, ...] = ()
    wildcard_ids: str = policies.DENY
    aliases: str = policies.DENY
    store: str = "qdrant"
    store_url: str | None = None
    store_config: str | None = None
    embedder: str = "semantic"
    show_content: bool = False
    max_requests: int | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that no campaign can be made of."""
        for name, least in _LEAST:
            value = getattr(self, name)
            # Not `value < least`: nan is less than nothing.
            if value is not None and not (value >= least and math.isfinite(value)):
                what = "isolation needs at least 2 users" if name == "users" else f"{name} must be at least {least}"
                msg = f"{what}, got {name}={value}"
                raise HarnessError(msg)
        policies.check(self)
        if self.store_config is not None and (self.store_url is not None or self.store != "qdrant"):
            msg = "a mem0 config names its own store: give --store-config, or --store and --store-url"
            raise HarnessError(msg)

    @property
    def allowed(self) -> tuple[str, ...]:
        """The policies that allow what some scenarios try, as the options' names."""
        return policies.allowed(self)

    @property
    def place(self) -> dict[str, Any]:
        """Where the records are, as `resolve.placed` takes it."""
        return {name: getattr(self, name) for name in ("store", "store_url", "store_config", "embedder")}

    def crowd_for(self, *, disposable: bool) -> int:
        """Return how many records of others a scenario may pile up."""
        return self.crowd or (_CROWD if disposable else _CROWD_ELSEWHERE)

    def bulk_for(self, *, disposable: bool) -> int:
        """Return how many records of one tenant a scenario may pile up: more than any page, where it may."""
        return min(_BULK, self.crowd_for(disposable=disposable))

    def command(self, target: str, spoken: Collection[str] = ()) -> str:
        """Return the command line that repeats this audit; options at their default are left out.

        But for those `spoken` of in [tool.memfence], which would say something else.
        """
        words = ["memfence", "audit", target]
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name != "seed" and value == field.default and (field.name not in spoken or value is None):
                continue
            option = "--" + {"scenarios": "scenario"}.get(field.name, field.name.replace("_", "-"))
            if value is True:
                words.append(option)
            elif value is False:
                words.append({"--show-content": "--hide-content"}.get(option, option.replace("--", "--no-", 1)))
            else:
                for one in value if isinstance(value, tuple) else (value,):
                    words += [option, masked(str(one))]
        return shlex.join(words)

    def as_dict(self) -> Mapping[str, object]:
        """Return the settings as plain values, but for the seed."""
        said = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "seed"}
        return said | {"store_url": self.store_url and masked(self.store_url)}
