import asyncio
import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from memfence import (
    Ability,
    Add,
    Channel,
    Chat,
    DeleteAll,
    GetAll,
    Plan,
    Population,
    ReadStorage,
    Reopen,
    Search,
    Together,
    interleave,
    scenario,
)
from memfence.base.errors import TargetError, UnknownNameError
from memfence.base.versions import versions
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.effort import Effort
from memfence.campaigns.resolve import all_oracles, all_scenarios, scenarios, target
from memfence.campaigns.settings import AuditSettings
from memfence.model.channels import OF_A_MEMORY
from memfence.model.findings import FindingClass, Verdict
from memfence.model.results import CampaignResult
from memfence.model.scenario_results import ScenarioResult
from memfence.performing.contract import adapt
from memfence.plans.scenario import Scenario
from memfence.reporting.json_report import as_json

Records = dict[str, dict[str, str]]
# What these tests tell stories about; the reference runs all there are.
NAMES = ("alice_and_bob", "cross_search", "delete_all_leaves_others", "list_all")


class Memory:
    """One user's part of a plain store that isolates; each subclass below breaks one thing."""

    def __init__(self, records: Records, user_id: str) -> None:
        self.records = records
        self.user_id = user_id

    def own(self) -> list[dict[str, str]]:
        return [dict(record) for record in self.records.values() if record["user_id"] == self.user_id]

    def add(self, text: str) -> dict[str, str]:
        record_id = str(max(map(int, self.records), default=0) + 1)
        self.records[record_id] = {"id": record_id, "memory": text, "user_id": self.user_id}
        return dict(self.records[record_id])

    def search(self, query: str) -> list[dict[str, str]]:
        assert query
        return self.own()

    def get_all(self) -> list[dict[str, str]]:
        return self.own()

    def delete(self, record_id: str) -> None:
        if self.records[record_id]["user_id"] != self.user_id:
            raise KeyError(record_id)
        del self.records[record_id]

    def delete_all(self) -> None:
        for record in self.own():
            del self.records[record["id"]]


class Shared:
    """A disposable target whose scenarios share one store."""

    disposable = True
    memory: type[Memory] = Memory

    def __init__(self, memory: type[Memory] | None = None) -> None:
        self.memory = memory or self.memory
        self.records: Records = {}

    def make_memory(self, user_id: str) -> object:
        return self.memory(self.records, user_id)


class Fresh(Shared):
    """A disposable target with a world of its own for each scenario."""

    def start(self) -> None:
        self.records = {}


class Production(Shared):
    """A target that holds other data too."""

    disposable = False

    def __init__(self, memory: type[Memory] | None = None) -> None:
        super().__init__(memory)
        for number, text in enumerate(STRANGERS, 9001):
            self.records[str(number)] = {"id": str(number), "memory": text, "user_id": f"customer-{number}"}


STRANGERS = ("Dr. Miller diagnosed me with asthma.", "My card ends in 4242.")


class SeesAll(Memory):
    """Every reply holds everybody's records."""

    def own(self) -> list[dict[str, str]]:
        return [dict(record) for record in self.records.values()]

    def delete_all(self) -> None:
        for record in Memory.own(self):
            del self.records[record["id"]]


class WipesAll(Memory):
    """delete_all resets the store, as in mem0 1.0.0 to 1.0.5."""

    def delete_all(self) -> None:
        self.records.clear()


class Empty(Memory):
    """It takes everything and shows nothing."""

    def own(self) -> list[dict[str, str]]:
        return []


def campaign(thing: object, *names: str, chosen: Sequence[Scenario] = (), **options: object) -> Campaign:
    settings = AuditSettings(**{"seed": 7, "users": 3, "facts": 2, "scenarios": names, **options})  # type: ignore[arg-type]  # by name
    found = list(chosen) or scenarios(names or NAMES)
    catalogue = [one.name for one in chosen] or list(all_scenarios())
    return Campaign(adapt(thing, "fake"), found, settings, all_oracles(), catalogue=catalogue)


def audit(thing: object, *names: str, chosen: Sequence[Scenario] = (), **options: object) -> CampaignResult:
    return campaign(thing, *names, chosen=chosen, **options).run()


def oracles(result: CampaignResult) -> set[str]:
    return {group.example.oracle for found in result.scenarios for group in found.findings}


def reasons(result: CampaignResult) -> str:
    return "; ".join(reason for found in result.scenarios for reason in found.reasons)


def untimed(result: CampaignResult) -> dict[str, object]:
    return {**as_json(result), "times": None}


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, 2**31 - 1])
def test_the_reference_holds_on_every_scenario(seed: int) -> None:
    settings = AuditSettings(seed=seed, users=4)
    of_memories = [one for one in scenarios(()) if one.fits("")]
    found = Campaign(target("reference"), of_memories, settings, all_oracles())

    result = found.run()

    assert [one.verdict for one in result.scenarios] == [Verdict.HELD] * len(of_memories)
    assert result.verdict is Verdict.HELD
    assert set(result.channels) == set(OF_A_MEMORY)
    assert all(one.control is not None and one.control.trustworthy for one in result.scenarios)
    assert oracles(result) == set()


@pytest.mark.parametrize("kind", [Fresh, Shared])
def test_a_plain_store_that_isolates_is_held_with_and_without_fresh_worlds(kind: type[Shared]) -> None:
    result = audit(kind())

    assert result.verdict is Verdict.HELD
    assert oracles(result) == set()


def test_a_disposable_store_that_was_not_empty_gives_no_false_alarm() -> None:
    thing = Shared()
    thing.records = Production().records

    assert audit(thing).verdict is Verdict.HELD


@pytest.mark.parametrize("kind", [Fresh, Shared, Production])
def test_a_store_that_shows_all_to_all_is_violated(kind: type[Shared]) -> None:
    result = audit(kind(SeesAll))

    assert result.verdict is Verdict.VIOLATED
    assert "canary_leak" in oracles(result)


@pytest.mark.parametrize("kind", [Fresh, Shared])
def test_a_target_that_shows_nothing_is_never_held(kind: type[Shared]) -> None:
    result = audit(kind(Empty))

    assert [one.verdict for one in result.scenarios] == [Verdict.INCONCLUSIVE] * len(NAMES)
    assert set(result.channels.values()) == {Verdict.INCONCLUSIVE}
    assert "a tenant could not find its own fact" in reasons(result)


def test_a_target_that_answers_none_to_everything_is_not_held() -> None:
    class Nothing:
        def add(self, text: str) -> None: ...
        def search(self, query: str) -> None: ...
        def get_all(self) -> None: ...
        def delete_all(self) -> None: ...

    result = audit(lambda _: Nothing())

    assert result.verdict is Verdict.INCONCLUSIVE


