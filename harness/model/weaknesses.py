"""What kind of weakness a finding is, by its number in MITRE's Common Weakness Enumeration."""

from collections.abc import Mapping
from types import MappingProxyType

from .channels import Channel

# Scenarios name these.
AUTHENTICATION, SIGNATURE, LOOKED_AT_BEFORE, FIXATION, WRONG_SESSION, EXPIRATION = 287, 347, 367, 384, 488, 613

# 367 and 488 are said by scenarios that let something happen in between: neither oracle nor channel tells a race from
# another leak.
WEAKNESSES: Mapping[int, str] = MappingProxyType(
    {
        200: "Exposure of Sensitive Information to an Unauthorized Actor",
        208: "Observable Timing Discrepancy",
        212: "Improper Removal of Sensitive Information Before Storage or Transfer",
        287: "Improper Authentication",
        347: "Improper Verification of Cryptographic Signature",
        367: "Time-of-check Time-of-use (TOCTOU) Race Condition",
        384: "Session Fixation",
        488: "Exposure of Data Element to Wrong Session",
        524: "Use of Cache Containing Sensitive Information",
        613: "Insufficient Session Expiration",
        639: "Authorization Bypass Through User-Controlled Key",
        668: "Exposure of Resource to Wrong Sphere",
        862: "Missing Authorization",
        942: "Permissive Cross-domain Security Policy with Untrusted Domains",
    }
)

# These oracles judge one kind of weakness, on whichever channel.
_BY_ORACLE: Mapping[str, int] = {
    "accepted": 287,
    "cacheable": 524,
    "cross_origin": 942,
    "existence": 200,
    "foreign_record": 668,
    "lost": 668,
    "noninterference": 668,
    "prompt_bleed": 200,
    "residue": 212,
    "tampering": 862,
    "timing": 208,
}
_BY_CHANNEL: Mapping[Channel, int] = {
    Channel.ADD: 668,
    Channel.SEARCH: 668,
    Channel.GET_ALL: 668,
    Channel.GET: 639,
    Channel.UPDATE: 862,
    Channel.DELETE: 862,
    Channel.DELETE_ALL: 862,
    Channel.HISTORY: 639,
    Channel.PUT: 668,
    Channel.PUT_OVER: 862,
    Channel.QUERY: 668,
    Channel.LIST: 668,
    Channel.CLEAR: 862,
    Channel.COPY: 639,
    Channel.ASK: 200,
    Channel.PAGE: 668,
    Channel.EXPORT: 668,
    Channel.EVENTS: 668,
    Channel.LIVE: 668,
    Channel.CLOSE_ACCOUNT: 862,
    Channel.ERRORS: 200,
    Channel.PROMPTS: 200,
    Channel.STORAGE: 200,
}


def weaknesses_of(oracle: str) -> tuple[int, ...]:
    """Return the CWE numbers of what an oracle may find, on any channel."""
    return tuple(sorted({weakness(oracle, channel) for channel in Channel}))


def weakness(oracle: str, channel: Channel) -> int:
    """Return the CWE number of what an oracle found on a channel; where its name says nothing, the channel does."""
    return _BY_ORACLE.get(oracle, _BY_CHANNEL[channel])
