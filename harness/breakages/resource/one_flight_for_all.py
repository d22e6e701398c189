"""Who asks while another asks for the same key gets that one's answer."""

import time
from concurrent.futures import Future
from threading import Lock

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource

# How long one lookup takes, in seconds.
_LOOKUP = 0.003


class _Flights:
    """The lookups that are under way, by key."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.under_way: dict[str, Future[object]] = {}


class _OneFlight(UncheckedCache):
    def __init__(self, place: Expiring, user_id: str, flights: _Flights) -> None:
        super().__init__(place, user_id)
        self._flights = flights

    def get(self, key: str) -> object:
        with self._flights.lock:
            flight = self._flights.under_way.get(key)
            if flight is None:
                own: Future[object] = Future()
                self._flights.under_way[key] = own
        if flight is not None:
            return flight.result()
        time.sleep(_LOOKUP)
        try:
            own.set_result(super().get(key))
        except KeyError as error:
            own.set_exception(error)
        with self._flights.lock:
            del self._flights.under_way[key]
        return own.result()


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def one_flight_for_all(place: Expiring) -> MakeResource:
    """Reads of one key that begin together share one lookup, the first asker's: nothing names the user there."""
    flights = _Flights()
    return bind_resource(place, lambda place, user_id: _OneFlight(place, user_id, flights))
