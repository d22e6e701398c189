"""Who comes without a session gets the one that was used last."""

from ...targets.back_ends.session_dict import SessionDict
from ..planted import Layer, breakage
from ..unchecked_sessions import Data, UncheckedSessions


class _FallsBack(UncheckedSessions):
    def __init__(self, place: SessionDict) -> None:
        super().__init__(place)
        self._last: str | None = None

    def find(self, session: str | None) -> Data:
        self._last = session or self._last
        return super().find(self._last)


@breakage(Layer.RESOURCE, caught_by="accepted", applies_to=("sessions",))
def no_session_falls_back(place: SessionDict) -> UncheckedSessions:
    """The current session is kept in a variable of the module: a request without one goes on with the last."""
    return _FallsBack(place)
