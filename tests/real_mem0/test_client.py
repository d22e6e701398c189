import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import mem0
import pytest

from memfence import IsolationError, RecordNotFoundError, ScopedMemory, Truncated, UnexpectedReplyError
from memfence.performing.scripts import perform
from memfence.real_mem0.client import confused_by, dialect, fetch, label, list_all, list_everything, records, search


class Older:
    """mem0 1.x: the scope at the top level, the page called limit, the text called data."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def search(self, query: str, *, user_id: str, limit: int = 100, filters: Any = None, threshold: Any = None) -> Any:
        self.asked.append(
            {"query": query, "user_id": user_id, "limit": limit, "filters": filters, "threshold": threshold}
        )
        return [{"id": "1", "memory": "m", "user_id": user_id}]

    def get_all(self, *, user_id: str, limit: int = 100, filters: Any = None) -> Any:
        self.asked.append({"user_id": user_id, "limit": limit, "filters": filters})
        return {"results": []}

    def update(self, memory_id: str, data: str) -> dict[str, str]:
        return {memory_id: data}

    def get(self, memory_id: str) -> dict[str, str]:
        return {"id": memory_id, "user_id": "alice"}


def test_an_older_client_is_called_in_its_own_dialect() -> None:
    client = Older()

    found = perform(
        search(client, dialect(client), "q", {"user_id": "alice"}, filters={"topic": "x"}, top_k=3, threshold=0.0)
    )
    listed = perform(list_all(client, dialect(client), {"user_id": "alice"}, filters={"topic": "x"}))

    assert found == [{"id": "1", "memory": "m", "user_id": "alice"}]
    assert listed == []
    assert client.asked == [
        {"query": "q", "user_id": "alice", "limit": 3, "filters": {"topic": "x"}, "threshold": 0.0},
        {"user_id": "alice", "limit": 100, "filters": {"topic": "x"}},
    ]


def test_scoped_memory_names_the_text_as_an_older_client_does() -> None:
    assert ScopedMemory("alice", client=Older()).update("1", "new") == {"1": "new"}


def test_whether_an_update_takes_metadata_is_read_from_its_signature() -> None:
    assert not dialect(Older()).updates_metadata
    assert dialect(mem0.Memory).updates_metadata
    assert dialect(mem0.MemoryClient).updates_metadata


def test_a_records_run_is_read_under_the_name_that_the_platform_lists_it_by() -> None:
    assert label({"id": "1", "session_id": "monday"}, "run_id") == "monday"
    assert label({"id": "1", "run_id": "monday", "session_id": "x"}, "run_id") == "monday"
    assert label({"id": "1", "session_id": "u_alice"}, "user_id") is None


class Expiring:
    """mem0 2.x: expired records are hidden unless asked for, and cut before they are hidden."""

    def __init__(self, stored: list[dict[str, Any]]) -> None:
        self.stored = stored

    def search(self, query: str, *, filters: Any) -> Any:
        del query, filters
        return {"results": self.stored}

    def get_all(self, *, filters: Any, top_k: int = 20, show_expired: bool = False) -> Any:
        del filters
        page = self.stored[:top_k]
        return {"results": page if show_expired else [one for one in page if "expiration_date" not in one]}

    def update(self, memory_id: str, text: str) -> None:
        del memory_id, text


def test_live_records_behind_a_page_of_expired_ones_are_listed() -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    expired: list[dict[str, Any]] = [{"id": str(n), "expiration_date": yesterday} for n in range(150)]
    client = Expiring([*expired, {"id": "live"}, {"id": "odd", "expiration_date": "soon"}])

    listed = perform(list_all(client, dialect(client), {"user_id": "alice"}))
    everything = perform(list_everything(client, dialect(client), {"user_id": "alice"}))

    assert [record["id"] for record in listed] == ["live", "odd"]
    assert len(everything) == 152


def test_replies_of_both_ages_become_lists() -> None:
    assert records({"results": [{"id": "1"}], "relations": []}) == [{"id": "1"}]
    assert records([{"id": "1"}]) == [{"id": "1"}]


@pytest.mark.parametrize("reply", [None, {"message": "ok"}, {"results": None}, {"results": [None]}, "text", ({},)])
def test_a_reply_that_is_none_of_mem0s_is_not_taken_for_an_empty_one(reply: object) -> None:
    with pytest.raises(UnexpectedReplyError):
        records(reply)


def test_an_error_that_is_not_about_a_missing_record_is_passed_on() -> None:
    class Failing(Older):
        def get(self, memory_id: str) -> dict[str, str]:
            raise ConnectionError(memory_id)

    with pytest.raises(ConnectionError):
        perform(fetch(Failing(), "1"))


class MemoryNotFoundError(Exception):
    """As the platform's client has one."""


