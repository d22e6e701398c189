"""The session of before the login goes on after it."""

from ...targets.back_ends.session_dict import SessionDict
from ..planted import Layer, breakage
from ..unchecked_sessions import UncheckedSessions


class _Kept(UncheckedSessions):
    def __init__(self, place: SessionDict) -> None:
        super().__init__(place)
        self._issued: set[str] = set()

    def new_id(self, carried: str | None) -> str:
        session = carried if carried is not None and carried in self._issued else super().new_id(carried)
        self._issued.add(session)
        return session


@breakage(Layer.RESOURCE, caught_by="accepted", applies_to=("sessions",))
def session_id_kept_at_login(place: SessionDict) -> UncheckedSessions:
    """A session id that a guest was given stays what it is at the login: who knew it before is signed in, too."""
    return _Kept(place)
