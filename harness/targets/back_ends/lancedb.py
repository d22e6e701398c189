"""A LanceDB in a folder; who goes round it makes its own table there."""

import shutil
import tempfile
from pathlib import Path
from typing import Any, ClassVar

from ...model.keys import ID
from . import BackEnd, Kept

KIND = "vectors"


class LanceFolders(BackEnd):
    """A folder for each world."""

    keys: ClassVar[str] = ID
    module: ClassVar[str] = "lancedb"
    extra: ClassVar[str] = "vectors"

    def open(self) -> Any:  # noqa: ANN401 - a connection of LanceDB
        """Make a folder."""
        import lancedb  # noqa: PLC0415 - an extra

        return lancedb.connect(tempfile.mkdtemp(prefix="memfence-lance-"))

    def close(self, place: Any) -> None:  # noqa: ANN401 - as above
        """Remove it."""
        shutil.rmtree(place.uri, ignore_errors=True)

    def storage(self, place: Any) -> Kept:  # noqa: ANN401 - as above
        """Return the folder itself: a version of a table that is past stays there."""
        return {"tables": Path(place.uri)}


def open_back_end(url: str | None) -> LanceFolders:
    """Return the back end; raises HarnessError for a URL."""
    return LanceFolders(url)
