"""The stand-in for the platform, as mem0's own clients and the published contract see it."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from mem0 import AsyncMemoryClient, MemoryClient
from mem0.exceptions import MemoryNotFoundError, ValidationError

from memfence.base.refusals import ErasureIncomplete
from memfence.scoped.wrappers.scoped import ScopedMemory
from memfence.targets.standin.stand_in import StandIn

for needed in ("fastapi", "uvicorn"):
    pytest.importorskip(needed, reason="needs memfence[server]")
HEADER = "X-Memfence-Stand-In"

CONTRACT = Path(__file__).parents[3] / "shared" / "mem0" / "platform-openapi.json"
needs_contract = pytest.mark.skipif(not CONTRACT.exists(), reason=f"{'/'.join(CONTRACT.parts[-3:])} is not here")
FOOD = "I am vegetarian. Please remember that."
SEAT = "I prefer a window seat when I fly."


@pytest.fixture(scope="module")
def opened() -> Iterator[StandIn]:
    with StandIn() as found:
        yield found


@pytest.fixture
def standin(opened: StandIn) -> StandIn:
    opened.empty()
    return opened


@pytest.fixture
def client(standin: StandIn) -> Any:
    return MemoryClient(api_key=standin.key, host=standin.host)


def texts(reply: dict[str, Any]) -> list[str]:
    return sorted(record["memory"] for record in reply["results"])


def stored(client: Any, text: str, user_id: str, **options: Any) -> str:
    record_id: str = client.add(text, user_id=user_id, infer=False, **options)["results"][0]["id"]
    return record_id


def test_mem0s_own_client_stores_finds_lists_changes_and_removes(client: Any) -> None:
    record_id = stored(client, FOOD, "u_alice", metadata={"topic": "food"})

    found = client.search("food preferences", filters={"user_id": "u_alice"})["results"]
    changed = client.update(record_id, text="I eat meat.")
    listed = client.get_all(filters={"user_id": "u_alice"})
    client.delete(record_id)

    assert [(one["id"], one["memory"], one["metadata"]) for one in found] == [(record_id, FOOD, {"topic": "food"})]
    assert 0 < found[0]["score"] <= 1
    assert changed["memory"] == "I eat meat."
    assert (listed["count"], listed["next"], listed["previous"], texts(listed)) == (1, None, None, ["I eat meat."])
    assert texts(client.get_all(filters={"user_id": "u_alice"})) == []


def test_mem0s_own_asynchronous_client_does_the_same(standin: StandIn) -> None:
    client = AsyncMemoryClient(api_key=standin.key, host=standin.host)

    async def story() -> list[Any]:
        added = await client.add(FOOD, user_id="u_alice", infer=False)
        record_id = added["results"][0]["id"]
        seen = [
            texts(await client.search("food preferences", filters={"user_id": "u_alice"})),
            texts(await client.get_all(filters={"user_id": "u_bob"})),
            (await client.get(record_id))["memory"],
            [change["event"] for change in await client.history(record_id)],
        ]
        await client.delete_all(user_id="u_alice")
        seen.append(texts(await client.get_all(filters={"user_id": "u_alice"})))
        await client.async_client.aclose()
        return seen

    assert asyncio.run(story()) == [[FOOD], [], FOOD, ["ADD"], []]


def test_an_add_with_extraction_tells_no_record_and_stores_what_was_said(client: Any, standin: StandIn) -> None:
    reply = client.add(FOOD, user_id="u_alice")

    assert (reply["status"], "results" in reply) == ("PENDING", False)
    assert texts(client.get_all(filters={"user_id": "u_alice"})) == [FOOD]
    assert any(FOOD in prompt for prompt in standin.prompts())


def test_it_says_on_each_reply_what_it_is(standin: StandIn) -> None:
    good, bad = (
        httpx.get(f"{standin.host}/v1/ping/", headers={"Authorization": f"Token {key}"}, trust_env=False)
        for key in (standin.key, "m0-other")
    )

    assert (good.status_code, bad.status_code) == (200, 401)
    assert "not the mem0 platform" in good.headers[HEADER]
    assert "not the mem0 platform" in bad.headers[HEADER]
    assert "not the mem0 platform" in good.json()["message"]


@pytest.mark.parametrize("make", [MemoryClient, AsyncMemoryClient])
def test_a_wrong_key_is_refused_by_the_constructor(standin: StandIn, make: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match=r"^Error: Invalid API key"):
        make(api_key="m0-wrong", host=standin.host)


def test_an_unknown_id_is_not_found_and_a_malformed_one_is_refused(client: Any) -> None:
    for call in (client.get, client.delete, lambda known: client.update(known, text="x")):
        with pytest.raises(MemoryNotFoundError):
            call("00000000-0000-4000-8000-000000000000")
        with pytest.raises(ValidationError, match="UUID"):
            call("u_alice")


@pytest.mark.parametrize(
    "filters", [{}, {"topic": "x"}, {"user_id": None}, {"user_id": ""}, {"NOT": [{"user_id": "u"}]}], ids=repr
)
def test_filters_must_name_an_entity(client: Any, filters: dict[str, Any]) -> None:
    for call in (lambda: client.search("food", filters=filters), lambda: client.get_all(filters=filters)):
        with pytest.raises(ValidationError):
            call()


def test_ids_beside_the_filters_apps_and_what_cannot_narrow_are_refused(standin: StandIn) -> None:
    bodies: list[dict[str, Any]] = [
        {"user_id": "u_bob"},
        {"filters": {"user_id": "u_alice", "app_id": "x"}},
        {"filters": {"user_id": "u_alice", "OR": [{"app_id": "x"}]}},
        {"categories": ["food"]},
        {"keywords": "food"},
    ]

    statuses = [
        httpx.post(
            f"{standin.host}/v3/memories/",
            json={"filters": {"user_id": "u_alice"}, **body},
            headers={"Authorization": f"Token {standin.key}"},
            trust_env=False,
        ).status_code
        for body in bodies
    ]

    assert statuses == [400] * len(bodies)


def test_an_entity_under_and_is_enough(client: Any) -> None:
    stored(client, FOOD, "u_alice")
    stored(client, SEAT, "u_bob")
    filters = {"AND": [{"user_id": "u_alice"}]}

    assert texts(client.get_all(filters=filters)) == [FOOD]
    assert texts(client.search("food preferences", filters=filters)) == [FOOD]


def test_pages_are_numbered_and_point_at_their_neighbours(client: Any) -> None:
    for number in range(5):
        stored(client, f"My number is {number}.", "u_alice")

    pages = [client.get_all(filters={"user_id": "u_alice"}, page=number, page_size=2) for number in (1, 2, 3, 4)]

    assert [len(page["results"]) for page in pages] == [2, 2, 1, 0]
    assert {page["count"] for page in pages} == {5}
    assert [page["previous"] is None for page in pages] == [True, False, False, False]
    following = [(page["next"] or "").partition("?")[2] for page in pages]
    assert following == ["page=2&page_size=2", "page=3&page_size=2", "", ""]
    assert texts({"results": [one for page in pages for one in page["results"]]}) == [
        f"My number is {number}." for number in range(5)
    ]


def test_a_star_is_everybody_as_in_the_memory_underneath_and_in_the_contract(client: Any) -> None:
    stored(client, FOOD, "u_alice")
    stored(client, SEAT, "u_bob")

    read = texts(client.get_all(filters={"user_id": "*"}))
    client.delete_all(user_id="*")

    assert read == [FOOD, SEAT]
    assert client.users()["results"] == []


def test_a_star_is_a_name_where_an_entity_is_deleted(client: Any) -> None:
    stored(client, FOOD, "u_alice")
    stored(client, SEAT, "u_bob", run_id="mon/day")

    client.delete_users(user_id="*")
    before = [(one["type"], one["name"]) for one in client.users()["results"]]
    client.delete_users(run_id="mon/day")

    assert before == [("user", "u_alice"), ("user", "u_bob"), ("run", "mon/day")]
    assert [one["name"] for one in client.users()["results"]] == ["u_alice"]


def test_deleting_without_a_filter_is_refused(client: Any) -> None:
    stored(client, FOOD, "u_alice")

    for ids in ({}, {"user_id": ""}, {"metadata": "x"}):
        with pytest.raises(ValidationError):
            client.delete_all(**ids)

    assert texts(client.get_all(filters={"user_id": "u_alice"})) == [FOOD]


def test_history_is_served_after_the_record_is_gone_and_the_last_messages_are_not_sent_on(
    client: Any, standin: StandIn
) -> None:
    client.add(FOOD, user_id="u_alice")
    record_id = client.get_all(filters={"user_id": "u_alice"})["results"][0]["id"]

    client.delete_all(user_id="u_alice")
    client.add(SEAT, user_id="u_alice")

    assert [change["event"] for change in client.history(record_id)] == ["ADD", "DELETE"]
    assert {change["user_id"] for change in client.history(record_id)} == {"u_alice"}
    assert FOOD not in standin.prompts()[-1]


def test_an_expired_record_is_shown_to_who_asks_for_it(client: Any) -> None:
    stored(client, FOOD, "u_alice", expiration_date="2020-01-01")
    ids = {"user_id": "u_alice"}

    assert [texts(client.get_all(filters=ids)), texts(client.get_all(filters=ids, show_expired=True))] == [[], [FOOD]]
    assert [
        texts(client.search("food preferences", filters=ids)),
        texts(client.search("food preferences", filters=ids, show_expired=True)),
    ] == [[], [FOOD]]


def test_scoped_memory_sees_what_has_expired_when_it_deletes_all_and_not_when_it_lists(client: Any) -> None:
    stored(client, FOOD, "u_alice", expiration_date="2020-01-01")
    alice = ScopedMemory("u_alice", client=client)

    listed = alice.get_all()
    alice.delete_all(verify=False)

    assert listed == []
    assert texts(client.get_all(filters={"user_id": "u_alice"}, show_expired=True)) == []


def test_scoped_memory_says_that_erasure_cannot_be_seen_on_a_platform(client: Any) -> None:
    stored(client, FOOD, "u_alice")

    with pytest.raises(ErasureIncomplete, match="cannot be verified"):
        ScopedMemory("u_alice", client=client).delete_all()

    assert client.get_all(filters={"user_id": "u_alice"})["results"] == []


def test_emptied_it_is_a_fresh_world_on_the_same_server(client: Any, standin: StandIn) -> None:
    client.add(FOOD, user_id="u_alice")

    standin.empty()

    assert client.get_all(filters={"user_id": "*"})["count"] == 0
    assert standin.prompts() == []
    assert not any(FOOD in text for _, kept in standin.storage() for text in kept)


def test_closed_it_leaves_no_port_no_thread_and_no_change_of_the_environment() -> None:
    before, threads = dict(os.environ), names_of_threads()
    standin = StandIn()
    port = int(standin.host.rpartition(":")[2])

    standin.close()
    standin.close()

    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert names_of_threads() == threads
    assert dict(os.environ) == before


def names_of_threads() -> list[str]:
    return sorted(thread.name for thread in threading.enumerate() if thread.name.startswith("memfence"))


NOWHERE_ELSE = """
import os, sys
asked = []
sys.addaudithook(lambda event, given: asked.append(given[1]) if event == "socket.connect" else None)
for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
    os.environ[name] = "http://192.0.2.1:9"
