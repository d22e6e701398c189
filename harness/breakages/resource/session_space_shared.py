"""All sessions share the few places of one store."""

from ...targets.back_ends.session_dict import SessionDict
from ..planted import Layer, breakage
from ..unchecked_sessions import DATA, Data, UncheckedSessions

_PLACES = 16


class _Crowded(Data):
    def __setitem__(self, key: str, value: str) -> None:
        self.pop(key, None)
        super().__setitem__(key, value)
        for oldest in [one for one in self._place if one[0] == DATA][:-_PLACES]:
            del self._place[oldest]


class _Small(UncheckedSessions):
    def data_of(self, user_id: str, session: str) -> Data:
        return _Crowded(self.place, (DATA, self.shelf(user_id, session)))


@breakage(Layer.RESOURCE, caught_by="lost", applies_to=("sessions",))
def session_space_shared(place: SessionDict) -> UncheckedSessions:
    """The store holds 16 values, the newest of all sessions: who puts many pushes out what others have put."""
    return _Small(place)
