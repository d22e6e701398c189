"""A list of users that is empty is taken for no condition."""

from collections.abc import Iterable, Sequence

from ...base.refusals import ScopeError
from ...scoped.user_ids import check_id
from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache


class _OfSome(UncheckedCache):
    def __init__(self, place: Expiring, users: Sequence[str]) -> None:
        super().__init__(place, next(iter(users), "-"))
        self.users = users

    def list(self, prefix: str = "") -> list[str]:
        found = (key for user, key in self.place if not self.users or user in self.users)
        return [key for key in found if key.startswith(prefix)]


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def no_tenants_means_all(place: Expiring) -> MakeResource:
    """A user may come as a list of one, which is checked; an empty list names nobody, and shows the keys of all."""

    def make_resource(user_id: str | Iterable[str]) -> _OfSome:
        if isinstance(user_id, str):
            return _OfSome(place, (check_id(user_id, "user_id"),))
        if not isinstance(user_id, (list, tuple)) or user_id:
            # A list that names somebody is for those who look after several, who come by another door.
            msg = "one user at a time"
            raise ScopeError(msg)
        return _OfSome(place, ())

    return make_resource
