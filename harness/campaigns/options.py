"""An option, said once: where its field is defined stand its type, its default, its help and its key.

The command line, `[tool.memfence]`, the pytest plugin and the checks of values read it from there.
"""

import math
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, TypeVar, get_type_hints

from ..base.errors import HarnessError
from .kinds import Kind, kind_of

_T = TypeVar("_T")
_ABOUT = "option"
# What --help puts together.
AMOUNTS, ATTACKS, STORES = "How much", "Which attacks, on what", "The store under mem0"
APPLICATIONS = "An application over HTTP"
FILES, SWITCHES = "What is written", "What is allowed and shown"


@dataclass(frozen=True, slots=True)
class About:
    """What an option's definition says beside its type and default.

    `help` is one sentence, `shown` the default in words, where it is not shown as it is; `panel` is the group in
    `--help`. `least` is the smallest value, `too_few` says why. `choices` are the only values, `names` what they are
    called in an error. `word` is its name on the command line where it is not the key, `off` the word that
    switches it off, `short` its letter. `completes` is the kind of our files whose names a shell completes. An
    `argument` stands by itself, without a name.
    """

    help: str
    panel: str
    shown: str | None = None
    least: float | None = None
    too_few: str | None = None
    choices: tuple[str, ...] = ()
    names: str | None = None
    word: str | None = None
    off: str | None = None
    short: str | None = None
    completes: str | None = None
    argument: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its `key` in `[tool.memfence]`, the `type` and `default` of its field, and what is said about it."""

    key: str
    type: Any
    default: object
    about: About

    @property
    def word(self) -> str:
        """Its name on the command line, without the dashes."""
        return self.about.word or self.key.replace("_", "-")

    @property
    def off(self) -> str:
        """The word that switches it off, without the dashes."""
        return self.about.off or f"no-{self.word}"

    @property
    def is_switch(self) -> bool:
        """Whether it is switched on or off, and takes no value."""
        return self.type in (bool, bool | None)

    @property
    def kind(self) -> Kind:
        """What its value must be."""
        return kind_of(self.type, self.about.choices, self.about.names or self.key)

    @property
    def help(self) -> str:
        """Its sentence with its default."""
        shown = self.about.shown
        if shown is None and self.type is bool:
            shown = "yes" if self.default else "no"
        elif shown is None:
            shown = "" if self.default in (None, ()) else str(self.default)
        return f"{self.about.help} (default: {shown})" if shown else self.about.help


def option(help_: str, panel: str, *, default: _T, **further: Any) -> _T:  # noqa: ANN401 - the fields of About
    """Define a dataclass's field that is an option; `further` are fields of About."""
    return field(default=default, metadata={_ABOUT: About(help_, panel, **further)})


def like(other: type, key: str) -> Any:  # noqa: ANN401 - a field, of whatever type that one has
    """Define a field that is the same option as another dataclass's."""
    found = _fields(other)[key]
    return field(default=found.default, metadata=found.metadata)


def options_of(owner: type) -> dict[str, Option]:
    """Return the options among a dataclass's fields, by key, in order."""
    hints = get_type_hints(owner)
    return {
        key: Option(key, hints[key], None if one.default is MISSING else one.default, one.metadata[_ABOUT])
        for key, one in _fields(owner).items()
        if _ABOUT in one.metadata
    }


def check_least(settings: Any) -> None:  # noqa: ANN401 - a dataclass with options
    """Raise HarnessError for a number that is too small, or none: no campaign can be made of it."""
    for key, one in options_of(type(settings)).items():
        value, least = getattr(settings, key), one.about.least
        # Not `value < least`: nan is less than nothing.
        if least is not None and value is not None and not (value >= least and math.isfinite(value)):
            msg = f"{one.about.too_few or f'{key} must be at least {least}'}, got {key}={value}"
            raise HarnessError(msg)


def _fields(owner: type) -> Mapping[str, Field[Any]]:
    return {one.name: one for one in fields(owner)}
