"""Ids that no record has, well-formed in the store's own way: a malformed one would be answered differently."""

import re
import uuid
from hashlib import blake2b

_HEX = re.compile(r"[0-9a-f]+")
# Larger than any serial number that a campaign makes, and still a 32-bit integer.
_FIRST_SERIAL, _SERIALS = 1_900_000_000, 200_000_000


def unknown_id(of: str, like: str | None) -> str:
    """Return an id made from `of`, in the shape of the store's id `like`: a serial number, hex digits, or a UUID."""
    if like is not None and like.isdecimal():
        digest = blake2b(of.encode(), digest_size=8).digest()
        return str(_FIRST_SERIAL + int.from_bytes(digest, "big") % _SERIALS)
    if like is not None and _HEX.fullmatch(like):
        return blake2b(of.encode(), digest_size=64).hexdigest()[: len(like)]
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"memfence/{of}"))
