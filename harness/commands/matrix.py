"""How each store isolates under each wrapper: audits of real systems, side by side."""

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from ..base.errors import HarnessError, UnknownNameError
from ..base.wording import in_one_line
from ..campaigns import resolve
from ..campaigns.campaign import Campaign
from ..campaigns.settings import AuditSettings
from ..campaigns.workers import Workers
from ..reporting.json_report import as_json
from ..reporting.tables import MatrixSettings, Row
from .environments import prepared

_SECONDS = 1800

Task: TypeAlias = Callable[[], "list[Row]"]


def chosen(settings: MatrixSettings) -> tuple[MatrixSettings, dict[str, str]]:
    """Return the settings with the stores named, and why others are left out.

    Raises UnknownNameError, and HarnessError where a store that was named cannot be had.
    """
    known = {**resolve.modules("stores"), **resolve.back_ends()}
    for kind, names, choices in (
        ("store", settings.stores, known),
        ("embedder", settings.embedders, resolve.modules("embedders")),
        ("wrapper", settings.wrappers, resolve.all_wrappers()),
    ):
        for name in names:
            if name not in choices:
                raise UnknownNameError(name, kind=kind, choices=choices)
    resolve.scenarios(settings.scenarios)
    left_out: dict[str, str] = {}
    for name in settings.stores or known:
        try:
            _opened(name)
        except HarnessError as error:
            if settings.stores:
                raise
            left_out[name] = str(error)
    stores = settings.stores or tuple(name for name in known if name not in left_out)
    return replace(settings, stores=stores), left_out


def tasks(settings: MatrixSettings) -> list[Task]:
    """Return what can be done at once: each store with each embedder, each version; wrappers share a store."""
    found: list[Task] = []
    for store in settings.stores:
        if _kind(store):
            found.append(partial(_audited_resource, settings, store))
        else:
            found += [partial(_audited, settings, store, embedder) for embedder in settings.embedders]
    return [*found, *(partial(_audited_under, settings, version) for version in settings.mem0)]


def rows(settings: MatrixSettings, workers: Workers) -> Iterator[list[Row]]:
    """Yield rows as they come, of one store and embedder, or one version, at a time."""
    yield from workers(tasks(settings))


def in_order(settings: MatrixSettings, found: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows as a reader expects them."""

    def place(row: Row) -> tuple[bool, int, int, int, str]:
        versioned = row.mem0 in settings.mem0
        return (
            versioned,
            settings.mem0.index(row.mem0) if versioned else settings.stores.index(row.store),
            settings.embedders.index(row.embedder) if row.embedder in settings.embedders else 0,
            settings.wrappers.index(row.wrapper) if row.wrapper in settings.wrappers else 0,
            row.store,
        )

    return tuple(sorted(found, key=place))


def _audited(settings: MatrixSettings, store: str, embedder: str) -> list[Row]:
    """Audit one store through each wrapper; the store is stopped at the end, whatever happens."""
    opened = _opened(store)
    found = []
    try:
        for wrapper in settings.wrappers:
            said = settings.audit(wrapper=wrapper, store=store, embedder=embedder)
            options: dict[str, Any] = resolve.placed("mem0", **said.place) | {"store": opened, "shared": True}
            found.append(_row(Row(store, embedder, wrapper, ""), "mem0", said, options))
    finally:
        opened.stop()
    return found


def _audited_resource(settings: MatrixSettings, store: str) -> list[Row]:
    """Audit what keyed resources lie in through each wrapper of that kind, each time opened anew."""
    kind, found = _kind(store), []
    for wrapper in settings.wrappers:
        if wrapper in resolve.modules("targets")[kind].WRAPPERS:
            said = settings.audit(wrapper=wrapper, store=store.partition(":")[2])
            found.append(_row(Row(store, "", wrapper, ""), kind, said, {"back_end": _opened(store)}))
    return found


def _row(row: Row, name: str, said: AuditSettings, options: dict[str, Any]) -> Row:
    """Return the row with the report of its audit, or with what kept it from one."""
    try:
        target = resolve.target(name, wrapper=row.wrapper, **options)
        scenarios = resolve.scenarios(said.scenarios)
        campaign = Campaign(target, scenarios, said, resolve.all_oracles(), catalogue=resolve.all_scenarios())
        result = campaign.run()
    except HarnessError as error:
        return replace(row, failure=str(error))
    if result.interrupted:
        raise KeyboardInterrupt
    return replace(row, report=as_json(result, resolve.all_oracles().values()))


def _kind(store: str) -> str:
    """Return the kind of resource that this is for, such as `files` of `files:folder`; empty for a store of mem0."""
    return store.partition(":")[0] if ":" in store else ""


def _opened(store: str) -> Any:  # noqa: ANN401 - a store of mem0, or a back end
    """Open it as far as can be without a call; raises HarnessError where it cannot be had."""
    back_ends = resolve.back_ends()
    return back_ends[store].open_back_end(None) if _kind(store) else resolve.modules("stores")[store].open_store(None)


def _audited_under(settings: MatrixSettings, version: str) -> list[Row]:
    """Audit the plain client under another version of mem0, in an environment of its own."""
    row = Row("qdrant", "semantic", "plain", version)
    said = settings.audit(wrapper="plain")
    with tempfile.TemporaryDirectory(prefix="memfence-") as folder:
        report = Path(folder) / "report.json"
        try:
            python = prepared(version)
            command = said.command("mem0").split()[1:]
            done = subprocess.run(  # noqa: S603 - our own command
                [str(python), "-m", "memfence", *command, "--quiet", "--report", str(report)],
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except HarnessError as error:
            return [replace(row, failure=str(error))]
        except subprocess.TimeoutExpired as error:
            return [replace(row, failure=in_one_line(error, frozenset()))]
        if not report.is_file():
            return [replace(row, failure=done.stderr.strip().rpartition("\n")[2] or "it wrote no report")]
        return [replace(row, report=json.loads(report.read_text(encoding="utf-8")))]