def test_a_target_whose_add_raises_is_inconclusive_with_the_users_error() -> None:
    class Full(Memory):
        def add(self, text: str) -> dict[str, str]:
            msg = f"no room for {len(text)} characters"
            raise RuntimeError(msg)

    result = audit(Fresh(Full))

    assert result.verdict is Verdict.INCONCLUSIVE
    assert "RuntimeError: no room for" in reasons(result)
    assert "test_campaign.py" in reasons(result)


def test_a_target_that_refuses_its_own_users_is_inconclusive() -> None:
    class Closed(Memory):
        def add(self, text: str) -> dict[str, str]:
            raise PermissionError(text)

    result = audit(Fresh(Closed), "list_all")

    assert result.verdict is Verdict.INCONCLUSIVE
    assert "calls on own records got a refusal, the first at test_campaign.py" in reasons(result)


class CrashesOnOthers(Memory):
    """Isolated by accident: a query that fits none of one's own records is a crash."""

    def search(self, query: str) -> list[dict[str, str]]:
        found = [record for record in self.own() if record["memory"] == query]
        if not found:
            msg = "no best match"
            raise RuntimeError(msg)
        return found


@pytest.mark.parametrize("kind", [Fresh, Shared])
def test_a_crash_that_happens_to_prevent_a_leak_is_not_isolation(kind: type[Shared]) -> None:
    result = audit(kind(CrashesOnOthers), "cross_search")

    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.channels == {Channel.SEARCH: Verdict.INCONCLUSIVE}
    assert "RuntimeError: no best match" in reasons(result)


def test_refusals_alone_are_no_proof() -> None:
    class RefusesOthers(CrashesOnOthers):
        def search(self, query: str) -> list[dict[str, str]]:
            try:
                return super().search(query)
            except RuntimeError as error:
                raise PermissionError from error

    result = audit(Fresh(RefusesOthers), "cross_search")

    assert result.verdict is Verdict.INCONCLUSIVE
    assert "no probe was answered: a refusal is no proof" in reasons(result)


@pytest.mark.parametrize("kind", [Fresh, Shared])
def test_a_delete_all_that_wipes_everybody_is_tampering(kind: type[Shared]) -> None:
    result = audit(kind(WipesAll))

    assert result.verdict is Verdict.VIOLATED
    assert oracles(result) == {"tampering"}
    assert result.channels[Channel.DELETE_ALL] is Verdict.VIOLATED


def without(*names: str) -> type[Memory]:
    return type("Less", (Memory,), dict.fromkeys(names))


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (("delete_all",), {"delete_all_leaves_others": "the target has no delete_all"}),
        (("get_all",), {"list_all": "the target has no get_all"}),
        (("search",), {"cross_search": "the target has no search"}),
        (("add",), dict.fromkeys(NAMES, "the target has no add")),
        (
            ("search", "get_all"),
            {
                "alice_and_bob": "the target has no search or get_all",
                "cross_search": "the target has no search",
                "delete_all_leaves_others": "the target has no get_all or search",
                "list_all": "the target has no get_all",
            },
        ),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else "",
)
def test_what_the_target_has_no_method_for_is_not_exercised(missing: tuple[str, ...], said: dict[str, str]) -> None:
    result = audit(Fresh(without(*missing)))

    assert {one.name: one.not_exercised for one in result.scenarios if one.not_exercised} == said
    others = [one.verdict for one in result.scenarios if one.not_exercised is None]
    assert others == [Verdict.HELD] * (len(NAMES) - len(said))
    assert not {Channel(name) for name in missing} & set(result.channels)


@pytest.mark.parametrize("missing", ["search", "get_all"])
def test_one_way_to_look_is_enough_to_see_a_wiping_delete_all(missing: str) -> None:
    less = type("Less", (WipesAll,), {missing: None})

    result = audit(Fresh(less), "delete_all_leaves_others")

    assert oracles(result) == {"tampering"}


def test_a_target_of_which_nothing_could_be_exercised_is_inconclusive() -> None:
    result = audit(Fresh(without("add")))

    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.channels == {}


def test_a_memory_without_any_of_the_methods_is_an_error_that_names_them() -> None:
    with pytest.raises(TargetError, match="fake returned str, which has none of the methods add, search, get_all"):
        audit(lambda user_id: user_id)


@pytest.mark.parametrize("memory", [Memory, SeesAll, WipesAll])
def test_on_a_target_that_is_not_disposable_only_the_campaigns_records_are_removed(memory: type[Memory]) -> None:
    thing = Production(memory)

    result = audit(thing)

    assert [record["memory"] for record in thing.records.values()] == list(STRANGERS)
    assert result.left_behind == 0


@pytest.mark.parametrize("memory", [Memory, SeesAll])
def test_no_text_of_a_stranger_is_kept(memory: type[Memory]) -> None:
    class Chatty(memory):  # type: ignore[misc, valid-type]  # chosen by the test
        def search(self, query: str) -> list[dict[str, str]]:
            if query == self.own()[0]["memory"]:
                return super().search(query)  # type: ignore[no-any-return]  # as above
            raise RuntimeError(*STRANGERS)

    for thing in (Production(memory), Production(Chatty)):
        report = json.dumps(as_json(audit(thing)))
        assert not [text for text in (*STRANGERS, "customer-") if text in report]


def test_a_leak_told_by_its_label_alone_is_seen_on_a_target_that_is_not_disposable() -> None:
    class Paraphrasing(SeesAll):
        def search(self, query: str) -> list[dict[str, str]]:
            own = Memory.own(self)
            others = [record for record in self.own() if record not in own]
            assert query
            return [*own, *({**record, "memory": "They like it."} for record in others)]

    thing = Production(Paraphrasing)

    result = audit(thing, "cross_search")

    assert oracles(result) == {"foreign_record"}
    assert "They like it." not in json.dumps(as_json(result))


def test_a_strangers_record_is_told_by_its_length_and_a_keyed_hash() -> None:
    class Failing(Memory):
        def search(self, query: str) -> list[dict[str, str]]:
            del query
            raise RuntimeError(STRANGERS[0])

    first = reasons(audit(Production(Failing), "cross_search"))
    again = reasons(audit(Production(Failing), "cross_search"))
    other = reasons(audit(Production(Failing), "cross_search", seed=8))

    assert f"<{len(STRANGERS[0])} characters, #" in first
    assert first == again
    assert first != other


def test_a_disposable_targets_errors_are_told_as_they_are() -> None:
    class Failing(Memory):
        def search(self, query: str) -> list[dict[str, str]]:
            del query
            msg = "the index is missing"
            raise RuntimeError(msg)

    assert "the index is missing" in reasons(audit(Fresh(Failing), "cross_search"))