from memfence.real_mem0.environment import keep_to_ourselves
keep_to_ourselves()
from memfence.targets.built_in.platform import open_target
from memfence.scoped.wrappers.scoped import wrap, wrap_async
import asyncio
target = open_target(wrap, wrap_async)
target.make_memory("u_alice").add("I like tea.", infer=False)
print(len(asyncio.run(target.make_async_memory("u_alice").get_all())))
target.close()
print({address[0] for address in asked}, os.path.exists(os.path.expanduser("~/.mem0")))
"""


@pytest.mark.long
def test_nothing_is_sent_anywhere_else_and_nothing_written_at_home(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MEM0_")}
    environment |= {"HOME": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "-c", NOWHERE_ELSE], env=environment, capture_output=True, text=True, timeout=120, check=False
    )

    assert done.stdout.split("\n")[:2] == ["1", "{'127.0.0.1'} False"], done.stderr


OPERATIONS = [
    ("GET", "/v1/ping/"),
    ("POST", "/v3/memories/add/"),
    ("POST", "/v3/memories/search/"),
    ("POST", "/v3/memories/"),
    ("DELETE", "/v1/memories/"),
    ("GET", "/v1/memories/{memory_id}/"),
    ("PUT", "/v1/memories/{memory_id}/"),
    ("DELETE", "/v1/memories/{memory_id}/"),
    ("GET", "/v1/memories/{memory_id}/history/"),
    ("GET", "/v1/entities/"),
    ("GET", "/v2/entities/{entity_type}/{entity_id}/"),
    ("DELETE", "/v2/entities/{entity_type}/{entity_id}/"),
]


@pytest.fixture(scope="module")
def contract() -> Any:
    schemathesis = pytest.importorskip("schemathesis", reason="pip install 'memfence[contract]'")
    return schemathesis.openapi.from_path(str(CONTRACT))


@needs_contract
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_generated_requests_are_answered_as_the_contract_says(
    standin: StandIn, contract: Any, method: str, path: str
) -> None:
    from schemathesis.checks import not_a_server_error  # noqa: PLC0415 - where it is installed
    from schemathesis.specs.openapi import checks  # noqa: PLC0415 - as above

    wanted = [not_a_server_error, checks.response_schema_conformance, checks.content_type_conformance]
    if (method, path) != ("DELETE", "/v1/memories/"):
        # There the contract tells of a validation error in words, and lists no status for it.
        wanted.append(checks.status_code_conformance)
    statuses = set()

    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=contract[path][method].as_strategy())
    def ask(case: Any) -> None:
        reply = case.call(base_url=standin.host, headers={"Authorization": f"Token {standin.key}"})
        statuses.add(reply.status_code)
        case.validate_response(reply, checks=wanted)

    ask()

    assert statuses <= {200, 400, 404}


@needs_contract
def test_what_mem0s_own_client_asks_and_is_answered_is_the_contracts(standin: StandIn, contract: Any) -> None:
    seen: list[tuple[str, str]] = []

    def check(reply: httpx.Response) -> None:
        reply.read()
        path = reply.request.url.path
        for known in OPERATIONS:
            if matches(known[1], path) and known[0] == reply.request.method:
                contract[known[1]][known[0]].validate_response(reply)
                seen.append(known)
                return

    http = httpx.Client(event_hooks={"response": [check]}, timeout=60, trust_env=False)
    client = MemoryClient(api_key=standin.key, host=standin.host, client=http)
    record_id = stored(client, FOOD, "u_alice", metadata={"topic": "food"}, expiration_date="2999-01-01")
    client.add(SEAT, user_id="u_bob", agent_id="cook", run_id="mon")
    client.search("food", filters={"user_id": "*"}, threshold=0)
    client.get_all(filters={"user_id": "*"}, page=1, page_size=1)
    client.update(record_id, text="I eat meat.")
    client.get(record_id)
    client.users()
    http.get(f"{standin.host}/v2/entities/user/u_bob/")
    client.delete(record_id)
    client.history(record_id)
    client.delete_users(user_id="u_bob")
    client.delete_all(user_id="u_alice")

    assert set(seen) == set(OPERATIONS)


def matches(template: str, path: str) -> bool:
    ours, theirs = template.split("/"), path.split("/")
    return len(ours) == len(theirs) and all(
        one == other or one.startswith("{") for one, other in zip(ours, theirs, strict=True)
    )