# mem0's Redis store looks into a row that is not there.
@pytest.mark.parametrize("error", [MemoryNotFoundError("1"), KeyError("hash")], ids=["by name", "by accident"])
def test_a_record_that_the_client_says_is_missing_is_not_found(error: Exception) -> None:
    class Missing(Older):
        def get(self, memory_id: str) -> dict[str, str]:
            del memory_id
            raise error

    with pytest.raises(RecordNotFoundError) as caught:
        ScopedMemory("alice", client=Missing()).get("1")

    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_store_that_is_not_known_to_confuse_ids_is_trusted_with_them() -> None:
    assert confused_by(Older()) == frozenset()


class Platform(BaseHTTPRequestHandler):
    """The pages of the platform's listing and its ping, over real HTTP."""

    records: ClassVar[list[dict[str, Any]]] = []
    announced: ClassVar[int] = 0
    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.seen.append(urlsplit(self.path).path)
        if self.path.startswith("/v1/ping/"):
            self._answer(200, {"user_email": "a@b.c", "org_id": "o", "project_id": "p"})
        else:
            self._answer(404, {"detail": "not found"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert body["filters"]["user_id"] == "u_alice"
        asked = parse_qs(urlsplit(self.path).query)
        page, size = int(asked.get("page", ["1"])[0]), int(asked.get("page_size", ["100"])[0])
        self.seen.append(f"{urlsplit(self.path).path} {page}")
        chunk = self.records[(page - 1) * size : page * size]
        more = f"?page={page + 1}" if page * size < len(self.records) else None
        self._answer(200, {"count": self.announced, "next": more, "previous": None, "results": chunk})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        del format, args

    def _answer(self, status: int, body: object) -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)


@pytest.fixture
def platform() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Platform.records = [{"id": str(n), "memory": f"fact {n}", "user_id": "u_alice"} for n in range(250)]
    Platform.announced = 250
    Platform.seen = []
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def alice(platform: str) -> ScopedMemory:
    return ScopedMemory("u_alice", client=mem0.MemoryClient(api_key="m0-test", host=platform))


def test_get_all_follows_every_page_of_the_platforms_own_client(alice: ScopedMemory) -> None:
    listed = alice.get_all()

    assert [record["id"] for record in listed] == [str(n) for n in range(250)]


def test_a_runs_records_on_the_platform_are_known_by_their_session(platform: str) -> None:
    Platform.records = [{"id": "1", "memory": "fact", "user_id": "u_alice", "session_id": "monday"}]
    Platform.announced = 1
    client = mem0.MemoryClient(api_key="m0-test", host=platform)

    listed = ScopedMemory("u_alice", client=client, run_id="monday").get_all()

    assert [record["id"] for record in listed] == ["1"]
    with pytest.raises(IsolationError):
        ScopedMemory("u_alice", client=client, run_id="tuesday").get_all()


def test_a_platform_listing_shorter_than_its_count_raises(alice: ScopedMemory) -> None:
    Platform.announced = 260

    with pytest.raises(Truncated, match="250 records"):
        alice.get_all()


def test_search_through_the_platforms_own_client_sends_the_scope_as_a_filter(alice: ScopedMemory) -> None:
    found = alice.search("fact", top_k=5)

    assert len(found) == 100


def test_an_unknown_id_on_the_platform_is_not_found(alice: ScopedMemory) -> None:
    with pytest.raises(RecordNotFoundError):
        alice.get("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


def test_the_platform_client_is_made_once_per_process_and_key(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:

    class Local(mem0.MemoryClient):  # type: ignore[misc]  # mem0 ships no types
        def __init__(self, api_key: str) -> None:
            super().__init__(api_key=api_key, host=platform)

    monkeypatch.setattr(mem0, "MemoryClient", Local)
    monkeypatch.setenv("MEM0_API_KEY", f"m0-{platform}")

    for _ in range(3):
        ScopedMemory("u_alice").get_all()

    assert Platform.seen.count("/v1/ping/") == 1