@pytest.mark.parametrize(("allowed", "told"), [(True, "the index is missing"), (False, " characters, #")])
def test_errors_of_a_target_that_holds_others_data_are_told_to_who_may_delete_from_it(
    allowed: bool,  # noqa: FBT001 - a parameter
    told: str,
) -> None:
    class Failing(Memory):
        def search(self, query: str) -> list[dict[str, str]]:
            del query
            msg = "the index is missing"
            raise RuntimeError(msg)

    assert told in reasons(audit(Production(Failing), "cross_search", allow_destructive=allowed))


def test_a_target_that_is_not_disposable_is_not_deleted_from_unless_allowed() -> None:
    refused, allowed = audit(Production()), audit(Production(), allow_destructive=True)

    (skipped,) = [one for one in refused.scenarios if one.not_exercised]
    assert skipped.name == "delete_all_leaves_others"
    assert "not disposable" in (skipped.not_exercised or "")
    assert "--allow-destructive" in (skipped.not_exercised or "")
    assert not [one for one in allowed.scenarios if one.not_exercised]
    assert allowed.verdict is Verdict.HELD


@pytest.mark.parametrize(("name", "facts"), [("list_all", 2), ("cross_search", 1)])
def test_records_of_the_campaign_that_cannot_be_removed_are_counted(name: str, facts: int) -> None:
    thing = Production(without("delete"))

    result = audit(thing, name, facts=facts)

    assert result.left_behind == len(thing.records) - len(STRANGERS)
    assert result.left_behind > 0


def test_a_record_whose_add_failed_after_storing_it_is_removed_or_counted() -> None:
    class Late(Memory):
        def add(self, text: str) -> dict[str, str]:
            super().add(text)
            msg = "no answer in time"
            raise TimeoutError(msg)

    thing = Production(Late)

    result = audit(thing, "list_all")

    assert result.left_behind == len(thing.records) - len(STRANGERS)


def test_records_beyond_the_page_that_a_listing_shows_are_removed_or_counted() -> None:
    class Page(Memory):
        def get_all(self) -> list[dict[str, str]]:
            return self.own()[:20]

    thing = Production(Page)

    result = audit(thing, "cross_search", users=2, facts=21)

    assert result.left_behind == len(thing.records) - len(STRANGERS)


def test_worlds_in_which_a_tenant_was_tried_alone_are_cleaned_too() -> None:
    class Namespaces(Production):
        def __init__(self, memory: type[Memory]) -> None:
            super().__init__(memory)
            self.worlds: list[Records] = []

        def start(self) -> None:
            self.records = {}
            self.worlds.append(self.records)

    class ListsOnly(Memory):
        def search(self, query: str) -> list[dict[str, str]]:
            assert query
            return []

    thing = Namespaces(ListsOnly)

    result = audit(thing, "cross_search")

    assert oracles(result) == {"lost"}
    assert result.left_behind == sum(map(len, thing.worlds))


def test_what_stays_in_a_disposable_target_is_left_behind_by_nobody() -> None:
    thing = Shared(without("delete", "delete_all"))

    result = audit(thing, "list_all")

    assert thing.records
    assert result.left_behind == 0


def test_what_a_scenario_stored_in_a_disposable_store_without_a_start_does_not_stay_for_the_next() -> None:
    thing = Shared()

    audit(thing, "list_all", "cross_search")

    assert thing.records == {}


def test_the_campaigns_records_are_removed_also_after_an_interruption() -> None:
    thing = Production()

    result = campaign(thing, "cross_search").run(interrupt_after(7))

    assert result.interrupted
    assert [record["memory"] for record in thing.records.values()] == list(STRANGERS)


def test_all_tenants_ids_carry_the_campaigns_prefix() -> None:
    seen: list[str] = []

    class Noting(Production):
        def make_memory(self, user_id: str) -> object:
            seen.append(user_id)
            return super().make_memory(user_id)

    result = audit(Noting())

    assert result.tenant_prefix
    assert {user_id.partition("-")[0] for user_id in seen} == {result.tenant_prefix}


def test_the_same_seed_gives_the_same_report_but_for_times() -> None:
    assert untimed(audit(Fresh(SeesAll))) == untimed(audit(Fresh(SeesAll)))
    assert untimed(audit(Fresh(SeesAll))) != untimed(audit(Fresh(SeesAll), seed=8))


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_has_the_same_tenants_alone_as_among_all(name: str) -> None:
    alone = as_json(audit(Fresh(SeesAll), name))["scenarios"]
    among = as_json(audit(Fresh(SeesAll)))["scenarios"]
    assert isinstance(alone, list)
    assert isinstance(among, list)

    (expected,) = [one for one in among if one["name"] == name]
    for report in (alone[0], expected):
        for finding in report["findings"]:
            # Which is told first hangs on the others.
            del finding["repeat"], finding["place"]

    assert alone == [expected]


def test_no_two_scenarios_share_a_tenant() -> None:
    found = campaign(Fresh())

    ids = [tenant.id for one in all_scenarios().values() for tenant in found.population(one)]

    assert len(set(ids)) == len(ids) == 3 * len(all_scenarios())


def test_without_a_catalogue_the_scenarios_that_are_run_make_it() -> None:
    chosen = scenarios(["list_all"])

    found = Campaign(adapt(Fresh(), "fake"), chosen, AuditSettings(seed=7), all_oracles())

    assert found.population(chosen[0]).first == 0


def test_a_factory_that_raises_for_the_first_tenant_is_an_error_with_its_place() -> None:
    def make_memory(user_id: str) -> object:
        msg = f"no database\n  for {user_id[:2]}"
        raise ConnectionError(msg)

    with pytest.raises(TargetError) as caught:
        audit(make_memory)

    text = str(caught.value)
    assert text.startswith("fake made no memory for the first tenant: ConnectionError: no database for mf (")
    assert "test_campaign.py:" in text
    assert "in make_memory" in text


def test_a_factory_that_raises_for_a_later_tenant_is_an_observation() -> None:
    made: list[str] = []

    class Limited(Fresh):
        def make_memory(self, user_id: str) -> object:
            made.append(user_id)
            if user_id != made[0]:
                msg = "one user only"
                raise RuntimeError(msg)
            return super().make_memory(user_id)

    result = audit(Limited(), "list_all")

    assert result.verdict is Verdict.INCONCLUSIVE
    assert "RuntimeError: one user only" in reasons(result)


def test_a_start_that_fails_at_once_is_an_error() -> None:
    class Down(Fresh):
        def start(self) -> None:
            msg = "no database"
            raise OSError(msg)

    with pytest.raises(TargetError, match="fake could not be started: OSError: no database"):
        audit(Down())


class Limited(Fresh):
    """A target that can be started so many times."""

    def __init__(self, memory: type[Memory], worlds: int) -> None:
        super().__init__(memory)
        self.worlds = worlds

    def start(self) -> None:
        self.worlds -= 1
        if self.worlds < 0:
            msg = "no more worlds"
            raise OSError(msg)
        super().start()


