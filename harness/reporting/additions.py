"""What `memfence init` says of a target that is there: the lines that most attacks wait for."""

from collections.abc import Iterator

from ..base.wording import either
from ..model.causes import CHECK_USER_ID
from ..model.channels import Ability
from ..model.diagnoses import Answer, Diagnosis, Kind
from .snippets import disposable, holder, lines_for, refusing

_INDENT = " " * 4


def additions(found: Diagnosis) -> Iterator[str]:
    """Yield the lines to add, each group under where it belongs; nothing where nothing of this is missing."""
    module, _, name = found.target.partition(":")
    if any(one.answer not in (Answer.REFUSED, Answer.OWN) for one in found.ids):
        yield "add where your application makes a memory, with `import re` at the top:"
        yield from (_INDENT + line for line in CHECK_USER_ID)
    beside: list[str] = []
    if found.disposable is None and not found.never_wiped:
        beside += [f"{disposable(found.kind, name, said=True)}  # if its store may be wiped, else False"]
    if found.own_errors:
        beside += [f"{refusing(found)}  # if {either(found.own_errors)} means no"]
    if Ability.START not in found.offers:
        beside += [*holder(found.kind, name), *lines_for((Ability.START,), found.kind, name)]
    if beside:
        yield f"add to {module}, {'in the class' if found.kind is Kind.OBJECT else 'below it'}:"
        yield from (_INDENT + line for line in beside)
