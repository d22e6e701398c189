"""What an answer says, but for the ids in it: answers that differ in these alone tell the same."""

import re
from functools import lru_cache

from ..model.observations import Crashed, Observation, Refused, Returned
from ..model.tenants import Tenant

_UUID = r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"
_ID = re.compile(
    # Stores' own ids: long words of letters and digits.
    r"\b(?=[A-Za-z]*\d)[0-9A-Za-z]{16,}\b"
    rf"|{_UUID}"
    # Serial ids and times, but no part of a code such as ERR403 or a canary.
    r"|(?<![A-Z\d])(?>\d+(?:[.:T-]\d+)*(?:Z|[AP]M)?)(?![A-Z\d])"
)
_MASKED = re.compile(r"<\d+ characters, #[0-9a-f]+>")


@lru_cache(maxsize=4096)
def without_ids(text: str) -> str:
    """Return the text with `<id>` for each id, number and time, and `<masked>` for what was not to be kept."""
    return _ID.sub("<id>", _MASKED.sub("<masked>", text))


def refusal(refused: Refused) -> str:
    """Return what a refusal says; that of an unknown id and that of another's are the same, or they tell which."""
    return f"{refused.kind}: {without_ids(refused.message)}"


def is_uuid(record_id: str) -> bool:
    """Tell whether a record's id has the shape of mem0's, in which made-up ids are written where none is known."""
    return "-" in record_id and re.fullmatch(_UUID, record_id) is not None


def names_unmistakably(reply: Observation) -> bool:
    """Tell whether a reply to an add names its record by an id that is nobody else's, as a UUID is."""
    return isinstance(reply, Returned) and any(one.id is not None and is_uuid(one.id) for one in reply.records)


def proves_nothing(principal: Tenant, seen: Observation) -> bool:
    """Tell so of a target that is worn out among others, and of a name like another's: alone it may not be taken."""
    return isinstance(seen, Crashed) or (principal.hostile and isinstance(seen, Refused) and seen.at_the_door)
