"""`memfence guide`: lists the guides, or prints one."""

import re
import sys

from rich.markdown import Markdown

from ..base.errors import UnknownNameError
from ..base.folders import guides
from ..reporting.catalogue import write_catalogue
from ..reporting.console import open_console

# A link from one guide to another: a terminal cannot follow it, but a command can.
_LINK = re.compile(r"\[([^\]]+)\]\(([\w-]+)\.md(?:#[\w-]*)?\)")


def show(name: str | None) -> None:
    """Print the guide of this name, or list them all.

    A terminal shows it formatted; anything else gets the file as it is. Raises UnknownNameError.
    """
    known = guides()
    if name is None:
        titles = {one: path.read_text(encoding="utf-8").partition("\n")[0].strip("# ") for one, path in known.items()}
        write_catalogue(open_console(), {"guides (memfence guide NAME prints one)": titles})
        return
    if name not in known:
        raise UnknownNameError(name, kind="guide", choices=known)
    text = known[name].read_text(encoding="utf-8")
    console = open_console()
    if console.is_terminal:
        console.print(Markdown(_LINK.sub(r"\1 (`memfence guide \2`)", text), hyperlinks=False))
    else:
        sys.stdout.write(text)
