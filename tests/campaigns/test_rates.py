from pathlib import Path

import pytest

from memfence.base.errors import HarnessError, UnknownNameError
from memfence.campaigns import resolve
from memfence.campaigns.rates import Rate, explorable, rate, rates, smallest
from memfence.campaigns.workers import Workers


def test_found_counts_the_seeds_on_which_it_was_found_soon() -> None:
    assert Rate("b", "canary_leak", (1, 60, None, 61, 2000)).found == 2
    assert Rate("b", "canary_leak", ()).found == 0


def test_missed_is_what_no_seed_found_however_late() -> None:
    assert Rate("b", "canary_leak", (None, None)).missed
    assert not Rate("b", "canary_leak", (2000, None)).missed


def test_a_breakage_has_a_rate_and_the_least_that_shows_it() -> None:
    known = rate("drop_user_id", range(2))

    assert (known.breakage, known.caught_by) == ("drop_user_id", "canary_leak")
    assert len(known.first) == 2
    assert known.found == 2
    assert (known.tenants, known.operations) == (2, 2)


def test_the_least_that_shows_it_is_of_the_oracle_that_must_catch_it() -> None:
    found = smallest(resolve.all_breakages()["no_owner_check_on_get"], 1)

    assert found.finding.oracle == "canary_leak"
    assert len(found.operations) == 2


def test_each_breakage_that_is_named_is_told_as_it_is_known() -> None:
    found = list(rates(["drop_user_id"], 1, Workers(1)))

    assert [one.breakage for one in found] == ["drop_user_id"]


def test_an_unknown_breakage_and_no_seeds_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="drop_user_di"):
        list(rates(["drop_user_di"], 1, Workers(1)))
    with pytest.raises(HarnessError, match="seeds must be at least 1, got seeds=0"):
        list(rates([], 0, Workers(1)))


def test_what_only_a_time_shows_is_not_explored() -> None:
    assert set(resolve.all_breakages()) - set(explorable()) == {"deciphered_before_checking", "warm_for_everybody"}


def table() -> dict[str, tuple[int, int]]:
    """Return the least that shows each breakage, users and calls, as the committed table has it."""
    text = (Path(__file__).parents[2] / "reports" / "machine.md").read_text(encoding="utf-8")
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return {row[0]: (int(row[4]), int(row[5])) for row in found[2:] if row[3] != "missed"}


def test_the_committed_table_has_breakages_in_order_and_none_takes_more_than_two_users() -> None:
    least = table()

    assert list(least) == sorted(least)
    assert set(least) <= set(resolve.all_breakages())
    assert all(users <= 2 for users, _ in least.values())


@pytest.mark.long
@pytest.mark.parametrize("name", ["drop_user_id", "error_quotes_neighbour", "soft_delete", "previous_callers_id"])
def test_the_least_that_shows_it_is_as_the_committed_table_has_it(name: str) -> None:
    found = smallest(resolve.all_breakages()[name], 0)

    assert (found.tenants, len(found.operations)) == table()[name]
