"""Calls by record id that compare the owner's id with the caller's loosely, where searches and listings do not."""

import unicodedata
from collections.abc import Callable

import pytest
from honest_targets import Row
from simple_targets import Own, Simple

from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.explorations import ExploreSettings
from memfence.campaigns.exploring import Explorer
from memfence.campaigns.settings import AuditSettings
from memfence.model.channels import Channel
from memfence.model.findings import Finding, Verdict
from memfence.model.scenario_results import ScenarioResult
from memfence.performing.contract import adapt

# Whether who comes under the second id is let to a record of the first.
Check = Callable[[str, str], bool]
CHECKS: dict[str, tuple[Check, str]] = {
    "begins so": (lambda owner, caller: owner.startswith(caller), "confusable_ids"),
    "ends so": (lambda owner, caller: owner.endswith(caller), "confusable_ids"),
    "part of the owner's": (lambda owner, caller: caller in owner, "confusable_ids"),
    "owner's is a part": (lambda owner, caller: owner in caller, "confusable_ids"),
    "begins with the owner's": (lambda owner, caller: caller.startswith(owner), "confusable_ids"),
    "in any case": (lambda owner, caller: owner.lower() == caller.lower(), "confusable_ids"),
    "caller in small letters": (lambda owner, caller: owner == caller.lower(), "confusable_ids"),
    "folded": (lambda owner, caller: owner.casefold() == caller.casefold(), "confusable_ids"),
    "in a normal form": (
        lambda owner, caller: unicodedata.normalize("NFKC", owner) == unicodedata.normalize("NFKC", caller),
        "confusable_ids",
    ),
    "cut": (lambda owner, caller: owner[:255] == caller[:255], "confusable_ids"),
    "letters and digits": (
        lambda owner, caller: [*filter(str.isalnum, owner)] == [*filter(str.isalnum, caller)],
        "cleaned_ids",
    ),
    "stripped": (lambda owner, caller: owner.strip() == caller.strip(), "aliased_ids"),
    "without its tag": (lambda owner, caller: owner.replace("+x@", "@") == caller.replace("+x@", "@"), "aliased_ids"),
}


class Checking(Simple):
    """Compares ids as they are, but for one call by record id."""

    check: Check

    def reachable(self, record_id: str) -> Row | None:
        """Return a record whose owner's id passes the loose check."""
        return next(
            (
                row
                for row in self.rows
                if str(row["id"]) == record_id
                and isinstance(row["user_id"], str)
                and isinstance(self.user_id, str)
                and (type(self).check(row["user_id"], self.user_id) or row in self.mine())
            ),
            None,
        )


class LooseGet(Checking):
    def get(self, record_id: str) -> Row | None:
        return self.reachable(record_id)

    def update(self, record_id: str, text: str) -> None:
        row = Simple.get(self, record_id)
        if row is not None:
            row["memory"] = text

    def delete(self, record_id: str) -> None:
        row = Simple.get(self, record_id)
        if row is not None:
            self.rows.remove(row)

    def history(self, record_id: str) -> list[str]:
        row = Simple.get(self, record_id)
        return [row["memory"]] if row is not None else []


class LooseHistory(Checking):
    def history(self, record_id: str) -> list[str]:
        row = self.reachable(record_id)
        return [row["memory"]] if row is not None else []


class LooseUpdate(Checking):
    def update(self, record_id: str, text: str) -> None:
        row = self.reachable(record_id)
        if row is not None:
            row["memory"] = text


class LooseDelete(Checking):
    def delete(self, record_id: str) -> None:
        row = self.reachable(record_id)
        if row is not None:
            self.rows.remove(row)


def checking(kind: type[Checking], name: str) -> Own:
    return Own(type(kind.__name__, (kind,), {"check": staticmethod(CHECKS[name][0])}))


def audited(thing: Own, name: str) -> ScenarioResult:
    settings = AuditSettings(seed=7, users=6, facts=2)
    campaign = Campaign(adapt(thing, "own"), resolve.scenarios((name,)), settings, resolve.all_oracles())
    (found,) = campaign.run().scenarios
    return found


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize(
    ("kind", "channel"),
    [
        (LooseGet, Channel.GET),
        (LooseHistory, Channel.HISTORY),
        (LooseUpdate, Channel.UPDATE),
        (LooseDelete, Channel.DELETE),
    ],
)
def test_a_call_by_record_id_that_takes_two_ids_for_one_is_found_out(
    kind: type[Checking], channel: Channel, name: str
) -> None:
    found = audited(checking(kind, name), CHECKS[name][1])

    assert found.verdict is Verdict.VIOLATED
    assert {group.example.channel for group in found.findings} == {channel}


@pytest.mark.parametrize("name", ["begins so", "owner's is a part", "in any case", "letters and digits"])
@pytest.mark.parametrize(("kind", "channel"), [(LooseGet, Channel.GET), (LooseDelete, Channel.DELETE)])
def test_generated_histories_find_it_too(kind: type[Checking], channel: Channel, name: str) -> None:
    def wanted(finding: Finding) -> bool:
        return finding.channel is channel and finding.verdict is Verdict.VIOLATED

    target = adapt(checking(kind, name), "own")

    found = Explorer(target, ExploreSettings(seed=0), resolve.all_oracles(), until=wanted).run()

    assert found.verdict is Verdict.VIOLATED


@pytest.mark.parametrize("name", ["confusable_ids", "cleaned_ids", "aliased_ids", "path_ids", "injected_ids"])
def test_where_ids_are_compared_as_they_are_nothing_is_found(name: str) -> None:
    assert audited(Own(Simple), name).verdict is Verdict.HELD
