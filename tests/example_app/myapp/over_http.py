"""A user as a browser is one: it logs in, and has a session token and nothing else."""

import os
from typing import Any

import httpx

BASE = os.environ.get("MYAPP_URL", "http://127.0.0.1:8000")


class Session:
    def __init__(self, user_id: str) -> None:
        token = httpx.post(f"{BASE}/login", params={"user_id": user_id}).json()
        self.http = httpx.Client(base_url=BASE, headers={"X-Session": token})

    def add(self, text: str) -> Any:
        return self._sent("POST", "/memories", text=text)

    def search(self, query: str) -> Any:
        return self._sent("GET", "/memories", query=query)

    def get_all(self) -> Any:
        return self._sent("GET", "/memories")

    def get(self, record_id: str) -> Any:
        return self._sent("GET", f"/memories/{record_id}")

    def delete(self, record_id: str) -> Any:
        return self._sent("DELETE", f"/memories/{record_id}")

    def _sent(self, method: str, path: str, **params: str) -> Any:
        answer = self.http.request(method, path, params=params)
        answer.raise_for_status()  # 4xx is a refusal, 5xx a crash
        return answer.json()


def make_session(user_id: str) -> Session:
    return Session(user_id)


make_session.disposable = False  # type: ignore[attr-defined]  # the store behind it is not ours to wipe
