"""To clear a session forgets which keys it has, and leaves what lies under them."""

from collections.abc import Iterator

from ...targets.back_ends.session_dict import SessionDict
from ..planted import Layer, breakage
from ..unchecked_sessions import DATA, Data, UncheckedSessions


class _Listed(Data):
    def __init__(self, place: SessionDict, shelf: tuple[object, ...], index: set[str]) -> None:
        super().__init__(place, shelf)
        self._index = index

    def __setitem__(self, key: str, value: str) -> None:
        self._index.add(key)
        super().__setitem__(key, value)

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        self._index.discard(key)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._index))

    def clear(self) -> None:
        self._index.clear()


class _Indexed(UncheckedSessions):
    def __init__(self, place: SessionDict) -> None:
        super().__init__(place)
        self._indices: dict[tuple[str, str], set[str]] = {}

    def data_of(self, user_id: str, session: str) -> Data:
        index = self._indices.setdefault((user_id, session), set())
        return _Listed(self.place, (DATA, self.shelf(user_id, session)), index)


@breakage(Layer.RESOURCE, caught_by="residue", applies_to=("sessions",))
def session_clear_leaves_values(place: SessionDict) -> UncheckedSessions:
    """To clear a session empties the list of its keys: who names a key still reads what lay under it."""
    return _Indexed(place)
