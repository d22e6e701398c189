from dataclasses import dataclass, field
from typing import Any

import pytest

from memfence.base.refusals import IsolationError, RecordNotFoundError, ScopeError
from memfence.breakages.broken_client import BrokenClient
from memfence.breakages.unchecked import AGENT, Ids, UncheckedMemory, after, bind, without_user
from memfence.campaigns import resolve, trials
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.model.channels import Channel
from memfence.model.findings import Verdict
from memfence.performing.contract import adapt
from memfence.scoped.wrappers import scoped
from memfence.targets.built_in.reference import open_target
from memfence.targets.reference_client import ReferenceClient


class AnswersWithAnothers(BrokenClient):
    """Whoever asks gets what is Bob's."""

    def search(self, query: str, *, filters: Ids, **options: Any) -> Any:
        return self.client.search(query, filters={**filters, "user_id": "u_bob"}, **options)

    def get_all(self, *, filters: Ids, top_k: int = 20) -> Any:
        return self.client.get_all(filters={**filters, "user_id": "u_bob"}, top_k=top_k)


@dataclass
class Kept:
    """What a memory of some kind was made of."""

    client: object
    ids: Ids = field(default_factory=dict)


def stored(client: Any, user_id: str, text: str) -> str:
    (record,) = bind(client)(user_id).add(text, infer=False)["results"]
    record_id: str = record["id"]
    return record_id


@pytest.mark.parametrize("checked", [True, False])
def test_without_a_defect_it_isolates_in_every_scenario(checked: bool) -> None:  # noqa: FBT001 - pytest passes it so
    small = trials.SMALL["reference"]

    def wrap(client: Any) -> Any:
        return bind(client, checked=checked)

    target = open_target(wrap, wrap, page=small.page)
    campaign = Campaign(
        adapt(target, "reference"),
        [one for one in resolve.scenarios(()) if one.fits("")],
        AuditSettings(seed=0, users=trials.USERS, facts=trials.FACTS, probes=trials.PROBES, crowd=small.crowd),
        resolve.all_oracles(),
        effort=trials.EFFORT,
    )

    result = campaign.run()

    assert [(one.name, group.example.evidence) for one in result.scenarios for group in one.findings] == []
    assert result.verdict is Verdict.HELD
    left_out = [one.name for one in result.scenarios if one.not_exercised is not None]
    assert left_out == []


def test_a_reply_with_anothers_record_is_believed_where_scoped_memory_stops_it() -> None:
    client = ReferenceClient()
    stored(client, "u_bob", "I like tea.")
    store = AnswersWithAnothers(client)
    ann = bind(store)("u_ann")

    found, listed = ann.search("tea"), ann.get_all()

    assert [record["user_id"] for record in (*found, *listed)] == ["u_bob", "u_bob"]
    with pytest.raises(IsolationError):
        scoped.wrap(store)("u_ann", agent_id=AGENT).search("tea")


@pytest.mark.parametrize(
    "call",
    [
        lambda memory, record_id: memory.get(record_id),
        lambda memory, record_id: memory.update(record_id, "I like coffee."),
        lambda memory, record_id: memory.delete(record_id),
        lambda memory, record_id: memory.history(record_id),
    ],
)
def test_a_record_id_of_anothers_is_answered_as_an_unknown_one(call: Any) -> None:
    client = ReferenceClient()
    record_id = stored(client, "u_bob", "I like tea.")

    with pytest.raises(RecordNotFoundError):
        call(bind(client)("u_ann"), record_id)

    assert client.get(record_id)["memory"] == "I like tea."


def test_its_owner_may_do_everything_with_a_record() -> None:
    client = ReferenceClient()
    record_id = stored(client, "u_ann", "I like tea.")
    ann = bind(client)("u_ann")

    ann.update(record_id, "I like coffee.")

    assert ann.get(record_id)["memory"] == "I like coffee."
    assert [text["new_memory"] for text in ann.history(record_id)] == ["I like tea.", "I like coffee."]
    ann.delete(record_id)
    assert ann.get_all() == []


def test_delete_all_takes_what_is_kept_beside_the_records_and_nothing_of_others() -> None:
    client = ReferenceClient()
    ann, bob = bind(client)("u_ann"), bind(client)("u_bob")
    ann.add("I like tea.")
    bob.add("I like coffee.")

    ann.delete_all()

    assert [record["memory"] for record in bob.get_all()] == ["I like coffee."]
    assert "I like tea." not in str(client.tables())


