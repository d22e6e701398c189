"""What is done to a target's store as a whole: it is looked into, opened again, reset, or filled."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import assert_never

from ..model.credentials import Credential
from ..model.observations import Crashed, Observation, Outside, Returned
from ..model.operations import Anew, Crowd, Expire, PlantLink, ReadStorage, Reopen, Reset, SignIn, SignOut
from .awaiting import Awaiter
from .contract import FAILURES, Target
from .credentials import NotTriedError
from .linking import plant_link, plant_link_before_opening
from .memories import Memories
from .outcomes import NOT_TRIED, outcome
from .views import Views


@dataclass(frozen=True, slots=True)
class WholeStore:
    """Does to one target what is nobody's own call; each text goes through `keep`."""

    target: Target
    wait: Awaiter
    memories: Memories
    views: Views
    keep: Callable[[str], str]

    def perform(
        self, operation: ReadStorage | Reopen | Reset | Crowd | Expire | PlantLink | Anew | SignIn | SignOut
    ) -> tuple[Observation, tuple[Outside, ...]]:
        """Do it; nobody's right to a record is in question, so a failure is a crash."""
        try:
            if isinstance(operation, ReadStorage):
                return Returned(), self.views.storage(operation)
            self._do(operation)
        except NotTriedError as error:
            return replace(NOT_TRIED, message=str(error)), ()
        except FAILURES as error:
            seen = outcome(error, operation.channel, self.target, self.keep)
            if isinstance(operation, PlantLink | SignIn | SignOut):
                return seen, ()
            return Crashed(seen.kind, seen.message, seen.place), ()
        return Returned(), ()

    def _do(self, operation: Reopen | Reset | Crowd | Expire | PlantLink | Anew | SignIn | SignOut) -> None:
        match operation:
            case Reopen():
                # Memories of before belong to what is no more.
                self.memories.clear()
                self._call(self.target.reopen)
            case Anew():
                self.memories.let_go()
            case Reset():
                # Who had a memory before has it still: what that remembers is looked at, too.
                asynchronous = operation.principal.asynchronous
                self._call(self.target.async_reset if asynchronous else self.target.reset)
            case Crowd():
                self._load(operation)
            case Expire():
                self._call(self.target.expire)
                self._over()
            case PlantLink():
                self._plant(operation)
            case SignIn() | SignOut():
                self._sign(operation)
            case _:
                assert_never(operation)

    def _over(self) -> None:
        """Take it that the time of all sessions is over: whoever comes next signs in again."""
        if self.memories.credentials is not None:
            self.memories.credentials.expired()
            self.memories.clear()

    def _sign(self, operation: SignIn | SignOut) -> None:
        credentials, principal = self.memories.credentials, operation.principal
        if credentials is None:
            msg = "the target has no sessions"
            raise NotTriedError(msg)
        held = principal.credential or Credential()
        if isinstance(operation, SignIn):
            carrying = operation.carrying
            credentials.sign_in(principal.id, device=held.device, carrying=carrying, left_by=held.of_id)
        else:
            credentials.sign_out(principal.id, device=held.device)
        # What was made before belongs to what its principal held then.
        self.memories.clear()

    def _load(self, operation: Crowd) -> None:
        """Put records into the store; memories of before may be another world's."""
        self.memories.clear()
        if self.target.load is not None:
            self.wait(self.target.load([(add.principal.id, add.sent) for add in operation.adds]))

    def _plant(self, link: PlantLink) -> None:
        declared = () if self.target.storage is None else self.wait(self.target.storage())
        if link.opening:
            plant_link_before_opening(declared, link.record.key, link.to.key, link.opening, folder=link.folder)
        else:
            plant_link(declared, link.record.key, link.to.key)

    def _call(self, function: Callable[[], object] | None) -> None:
        if function is not None:
            self.wait(function())