def test_a_start_that_fails_later_keeps_what_was_found_before() -> None:
    # The first scenario and its control each have a world; the second scenario has none.
    result = audit(Limited(SeesAll, worlds=2), "cross_search", "list_all")

    assert result.verdict is Verdict.VIOLATED
    assert result.scenarios[1].verdict is Verdict.INCONCLUSIVE
    assert result.scenarios[1].failure is not None
    assert "no more worlds" in result.scenarios[1].failure


def test_a_start_that_fails_for_the_control_keeps_what_was_found_before() -> None:
    result = audit(Limited(SeesAll, worlds=1), "cross_search")

    assert result.verdict is Verdict.VIOLATED


def interrupt_after(operations: int) -> Callable[[ScenarioResult], None]:
    def watch(result: ScenarioResult) -> None:
        if result.operations == operations:
            raise KeyboardInterrupt

    return watch


def interrupting(memory: type[Memory], *, after: int) -> type[Memory]:
    searches: list[str] = []

    class Interrupting(memory):  # type: ignore[misc, valid-type]  # chosen by the test
        def search(self, query: str) -> list[dict[str, str]]:
            searches.append(query)
            if len(searches) > after:
                raise KeyboardInterrupt
            return super().search(query)  # type: ignore[no-any-return]  # as above

    return Interrupting


@pytest.mark.parametrize(
    ("memory", "verdict"), [(Memory, Verdict.INCONCLUSIVE), (SeesAll, Verdict.VIOLATED)], ids=["sound", "leaking"]
)
def test_ctrl_c_in_the_middle_keeps_what_was_found(memory: type[Memory], verdict: Verdict) -> None:
    result = audit(Fresh(interrupting(memory, after=12)), "cross_search", "list_all")

    assert result.interrupted
    assert result.verdict is verdict
    assert [one.name for one in result.scenarios] == ["cross_search"]
    assert "it was interrupted" in reasons(result)
    assert result.scenarios[0].control is None


def test_ctrl_c_while_tenants_are_tried_alone_keeps_what_was_lost() -> None:
    searches = 3 * 2 + 3 * 2 * 2 * 3  # each of 3 tenants looks for its 2 facts, and 2 others do so in 3 ways

    result = audit(Fresh(interrupting(Empty, after=searches)), "cross_search")

    assert result.interrupted
    assert oracles(result) == {"lost"}
    assert result.verdict is Verdict.INCONCLUSIVE


def test_ctrl_c_between_two_scenarios_does_not_pass_for_held() -> None:
    class Stops(Fresh):
        worlds = 0

        def start(self) -> None:
            super().start()
            self.worlds += 1
            # One world for the first scenario, two for each of three tenants alone, and one for the control.
            if self.worlds == 9:
                raise KeyboardInterrupt

    result = audit(Stops(), "cross_search", "list_all")

    assert [one.verdict for one in result.scenarios] == [Verdict.HELD, Verdict.INCONCLUSIVE]
    assert result.verdict is Verdict.INCONCLUSIVE


def test_the_watch_sees_each_operation_once_then_each_replay_and_then_the_whole() -> None:
    seen: list[tuple[int, str]] = []

    result = campaign(Fresh(), "alice_and_bob").run(lambda found: seen.append((found.operations, found.repeats.doing)))

    replays = [(10, f"user {user} of 3 alone") for user in (1, 2, 3)]
    assert seen == [*((done, "") for done in range(1, 11)), *replays, (10, "")]
    assert result.scenarios[0].operations == 10


class Closing(Fresh):
    closed = 0

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("memory", [Memory, interrupting(Memory, after=3), without("add", "search", "get_all")])
def test_the_target_is_closed_once_whatever_happens(memory: type[Memory]) -> None:
    thing = Closing(memory)

    audit(thing)

    assert thing.closed == 1


def test_the_target_is_closed_after_a_set_up_error() -> None:
    class Broken(Closing):
        def make_memory(self, user_id: str) -> object:
            raise OSError(user_id)

    thing = Broken()

    with pytest.raises(TargetError):
        audit(thing)

    assert thing.closed == 1


def test_a_required_channel_that_was_exercised_leaves_the_verdict() -> None:
    assert audit(Fresh(), require=(Channel.SEARCH, Channel.DELETE_ALL)).verdict is Verdict.HELD


def test_a_required_channel_that_was_not_exercised_is_inconclusive() -> None:
    of_scenario = audit(Fresh(), "list_all", require=(Channel.SEARCH,))
    of_target = audit(Fresh(without("get_all")), require=(Channel.GET_ALL,))

    assert (of_scenario.verdict, of_scenario.missing) == (Verdict.INCONCLUSIVE, (Channel.SEARCH,))
    assert (of_target.verdict, of_target.missing) == (Verdict.INCONCLUSIVE, (Channel.GET_ALL,))


def test_a_required_channel_does_not_hide_a_violation() -> None:
    assert audit(Fresh(SeesAll), require=(Channel.HISTORY,)).verdict is Verdict.VIOLATED


@scenario(needs=(Add, Search), control="reroute")
def blind(population: Population) -> Plan:
    """It probes nothing that its control could show."""
    (victim, attacker), *_ = population.pairs()
    yield Add(victim, victim.facts[0])
    yield Search(attacker, attacker.facts[0].text, attacker.facts[0])


@scenario(needs=(Add, Search), control="swap")
def badly_named(population: Population) -> Plan:
    """Its control does not exist."""
    yield from blind.tell(population)


@scenario(needs=(Add, Search), control="reroute")
def looks_again(population: Population) -> Plan:
    """Its last step is one that no control can show."""
    (victim, attacker), *_ = population.pairs()
    yield Add(victim, victim.facts[0])
    yield Search(attacker, victim.facts[0].text, victim.facts[0])
    yield Search(victim, victim.facts[0].text, victim.facts[0])


@scenario(needs=(Search,), control="reroute")
def silent(population: Population) -> Plan:
    """It does nothing."""
    yield from ()
    del population


@pytest.mark.parametrize("found", [blind, silent])
def test_a_scenario_whose_control_is_not_caught_is_inconclusive(found: Scenario) -> None:
    result = audit(Fresh(), chosen=[found])

    assert result.verdict is Verdict.INCONCLUSIVE
    assert "The planted leak (reroute) was not noticed, so this scenario proves nothing." in reasons(result)


def test_a_control_that_was_caught_stays_caught() -> None:
    result = audit(Fresh(), chosen=[looks_again])

    control = result.scenarios[0].control
    assert control is not None
    assert control.caught_by == "canary_leak"
    assert result.verdict is Verdict.HELD


def test_a_control_is_not_caught_by_a_mere_loss() -> None:
    result = audit(Fresh(Empty), "cross_search")

    control = result.scenarios[0].control
    assert control is not None
    assert control.caught_by is None


