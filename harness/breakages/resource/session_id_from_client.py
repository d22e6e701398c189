"""A session id may be one that the client has made up."""

from ...targets.back_ends.session_dict import SessionDict
from ..planted import Layer, breakage
from ..unchecked_sessions import UncheckedSessions


class _Taken(UncheckedSessions):
    def new_id(self, carried: str | None) -> str:
        return carried or super().new_id(carried)


@breakage(Layer.RESOURCE, caught_by="accepted", applies_to=("sessions",))
def session_id_from_client(place: SessionDict) -> UncheckedSessions:
    """A login takes over the session id that the client comes with, also one that was never issued."""
    return _Taken(place)
