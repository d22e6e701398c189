"""What the harness itself costs an audit, and whether a step costs more among more users. Reported, never asserted.

In CPU time, as machines are shared. Run with `pytest tests/benchmarks/test_audit_share.py -n 0 -m "slow or not slow"`.
"""

import sys
import time
import tracemalloc

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings

# Of each kind one: many looks, many writes, erasures, looks into the store, chats under further ids.
SCENARIOS = ("cross_search", "list_all", "update_by_foreign_id", "delete_by_foreign_id", "erasure", "mixed_scopes")
USERS = (20, 100, 500)


def campaign(target: str, users: int, *scenarios: str) -> Campaign:
    settings = AuditSettings(seed=7, users=users)
    return Campaign(
        resolve.target(target),
        resolve.scenarios(scenarios),
        settings,
        resolve.all_oracles(),
        catalogue=resolve.all_scenarios(),
        clock=time.process_time,
    )


def show(benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str], **figures: float) -> None:
    benchmark.extra_info.update(figures)
    with capsys.disabled():
        sys.stdout.write("".join(f"\n  {name}: {value:.4g}" for name, value in figures.items()) + "\n")


@pytest.mark.parametrize("users", [20, pytest.param(100, marks=pytest.mark.slow)])
def test_the_harness_s_own_share_of_an_audit_of_mem0(
    benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str], users: int
) -> None:
    """CPU time of a campaign over that within the target's own calls; wanted: at most 1.1.

    To open and empty a world counts as the harness's own, and so does what it reads of the store.
    """
    audit = campaign("mem0", users, *SCENARIOS)

    result = benchmark.pedantic(audit.run, rounds=1)

    own = result.seconds - result.inside
    operations = sum(one.operations for one in result.scenarios)
    show(
        benchmark,
        capsys,
        campaign_over_target=result.seconds / result.inside,
        own_microseconds_a_step=own / operations * 1e6,
    )


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_step_costs_as_much_among_many_users_as_among_few(
    benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str], scenario: str
) -> None:
    """CPU time of a step on the reference with 20, 100 and 500 users, control and replays in it; wanted: the same."""
    audits = {users: campaign("reference", users, scenario) for users in USERS}
    costs = {}

    def measure() -> None:
        for users, audit in audits.items():
            result = audit.run()
            costs[f"{users}_users_microseconds"] = result.seconds / result.scenarios[0].operations * 1e6

    benchmark.pedantic(measure, rounds=1)

    show(benchmark, capsys, **costs)


@pytest.mark.parametrize("users", [20, 200])
def test_what_is_kept_of_a_user(benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str], users: int) -> None:
    """Memory for each user that is live at most while cross_search goes on; wanted: the less, the more there are.

    The caches for texts, which do not grow with the users, are in it: a MB or two.
    """
    audit = campaign("reference", users, "cross_search")
    most = 0

    def note(_: object) -> None:
        nonlocal most
        most = max(most, tracemalloc.get_traced_memory()[0])

    tracemalloc.start()
    try:
        benchmark.pedantic(audit.run, args=(note,), rounds=1)
    finally:
        tracemalloc.stop()

    show(benchmark, capsys, kilobytes_a_user=most / users / 1024)