def test_a_leak_is_not_taken_for_a_canary_that_was_never_planted() -> None:
    result = audit(Fresh(SeesAll), "cross_search")

    control = result.scenarios[0].control
    assert control is not None
    assert control.negative_silent


def test_a_scenario_that_names_an_unknown_control_is_an_error() -> None:
    with pytest.raises(UnknownNameError, match="unknown control 'swap'"):
        audit(Fresh(), chosen=[badly_named])


def test_a_canary_that_was_never_planted_and_is_found_makes_the_scenario_inconclusive() -> None:
    class Parrot(Memory):
        """Whatever is asked for is found."""

        def search(self, query: str) -> list[dict[str, str]]:
            return [*self.own(), {"id": "0", "memory": query, "user_id": "somebody"}]

    result = audit(Fresh(Parrot), "cross_search")

    control = result.scenarios[0].control
    assert control is not None
    assert not control.negative_silent
    assert "a canary that was never planted was found" in reasons(result)


def test_a_bare_text_that_quotes_the_query_is_no_false_alarm() -> None:
    class Polite(Memory):
        def search(self, query: str) -> list[str]:  # type: ignore[override]  # a list of strings is a shape too
            return [*(record["memory"] for record in self.own()), f"You asked for: {query}"]

    result = audit(Fresh(Polite), "cross_search")

    assert result.verdict is Verdict.HELD


@scenario(needs=(Add,), control="reroute")
def forgetful(population: Population) -> Plan:
    """It asks for more than the target can do, and sends on what it gets."""
    (victim, attacker), *_ = population.pairs()
    planted = yield Add(victim, victim.facts[0])
    looked = yield Search(attacker, victim.facts[0].text, victim.facts[0])
    assert looked.operation.principal == attacker
    assert planted.record.owner == victim.index


def test_an_operation_that_the_target_cannot_perform_is_left_out() -> None:
    result = audit(Fresh(without("search", "get_all")), chosen=[forgetful])

    assert result.scenarios[0].operations == 1
    assert result.verdict is Verdict.INCONCLUSIVE


def slow(*, lag: float) -> type[Memory]:
    """Return a memory that shows a record only some seconds after it was added."""
    added: dict[str, float] = {}

    class Slow(Memory):
        def add(self, text: str) -> dict[str, str]:
            added[text] = time.monotonic()
            return super().add(text)

        def own(self) -> list[dict[str, str]]:
            now = time.monotonic()
            return [record for record in super().own() if now - added[record["memory"]] >= lag]

    return Slow


@pytest.mark.parametrize("where", ["settings", "target"])
def test_an_eventually_consistent_store_is_waited_for(where: str) -> None:
    thing = Shared(slow(lag=0.02))
    if where == "target":
        thing.settle = 5.0  # type: ignore[attr-defined]  # part of the contract

    result = audit(thing, "cross_search", users=2, facts=1, settle=5.0 if where == "settings" else 0.0)

    assert result.verdict is Verdict.HELD


@pytest.mark.parametrize("kind", [Fresh, Shared])
def test_the_same_store_without_waiting_is_lost_and_never_a_leak(kind: type[Shared]) -> None:
    result = audit(kind(slow(lag=60)), "cross_search", "list_all", users=2)

    assert oracles(result) == {"lost"}
    assert result.verdict is Verdict.INCONCLUSIVE


class Crowded(Memory):
    """It keeps the newest two records only, whoever added them."""

    def add(self, text: str) -> dict[str, str]:
        stored = super().add(text)
        while len(self.records) > 2:
            del self.records[min(self.records, key=int)]
        return stored


def test_a_fact_that_others_crowd_out_is_interference() -> None:
    result = audit(Fresh(Crowded), "list_all")

    (group,) = [group for group in result.scenarios[0].findings if group.example.klass is FindingClass.INTERFERENCE]
    assert group.example.oracle == "lost"
    assert "alone in a fresh world the same calls find it" in group.example.evidence
    assert result.verdict is Verdict.VIOLATED


def test_a_fact_that_a_tenant_alone_loses_too_is_no_violation() -> None:
    result = audit(Fresh(Empty), "list_all")

    evidence = {sentence for group in result.scenarios[0].findings for sentence in group.example.evidence}
    assert "alone in a fresh world it is missing too" in evidence
    assert {group.example.klass for group in result.scenarios[0].findings} == {FindingClass.AVAILABILITY}
    assert result.verdict is Verdict.INCONCLUSIVE


def test_without_fresh_worlds_a_lost_fact_stays_an_open_question() -> None:
    result = audit(Shared(Crowded), "list_all")

    assert {group.example.klass for group in result.scenarios[0].findings} == {FindingClass.AVAILABILITY}
    assert result.verdict is Verdict.INCONCLUSIVE


def test_a_tenant_that_cannot_be_tried_alone_gives_no_false_alarm() -> None:
    class DownAfterwards(Fresh):
        worlds = 0

        def start(self) -> None:
            super().start()
            self.worlds += 1

        def make_memory(self, user_id: str) -> object:
            if self.worlds > 1:
                msg = "down"
                raise ConnectionError(msg)
            return super().make_memory(user_id)

    result = audit(DownAfterwards(Empty), "list_all")

    assert result.verdict is Verdict.INCONCLUSIVE


def test_only_so_many_tenants_are_tried_alone() -> None:
    class Counting(Fresh):
        worlds = 0

        def start(self) -> None:
            super().start()
            self.worlds += 1

    thing = Counting(Empty)

    result = audit(thing, "list_all", users=12, facts=1)

    assert sum(group.count for group in result.scenarios[0].findings) == 12
    # One for the scenario, one for its control, eight for the first that lost a fact; two of these were compared with
    # what they had seen alone there, and one more, which is tried once for that; and the control's two tenants. The
    # control, not caught, is run once more by who insists, and its tenants, too.
    assert thing.worlds == 1 + 1 + 8 + 1 + 2 + (1 + 2)


def test_one_asynchronous_client_serves_all_scenarios_and_controls() -> None:
    loops: list[asyncio.AbstractEventLoop] = []

    class Client(Memory):
        """As a connection pool does, it works in the event loop in which it was first used alone."""

        async def search(self, query: str) -> list[dict[str, str]]:  # type: ignore[override]  # awaitable
            loops.append(asyncio.get_running_loop())
            if loops[-1] is not loops[0]:
                msg = "attached to a different loop"
                raise RuntimeError(msg)
            return super().search(query)

    result = audit(Shared(Client), "cross_search", "alice_and_bob")

    assert reasons(result) == ""
    assert result.verdict is Verdict.HELD


