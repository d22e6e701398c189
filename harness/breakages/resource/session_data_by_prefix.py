"""Data lies under the beginning of the session's id, which is a time."""

from ...targets.back_ends.session_dict import SessionDict
from ..planted import Layer, breakage
from ..unchecked_sessions import UncheckedSessions

_MOST = 8


class _Sharded(UncheckedSessions):
    def new_id(self, carried: str | None) -> str:
        return f"{int(self.place.now):0{_MOST}x}{super().new_id(carried)}"

    def shelf(self, user_id: str, session: str) -> tuple[object, ...]:
        del user_id
        return (session[:_MOST],)


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("sessions",))
def session_data_by_prefix(place: SessionDict) -> UncheckedSessions:
    """A session id begins with the time, and data lies under its first 8 characters: one second's sessions share it."""
    return _Sharded(place)
