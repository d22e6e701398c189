"""What may be kept of a text that a target returned: the campaign's own words, and of anything else its length."""

import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import blake2b

from ..judging.attribution import Attributor, fact_of
from ..model.keys import key_of
from ..model.observations import Returned
from ..model.scenario_results import ScenarioResult
from ..plans.population import Population

_LONGEST_ID = 64
_ID_LIKE = re.compile(r"[a-z0-9@.+_-]+").fullmatch


class Redaction:
    """Masks everything that is no fact, code, name or id of the campaign: it may be a real person's.

    `I see mf1-ann-0 and Dr. Miller` becomes `<30 characters, #1c0ffee0>`; around a fact only the rest is masked.
    """

    def __init__(self, population: Population, attributor: Attributor) -> None:
        """Take the whole campaign's population."""
        self._attributor = attributor
        self._prefix = population.prefix
        self._keys = population.keys
        self._key = str(population.seed).encode()[: blake2b.MAX_KEY_SIZE]

    def __call__(self, text: str) -> str:
        """Return what may be kept."""
        if not text or self._looks_like_an_id(text):
            return text
        spans = sorted(self._own_spans(text))
        if not spans:
            return self._mask(text)
        kept: list[str] = []
        end = 0
        for start, stop in spans:
            if start >= end:
                kept += [self._mask(text[end:start]), text[start:stop]]
                end = stop
        return "".join([*kept, self._mask(text[end:])])

    def _own_spans(self, text: str) -> list[tuple[int, int]]:
        """Return where our facts stand, or where they are not whole, their marks."""
        spans = []
        for sighting in self._attributor.content(text):
            fact = fact_of(self._attributor, sighting)
            key = key_of(self._keys, fact.canary) if fact else ""
            whole = (
                next((span for own in (fact.text, key) if own and (span := _find(own, text))), None) if fact else None
            )
            if whole:
                spans.append(whole)
                continue
            # The code's joints may have been lost or replaced.
            mark = _find(sighting.evidence, text) or _find(sighting.evidence.replace("-", ".?"), text, raw=True)
            name = _find(fact.name, text) if fact and fact.name else None
            spans += [span for span in (mark, name) if span]
        return spans

    def _looks_like_an_id(self, text: str) -> bool:
        """Recognise our tenants' ids, also cut short or spliced: a clue to what a wrapper does to them."""
        return text.startswith(self._prefix) and len(text) <= _LONGEST_ID and _ID_LIKE(text) is not None

    def _mask(self, text: str) -> str:
        if not any(character.isalnum() for character in text):
            return text
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4, key=self._key)
        return f"<{len(text)} characters, #{digest.hexdigest()}>"


def _find(words: str, text: str, *, raw: bool = False) -> tuple[int, int] | None:
    found = re.search(words if raw else re.escape(words), text, re.IGNORECASE)
    return found.span() if found else None


def redact(scenario: ScenarioResult, keep: Callable[[str], str]) -> None:
    """Let what is told of a scenario on a target that may be wiped show no text but what `keep` leaves of it.

    Elsewhere no other text was kept in the first place. Errors stay: there they are nobody's, and who mends the target
    needs them.
    """
    scenario.first_unattributed = keep(scenario.first_unattributed)
    for group in scenario.groups.values():
        told = group.example
        # noninterference shows what differs in its own words.
        if isinstance(told.step.observation, Returned) and told.oracle != "noninterference":
            group.example = replace(told, shown=keep(told.shown))
