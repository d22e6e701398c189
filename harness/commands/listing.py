"""`memfence list`: every name that an audit can be told, with its meaning."""

from .. import resolve
from ..channels import Channel
from ..reporting.catalogue import write_catalogue
from ..reporting.console import open_console


def show() -> None:
    """Print them; raises HarnessError where one of our files is broken."""
    catalogue = {
        "scenarios": {name: found.summary for name, found in resolve.all_scenarios().items()},
        "breakages": {
            name: f"{found.summary} ({found.layer}; caught by {found.caught_by})"
            for name, found in resolve.all_breakages().items()
        },
        "oracles": {name: found.summary for name, found in resolve.all_oracles().items()},
        "wrappers": resolve.all_wrappers(),
        "targets": {**resolve.all_targets(), "module:callable": "your own function from user id to memory"},
        "channels": {channel.value: channel.meaning for channel in Channel},
    }
    write_catalogue(open_console(), catalogue)
