import re
import shlex
from dataclasses import fields, replace
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from memfence import Channel
from memfence.base.errors import HarnessError, UnknownNameError
from memfence.campaigns.configuration import Configuration
from memfence.campaigns.policies import ALLOW, DENY
from memfence.campaigns.settings import FAST, AuditSettings
from memfence.commands.cli import app
from memfence.model.findings import FindingClass

whole = st.integers(min_value=1, max_value=10**6)
every_setting = st.builds(
    AuditSettings,
    seed=st.integers(),
    users=st.integers(min_value=2),
    facts=whole,
    probes=st.none() | whole,
    scenarios=st.lists(st.sampled_from(["list_all", "cross_search"]) | st.text(), max_size=3).map(tuple),
    breakage=st.none() | st.text(),
    top_k=st.none() | whole,
    require=st.lists(st.sampled_from(Channel), max_size=3).map(tuple),
    settle=st.floats(min_value=0, allow_infinity=False),
    allow_destructive=st.booleans(),
    crowd=st.none() | whole,
    fail_on=st.lists(st.sampled_from(FindingClass), max_size=3).map(tuple),
    wildcard_ids=st.sampled_from([ALLOW, DENY]),
    aliases=st.sampled_from([ALLOW, DENY]),
    show_content=st.booleans(),
)


def parsed(command: str) -> dict[str, Any]:
    """Return what the command line makes of a command: each option's value, and the target."""
    program, name, *words = shlex.split(command)
    audit = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]  # a group has commands
    values: dict[str, Any] = audit.make_context(program, words).params
    return values


def settings_of(said: dict[str, Any]) -> AuditSettings:
    """Return the settings that these options make, where no pyproject.toml says anything."""
    fast = FAST if said["fast"] else {}
    values = {**fast, **{name: value for name, value in said.items() if value not in (None, [], ())}}
    return AuditSettings(
        seed=said["seed"],
        scenarios=tuple(values.pop("scenarios", ())),
        require=tuple(Channel(name) for name in values.pop("require", ())),
        fail_on=tuple(FindingClass(name) for name in values.pop("fail_on", ())),
        **{one.name: values[one.name] for one in fields(AuditSettings) if one.name in values and one.name != "seed"},
    )


@given(chosen=every_setting, target=st.from_regex(r"[a-z][a-z_.]{0,9}:[a-z ']{1,9}", fullmatch=True))
def test_the_command_of_any_settings_says_the_same_settings(chosen: AuditSettings, target: str) -> None:
    said = parsed(chosen.command(target))

    assert settings_of(said) == chosen
    assert said["target"] == target


FEW = AuditSettings(seed=7, **FAST)


@pytest.mark.parametrize(
    ("settings", "spoken", "said"),
    [
        (FEW, (), "memfence audit mem0 --fast --seed 7"),
        (replace(FEW, scenarios=("same_key",)), (), "memfence audit mem0 --fast --seed 7 --scenario same_key"),
        (
            replace(FEW, crowd=61),
            (),
            "memfence audit mem0 --seed 7 --users 4 --facts 2 --probes 1 --crowd 61 --load 60 --examples 12",
        ),
        (
            FEW,
            ("crowd",),
            "memfence audit mem0 --seed 7 --users 4 --facts 2 --probes 1 --crowd 60 --load 60 --examples 12",
        ),
    ],
    ids=["fast", "one scenario", "other amounts", "a table speaks of one"],
)
def test_what_was_fast_is_repeated_fast_where_that_says_the_same(
    settings: AuditSettings, spoken: tuple[str, ...], said: str
) -> None:
    assert settings.command("mem0", spoken) == said
    if "--fast" in said:
        assert Configuration(seed=7, fast=True).settings(0) == FEW


def test_the_command_leaves_out_what_is_at_its_default() -> None:
    assert AuditSettings(seed=7).command("mem0") == "memfence audit mem0 --seed 7"


def test_the_command_line_leaves_what_it_does_not_say_to_the_settings() -> None:
    said = parsed("memfence audit")

    options = {one.name for one in fields(AuditSettings)}
    assert options < said.keys()
    assert {name for name in (*options, "target") if said[name]} == set()
    assert settings_of({**said, "seed": 7}) == AuditSettings(seed=7)


def test_a_value_that_the_shell_would_read_otherwise_is_quoted() -> None:
    command = AuditSettings(seed=-1, breakage="a b; rm $HOME").command("my app:make")

    assert command == "memfence audit 'my app:make' --seed -1 --breakage 'a b; rm $HOME'"


