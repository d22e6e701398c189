"""What the target over HTTP takes beside httpx alone, against one server. Reported, never asserted, as `test_speed.py`.

Wanted: at least 0.8 of the requests a second.
"""

import time
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from test_speed import report
from web_app import BY_TOKEN, create_app

from memfence.targets.standin.serving import Server
from memfence.targets.web.app_file import parse
from memfence.targets.web.in_process import InProcess
from memfence.targets.web.over_http import OverHttp
from memfence.targets.web.target import WebTarget

__all__ = ["report"]
PAIRS = 1000
USER = "mf12345678-ann-0"


@pytest.fixture
def server() -> Iterator[Server]:
    """Serve an application that does next to nothing."""
    made = Server(create_app())
    yield made
    made.close()


def seconds(calls: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Return how long a call of each takes: the median of many, made in turn, so that a busy machine is one for all."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(PAIRS):
        for name, call in calls.items():
            began = time.perf_counter()
            call()
            taken[name].append(time.perf_counter() - began)
    return {name: sorted(all_of_them)[PAIRS // 2] for name, all_of_them in taken.items()}


def test_requests_a_second_beside_httpx_alone(
    benchmark: BenchmarkFixture, server: Server, report: Callable[..., None]
) -> None:
    """Wanted: at least 0.8 of them."""
    target = WebTarget(parse(tomllib.loads(BY_TOKEN)), lambda: OverHttp(server.host))
    held = target.sign_in(USER)
    memory = target.bearing(held)
    inside = WebTarget(parse(tomllib.loads(BY_TOKEN)), lambda: InProcess(create_app()))
    near = inside.make_memory(USER)

    def ours() -> None:
        memory.get_all()
        # As an audit does after each operation.
        target.told()

    with httpx.Client(base_url=server.host, headers={"Authorization": held["header Authorization"]}) as client:
        benchmark.pedantic(ours, rounds=100)
        took = seconds({"httpx": lambda: client.get("/notes").json(), "memfence": ours, "in_process": near.get_all})
    target.close()
    inside.close()

    report(of_httpx_alone=took["httpx"] / took["memfence"], **{f"{name}_per_s": 1 / one for name, one in took.items()})
