"""Only the first characters of a session id count."""

from ...targets.back_ends.session_dict import SessionDict
from ..planted import Layer, breakage
from ..unchecked_sessions import OPEN, UncheckedSessions

_MOST = 8


class _Shortened(UncheckedSessions):
    def owner(self, session: str | None) -> str:
        return super().owner(self._whole(session))

    def shelf(self, user_id: str, session: str) -> tuple[object, ...]:
        return user_id, session[:_MOST]

    def _whole(self, session: str | None) -> str | None:
        known = (key[1] for key in self.place if key[0] == OPEN)
        return next((one for one in known if session and one[:_MOST] == session[:_MOST]), session)


@breakage(Layer.RESOURCE, caught_by="accepted", applies_to=("sessions",))
def session_id_compared_by_prefix(place: SessionDict) -> UncheckedSessions:
    """A column for session ids is 8 characters wide: what comes after them may be anything."""
    return _Shortened(place)
