"""What a report advises where nothing is wrong, but something could be told more plainly."""

from collections import Counter

from ..model.results import CampaignResult

_NO_TEXT = 'if not isinstance(user_id, str) or not user_id: raise ValueError("user_id must be a non-empty text")'
_LONGEST = 100
# So many reasons are told one by one.
_REASONS = 3
_ODD_TEXT = 'raise ValueError("user_id holds what no user_id may")'


def notes(result: CampaignResult) -> list[str]:
    """Return all of it."""
    return [*accidents(result), *untried(result), *words(result), *lines(result)]


def accidents(result: CampaignResult) -> list[str]:
    """Return how often an id broke a constructor, and the line that would refuse it clearly; nothing where none did."""
    broke = [one.accidents for one in result.scenarios if one.accidents.first is not None]
    if not broke or broke[0].first is None:
        return []
    first = broke[0].first
    cures = [f"Say no clearly: `{_NO_TEXT}`."] if any(one.no_texts for one in broke) else []
    if any(one.texts for one in broke):
        cures.append(f"Check the texts, too, that it cannot take: `{_ODD_TEXT}`.")
    make, made = ("make_resource", "resource") if result.keys else ("make_memory", "memory")
    told = (
        f"{sum(one.count for one in broke)} calls were refused by accident: {make} broke before there was a "
        f"{made} to leak from. First: {make}({broke[0].first_id}), at {first.place}: {first.kind}: "
        f"{first.message}. {' '.join(cures)}"
    )
    return [told]


def untried(result: CampaignResult) -> list[str]:
    """Return how many calls were not made, and why not; nothing where all were."""
    found: Counter[str] = Counter()
    for one in result.scenarios:
        found += one.accidents.why
    told = [
        f"{'1 call was' if count == 1 else f'{count} calls were'} not tried: {why}"
        for why, count in found.most_common(_REASONS)
    ]
    rest = found.total() - sum(count for _, count in found.most_common(_REASONS))
    return told + ([f"{rest} more calls were not tried, for other reasons"] if rest else [])


def words(result: CampaignResult) -> list[str]:
    """Return which answers in words were taken for "nothing found"; nothing where none was."""
    found: dict[str, str] = {}
    for one in result.scenarios:
        found = {**one.words.answers, **found}
    return [
        f'The answer {text[:_LONGEST]!r} is taken for "nothing found": in an empty store a user who had stored nothing '
        f"got it to different questions."
        for _, text in sorted(found.items())
    ]


def lines(result: CampaignResult) -> list[str]:
    """Return how many lines without a fact were taken for the target's own; nothing where none was."""
    found: dict[str, str] = {}
    for one in result.scenarios:
        found = {**one.words.lines, **found}
    if not found:
        return []
    count = "1 line without a fact stands" if len(found) == 1 else f"{len(found)} lines without a fact stand"
    first = next((text for _, text in sorted(found.items()) if text.strip()), "")
    told = (
        f"{count} among the records, the first {first[:_LONGEST]!r}: taken for the target's own, for a user who is "
        "alone in an empty store gets the same."
    )
    return [told]
