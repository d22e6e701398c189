"""The time of a session is over, and nobody asks."""

from ...targets.back_ends.session_dict import SessionDict
from ..planted import Layer, breakage
from ..unchecked_sessions import UncheckedSessions


class _Endless(UncheckedSessions):
    def is_over(self, opened: float) -> bool:
        del opened
        return False


@breakage(Layer.RESOURCE, caught_by="accepted", applies_to=("sessions",))
def session_expiry_unchecked(place: SessionDict) -> UncheckedSessions:
    """A session's time is left to the cookie: the server takes an id as long as somebody sends it."""
    return _Endless(place)
