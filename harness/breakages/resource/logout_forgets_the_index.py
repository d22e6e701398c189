"""A logout forgets that the user has the session, and leaves the session."""

from ...targets.back_ends.session_dict import SessionDict
from ..planted import Layer, breakage
from ..unchecked_sessions import UncheckedSessions


class _Indexed(UncheckedSessions):
    def __init__(self, place: SessionDict) -> None:
        super().__init__(place)
        self._of_user: dict[str, str] = {}

    def begin(self, session: str, user_id: str) -> None:
        super().begin(session, user_id)
        self._of_user[session] = user_id

    def end(self, session: str | None) -> None:
        self._of_user.pop(session or "", None)


@breakage(Layer.RESOURCE, caught_by="accepted", applies_to=("sessions",))
def logout_forgets_the_index(place: SessionDict) -> UncheckedSessions:
    """A logout takes the session off the list of the user's sessions; the session itself goes on."""
    return _Indexed(place)
