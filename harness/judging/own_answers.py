"""What an answer shows its principal of its own."""

from ..model.observations import Returned, Step, shown_texts
from ..model.operations import is_of_a_feed, sent_text
from .attribution import Attributor


def own_facts(attributor: Attributor, step: Step) -> frozenset[int]:
    """Return the numbers of the principal's own facts that the reply shows, unless it said them itself.

    What has come by a feed is no answer to what was asked last.
    """
    if not isinstance(step.observation, Returned) or is_of_a_feed(step.operation):
        return frozenset()
    texts = shown_texts(step.observation)
    seen = (one for text in texts for one in attributor.content(text))
    index = step.operation.principal.index
    # A question may stand in its answer, whoever asks.
    said = {(one.owner, one.fact) for one in attributor.content(sent_text(step.operation))}
    return frozenset(
        one.fact for one in seen if one.owner == index and one.fact is not None and (index, one.fact) not in said
    )
