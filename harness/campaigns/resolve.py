"""Names to scenarios, breakages, oracles and targets: one file each, found by its name."""

import importlib
import inspect
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..base.errors import HarnessError, TargetError, UnknownNameError
from ..base.folders import files
from ..base.locations import locate
from ..base.wording import in_one_line
from ..performing.contract import FAILURES, Target, adapt
from ..performing.offers import named
from ..plans.scenario import Scenario
from ..real_mem0.embedders import embedding
from ..targets.configured import read_config
from ..targets.web.addresses import is_address
from ..targets.web.opening import check_said, open_address, open_application
from .near_names import meant, near

if TYPE_CHECKING:
    from ..breakages.planted import Breakage
    from ..judging.oracles import Oracle
    from ..scoped.wrappers import Wrap

_PACKAGE = __name__.partition(".")[0]


def modules(kind: str) -> dict[str, ModuleType]:
    """Import each file of one kind, by name; a new file needs no other edit.

    Raises HarnessError where one of them is broken.
    """
    found: dict[str, ModuleType] = {}
    for name, module in files(kind).items():
        try:
            found[name] = importlib.import_module(module)
        except Exception as error:
            msg = f"{kind}/{name}.py cannot be loaded: {in_one_line(error, frozenset({_PACKAGE}))}"
            raise HarnessError(msg) from error
    return found


def members(kind: str) -> dict[str, Any]:
    """Return what each file of a kind defines under its own name; raises HarnessError where it defines nothing."""
    found = modules(kind)
    for name, module in found.items():
        if not hasattr(module, name):
            msg = f"{kind}/{name}.py must define {name}: a file is named after what it holds"
            raise HarnessError(msg)
    return {name: getattr(module, name) for name, module in found.items()}


def all_scenarios() -> dict[str, Scenario]:
    """Return every scenario by name, in alphabetical order."""
    return members("scenarios")


def all_breakages() -> "dict[str, Breakage]":
    """Return every breakage by name."""
    return members("breakages")


def all_oracles() -> "dict[str, Oracle]":
    """Return every oracle by name."""
    return members("oracles")


def all_targets() -> dict[str, str]:
    """Return the built-in targets' names and meanings."""
    return {name: summary(module) for name, module in modules("targets").items()}


def summary(thing: object) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def scenarios(names: Iterable[str], switched: Collection[str] = ()) -> list[Scenario]:
    """Return the scenarios of these names; where none is named all, but for those that wait for another switch.

    Raises UnknownNameError.
    """
    known = all_scenarios()
    waiting = {name for name, one in known.items() if one.only_with and one.only_with not in switched}
    chosen = list(dict.fromkeys(names)) or [name for name in known if name not in waiting]
    for name in chosen:
        if name not in known:
            raise UnknownNameError(name, kind="scenario", choices=known)
    return [known[name] for name in chosen]


def target(name: str, *, breakage: str | None = None, wrapper: str = "scoped", **options: object) -> Target:
    """Return a built-in target, through a wrapper or with a breakage in its place, or the user's by `module:name`.

    `options`, such as `page` or `store`, are passed to a built-in one where its `open_target` names them.
    Raises UnknownNameError, HarnessError where breakage, wrapper or target do not go together, or TargetError where the
    user's code cannot be imported.
    """
    wraps: tuple[Wrap, Wrap | None]
    if breakage is None:
        wraps = _wraps(wrapper, name)
    else:
        planted = _breakage(breakage, name)
        wraps = planted.wrap, planted.wrap_async
    if options.get("app") is not None:
        return _application(name, options)
    if ":" in name:
        thing = load(name)
        _stand_behind_cache(thing, name, options)
        return adapt(thing, name)
    opened = _built_in(name).open_target
    takes = named(opened)
    try:
        made = opened(*wraps, **{name: value for name, value in options.items() if name in takes})
    except HarnessError:
        # Ours, and in one line already.
        raise
    except FAILURES as error:
        what = f"breakage {breakage}" if breakage else name
        msg = f"{what} could not be made: {in_one_line(error, frozenset({_PACKAGE}))}"
        raise TargetError(msg) from error
    _stand_behind_cache(made, name, options)
    found = adapt(made, name)
    if breakage is not None and not found.disposable:
        msg = f"a breakage is planted where everything may be wiped, and {name} holds others' records"
        raise HarnessError(msg)
    mem0 = bool(getattr(_built_in(name), "OVER_MEM0", False))
    return replace(found, location=locate(wraps[0]), mem0=mem0)


def placed(  # noqa: PLR0913 - all by keyword, one for each option
    name: str,
    *,
    store: str,
    store_url: str | None,
    store_config: str | None,
    embedder: str,
    app: str | None = None,
    asgi: str | None = None,
    allow_remote: bool = False,
    behind_cache: bool = False,
) -> dict[str, Any]:
    """Return the options of `target` that say where its records are, empty where all is by default.

    Raises UnknownNameError for a store or an embedder, HarnessError where a package is missing, a URL does not fit, the
    config cannot be read, or the target takes none of these.
    """
    check_said(name, app, asgi)
    said = {"--store": store != "qdrant", "--store-url": store_url, "--store-config": store_config}
    said["--embedder"] = embedder != "semantic"
    given = [option for option, value in said.items() if value]
    over_http = is_address(name) or asgi is not None
    if not given:
        spoken = {"app": app, "asgi": asgi, "allow_remote": allow_remote} if over_http else {}
        return spoken | ({"behind_cache": True} if behind_cache else {})
    if ":" not in name and "back_end" in named(_built_in(name).open_target):
        return _back_end(name, store, store_url, given)
    if ":" in name or "store" not in named(_built_in(name).open_target):
        msg = f"{given[0]} is for the target mem0; {name} has its own"
        raise HarnessError(msg)
    stores, embedders = modules("stores"), modules("embedders")
    if store not in stores:
        raise UnknownNameError(store, kind="store", choices=stores)
    if embedder not in embedders:
        raise UnknownNameError(embedder, kind="embedder", choices=embedders)
    options: dict[str, Any] = {"embedding": embedding(embedders[embedder]), "behind_cache": behind_cache}
    if store_config is None:
        return options | {"store": stores[store].open_store(store_url)}
    return options | {"config": read_config(Path(store_config))}