@pytest.mark.parametrize("top_k", [None, 3])
def test_the_page_that_is_asked_for_reaches_the_target(top_k: int | None) -> None:
    asked: set[int] = set()

    class Paged(Memory):
        def search(self, query: str, top_k: int = 20) -> list[dict[str, str]]:
            asked.add(top_k)
            return super().search(query)[-top_k:]

    audit(Fresh(Paged), "cross_search", top_k=top_k)

    assert asked == {top_k or 20}


def test_times_are_taken_from_the_clock_that_is_passed_in() -> None:
    ticks = iter(range(10**9))

    result = Campaign(
        adapt(Fresh(), "fake"),
        scenarios(["list_all"]),
        AuditSettings(seed=7, users=2),
        all_oracles(),
        clock=lambda: float(next(ticks)),
    ).run()

    assert result.seconds == int(result.seconds) > 0
    assert 0 < result.inside < result.seconds


def test_a_result_knows_what_its_verdict_depends_on() -> None:
    result = audit(Fresh(), "list_all")

    assert result.versions == versions()
    assert {"python", "memfence", "mem0ai"} <= set(result.versions)
    assert result.repeat == "memfence audit fake --seed 7 --users 3 --facts 2 --scenario list_all"
    assert result.settings["users"] == 3


def test_queries_that_a_chat_memory_kept_are_removed_or_counted() -> None:
    class Chat(Memory):
        """It remembers what its user asks, under its user's own id."""

        def search(self, query: str) -> list[dict[str, str]]:
            found = super().search(query)
            self.add(query)
            return found

    production = Production(Chat)

    result = audit(production, "cross_search")

    left = [record["memory"] for record in production.records.values()]
    assert result.verdict is Verdict.HELD
    assert [text for text in left if text in STRANGERS] == list(STRANGERS)
    # Queries by subject hold no code: they are counted, and stay.
    assert result.left_behind == len(left) - len(STRANGERS) > 0
    assert not any(character.isdigit() for text in left if text not in STRANGERS for character in text)


# What others' presence changes.


class Counting(Memory):
    """Beside a user's own records it says how many there are of everybody's."""

    def listing(self) -> dict[str, object]:
        return {"count": len(self.records), "results": self.own()}

    def search(self, query: str) -> dict[str, object]:  # type: ignore[override]  # a page
        assert query
        return self.listing()

    def get_all(self) -> dict[str, object]:  # type: ignore[override]  # as above
        return self.listing()


class Worlds(Fresh):
    """It counts how often it was started."""

    worlds = 0

    def start(self) -> None:
        super().start()
        self.worlds += 1


def test_a_count_over_all_tenants_is_found_by_noninterference_alone() -> None:
    result = audit(Fresh(Counting), "list_all")

    (group,) = result.scenarios[0].findings
    assert (group.example.oracle, group.example.klass) == ("noninterference", FindingClass.INTERFERENCE)
    assert "count" in group.example.evidence[0]
    assert result.verdict is Verdict.VIOLATED
    assert result.channels == {Channel.GET_ALL: Verdict.VIOLATED}


def test_a_count_of_ones_own_records_is_none_of_the_others_doing() -> None:
    class OwnCount(Counting):
        def listing(self) -> dict[str, object]:
            return {"count": len(self.own()), "results": self.own()}

    assert audit(Fresh(OwnCount)).verdict is Verdict.HELD


def test_without_fresh_worlds_nobody_is_compared_with_itself_alone() -> None:
    result = audit(Shared(Counting), "list_all")

    assert oracles(result) == set()
    assert result.verdict is Verdict.HELD


def test_what_was_violated_is_not_compared_with_what_is_seen_alone() -> None:
    class Both(Counting):
        def own(self) -> list[dict[str, str]]:
            return [dict(record) for record in self.records.values()]

    thing = Worlds(Both)

    result = with_effort(thing, Effort(retold=False))

    assert "noninterference" not in oracles(result)
    # One for the scenario, one for its control.
    assert thing.worlds == 2


def test_a_store_that_crashes_alone_and_not_among_others_is_not_accused() -> None:
    class Lonely(Memory):
        """Its index cannot be made of one user's records."""

        def get_all(self) -> list[dict[str, str]]:
            if len({record["user_id"] for record in self.records.values()}) == 1:
                msg = "an index needs two clusters"
                raise RuntimeError(msg)
            return super().get_all()

    result = audit(Fresh(Lonely), "list_all")

    assert oracles(result) == set()
    assert result.verdict is Verdict.HELD


@scenario(needs=(Add, GetAll), control="reroute")
def at_once(population: Population) -> Plan:
    """Everybody adds, and then everybody looks, at the same moment."""
    tenants = list(population)
    yield Together(tuple(Add(tenant, tenant.facts[0]) for tenant in tenants))
    yield Together(tuple(GetAll(tenant, tenant.facts[0]) for tenant in tenants))
    for victim, attacker in population.pairs():
        yield GetAll(attacker, victim.facts[0])


@scenario(needs=(Add, GetAll), control="reroute")
def one_by_one(population: Population) -> Plan:
    """The same, one after the other."""
    for asked in at_once.tell(population):
        for operation in asked.operations if isinstance(asked, Together) else (asked,):  # noqa: UP028 - no generator
            yield operation


class Steady(Counting):
    """Its ids do not depend on who was first."""

    locked = threading.Lock()

    def add(self, text: str) -> dict[str, str]:
        with self.locked:
            return super().add(text)


def test_who_came_first_at_once_is_chance_and_is_not_compared() -> None:
    thing, other = Worlds(Steady), Worlds(Steady)

    assert audit(thing, chosen=[at_once]).verdict is Verdict.HELD
    assert thing.worlds == 2
    assert oracles(audit(other, chosen=[one_by_one])) == {"noninterference"}


def test_an_error_in_one_of_several_calls_at_once_is_one_crash_and_leaves_the_others() -> None:
    class OneFails(Steady):
        def get_all(self) -> dict[str, object]:  # type: ignore[override]  # a page
            if self.user_id.endswith("-1"):
                msg = "connection reset"
                raise RuntimeError(msg)
            return {"results": self.own()}

    result = audit(Fresh(OneFails), chosen=[at_once])

    # One on its own records, and two probes.
    assert result.scenarios[0].own_crashed == 1
    assert result.scenarios[0].total("crashed") == 2
    assert result.verdict is Verdict.INCONCLUSIVE
    assert oracles(result) == set()


def test_a_target_that_mixes_up_requests_that_meet_is_violated_and_one_by_one_is_not() -> None:
    class Current(Steady):
        """The user of the request is kept where all requests can write it."""

        users: list[str] = []  # noqa: RUF012 - shared on purpose

        def get_all(self) -> dict[str, object]:  # type: ignore[override]  # a page
            self.users.append(self.user_id)
            time.sleep(0.02)
            latest = self.users[-1]
            return {"results": [record for record in self.records.values() if record["user_id"] == latest]}

    assert audit(Fresh(Current), chosen=[one_by_one]).verdict is Verdict.HELD
    assert "canary_leak" in oracles(audit(Fresh(Current), chosen=[at_once]))


