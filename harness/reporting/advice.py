"""What a report advises where nothing is wrong, but something could be told more plainly."""

from ..model.results import CampaignResult

_NO_TEXT = 'if not isinstance(user_id, str) or not user_id: raise ValueError("user_id must be a non-empty text")'
_LONGEST = 100
_ODD_TEXT = 'raise ValueError("user_id holds what no user_id may")'


def notes(result: CampaignResult) -> list[str]:
    """Return all of it."""
    return [*accidents(result), *words(result)]


def accidents(result: CampaignResult) -> list[str]:
    """Return how often an id broke a constructor, and the line that would refuse it clearly; nothing where none did."""
    broke = [one.accidents for one in result.scenarios if one.accidents.first is not None]
    if not broke or broke[0].first is None:
        return []
    first = broke[0].first
    cures = [f"Say no clearly: `{_NO_TEXT}`."] if any(one.no_texts for one in broke) else []
    if any(one.texts for one in broke):
        cures.append(f"Check the texts, too, that it cannot take: `{_ODD_TEXT}`.")
    told = (
        f"{sum(one.count for one in broke)} calls were refused by accident: make_memory broke before there was a "
        f"memory to leak from. First: make_memory({broke[0].first_id}), at {first.place}: {first.kind}: "
        f"{first.message}. {' '.join(cures)}"
    )
    return [told]


def words(result: CampaignResult) -> list[str]:
    """Return which answers in words were taken for "nothing found"; nothing where none was."""
    said = dict.fromkeys(text for one in result.scenarios for text in sorted(one.said_for_nothing))
    return [
        f'The answer {text[:_LONGEST]!r} is taken for "nothing found": in an empty store a user who had stored nothing '
        f"got it to different questions."
        for text in said
    ]
