"""The options of an audit, in one place."""

import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

from ..base.errors import HarnessError
from ..base.masking import masked
from ..model.canaries import FACTS
from ..model.channels import Channel
from ..model.findings import FindingClass
from . import policies
from .options import AMOUNTS, APPLICATIONS, ATTACKS, STORES, SWITCHES, check_least, option, options_of
from .policies import DENY

MIN_USERS = 2
# A crowd that a shared store, or one behind a network, can bear.
_CROWD, _CROWD_ELSEWHERE = 2000, 100
_BULK = 250
PLACE = ("store", "store_url", "store_config", "embedder", "app", "asgi", "allow_remote", "behind_cache")
# Every attack, in small. On the reference it catches each breakage, even without histories.
FAST: Mapping[str, Any] = {"users": 4, "facts": 2, "probes": 1, "crowd": 60, "load": 60, "examples": 12}
# What stands for generated histories where scenarios stand by their names.
HISTORIES = "histories"
# So many are generated for each user, and at least so many; and so many moves are in each, at most.
_FOR_EACH, _LEAST = 2, 40
STEPS = 50


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """What the command line, and later the configuration file, can say of an audit; `settle` is in seconds.

    `crowd` is how many records are piled up around one tenant's; None means 2000, or 100 where the target is not
    disposable; `load` is how many others' are in the store before, where they can be put there at once. `timing`
    measures how long answers take. `fail_on` are classes of findings that make the verdict violated beside the usual
    ones. The policies `wildcard_ids`, `aliases` and `anonymous` are "deny" or "allow". `id_form` is the form of users'
    ids, None for the target's own.
    `store`, its server's `store_url`, `store_config` (the path of a mem0 config) and `embedder` are for mem0 alone.
    `app` is the file that says how an application is spoken to over HTTP, `asgi` its name where it is called in this
    process, as `module:app` or, made anew for each world, `module:create_app()`; `allow_remote`: it may be elsewhere.
    `behind_cache`: a shared cache stands before it, which keeps and gives what RFC 9111 allows.
    `show_content`: what a target returned that is not the campaign's own is kept and shown.
    `examples` are the histories that are generated beside the scenarios, `steps` the moves in each.
    `max_requests` is how many a target that counts them may make. The same settings and seed are the same
    campaign; its histories hang on the release of Hypothesis, too.
    """

    seed: int
    users: int = option(
        "Synthetic users per scenario, at least 2.",
        AMOUNTS,
        default=20,
        least=MIN_USERS,
        too_few=f"isolation needs at least {MIN_USERS} users",
    )
    facts: int = option("Facts that each user stores.", AMOUNTS, default=3, least=1)
    probes: int | None = option(
        "How many others each user attacks.", AMOUNTS, default=None, shown="5; everybody, up to 8 users", least=1
    )
    scenarios: tuple[str, ...] = option(
        "Run only this scenario; may be repeated.", ATTACKS, default=(), word="scenario", completes="scenarios"
    )
    wrapper: str = option(
        "What stands between users and mem0's client: scoped, tutorial or plain.",
        ATTACKS,
        default="scoped",
        completes="wrappers",
    )
    breakage: str | None = option(
        "Plant this defect, which the audit must find.", ATTACKS, default=None, completes="breakages"
    )
    top_k: int | None = option(
        "How many records each search asks for.", AMOUNTS, default=None, shown="the target's", least=1
    )
    require: tuple[Channel, ...] = option(
        "Inconclusive unless this channel was exercised; may be repeated.", ATTACKS, default=(), names="channel"
    )
    settle: float = option(
        "Seconds that a new record may take to become visible.", AMOUNTS, default=0.0, shown="0", least=0
    )
    disposable: bool | None = option(
        "Whether everything in the store may be wiped.",
        SWITCHES,
        default=None,
        off="not-disposable",
        shown="as the target says",
    )
    allow_destructive: bool = option(
        "Delete and update, too, on a target that holds other data.", SWITCHES, default=False
    )
    crowd: int | None = option(
        "How many records of others are stored around one user's.",
        AMOUNTS,
        default=None,
        shown=f"{_CROWD}; {_CROWD_ELSEWHERE} on shared data",
        least=1,
    )
    load: int = option(
        "How many others have records in the store before.", AMOUNTS, default=2000, shown="2000; for mem0", least=1
    )
    timing: bool = option(
        "Measure, too, whether the time of an answer tells of others.",
        ATTACKS,
        default=False,
    )
    fail_on: tuple[FindingClass, ...] = option(
        "residue: erased text that is still stored counts, too; timing: what an answer's time tells; "
        "exposure: what its fields leave open.",
        ATTACKS,
        default=(),
        choices=(FindingClass.RESIDUE, FindingClass.TIMING, FindingClass.EXPOSURE),
        names="value for fail_on",
    )
    wildcard_ids: str = option("allow, if a user called * is meant to see everything.", ATTACKS, default=DENY)
    aliases: str = option("allow, if 'ann ' is meant to be 'ann'.", ATTACKS, default=DENY)
    anonymous: str = option("allow, if whoever has not signed in is meant to be answered.", ATTACKS, default=DENY)
    id_form: str | None = option(
        "How users' ids are written: name, email, uuid or number.", ATTACKS, default=None, shown="as the target says"
    )
    store: str = option(
        "The store: qdrant, chroma, ...; of files and others: see list.", STORES, default="qdrant", completes="stores"
    )
    store_url: str | None = option("The address of your server of that store.", STORES, default=None)
    store_config: str | None = option(
        "A mem0 config as JSON, passed on unchanged; its store counts as shared data.", STORES, default=None
    )
    embedder: str = option(
        "semantic; or constant, where all texts are equally near.", STORES, default="semantic", completes="embedders"
    )
    app: str | None = option(
        "How an application is spoken to over HTTP: a file such as app.toml.", APPLICATIONS, default=None
    )
    asgi: str | None = option(
        "The application in this process: module:app, or module:create_app() for each world.",
        APPLICATIONS,
        default=None,
    )
    allow_remote: bool = option(
        "Attack an application on a host that its file names, not only on this machine.", APPLICATIONS, default=False
    )
    behind_cache: bool = option(
        "Put a shared cache before the application, which does what RFC 9111 allows.", APPLICATIONS, default=False
    )
    show_content: bool = option(
        "Show texts that memfence did not make up, not only their length.",
        SWITCHES,
        default=False,
        off="hide-content",
        shown="",
    )
    examples: int | None = option(
        "How many histories to generate, 0 for none.",
        AMOUNTS,
        default=None,
        shown=f"{_FOR_EACH} for each user, at least {_LEAST}; to explore: the profile's",
        least=0,
    )
    steps: int = option(
        "The most moves in each history.", AMOUNTS, default=STEPS, shown=f"{STEPS}, or the profile's", least=1
    )
    max_requests: int | None = option(
        "The most HTTP requests to the platform.", AMOUNTS, default=None, shown="10000; the stand-in: any", least=1
    )

    def __post_init__(self) -> None:
        """Refuse numbers that no campaign can be made of."""
        check_least(self)
        policies.check(self)
        check_place(self.place)

    @property
    def allowed(self) -> tuple[str, ...]:
        """The policies that allow what some scenarios try, as the options' names."""
        return policies.allowed(self)

    @property
    def switched(self) -> tuple[str, ...]:
        """What is switched on that is off by default, as scenarios name it."""
        return ("timing",) if self.timing or FindingClass.TIMING in self.fail_on else ()

    @property
    def histories(self) -> int:
        """How many histories are generated: none where scenarios are chosen, and these are not."""
        if self.scenarios and HISTORIES not in self.scenarios:
            return 0
        return max(_LEAST, _FOR_EACH * self.users) if self.examples is None else self.examples

    @property
    def place(self) -> dict[str, Any]:
        """Where the records are, as `resolve.placed` takes it."""
        return place_of(self)

    def crowd_for(self, *, disposable: bool) -> int:
        """Return how many records of others a scenario may pile up."""
        return self.crowd or (_CROWD if disposable else _CROWD_ELSEWHERE)

    def bulk_for(self, *, disposable: bool) -> int:
        """Return how many records of one tenant a scenario may pile up: more than any page, where it may."""
        return min(_BULK, self.crowd_for(disposable=disposable))

    def pages_for(self, *, disposable: bool) -> int:
        """Return how many records of one tenant are put there at once: where it may, as many as it can have facts."""
        bulk = self.bulk_for(disposable=disposable)
        return max(bulk, min(FACTS, self.load)) if disposable else bulk

    def command(self, target: str, spoken: Collection[str] = ()) -> str:
        """Return the command line that repeats this audit; options at their default are left out.

        But for those `spoken` of in [tool.memfence], which would say something else.
        """
        words, known = ["memfence", "audit", *named(target, self.asgi)], options_of(type(self))
        # Where a table speaks of one of these, it wins over what stands for all of them.
        fast = FAST.keys().isdisjoint(spoken) and all(getattr(self, name) == value for name, value in FAST.items())
        words += ["--fast"] if fast else []
        for field in fields(self):
            value = getattr(self, field.name)
            if fast and field.name in FAST:
                continue
            if field.name != "seed" and value == field.default and (field.name not in spoken or value is None):
                continue
            if field.name == "seed":
                words += ["--seed", str(value)]
            elif isinstance(value, bool):
                words.append(f"--{known[field.name].word if value else known[field.name].off}")
            else:
                for one in value if isinstance(value, tuple) else (value,):
                    words += [f"--{known[field.name].word}", masked(str(one))]
        return shlex.join(words)

    def as_dict(self) -> Mapping[str, object]:
        """Return the settings as plain values, but for the seed."""
        said = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "seed"}
        return said | {"examples": self.histories, "store_url": self.store_url and masked(self.store_url)}


def named(target: str, asgi: str | None) -> tuple[str, ...]:
    """Return the target as a command names it: an application of this process is named by its option."""
    return () if target == asgi else (target,)


def place_of(settings: object) -> dict[str, Any]:
    """Return where the records are, by the options that say it, which settings of an exploration have, too."""
    return {name: getattr(settings, name) for name in PLACE}


def check_place(place: Mapping[str, Any]) -> None:
    """Raise HarnessError where a config names a store, and an option does, too."""
    if place["store_config"] is not None and (place["store_url"] is not None or place["store"] != "qdrant"):
        msg = "a mem0 config names its own store: give --store-config, or --store and --store-url"
        raise HarnessError(msg)