@scenario(needs=(Add, GetAll), control="reroute")
def many_rounds(population: Population) -> Plan:
    """Some rounds of tenants at once."""
    yield from interleave(population)


def test_a_plain_store_under_a_lock_is_held_when_its_tenants_meet() -> None:
    class Locked(Memory):
        locked = threading.RLock()

        def add(self, text: str) -> dict[str, str]:
            with self.locked:
                return super().add(text)

        def own(self) -> list[dict[str, str]]:
            with self.locked:
                return super().own()

    result = audit(Fresh(Locked), chosen=[many_rounds], users=5)

    assert (result.verdict, oracles(result)) == (Verdict.HELD, set())
    assert result.scenarios[0].tallies[Channel.GET_ALL].probes > 0


# A target that isolates may be random.


def erratic(show: Callable[[random.Random, list[dict[str, Any]]], list[dict[str, Any]]], seed: int) -> type[Memory]:
    """Return a memory that shows a user's own records by chance, and deletes all of them."""
    dice = random.Random(seed)  # noqa: S311 - a test's dice

    class Erratic(Memory):
        def own(self) -> list[dict[str, str]]:
            return show(dice, super().own())

        def delete_all(self) -> None:
            for record in Memory.own(self):
                del self.records[record["id"]]

    return Erratic


def shuffled(dice: random.Random, own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return dice.sample(own, len(own))


def jittering(dice: random.Random, own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**record, "score": 0.5 + dice.random() * 1e-9} for record in own]


