"""What is sent to a service, how often, and when again."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from memfence.real_mem0.allowance import Allowance, AllowanceSpentError
from memfence.targets.courtesy import AsyncCourteousTransport, CourteousTransport, Courtesy, NeverSentError

ADD, BY_ID, ALL = "/v3/memories/add/", "/v1/memories/1/", "/v1/memories/"


class Service:
    """Answers with the given statuses in turn, then with 200; notes what it was asked, and for how long it was not."""

    def __init__(self, *answers: tuple[int, str | None]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.paused: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url.path}")
        status, after = self.answers.pop(0) if self.answers else (200, None)
        return httpx.Response(status, headers={} if after is None else {"Retry-After": after}, json={})

    def client(self, *, limit: int | None = None, careful: bool = False) -> httpx.Client:
        self.allowance = Allowance(limit, cleans_up=careful)
        courtesy = Courtesy(self.allowance, careful=careful)
        transport = CourteousTransport(courtesy, httpx.MockTransport(self), self.paused.append)
        return httpx.Client(base_url="http://service", transport=transport)


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_service_is_asked_again_after_as_long_as_it_says(status: int) -> None:
    service = Service((status, "3"), (status, "0.5"))

    reply = service.client().get("/")

    assert (reply.status_code, service.paused, service.allowance.used) == (200, [3.0, 0.5], 3)


def test_a_date_is_waited_for_and_one_that_is_over_is_not() -> None:
    soon, over = (format_datetime(datetime.now(UTC) + timedelta(seconds=seconds)) for seconds in (30, -30))
    service = Service((429, soon), (429, over))

    service.client().get("/")

    assert 20 < service.paused[0] <= 30
    assert service.paused[1] == 0


@pytest.mark.parametrize("after", [None, "in a while"])
def test_where_the_service_names_no_time_it_is_left_alone_longer_and_longer(after: str | None) -> None:
    service = Service(*[(503, after)] * 9)

    reply = service.client().get("/")

    assert (reply.status_code, service.paused) == (503, [1, 2, 4, 8, 16])


def test_who_asks_for_longer_than_a_minute_is_not_waited_for() -> None:
    service = Service((429, "61"))

    assert (service.client().get("/").status_code, service.paused) == (429, [])


@pytest.mark.parametrize("status", [400, 401, 404, 500])
def test_any_other_answer_stands(status: int) -> None:
    service = Service((status, "1"))

    assert (service.client().get("/").status_code, service.paused) == (status, [])


def test_repeated_requests_count_and_are_limited_like_others() -> None:
    service = Service((429, "1"), (429, "1"))

    with pytest.raises(AllowanceSpentError):
        service.client(limit=2).get("/")

    assert len(service.asked) == 2


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", ALL), ("DELETE", "/v2/entities/user/ann/"), ("DELETE", "/v1/batch/"), ("PUT", "/v1/batch/")],
)
def test_what_reaches_more_than_one_record_is_sent_only_where_all_may_be_wiped(method: str, path: str) -> None:
    service = Service()

    service.client().request(method, path)
    with pytest.raises(NeverSentError, match="never sent"):
        service.client(careful=True).request(method, path)

    assert service.asked == [f"{method} {path}"]


def test_one_record_is_removed_and_then_needs_no_cleaning() -> None:
    service = Service()
    client = service.client(limit=60, careful=True)

    for _ in range(20):
        client.post(ADD, json={"messages": [{"role": "user", "content": "x"}]})
        client.delete(BY_ID)

    assert (service.allowance.used, service.allowance.spent()) == (40, None)


def test_each_message_that_was_stored_counts_and_none_that_was_refused() -> None:
    two = {"messages": [{"role": "user", "content": "x"}] * 2}
    service = Service((400, None))
    client = service.client(limit=30, careful=True)

    client.post(ADD, json=two)
    before = service.allowance.spent()
    client.post(ADD, json=two)
    client.post(ADD, json=two)

    assert before is None
    assert service.allowance.spent() is not None


def test_the_asynchronous_client_is_as_courteous() -> None:
    service = Service((503, "2"))
    allowance = Allowance(None, cleans_up=True)
    paused: list[float] = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    async def ask() -> int:
        courtesy = Courtesy(allowance, careful=True)
        transport = AsyncCourteousTransport(courtesy, httpx.MockTransport(service), pause)
        async with httpx.AsyncClient(base_url="http://service", transport=transport) as client:
            with pytest.raises(NeverSentError):
                await client.delete(ALL)
            return (await client.delete(BY_ID)).status_code

    assert (asyncio.run(ask()), paused, allowance.used) == (200, [2.0], 2)