@pytest.mark.parametrize("users", [1, 0, -2])
def test_fewer_than_two_users_are_no_question_of_isolation(users: int) -> None:
    with pytest.raises(HarnessError, match=f"^isolation needs at least 2 users, got users={users}$"):
        AuditSettings(seed=1, users=users)


@pytest.mark.parametrize("name", ["facts", "probes", "top_k", "crowd"])
@pytest.mark.parametrize("value", [0, -1])
def test_nothing_to_do_is_refused(name: str, value: int) -> None:
    options: dict[str, Any] = {name: value}

    with pytest.raises(HarnessError, match=f"^{name} must be at least 1, got {name}={value}$"):
        AuditSettings(seed=1, **options)


@pytest.mark.parametrize("settle", [-0.5, float("nan")])
def test_a_time_that_never_ends_or_lies_in_the_past_is_refused(settle: float) -> None:
    with pytest.raises(HarnessError, match="settle must be"):
        AuditSettings(seed=1, settle=settle)


def test_the_smallest_numbers_will_do() -> None:
    smallest = AuditSettings(seed=0, users=2, facts=1, probes=1, top_k=1, settle=0)

    assert (smallest.users, smallest.facts, smallest.probes, smallest.top_k, smallest.settle) == (2, 1, 1, 1, 0)


def test_the_plain_values_hold_each_setting_but_the_seed() -> None:
    values = AuditSettings(seed=7, users=4, require=(Channel.GET,)).as_dict()

    assert "seed" not in values
    assert (values["users"], values["require"], values["breakage"]) == (4, (Channel.GET,), None)
    again = AuditSettings(seed=7, **values)  # type: ignore[arg-type]  # plain values
    assert (again.as_dict(), values["examples"]) == (values, 40)


@pytest.mark.parametrize("policy", ["wildcard_ids", "aliases"])
@pytest.mark.parametrize("value", ["yes", "", "Allow", True])
def test_a_policy_is_deny_or_allow(policy: str, value: object) -> None:
    options: dict[str, Any] = {policy: value}

    helped = "did you mean 'allow'?" if value == "Allow" else "choose from allow, deny"
    with pytest.raises(UnknownNameError, match=re.escape(f"unknown {policy.replace('_', '-')} {value!r}; {helped}")):
        AuditSettings(seed=1, **options)


def test_only_what_was_allowed_is_and_by_default_nothing_is() -> None:
    assert AuditSettings(seed=1).allowed == ()
    assert AuditSettings(seed=1, aliases=ALLOW).allowed == ("aliases",)
    assert AuditSettings(seed=1, wildcard_ids=ALLOW, aliases=DENY).allowed == ("wildcard-ids",)


def test_a_crowd_is_smaller_on_a_store_that_holds_other_data_too() -> None:
    usual, chosen = AuditSettings(seed=1), AuditSettings(seed=1, crowd=7)

    assert (usual.crowd_for(disposable=True), usual.crowd_for(disposable=False)) == (2000, 100)
    assert chosen.crowd_for(disposable=True) == chosen.crowd_for(disposable=False) == 7


def test_one_tenants_records_are_more_than_a_page_and_never_more_than_a_crowd() -> None:
    usual, small, large = AuditSettings(seed=1), AuditSettings(seed=1, crowd=7), AuditSettings(seed=1, crowd=5000)

    assert (usual.bulk_for(disposable=True), usual.bulk_for(disposable=False)) == (250, 100)
    assert (usual.pages_for(disposable=True), usual.pages_for(disposable=False)) == (1024, 100)
    assert small.bulk_for(disposable=True) == small.bulk_for(disposable=False) == 7
    assert large.bulk_for(disposable=True) == large.bulk_for(disposable=False) == 250


def test_policies_and_what_is_to_fail_are_repeated() -> None:
    chosen = AuditSettings(seed=7, crowd=5, fail_on=(FindingClass.RESIDUE,), wildcard_ids=ALLOW, aliases=ALLOW)

    assert chosen.command("mem0") == (
        "memfence audit mem0 --seed 7 --crowd 5 --fail-on residue --wildcard-ids allow --aliases allow"
    )


def test_a_breakage_takes_the_wrappers_place() -> None:
    with pytest.raises(HarnessError, match="--breakage drop_user_id or --wrapper plain"):
        AuditSettings(seed=7, breakage="drop_user_id", wrapper="plain")