def test_filters_and_metadata_reach_the_client() -> None:
    ann = bind(ReferenceClient())("u_ann")
    ann.add("I like tea.", infer=False, metadata={"kind": "drink"})
    ann.add("I like cake.", infer=False)

    assert [record["memory"] for record in ann.search("like", filters={"kind": "drink"})] == ["I like tea."]
    assert [record["memory"] for record in ann.get_all(filters={"kind": "drink"})] == ["I like tea."]


def test_a_page_is_cut_as_mem0_cuts_it_and_a_listing_is_whole() -> None:
    ann = bind(ReferenceClient(page=2))("u_ann")
    for number in range(3):
        ann.add(f"I have {number} cats.", infer=False)

    assert (len(ann.page(ann.ids)), len(ann.listed(None))) == (2, 3)


def test_one_kind_of_call_can_be_made_under_other_ids() -> None:
    class Wide(UncheckedMemory):
        def ids_for(self, channel: Channel) -> Ids:
            return without_user(self.ids) if channel is Channel.SEARCH else self.ids

    client = ReferenceClient()
    stored(client, "u_bob", "I like tea.")
    ann = bind(client, Wide)("u_ann")

    assert len(ann.search("tea")) == 1
    assert ann.get_all() == []


def test_everybodys_memory_is_that_of_one_agent() -> None:
    client = ReferenceClient()
    stored(client, "u_bob", "I like tea.")
    bind(client)("u_eve", agent_id="another").add("I like gin.", infer=False)

    listed = bind(client)("u_ann").everybodys().listed(None)

    assert [record["memory"] for record in listed] == ["I like tea."]


def test_all_users_are_bound_to_one_agent_unless_another_is_given() -> None:
    make = bind(ReferenceClient())

    assert make("u_ann").ids == {"user_id": "u_ann", "agent_id": AGENT}
    assert make("u_bob", agent_id="b", run_id="r").ids == {"user_id": "u_bob", "agent_id": "b", "run_id": "r"}


def test_another_kind_of_memory_is_given_the_client_and_the_ids() -> None:
    client = ReferenceClient()

    made = bind(client, Kept)("u_ann")

    assert (made.client, made.ids) == (client, {"user_id": "u_ann", "agent_id": AGENT})


def test_an_id_is_spelled_before_it_is_checked() -> None:
    make = bind(ReferenceClient(), spelled=str.strip)

    assert make(" u_ann ").user_id == "u_ann"
    with pytest.raises(ScopeError):
        make("   ")


@pytest.mark.parametrize("user_id", ["*", " u_ann", "u ann"])
def test_an_odd_id_is_refused_unless_it_is_not_to_be_checked(user_id: str) -> None:
    with pytest.raises(ScopeError):
        bind(ReferenceClient())(user_id)

    assert bind(ReferenceClient(), checked=False)(user_id, run_id="r").ids.keys() == {"user_id", "agent_id", "run_id"}


def test_ids_that_are_not_checked_are_encoded_one_by_one() -> None:
    make = bind(ReferenceClient(), checked=False)

    users = [make(user_id).user_id for user_id in ("*", " u_ann", "u_ann", "u_ann ", "%2A", "ü", "\ud800")]

    assert users == ["%2A", "%20u_ann", "u_ann", "u_ann%20", "%252A", "%C3%BC", "%ED%A0%80"]


@pytest.mark.parametrize("user_id", ["", None, 7])
def test_no_id_is_refused_also_where_ids_are_not_checked(user_id: Any) -> None:
    with pytest.raises((ScopeError, TypeError)):
        bind(ReferenceClient(), checked=False)(user_id)


def test_a_message_stands_behind_those_of_before() -> None:
    assert after([], "Hello.") == [{"role": "user", "content": "Hello."}]
    assert after(["One.", "Two."], "Hello.") == [
        {"role": "system", "content": "Earlier messages:\nOne.\nTwo."},
        {"role": "user", "content": "Hello."},
    ]


def test_what_stands_before_a_client_resets_it_by_that_very_client() -> None:
    class Keeping(BrokenClient):
        def reset(self) -> None:
            pass

    target = open_target(lambda client: bind(Keeping(client)))
    target.make_memory("u_ann").add("I like tea.", infer=False)

    target.reset()

    assert [record["memory"] for record in target.make_memory("u_ann").get_all()] == ["I like tea."]
