"""The id of a session that has ended is given to the next, and finds what the last has left."""

from ...targets.back_ends.session_dict import SessionDict
from ..planted import Layer, breakage
from ..unchecked_sessions import OPEN, UncheckedSessions


class _Slots(UncheckedSessions):
    def __init__(self, place: SessionDict) -> None:
        super().__init__(place)
        self._free: list[str] = []

    def new_id(self, carried: str | None) -> str:
        return self._free.pop() if self._free else super().new_id(carried)

    def shelf(self, user_id: str, session: str) -> tuple[object, ...]:
        del user_id
        return (session,)

    def end(self, session: str | None) -> None:
        if session is not None and self.place.pop((OPEN, session), None) is not None:
            self._free.append(session)


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("sessions",))
def session_ids_given_again(place: SessionDict) -> UncheckedSessions:
    """A slot of an ended session is given to the next who signs in, with the data that nobody has removed."""
    return _Slots(place)