def scored_at_random(dice: random.Random, own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(({**record, "score": dice.random()} for record in own), key=lambda record: -record["score"])


def page_of_two(dice: random.Random, own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return shuffled(dice, own)[:2]


def one_in_ten_missing(dice: random.Random, own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [record for record in own if dice.random() > 0.1]


def every_other_missing(dice: random.Random, own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [record for record in own if dice.random() > 0.5]


@pytest.mark.parametrize("show", [shuffled, jittering, scored_at_random])
@given(seed=st.integers(0, 2**32))
@profile(max_examples=8)
def test_a_target_that_is_random_and_isolates_is_held(
    show: Callable[[random.Random, list[dict[str, Any]]], list[dict[str, Any]]], seed: int
) -> None:
    result = audit(Fresh(erratic(show, seed)), seed=seed, facts=3)

    assert (result.verdict, oracles(result)) == (Verdict.HELD, set())


@pytest.mark.long
@pytest.mark.parametrize("show", [page_of_two, one_in_ten_missing, every_other_missing])
def test_a_target_that_loses_records_by_chance_and_isolates_is_not_violated(
    show: Callable[[random.Random, list[dict[str, Any]]], list[dict[str, Any]]],
) -> None:
    accused = {
        seed: oracles(result)
        for seed in range(25)
        if (result := audit(Fresh(erratic(show, seed)), seed=seed, facts=3)).verdict is Verdict.VIOLATED
    }

    assert accused == {}


# What stands outside of replies.


class Kept(Fresh):
    """A target that says what it stores and what its LLM was sent; a log keeps what was deleted."""

    def __init__(self, *, logs: bool = False, sees_prompts: bool = True) -> None:
        super().__init__()
        self.logs = logs
        self.sees_prompts = sees_prompts

    def start(self) -> None:
        super().start()
        self.log: list[str] = []
        self.sent: list[str] = []

    def make_memory(self, user_id: str) -> object:
        target = self

        class Extracting(Memory):
            def add(self, text: str, *, infer: bool = True) -> dict[str, str]:
                target.log.append(text)
                target.sent += [text] if infer else []
                return super().add(text)

        return Extracting(self.records, user_id)

    def storage(self) -> dict[str, list[str]]:
        stored = [record["memory"] for record in self.records.values()]
        return {"records": stored, "log": self.log if self.logs else []}

    def prompts(self) -> list[str]:
        return self.sent if self.sees_prompts else []


@scenario(needs=(Add, DeleteAll, GetAll, Ability.STORAGE), control="swallow", destructive=True)
def forgotten(population: Population) -> Plan:
    """A tenant leaves."""
    for victim in population:
        yield Add(victim, victim.facts[0])
        yield DeleteAll(victim, owner=victim.index)
        yield GetAll(victim.after_erasure(), victim.facts[0])
        yield ReadStorage(victim.after_erasure(), victim.facts[0])


def test_a_target_that_forgets_is_held_on_its_storage_too() -> None:
    result = audit(Kept(), chosen=[forgotten])

    assert (result.verdict, oracles(result)) == (Verdict.HELD, set())
    assert result.channels == {Channel.GET_ALL: Verdict.HELD, Channel.STORAGE: Verdict.HELD}


def test_what_only_a_log_still_holds_is_told_and_fails_where_it_was_told_to() -> None:
    told = audit(Kept(logs=True), chosen=[forgotten])
    failing = audit(Kept(logs=True), chosen=[forgotten], fail_on=(FindingClass.RESIDUE,))

    for result, verdict in ((told, Verdict.HELD), (failing, Verdict.VIOLATED)):
        (group,) = result.scenarios[0].findings
        assert (group.example.oracle, group.example.klass, group.count) == ("residue", FindingClass.RESIDUE, 3)
        assert result.verdict is verdict
        assert result.channels[Channel.STORAGE] is verdict


def test_a_storage_that_cannot_be_read_is_inconclusive() -> None:
    class Locked(Kept):
        def storage(self) -> dict[str, list[str]]:
            msg = "database is locked"
            raise RuntimeError(msg)

    result = audit(Locked(), chosen=[forgotten])

    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.channels[Channel.STORAGE] is Verdict.INCONCLUSIVE
    assert "database is locked" in reasons(result)


@scenario(needs=(Add, GetAll, Ability.PROMPTS), control="reroute", may_refuse=True)
def talkative(population: Population) -> Plan:
    """Everybody talks, and looks around."""
    for victim, attacker in population.pairs():
        yield Add(victim, victim.facts[0])
        yield GetAll(attacker, victim.facts[0])
        yield Chat(attacker, attacker.facts[-1], seeks=victim.facts[0])


def test_prompts_that_hold_ones_own_words_are_held() -> None:
    result = audit(Kept(), chosen=[talkative])

    assert result.channels == {Channel.GET_ALL: Verdict.HELD, Channel.PROMPTS: Verdict.HELD}


def test_another_tenants_fact_in_a_prompt_is_violated() -> None:
    class OneBuffer(Kept):
        def prompts(self) -> list[str]:
            return ["\n".join(self.log[: number + 1]) for number in range(len(self.log))]

    result = audit(OneBuffer(), chosen=[talkative])

    assert oracles(result) == {"prompt_bleed"}
    assert result.channels[Channel.PROMPTS] is Verdict.VIOLATED


def test_prompts_that_were_never_recorded_are_not_held() -> None:
    result = audit(Kept(sees_prompts=False), chosen=[talkative])

    assert result.channels[Channel.PROMPTS] is Verdict.INCONCLUSIVE


# What the settings and the target have to say.


@scenario(needs=(Add, GetAll, Ability.REOPEN), control="reroute")
def reopened(population: Population) -> Plan:
    """The store is closed and opened between two looks."""
    victim, attacker = list(population)[:2]
    yield Add(victim, victim.facts[0])
    yield Reopen(victim)
    yield GetAll(victim, victim.facts[0])
    yield GetAll(attacker, victim.facts[0])


class OnDisk(Fresh):
    """It notes how it was started, and can be closed and opened."""

    def __init__(self, memory: type[Memory] | None = None) -> None:
        super().__init__(memory)
        self.started: list[bool] = []
        self.reopened = 0

    def start(self, *, durable: bool = False) -> None:
        super().start()
        self.started.append(durable)

    def reopen(self) -> None:
        self.reopened += 1


def test_a_world_that_will_be_reopened_is_durable_and_no_other_is() -> None:
    thing = OnDisk()

    result = audit(thing, chosen=[reopened])
    durable, thing.started = thing.started, []
    audit(thing, "list_all")

    assert result.verdict is Verdict.HELD
    # Also those of its control and of the tenants that were tried alone.
    assert len(durable) > 2
    assert all(durable)
    # A replay that ends with its last doubtful step may end before that.
    assert len(durable) - 1 <= thing.reopened <= len(durable)
    assert not any(thing.started)


def test_a_target_that_forgets_when_it_is_reopened_lost_a_fact() -> None:
    class Volatile(OnDisk):
        def reopen(self) -> None:
            self.records = {}

    result = audit(Volatile(), chosen=[reopened])

    assert oracles(result) == {"lost"}
    assert result.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("need", "said"),
    [
        (Ability.REOPEN, "the target cannot be closed and opened again (reopen)"),
        (Ability.STORAGE, "the target does not show what it stores (storage)"),
        (Ability.FILTERS, "`search` and `get_all` take no `filters`"),
        ((Ability.RUN_ID, Ability.AGENT_ID), "`make_memory` takes no `run_id` or `agent_id`"),
    ],
)
def test_a_scenario_that_needs_what_the_target_does_not_offer_is_not_exercised(need: Any, said: str) -> None:
    @scenario(needs=(Add, need), control="reroute")
    def needy(population: Population) -> Plan:
        """It needs more than methods."""
        yield from at_once.tell(population)

    (found,) = audit(Fresh(), chosen=[needy]).scenarios

    assert (found.not_exercised or "").startswith(said)
    assert found.verdict is None
    assert found.control is None


@pytest.mark.parametrize(
    ("policy", "options"), [("aliases", {"aliases": "allow"}), ("wildcard-ids", {"wildcard_ids": "allow"})]
)
def test_what_is_allowed_is_not_tried(policy: str, options: dict[str, str]) -> None:
    @scenario(needs=(Add, GetAll), control="reroute", policy=policy)
    def disputed(population: Population) -> Plan:
        """It tries what some allow."""
        yield from one_by_one.tell(population)

    (tried,) = audit(Fresh(), chosen=[disputed]).scenarios
    (allowed,) = audit(Fresh(), chosen=[disputed], **options).scenarios

    assert tried.verdict is Verdict.HELD
    assert allowed.verdict is None
    assert f"--{policy} allow" in (allowed.not_exercised or "")


def test_notes_of_the_target_stand_in_the_result() -> None:
    thing = Fresh()
    thing.notes = ["Calls are serialised."]  # type: ignore[attr-defined]  # part of the contract

    assert audit(thing, "list_all").notes[0] == "Calls are serialised."


def test_a_crowd_that_is_too_small_to_push_out_ones_own_everywhere_is_told() -> None:
    small, big = (audit(Fresh(), "list_all", crowd=crowd).notes for crowd in (100, 2000))

    assert [note for note in small if note.startswith("100 records of others were piled up")] != []
    assert [note for note in big if "piled up" in note] == []


@pytest.mark.parametrize(("kind", "expected"), [(Fresh, 2000), (Production, 100)])
def test_a_crowd_is_what_the_target_can_bear_or_what_was_said(kind: type[Shared], expected: int) -> None:
    chosen = scenarios(["list_all"])[0]

    assert campaign(kind()).population(chosen).crowd == expected
    assert campaign(kind(), crowd=7).population(chosen).crowd == 7


def test_a_control_needs_no_crowd_of_its_own() -> None:
    piled: list[int] = []

    @scenario(needs=(Add, GetAll), control="reroute")
    def crowded(population: Population) -> Plan:
        """It notes how many it may pile up."""
        piled.append(population.crowd)
        yield from one_by_one.tell(population)

    audit(Fresh(), chosen=[crowded], crowd=500)
    audit(Fresh(), chosen=[crowded], crowd=5)

    assert piled[0] == 500
    assert 5 < piled[1] <= 50
    assert piled[2:] == [5, 5]


@pytest.mark.parametrize("crowd", [1, 1100])
def test_two_users_are_enough_for_a_crowd_of_any_size(crowd: int) -> None:
    result = audit(Fresh(), "crowding_out", users=2, crowd=crowd)

    assert result.verdict is Verdict.HELD


# What is done beside the scenarios.


def with_effort(thing: object, effort: Effort | None) -> CampaignResult:
    settings = AuditSettings(seed=7, users=5, facts=2)
    return Campaign(adapt(thing, "fake"), scenarios(("list_all",)), settings, all_oracles(), effort=effort).run()


class Started(Fresh):
    """Counts its worlds."""

    worlds = 0

    def start(self) -> None:
        self.worlds += 1
        super().start()


def worlds(effort: Effort | None) -> int:
    thing = Started()
    with_effort(thing, effort)
    return thing.worlds


def test_without_controls_none_is_run_and_the_rest_is_as_before() -> None:
    (with_all,), (without,) = (with_effort(Fresh(), one).scenarios for one in (None, Effort(controls=False)))

    assert with_all.control is not None
    assert without.control is None
    assert (without.verdict, without.operations, without.compared) == (Verdict.HELD, with_all.operations, True)


def test_each_tenant_that_is_compared_with_itself_costs_worlds_of_its_own_and_three_are_usual() -> None:
    two, three, all_five = (worlds(Effort(controls=False, compared=number)) for number in (2, 3, 5))

    assert two < three < all_five
    assert three - two == (all_five - two) / 3
    assert worlds(Effort(compared=3)) == worlds(None)


def test_fewer_than_two_tenants_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="at least 2 tenants are compared, got compared=1"):
        Effort(compared=1)
