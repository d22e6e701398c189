"""A memory's own scope key, whatever it is called, is attacked in metadata and filters; what is right stays held."""

from typing import Any

import keyed_targets as keyed
import pytest

from memfence.campaigns.campaign import Campaign
from memfence.campaigns.explorations import ExploreSettings
from memfence.campaigns.exploring import Explorer
from memfence.campaigns.resolve import all_oracles, all_scenarios, scenarios
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.model.results import CampaignResult
from memfence.performing.contract import adapt

KINDS = pytest.mark.parametrize("kind", keyed.ALL, ids=lambda kind: kind.__name__)
OVERRIDES = ("scope_override_by_metadata", "scope_override_by_filter")


def audit(thing: object, *names: str) -> CampaignResult:
    settings = AuditSettings(seed=1, users=3, facts=2)
    return Campaign(adapt(thing, "fake"), scenarios(names), settings, all_oracles(), catalogue=all_scenarios()).run()


def explore(thing: object) -> CampaignResult:
    return Explorer(adapt(thing, "fake"), ExploreSettings(seed=1, examples=20), all_oracles()).run().result


@KINDS
def test_a_key_of_its_own_that_the_caller_overrides_is_found(kind: type[keyed.Keyed]) -> None:
    assert audit(kind(), *OVERRIDES).verdict is Verdict.VIOLATED


@KINDS
def test_the_same_memory_that_writes_its_key_last_is_held(kind: type[keyed.Keyed]) -> None:
    assert audit(keyed.cured(kind)(), *OVERRIDES).verdict is Verdict.HELD


@pytest.mark.long
@KINDS
def test_histories_tell_the_two_apart_as_well(kind: type[keyed.Keyed]) -> None:
    assert explore(kind()).verdict is Verdict.VIOLATED
    assert explore(keyed.cured(kind)()).verdict is Verdict.HELD


@pytest.mark.long
@KINDS
def test_all_scenarios_together_hold_the_cured_one(kind: type[keyed.Keyed]) -> None:
    assert audit(keyed.cured(kind)()).verdict is Verdict.HELD


class Unshown(keyed.Keyed):
    """Nobody is shown by what key it tells its users apart."""

    key = "belongs_to"

    class memory(keyed.Keyed.memory):  # noqa: N801 - it is read as a method
        def add(self, text: str, metadata: keyed.Row | None = None) -> keyed.Row:
            return _without(super().add(text, metadata))

        def get_all(self) -> list[keyed.Row]:
            return [_without(row) for row in super().get_all()]


class Said(Unshown):
    """The same one, which says it."""

    scope_keys = ("belongs_to",)


def _without(row: keyed.Row) -> keyed.Row:
    return {name: row[name] for name in ("id", "memory")}


def test_a_key_that_no_record_shows_is_found_where_the_target_says_it() -> None:
    assert audit(Unshown(), OVERRIDES[0]).verdict is Verdict.HELD
    assert audit(Said(), OVERRIDES[0]).verdict is Verdict.VIOLATED


class Texted(keyed.Keyed):
    """Filters are a text of `key:value`, put behind the scope; the last one counts."""

    class memory(keyed.Keyed.memory):  # noqa: N801 - as above
        def get_all(self, filters: str | None = None) -> list[keyed.Row]:  # type: ignore[override]  # it takes filters
            own = self.mine if self.world.cured else {}
            asked: dict[str, Any] = {**self.mine, **dict([(filters or ":").split(":", 1)]), **own}
            asked.pop("", None)
            return [{**row} for row in self.world.rows.values() if asked.items() <= row.items()]


def test_filters_are_passed_in_the_form_that_the_signature_takes() -> None:
    found = audit(Texted(), OVERRIDES[1])

    assert found.verdict is Verdict.VIOLATED
    assert audit(keyed.cured(Texted)(), OVERRIDES[1]).verdict is Verdict.HELD


def test_a_memory_that_breaks_over_a_list_takes_none_and_is_held() -> None:
    class Unannotated(keyed.cured(keyed.Filtered)):  # type: ignore[misc]  # made there
        class memory(keyed.Filtered.memory):  # noqa: N801 - as above
            def get_all(self, filters=None):  # type: ignore[no-untyped-def]  # that is the case  # noqa: ANN001, ANN202 - as said
                return super().get_all({name: filters[name] for name in filters or ()})

    (result,) = audit(Unannotated(), OVERRIDES[1]).scenarios

    assert result.verdict is Verdict.HELD
    assert any(tally.accidents for tally in result.tallies.values())
    assert not result.accidents.count


class Rephrasing(keyed.Keyed):
    """It stores what an LLM makes of a text; its users are told apart by `tenant` alone."""

    key = "tenant"
    cured = True
    scope_keys = ("tenant",)

    class memory(keyed.Keyed.memory):  # noqa: N801 - as above
        def get_all(self) -> list[keyed.Row]:
            rows = self.all_of_mine() if self.world.sound else [*self.world.rows.values()]  # type: ignore[attr-defined]  # of a Rephrasing
            return [{**row, "memory": f"The user said something, {row['id']}."} for row in rows]

    sound = True


class RephrasingForAll(Rephrasing):
    """And shows everybody's."""

    sound = False


def test_a_key_that_is_said_tells_whose_a_record_is_where_its_text_does_not() -> None:
    found = audit(RephrasingForAll(), "list_all")

    assert {group.example.oracle for group in found.scenarios[0].findings} >= {"foreign_record"}
    assert audit(Rephrasing(), "list_all").scenarios[0].unattributed == 0
