"""Files of many users under one root: a folder, or any file system of fsspec."""

from ..back_ends import BackEnd
from ..back_ends.folder import Folder
from ..keyed.files import plain_files, scoped_files
from ..keyed_target import KeyedTarget, Wrap

WRAPPERS = {"scoped": scoped_files, "plain": plain_files}


def open_target(wrap: Wrap, wrap_async: Wrap | None = None, *, back_end: BackEnd | None = None) -> KeyedTarget:
    """Return the target; a temporary folder where no back end is given."""
    del wrap_async
    return KeyedTarget(wrap, back_end or Folder())
