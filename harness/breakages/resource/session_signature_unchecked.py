"""A session is a cookie that says whose it is, and its signature is not compared."""

from ...base.refusals import SessionEnded
from ...targets.back_ends.session_dict import SessionDict
from ..planted import Layer, breakage
from ..unchecked_sessions import UncheckedSessions


class _Believed(UncheckedSessions):
    def sign_in(self, user_id: object, carrying: dict[str, str]) -> dict[str, str]:
        return {
            place: f"{self.owner(session)}.{session}" for place, session in super().sign_in(user_id, carrying).items()
        }

    def sign_out(self, credential: dict[str, str]) -> None:
        super().sign_out({place: text.rpartition(".")[2] for place, text in credential.items()})

    def owner(self, session: str | None) -> str:
        user_id, dot, seal = (session or "").rpartition(".")
        if not dot:
            return super().owner(session)
        if not user_id or not seal:
            raise SessionEnded
        return user_id

    def shelf(self, user_id: str, session: str) -> tuple[object, ...]:
        del session
        return (user_id,)


@breakage(Layer.RESOURCE, caught_by="accepted", applies_to=("sessions",))
def session_signature_unchecked(place: SessionDict) -> UncheckedSessions:
    """A cookie says whose session it is, with a signature that is not compared: any user's name can be put in."""
    return _Believed(place)
