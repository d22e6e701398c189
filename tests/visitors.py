"""People who visit the reference application, in process: each has a browser of their own, without a window."""

import asyncio
import re
from typing import Any

import httpx

from memfence.targets.application.whole import Application, Parts
from memfence.targets.reference_client import ReferenceClient

# The cheapest that there is: tests sign up many.
STRENGTH = 2
_RUNNER = asyncio.Runner()


def application(**parts: Any) -> Application:
    """Return a sound application over an empty memory; `parts` stand in the place of its own."""
    made = Application(ReferenceClient(), Parts(**parts))
    made.accounts.strength = STRENGTH
    return made


class Visitor:
    """One who asks an application, and keeps the cookies that it sets; redirects are not followed."""

    def __init__(self, app: Any, name: str = "") -> None:
        self.app = app
        self.name = name
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8000")

    def __call__(self, method: str, path: str, **options: Any) -> httpx.Response:
        return _RUNNER.run(self.client.request(method, path, **options))

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self("POST", path, **options)

    @property
    def cookie(self) -> str:
        return self.client.cookies.get("session", "")

    @cookie.setter
    def cookie(self, value: str) -> None:
        self.client.cookies.clear()
        self.client.cookies.set("session", value, domain="127.0.0.1")

    def sign_up(self) -> "Visitor":
        assert self.post("/api/users", json=self.credentials).status_code == 201
        return self.sign_in()

    def sign_in(self) -> "Visitor":
        assert self.post("/api/session", json=self.credentials).status_code == 200
        return self

    def take_token(self) -> str:
        token: str = self.post("/api/token", json=self.credentials).json()["token"]
        return token

    @property
    def credentials(self) -> dict[str, str]:
        return {"user": self.name, "password": f"password of {self.name}"}

    def say(self, text: str) -> str:
        """Store a text; return the id of its record."""
        told = self.post("/api/memories", json={"text": text})
        assert told.status_code == 201, told.text
        record_id: str = told.json()["memories"][0]["id"]
        return record_id

    def texts(self, path: str = "/api/memories", **options: Any) -> list[str]:
        return [one["text"] for one in self.get(path, **options).json()["memories"]]

    def fill(self, page: str, path: str, **fields: str) -> httpx.Response:
        """Send a form that stands on a page, with the token that the page gives it."""
        found = re.search(r'name="form" value="([^"]+)"', self.get(page).text)
        return self.post(path, data={"form": found[1] if found else "", **fields})


def bearing(token: str) -> dict[str, dict[str, str]]:
    """Return what a request takes that bears a token."""
    return {"headers": {"Authorization": f"Bearer {token}"}}
