"""`memfence list`: every name that an audit can be told, with its meaning."""

from ..base.errors import UnknownNameError
from ..campaigns import resolve
from ..model.channels import Channel
from ..plans import id_classes, record_ids
from ..plans.attack_classes import ATTACK_CLASSES
from ..reporting.catalogue import write_catalogue
from ..reporting.console import open_console


def show(kind: str | None) -> None:
    """Print them, or those of one kind.

    Raises UnknownNameError where there is no such kind, HarnessError where one of our files is broken.
    """
    ids = {**id_classes.CLASSES, **record_ids.CLASSES}
    catalogue = {
        "scenarios": {name: found.summary for name, found in resolve.all_scenarios().items()},
        "ids": ids,
        "classes": {name: said for name, said in ATTACK_CLASSES.items() if name not in ids},
        "breakages": {
            name: f"{found.summary} ({found.layer}; caught by {found.caught_by})"
            for name, found in resolve.all_breakages().items()
        },
        "stores": {name: resolve.summary(module) for name, module in resolve.modules("stores").items()},
        **_resources(),
        "oracles": {name: found.summary for name, found in resolve.all_oracles().items()},
        "wrappers": resolve.all_wrappers(),
        "targets": {**resolve.all_targets(), "module:callable": "your own function from user id to memory"},
        "channels": {channel.value: channel.meaning for channel in Channel},
    }
    if kind is not None and kind not in catalogue:
        raise UnknownNameError(kind, kind="kind", choices=catalogue)
    write_catalogue(open_console(), catalogue if kind is None else {kind: catalogue[kind]})


def _resources() -> dict[str, dict[str, str]]:
    """Return what each keyed target may lie in: `stores of files`, and so on."""
    found: dict[str, dict[str, str]] = {}
    for full, module in resolve.back_ends().items():
        kind, _, name = full.partition(":")
        found.setdefault(f"stores of {kind}", {})[name] = resolve.summary(module)
    return dict(sorted(found.items()))
