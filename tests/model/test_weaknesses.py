import pytest

from memfence import Channel
from memfence.model.weaknesses import WEAKNESSES, weakness

ORACLES = [
    "accepted",
    "cacheable",
    "canary_leak",
    "contained",
    "cross_origin",
    "existence",
    "filter_ignored",
    "foreign_record",
    "lost",
    "noninterference",
    "prompt_bleed",
    "residue",
    "tampering",
]


@pytest.mark.parametrize(
    ("oracle", "channel", "number"),
    [
        ("canary_leak", Channel.GET, 639),
        ("canary_leak", Channel.HISTORY, 639),
        ("contained", Channel.GET, 639),
        ("tampering", Channel.UPDATE, 862),
        ("tampering", Channel.DELETE, 862),
        ("tampering", Channel.DELETE_ALL, 862),
        ("canary_leak", Channel.SEARCH, 668),
        ("canary_leak", Channel.GET_ALL, 668),
        ("canary_leak", Channel.ADD, 668),
        ("foreign_record", Channel.SEARCH, 668),
        ("noninterference", Channel.GET_ALL, 668),
        ("filter_ignored", Channel.SEARCH, 668),
        ("lost", Channel.SEARCH, 668),
        ("canary_leak", Channel.ERRORS, 200),
        ("prompt_bleed", Channel.PROMPTS, 200),
        ("existence", Channel.GET, 200),
        ("existence", Channel.DELETE, 200),
        ("canary_leak", Channel.STORAGE, 200),
        ("residue", Channel.STORAGE, 212),
        ("residue", Channel.HISTORY, 212),
        ("cacheable", Channel.EXPORT, 524),
        ("cross_origin", Channel.GET_ALL, 942),
        ("canary_leak", Channel.EVENTS, 668),
    ],
)
def test_a_finding_has_the_number_of_its_weakness(oracle: str, channel: Channel, number: int) -> None:
    assert weakness(oracle, channel) == number


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("oracle", [*ORACLES, "an oracle of tomorrow"])
def test_each_oracle_has_a_named_weakness_on_each_channel_and_a_wrong_session_is_never_guessed(
    oracle: str, channel: Channel
) -> None:
    number = weakness(oracle, channel)

    assert number in WEAKNESSES
    assert number != 488


@pytest.mark.parametrize("channel", Channel)
def test_an_oracle_that_is_not_known_falls_back_on_the_channel(channel: Channel) -> None:
    assert weakness("an oracle of tomorrow", channel) == weakness("canary_leak", channel)


def test_the_names_are_the_enumerations_own() -> None:
    assert dict(WEAKNESSES) == {
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