def back_ends() -> dict[str, ModuleType]:
    """Return what keyed resources may lie in, by the target and the name: `files:folder`."""
    return {f"{module.KIND}:{name}": module for name, module in modules("back_ends").items()}


def _back_end(name: str, store: str, url: str | None, given: list[str]) -> dict[str, Any]:
    """Return what a keyed target lies in, by its name; raises as `placed`."""
    others = [option for option in given if option not in ("--store", "--store-url")]
    if others:
        msg = f"{others[0]} is for the target mem0; {name} has its own"
        raise HarnessError(msg)
    known = {one: module for one, module in modules("back_ends").items() if name == module.KIND}
    if store not in known:
        raise UnknownNameError(store, kind=f"store of {name}", choices=known)
    return {"back_end": known[store].open_back_end(url)}


def check_target(name: str, *, breakage: str | None = None, wrapper: str = "scoped") -> None:
    """Raise what `target` would for these names; nothing of the user's is imported."""
    if breakage is None:
        _wraps(wrapper, name)
    else:
        _breakage(breakage, name)
    if ":" not in name:
        _built_in(name)


def all_wrappers() -> dict[str, str]:
    """Return the wrappers' names and meanings."""
    return {name: summary(module.wrap) for name, module in modules("wrappers").items()}


def load(name: str) -> Any:  # noqa: ANN401 - the user's own object
    """Import `module:name`; the current directory is importable, after everything that is installed."""
    module_name, _, attribute = name.partition(":")
    if not module_name or not attribute:
        msg = f"{name!r} names no target: write module:callable, for example myapp.memory:make_memory"
        raise TargetError(msg)
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    try:
        thing = importlib.import_module(module_name)
    except FAILURES as error:
        why = in_one_line(error, frozenset({module_name.partition(".")[0]}))
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        msg = f"could not import {module_name}: {why}{meant(module_name, missing, attribute)}"
        raise TargetError(msg) from error
    for part in attribute.split("."):
        if not hasattr(thing, part):
            inside = getattr(thing, "__dict__", {})
            offered = [key for key, value in inside.items() if callable(value) and key[0] != "_"]
            told = f"it offers: {', '.join(offered) or 'nothing callable'}{near(part, offered)}"
            msg = f"{module_name} has no {attribute!r}; {told}"
            raise TargetError(msg)
        thing = getattr(thing, part)
    return thing


def _application(name: str, said: Mapping[str, Any]) -> Target:
    """Return an application over HTTP, or in this process; raises TargetError where it cannot be had."""
    app, asgi = Path(said["app"]), said.get("asgi")
    if asgi is None:
        opened = open_address(name, app, allow_remote=bool(said.get("allow_remote")))
        _stand_behind_cache(opened, name, said)
        return replace(adapt(opened, name), location=None)
    factory = asgi.removesuffix("()")
    application = load(factory)
    made = open_application(application, app, fresh=factory != asgi)
    _stand_behind_cache(made, name, said)
    return replace(adapt(made, name), location=locate(application))


def _stand_behind_cache(opened: object, name: str, said: Mapping[str, Any]) -> None:
    """Put a shared cache before an application, where that is asked for; raises HarnessError where it is none."""
    if not said.get("behind_cache"):
        return
    put = getattr(opened, "stand_behind_cache", None)
    if put is None:
        msg = f"--behind-cache is for an application over HTTP (a URL, --asgi or the target app), and {name} is none"
        raise HarnessError(msg)
    put()


def _built_in(name: str) -> ModuleType:
    known = modules("targets")
    if name not in known and ("." in name or "/" in name):
        msg = f"{name!r} names no target: write module:callable, for example myapp.memory:make_memory"
        raise TargetError(msg)
    if name not in known:
        raise UnknownNameError(name, kind="target", choices=[*known, "module:callable"])
    return known[name]


def _breakage(name: str, target_name: str) -> "Breakage":
    known = all_breakages()
    if name not in known:
        raise UnknownNameError(name, kind="breakage", choices=known)
    found = known[name]
    if target_name not in found.applies_to:
        fitting = [other.name for other in known.values() if target_name in other.applies_to]
        others = f"those that do: {', '.join(fitting)}" if fitting else "none does"
        msg = (
            f"breakage {name} does not apply to {target_name} ({others}); "
            f"it is planted in: {', '.join(found.applies_to)}"
        )
        raise HarnessError(msg)
    return found


def _wraps(name: str, target_name: str) -> "tuple[Wrap, Wrap | None]":
    if ":" not in target_name:
        own = getattr(_built_in(target_name), "WRAPPERS", None)
        if own is not None:
            if name not in own:
                raise UnknownNameError(name, kind=f"wrapper of {target_name}", choices=own)
            return own[name], None
    known = modules("wrappers")
    if name not in known:
        raise UnknownNameError(name, kind="wrapper", choices=known)
    if name != "scoped" and ":" in target_name:
        msg = f"{target_name} has a wrapper of its own: leave out --wrapper, which is for: {', '.join(all_targets())}"
        raise HarnessError(msg)
    return known[name].wrap, known[name].wrap_async
