"""Session ids are numbers in order."""

import itertools

from ...targets.back_ends.session_dict import SessionDict
from ..planted import Layer, breakage
from ..unchecked_sessions import UncheckedSessions


class _Counted(UncheckedSessions):
    def __init__(self, place: SessionDict) -> None:
        super().__init__(place)
        self._numbers = itertools.count(1000)

    def new_id(self, carried: str | None) -> str:
        del carried
        return f"session-{next(self._numbers)}"


@breakage(Layer.RESOURCE, caught_by="accepted", applies_to=("sessions",))
def session_ids_counted(place: SessionDict) -> UncheckedSessions:
    """Session ids are counted: from one's own the next user's is known."""
    return _Counted(place)
