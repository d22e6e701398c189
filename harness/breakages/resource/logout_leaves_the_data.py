"""A logout takes the user out of the session, and the next who signs in finds the data."""

from ...targets.back_ends.session_dict import SessionDict
from ..planted import Layer, breakage
from ..unchecked_sessions import OPEN, UncheckedSessions


class _Emptied(UncheckedSessions):
    def new_id(self, carried: str | None) -> str:
        return carried if (OPEN, carried) in self.place and carried else super().new_id(carried)

    def shelf(self, user_id: str, session: str) -> tuple[object, ...]:
        del user_id
        return (session,)

    def end(self, session: str | None) -> None:
        if (OPEN, session) in self.place:
            self.place[OPEN, session] = "", self.place.now


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("sessions",))
def logout_leaves_the_data(place: SessionDict) -> UncheckedSessions:
    """A logout removes the user from the session and no more: the next user of the same browser has the last's data."""
    return _Emptied(place)
