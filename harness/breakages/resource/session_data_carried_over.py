"""A login takes over what lay in the session that the browser held, whoever was signed in there."""

from typing import Any

from ...targets.back_ends.session_dict import SessionDict
from ...targets.keyed.sessions import PLACE
from ...targets.web_sessions import Credential
from ..planted import Layer, breakage
from ..unchecked_sessions import OPEN, UncheckedSessions


class _Merged(UncheckedSessions):
    def sign_in(self, user_id: Any, carrying: Credential) -> Credential:
        carried = carrying.get(PLACE)
        user, _ = self.place.get((OPEN, carried), ("", 0.0))
        cart = dict(self.data_of(user, carried)) if carried and user else {}
        made = super().sign_in(user_id, carrying)
        self.find(made[PLACE]).update(cart)
        return made


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("sessions",))
def session_data_carried_over(place: SessionDict) -> UncheckedSessions:
    """A login keeps the cart of the session that it replaces, also where somebody else was still signed in there."""
    return _Merged(place)
