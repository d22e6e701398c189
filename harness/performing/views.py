"""What a target shows of itself beside its memories: the prompts that its LLM was sent, and what it stores."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..model.around import Around
from ..model.observations import Crashed, Observation, Outside, Returned
from ..model.operations import Chat, Operation, ReadStorage, is_prompted
from ..model.tenants import Fact
from .awaiting import Awaiter
from .caches import kept_in
from .contract import FAILURES, Target
from .declared import search_storage
from .outcomes import place


@dataclass(frozen=True, slots=True)
class Views:
    """Looks at one target from outside; each text goes through `keep`."""

    target: Target
    wait: Awaiter
    keep: Callable[[str], str]

    def storage(self, operation: ReadStorage) -> tuple[Outside, ...]:
        """Return the places that hold one of the fact's marks; raises what the target raises."""
        declared = () if self.target.storage is None else self.wait(self.target.storage())
        found = [*search_storage(declared, *operation.seeks.marks), *self._in_caches(operation.seeks)]
        return tuple(Outside(outside.place, self.keep(outside.text)) for outside in found)

    def behind(self, observation: Observation, facts: Mapping[str, Fact]) -> tuple[Outside, ...]:
        """Return the entries of caches that hold one of the facts, where a reply shows it; none where caches fail."""
        if self.target.caches is None or not isinstance(observation, Returned):
            return ()
        texts = [record.text for record in observation.records]
        shown = [fact for code, fact in facts.items() if any(code in text for text in texts)]
        try:
            found = [one for fact in shown for one in self._in_caches(fact)]
        except FAILURES:
            # A look at the storage says what is wrong with them.
            return ()
        return tuple(Outside(one.place, self.keep(one.text)) for one in found)

    def _in_caches(self, sought: Fact) -> Iterator[Outside]:
        """Yield each entry of the target's caches that holds the fact, its key masked as other texts are."""
        if self.target.caches is not None:
            declared = kept_in(self.wait(self.target.caches()))
            yield from search_storage(((self.keep(place), texts) for place, texts in declared), *sought.marks)

    def told(self) -> tuple[str, ...]:
        """Return what the target says was said over the wire since it was last asked; nothing where that fails."""
        if self.target.told is None:
            return ()
        try:
            return tuple(self.keep(str(line)) for line in self.wait(self.target.told()))
        except FAILURES:
            return ()

    def around(self) -> tuple[Around, ...]:
        """Return what the target says stood around the answers since it was last asked; nothing where that fails."""
        if self.target.around is None:
            return ()
        try:
            return tuple(one for one in self.wait(self.target.around()) if isinstance(one, Around))
        except FAILURES:
            return ()

    def prompts(self) -> Sequence[object]:
        """Return all prompts of this world so far, as they are; raises what the target raises."""
        if self.target.prompts is None:
            return []
        found = self.wait(self.target.prompts())
        if isinstance(found, (str, bytes)):
            msg = f"prompts() must return a list of texts, got one {type(found).__name__}"
            raise TypeError(msg)
        return found if isinstance(found, (list, tuple)) else list(found)

    def with_prompts(
        self, operation: Operation, observation: Observation, before: int
    ) -> tuple[Observation, tuple[Outside, ...]]:
        """Return what was seen with the prompts made of it; that none can be seen of a chat is a failure.

        `before` is how many there were before it.
        """
        if not is_prompted(operation):
            return observation, ()
        chat = isinstance(operation, Chat)
        try:
            prompts = [str(prompt) for prompt in self.prompts()[before:]]
        except FAILURES as error:
            return Crashed(type(error).__name__, self.keep(str(error)), place(error)), ()
        if chat and isinstance(observation, Returned) and self.target.prompts is not None and not prompts:
            return Crashed("NoPrompt", "prompts() shows none for an add with infer=True", self.target.name), ()
        which = "extraction LLM" if chat else "LLM that answers"
        return observation, tuple(Outside(f"the prompt to the {which}", self.keep(text)) for text in prompts)
