"""The lines that a report prints to mend a cause do mend it, over the real mem0."""

from collections.abc import Callable
from typing import Any

import pytest

from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.model.causes import BY_NAME
from memfence.model.findings import Verdict
from memfence.model.results import CampaignResult
from memfence.performing.contract import adapt
from memfence.real_mem0.client import Client
from memfence.scoped.wrappers.tutorial import TutorialMemory
from memfence.targets.built_in.mem0 import open_target

IDS = (
    "aliased_ids",
    "confusable_ids",
    "empty_scope_is_refused",
    "injected_ids",
    "wildcard_delete_all",
    "wildcard_ids",
)


class Checked(TutorialMemory):
    """The tutorial's memory, with the lines for ids at the head of its constructor."""

    def __init__(self, user_id: Any, *, client: Client, **ids: Any) -> None:
        """Check the id, then go on."""
        _run(BY_NAME["unchecked user ids"].mend, user_id=user_id, self=self)
        super().__init__(user_id, client=client, **ids)


class Owned(TutorialMemory):
    """The tutorial's memory, with the lines for a record's owner in its get."""

    def get(self, memory_id: str) -> Any:
        """Read a record of one's own."""
        lines = ["def get():", *(f"    {line}" for line in BY_NAME["unchecked record ids"].mend), "    return record"]
        return _run(lines, memory_id=memory_id, self=self)["get"]()


def _run(lines: Any, **names: Any) -> dict[str, Any]:
    said = {**names}
    exec("import re\n" + "\n".join(lines), said)  # noqa: S102 - the lines are ours
    return said


def audit(memory: Callable[..., TutorialMemory], *names: str) -> CampaignResult:
    def wrap(client: Client) -> Callable[..., TutorialMemory]:
        return lambda user_id, **ids: memory(user_id, client=client, **ids)

    settings = AuditSettings(seed=7, users=3, scenarios=names)
    return Campaign(adapt(open_target(wrap), "mem0"), resolve.scenarios(names), settings, resolve.all_oracles()).run()


@pytest.mark.long
def test_four_lines_in_the_constructor_end_each_attack_by_an_id() -> None:
    before, after = audit(TutorialMemory, *IDS), audit(Checked, *IDS)

    # It checks no record's owner either: who comes under an odd id shows that, too.
    assert {cause for cause, _ in before.told} == {"unchecked user ids", "unchecked record ids"}
    # Ids that are like another's and no attack are let in, and still no record's owner is checked.
    assert {cause for cause, _ in after.told} == {"unchecked record ids"}


def test_the_lines_in_get_end_reading_by_anothers_record_id() -> None:
    before, after = audit(TutorialMemory, "get_by_foreign_id"), audit(Owned, "get_by_foreign_id")

    assert [cause for cause, _ in before.told] == ["unchecked record ids"]
    assert after.verdict is Verdict.HELD
