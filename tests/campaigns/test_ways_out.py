"""A scenario that was not exercised says what lets it be."""

from dataclasses import replace

import pytest

from memfence.campaigns import resolve
from memfence.campaigns.settings import AuditSettings
from memfence.campaigns.ways_out import PERMISSION, gap, obstacle
from memfence.model.channels import Channel, possible
from memfence.model.gaps import Gap
from memfence.performing.contract import Target

PLAIN = frozenset({"add", "search"})
TARGET = Target("own", lambda _: None)


def lacking(name: str, available: frozenset[str] = PLAIN, target: Target = TARGET, *allowed: str) -> Gap:
    return gap(resolve.all_scenarios()[name], available, target, allowed)


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("erasure", "give the target `delete_all`"),
        ("crowded_store", "give the target `load`"),
        ("mixed_scopes", "let `make_memory` take `run_id`, `agent_id` or `app_id`"),
        ("scope_override_by_filter", "let `search` or `get_all` take `filters`"),
        ("scope_override_by_metadata", "let `add` or `update` take `metadata`"),
        ("interleaved_async", "make the methods coroutines, or give the target `make_async_memory`"),
        ("extracted", "give the target `prompts` (and an `add` that takes `infer`)"),
    ],
)
def test_what_the_target_lacks_is_what_it_is_to_be_given(name: str, way_out: str) -> None:
    assert lacking(name).way_out == way_out


@pytest.mark.parametrize(
    ("name", "keys", "way_out"),
    [
        ("erasure", "", "write `delete_all = 'DELETE /memories'` into the application's file"),
        ("crowded_store", "", "no line of a file says `load`"),
        ("erasure", "flat", "write `clear = 'DELETE /files'` into the application's file"),
        ("aliased_ids", "", "write `disposable = true` into the application's file, if it may be wiped"),
    ],
)
def test_an_application_is_to_be_given_a_line_of_its_file(name: str, keys: str, way_out: str) -> None:
    assert lacking(name, PLAIN, replace(TARGET, by_file=True, keys=keys)).way_out == way_out


def test_one_of_several_methods_is_enough() -> None:
    assert lacking("reused_ids", PLAIN | {"delete"}).way_out == "give the target `get` or `history`"


def test_a_permission_is_asked_for_where_that_is_all_that_is_wanting() -> None:
    found = lacking("aliased_ids")

    assert found.unpermitted
    assert found.way_out == PERMISSION


def test_a_target_that_is_never_wiped_is_not_asked_for_a_permission() -> None:
    assert lacking("aliased_ids", PLAIN, replace(TARGET, never_wiped=True)).way_out == (
        "this target is never wiped: audit a copy of it"
    )


def test_what_a_policy_allows_lacks_nothing() -> None:
    assert lacking("aliased_ids", PLAIN, TARGET, "aliases") == Gap(destructive=True)


def test_the_channels_of_a_target_are_its_methods_and_its_errors() -> None:
    assert possible(PLAIN) == (Channel.SEARCH, Channel.ERRORS)
    assert possible(PLAIN | {"metadata", "add.metadata", "storage"}) == (
        Channel.ADD,
        Channel.SEARCH,
        Channel.ERRORS,
        Channel.STORAGE,
    )


def test_a_reset_of_the_whole_store_takes_more_than_leave_to_delete() -> None:
    scenario = resolve.all_scenarios()["reset_then_reuse"]
    offers = PLAIN | {"reset"}
    may_delete = AuditSettings(seed=1, allow_destructive=True)

    assert lacking("reset_then_reuse").way_out == "give the target `reset`"
    assert obstacle(scenario, offers, replace(TARGET, disposable=True), AuditSettings(seed=1)) is None
    assert obstacle(scenario, offers, TARGET, may_delete) == "the target is not disposable (it resets the whole store)"
