"""A campaign whose ids have the application's form: what an application does to these ids is seen."""

from pathlib import Path
from typing import Any

import pytest
from simple_targets import Simple

from memfence.base.errors import TargetError, UnknownNameError
from memfence.campaigns import resolve
from memfence.campaigns.audits import Audit
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.explorations import ExploreSettings
from memfence.campaigns.exploring import Explorer
from memfence.campaigns.replaying import run
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.performing.contract import Target, adapt
from memfence.plans.replays import load, replay_of, save

FEW = ("alice_and_bob", "list_all")


class Mailboxes:
    """An application whose users are mailboxes: of an address it keeps what stands before `+`, and the domain."""

    disposable = True

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.start()

    def start(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def make_memory(self, user_id: str) -> Simple:
        self.seen.add(str(user_id))
        name, at, domain = str(user_id).partition("@")
        return Simple(self.rows, f"{name.partition('+')[0] if at else name}{at}{domain}")


def verdict(target: Target, **options: Any) -> Verdict:
    settings = AuditSettings(seed=3, users=3, scenarios=FEW, **options)
    return Campaign(target, resolve.scenarios(FEW), settings, resolve.all_oracles()).run().verdict


def test_what_an_application_does_to_an_address_is_seen_where_ids_are_addresses() -> None:
    assert verdict(adapt(Mailboxes(), "mailboxes")) is Verdict.HELD
    assert verdict(adapt(Mailboxes(), "mailboxes"), id_form="email") is Verdict.VIOLATED


def test_a_target_says_how_its_ids_are_written_and_an_option_wins() -> None:
    mailboxes: Any = Mailboxes()
    mailboxes.id_form = "email"

    assert verdict(adapt(mailboxes, "mailboxes")) is Verdict.VIOLATED
    assert verdict(adapt(mailboxes, "mailboxes"), id_form="uuid") is Verdict.HELD


def test_a_function_of_the_targets_writes_the_ids() -> None:
    mailboxes: Any = Mailboxes()
    mailboxes.id_form = lambda number: f"user-{number}@corp.example"

    assert verdict(adapt(mailboxes, "mailboxes")) is Verdict.HELD
    assert all(one.startswith("user-") and one.endswith("@corp.example") for one in mailboxes.seen)


@pytest.mark.parametrize("form", ["email", "uuid", "number"])
def test_the_reference_is_held_whatever_the_form(form: str) -> None:
    settings = AuditSettings(seed=5, users=3, crowd=20, load=20, id_form=form, scenarios=("list_all", "path_ids"))

    result = Audit(resolve.target("reference"), settings, resolve.all_oracles(), repeat="").run()

    assert result.verdict is Verdict.HELD


def test_histories_find_it_and_a_replay_shows_it_again(tmp_path: Path) -> None:
    settings = ExploreSettings(seed=3, examples=4, id_form="email")
    explored = Explorer(adapt(Mailboxes(), "mailboxes"), settings, resolve.all_oracles()).run()

    found = explored.counterexamples[0]
    save(replay_of(found, "mailboxes", settings.as_dict(), 3), tmp_path / "one.json")
    saved = load(tmp_path / "one.json")

    assert all("+" in one.id for one in found.principals)
    assert saved.id_form == "email"
    assert run(saved, adapt(Mailboxes(), "mailboxes")).verdict is Verdict.VIOLATED


def test_a_form_that_there_is_not_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="emial"):
        AuditSettings(seed=1, id_form="emial")
    odd: Any = Mailboxes()
    odd.id_form = 7
    with pytest.raises(TargetError, match="id_form must be one of name, email, uuid, number, or a function"):
        adapt(odd, "mailboxes")
