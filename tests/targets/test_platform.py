"""The target platform: the stand-in without a key, the service with one; here the service is another stand-in."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from memfence.base.errors import TargetError
from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.commands import demo
from memfence.commands.cli import app
from memfence.model.findings import Verdict
from memfence.model.results import CampaignResult
from memfence.performing.contract import adapt
from memfence.real_mem0.allowance import Allowance
from memfence.scoped.wrappers import plain, scoped, tutorial
from memfence.targets.built_in.platform import ServiceTarget, StandInTarget, open_target
from memfence.targets.standin.stand_in import StandIn

for needed in ("fastapi", "uvicorn"):
    pytest.importorskip(needed, reason="needs memfence[server]")

FOOD = "I am vegetarian. Please remember that."
SEAT = "I prefer a window seat when I fly."


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MEM0_API_KEY", "MEM0_HOST"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def service() -> Iterator[StandIn]:
    """Yield what is to these tests the service: somebody's platform, with somebody's record in it."""
    with StandIn() as found:
        yield found


@pytest.fixture
def with_key(service: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    service.empty()
    monkeypatch.setenv("MEM0_API_KEY", service.key)
    monkeypatch.setenv("MEM0_HOST", service.host)
    return service


def texts(reply: Any) -> list[str]:
    found = reply["results"] if isinstance(reply, dict) else reply
    return sorted(record["memory"] for record in found)


def audited(target: Any, *scenarios: str, **said: Any) -> CampaignResult:
    settings = AuditSettings(**{"seed": 7, "users": 3, "facts": 2, **said})
    chosen, every = resolve.scenarios(scenarios), resolve.all_scenarios()
    return Campaign(adapt(target, "platform"), chosen, settings, resolve.all_oracles(), catalogue=every).run()


def sentences_at(service: StandIn) -> set[str]:
    """Return the texts of all records that are there, but for what mem0 makes of them in lower case."""
    listed = [kept for place, kept in service.storage() if place == "qdrant points (memfence)"]
    return {text for kept in listed for text in kept if " " in text and text != text.lower()}


def memfence(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env=environment | {"COLUMNS": "200"})


@pytest.mark.parametrize("wrapper", [scoped, tutorial, plain])
def test_the_tutorials_steps_keep_users_apart_over_the_platforms_own_client(wrapper: Any) -> None:
    target = open_target(wrapper.wrap)
    try:
        alice, bob = map(target.make_memory, ("u_alice", "u_bob"))
        alice.add(FOOD, infer=False)
        bob.add(SEAT, infer=False)
        found = [texts(memory.search("food preferences")) for memory in (alice, bob)]
        seats = [texts(memory.search("a window seat")) for memory in (alice, bob)]
        listed = [texts(memory.get_all()) for memory in (alice, bob)]
        alice.delete_all()
        left = [texts(memory.get_all()) for memory in (alice, bob)]
    finally:
        target.close()

    assert found == [[FOOD], []]
    assert (FOOD not in seats[1], seats[1]) == (True, [SEAT])
    assert (listed, left) == ([[FOOD], [SEAT]], [[], [SEAT]])


@pytest.mark.parametrize(
    ("wrap", "story", "leaks"),
    [
        (scoped.wrap, demo.everyday, False),
        (resolve.all_breakages()["drop_user_id"].wrap, demo.everyday, True),
        (tutorial.wrap, demo.attacked, True),
        (scoped.wrap, demo.attacked, False),
    ],
    ids=["scoped", "user id dropped", "tutorial attacked", "scoped attacked"],
)
def test_the_demonstration_comes_out_on_the_platform_as_on_mem0(wrap: Any, story: Any, leaks: bool) -> None:  # noqa: FBT001 - what the row expects
    target = open_target(wrap)
    try:
        told = list(story(target.make_memory))
    finally:
        target.close()

    assert any(line.leaked for line in told) is leaks, [line.text for line in told]


def test_without_a_key_each_start_is_an_empty_world_on_the_one_server() -> None:
    target = open_target(scoped.wrap, scoped.wrap_async)
    assert isinstance(target, StandInTarget)
    try:
        target.start()
        target.make_memory("u_alice").add(FOOD)
        seen = texts(target.make_memory("u_alice").get_all()), any(FOOD in one for one in target.prompts())
        host = target._opened().host  # noqa: SLF001 - that it is the same server is the point
        target.start()

        assert seen == ([FOOD], True)
        assert (texts(target.make_memory("u_alice").get_all()), target.prompts()) == ([], [])
        assert target._opened().host == host  # noqa: SLF001 - as above
        assert not any(FOOD in text for _, kept in target.storage() for text in kept)
    finally:
        target.close()


def test_through_scoped_memory_the_stand_in_is_held() -> None:
    result = audited(
        open_target(scoped.wrap, scoped.wrap_async),
        "get_by_foreign_id",
        "wildcard_delete_all",
        "erasure",
        "interleaved_async",
        "scope_override_by_filter",
        users=2,
    )

    assert (result.verdict, [one.reasons for one in result.scenarios]) == (Verdict.HELD, [[]] * 5)


@pytest.mark.long
@pytest.mark.parametrize("wrapper", [tutorial, plain])
def test_through_the_others_it_is_violated_by_each_hole_of_theirs(wrapper: Any) -> None:
    holes = ("get_by_foreign_id", "history_by_foreign_id", "update_by_foreign_id", "wildcard_ids")

    result = audited(open_target(wrapper.wrap, wrapper.wrap_async), *holes)

    assert {one.name: one.verdict for one in result.scenarios} == dict.fromkeys(holes, Verdict.VIOLATED)


def test_the_command_says_that_it_is_a_stand_in_and_plants_a_breakage(tmp_path: Path) -> None:
    report = tmp_path / "report.json"

    done = memfence(
        "audit",
        "platform",
        "--seed",
        "7",
        "--users",
        "3",
        "--scenario",
        "cross_search",
        "--breakage",
        "drop_user_id",
        "--verbose",
        "--report",
        str(report),
    )

    assert done.exit_code == 1, done.stderr
    assert "stand-in for the mem0 platform" in done.stdout
    assert any("stand-in" in note for note in json.loads(report.read_text())["notes"])


@pytest.mark.long
def test_with_a_key_the_service_is_audited_behind_the_campaigns_prefix_and_left_as_it_was(with_key: StandIn) -> None:
    from mem0 import MemoryClient  # noqa: PLC0415 - beside what is under test

    MemoryClient(api_key=with_key.key, host=with_key.host).add(FOOD, user_id="u_alice", infer=False)

    target = open_target(scoped.wrap, scoped.wrap_async)
    result = audited(target, crowd=20)

    assert isinstance(target, ServiceTarget)
    assert (result.verdict, result.left_behind) == (Verdict.HELD, 0)
    assert sentences_at(with_key) == {FOOD}
    exercised = {one.name for one in result.scenarios if one.verdict is not None}
    assert {"cross_search", "get_by_foreign_id", "interleaved_async"} <= exercised
    assert not any(resolve.all_scenarios()[name].destructive for name in exercised)


@pytest.mark.parametrize("user_id", ["u_alice", "*", "mf00-x", ""])
@pytest.mark.usefixtures("with_key")
def test_on_the_service_nobody_is_touched_who_is_not_the_campaigns(user_id: str) -> None:
    target = open_target(plain.wrap, plain.wrap_async)
    assert target.make_async_memory is not None

    for make in (target.make_memory, target.make_async_memory):
        with pytest.raises(PermissionError, match="prefix"):
            make(user_id)


@pytest.mark.usefixtures("with_key")
def test_on_the_service_nothing_is_sent_that_removes_more_than_one_record() -> None:
    target = open_target(plain.wrap)
    try:
        memory = target.make_memory("mf646f5465-ann-1")
        memory.add(FOOD, infer=False)
        with pytest.raises(PermissionError, match="never sent"):
            memory.delete_all()
        assert texts(memory.get_all()) == [FOOD]
    finally:
        target.close()


@pytest.mark.usefixtures("with_key")
def test_the_service_is_never_destroyed_whatever_is_allowed() -> None:
    with pytest.raises(TargetError, match="leave out --allow-destructive"):
        audited(open_target(scoped.wrap), allow_destructive=True)


def test_a_campaign_ends_in_order_when_its_requests_are_spent(with_key: StandIn) -> None:
    target = open_target(scoped.wrap, max_requests=100)

    result = audited(target, "alice_and_bob", "cross_search", "list_all", max_requests=100)

    assert result.verdict is Verdict.INCONCLUSIVE
    first, cut, never = result.scenarios
    assert first.verdict is Verdict.HELD
    assert cut.verdict is Verdict.INCONCLUSIVE
    assert cut.reasons[0].startswith("it had to stop: --max-requests 100 is reached")
    assert "--max-requests 100 is reached" in str(never.not_exercised)
    assert (result.left_behind, sentences_at(with_key)) == (0, set())


def test_a_target_that_counts_no_requests_takes_no_limit() -> None:
    done = memfence("audit", "reference", "--max-requests", "5")

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "memfence: reference counts no requests: leave out --max-requests, which is for: platform\n"


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"MEM0_API_KEY": " "}, "MEM0_API_KEY is set and empty"),
        ({"MEM0_API_KEY": "m0-wrong"}, "refuses what MEM0_API_KEY holds, and says 'Invalid API key.'"),
        (
            {"MEM0_API_KEY": "m0-wrong", "MEM0_HOST": "http://ann:secret@127.0.0.1:9"},
            "http://127.0.0.1:9 does not answer",
        ),
        ({"MEM0_API_KEY": "m0-wrong", "MEM0_HOST": "nowhere"}, "nowhere does not answer"),
        ({"MEM0_API_KEY": "", "MEM0_HOST": "http://127.0.0.1:9"}, "MEM0_API_KEY is set and empty"),
    ],
)
def test_a_wrong_key_and_a_dead_server_are_one_clear_line(
    service: StandIn, environment: dict[str, str], said: str
) -> None:
    done = memfence("audit", "platform", **{"MEM0_HOST": service.host, **environment})

    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert said in done.stderr
    assert not any(secret in done.stderr for secret in ("m0-wrong", "ann:secret"))


def test_a_breakage_is_not_planted_in_the_service(service: StandIn) -> None:
    done = memfence("audit", "platform", "--breakage", "drop_user_id", MEM0_API_KEY=service.key, MEM0_HOST=service.host)

    assert (done.exit_code, done.stdout) == (2, "")
    assert "holds others' records" in done.stderr


WITHOUT = """
import sys
sys.modules["{missing}"] = None
sys.argv = ["memfence", "audit", "platform", "-n", "1"]
from memfence.__main__ import main
main()
"""


@pytest.mark.parametrize("missing", ["fastapi", pytest.param("uvicorn", marks=pytest.mark.long)])
def test_without_the_servers_packages_one_line_names_what_to_install(missing: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(missing=missing)], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"memfence: the stand-in for the platform needs {missing}: pip install 'memfence[server]'\n"


def test_the_key_is_in_no_repr() -> None:
    from memfence.targets.platform_clients import Address  # noqa: PLC0415 - beside what is under test

    assert "m0-secret" not in repr(Address("http://127.0.0.1:1", "m0-secret"))


def test_the_stand_in_may_be_limited_too() -> None:
    target = StandInTarget(scoped.wrap, None, Allowance(30, cleans_up=False))

    result = audited(target, "cross_search", max_requests=30)

    assert "30 requests were made" in result.scenarios[0].reasons[0]
