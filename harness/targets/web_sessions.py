"""Sessions that a library keeps behind a cookie, as the clients of a small web application have them."""

import json
from typing import Any, TypeAlias

from .in_process import Answer, ask

# By the place where a client keeps it: a token, or a cookie.
Credential: TypeAlias = dict[str, str]
COOKIE = "session"
PLACE = f"cookie {COOKIE}"
# The method `list` hides the type from the class.
_Keys: TypeAlias = list[str]


class Client:
    """Whoever holds one cookie and each that came in its place: the data is what it can reach so."""

    def __init__(self, app: Any, cookie: str | None) -> None:  # noqa: ANN401 - an ASGI application
        """Take the application of `session_app`, and what the client holds at first."""
        self._app = app
        self.cookie = cookie

    def put(self, key: str, value: str) -> None:
        """Put a value."""
        self.send("PUT", "/notes", key=key, body=value)

    def get(self, key: str) -> Any:  # noqa: ANN401 - what was put
        """Return a value; raises Answered, as every method does, where the answer is an error's."""
        return json.loads(self.send("GET", "/notes", key=key).body)

    def list(self, prefix: str = "") -> _Keys:
        """List the keys that begin with the prefix."""
        return [key for key in json.loads(self.send("GET", "/notes").body) if key.startswith(prefix)]

    def delete(self, key: str) -> None:
        """Remove a value."""
        self.send("DELETE", "/notes", key=key)

    def clear(self) -> None:
        """Remove all values."""
        self.send("DELETE", "/notes")

    def send(self, method: str, path: str, *, key: str | None = None, body: str = "") -> Answer:
        """Send a request with the cookie, and keep the one that comes back; one that is taken away is kept, too."""
        cookies = {} if self.cookie is None else {COOKIE: self.cookie}
        query = {} if key is None else {"key": key}
        answer = ask(self._app, method, path, cookies=cookies, query=query, body=body)
        self.cookie = answer.cookies.get(COOKIE) or self.cookie
        return answer


class WebSessions:
    """The application's clients, by the cookie that they were first given.

    Where the data travels in the cookie, an old one holds old data: who bears a credential has heard each later answer
    to it, as its browser has, and as one has who reads along.
    """

    def __init__(self, app: Any) -> None:  # noqa: ANN401 - as above
        """Take the application."""
        self._app = app
        self._clients: dict[str, Client] = {}

    def guest(self) -> Credential:
        """Return what the application hands out on a first visit."""
        client = Client(self._app, None)
        client.send("GET", "/")
        return self._known(client)

    def sign_in(self, user_id: Any, carrying: Credential) -> Credential:  # noqa: ANN401 - an id may be an attack
        """Sign in with the cookie that the client has, and return what it then holds.

        Raises ValueError for what no application takes for a user.
        """
        if not isinstance(user_id, str) or not user_id:
            msg = "user_id must be a text that is not empty"
            raise ValueError(msg)
        client = Client(self._app, self.bearing(carrying).cookie)
        client.send("POST", "/login", body=user_id)
        return self._known(client)

    def sign_out(self, credential: Credential) -> None:
        """Sign out; who has copied the cookie still has it."""
        self.bearing(credential).send("POST", "/logout")

    def bearing(self, credential: Credential) -> Client:
        """Return the client that holds a cookie."""
        cookie = credential.get(PLACE)
        known = None if cookie is None else self._clients.get(cookie)
        return known or Client(self._app, cookie)

    def cookies(self) -> list[str]:
        """Return the newest cookie of each client."""
        return [client.cookie for client in self._clients.values() if client.cookie is not None]

    def _known(self, client: Client) -> Credential:
        if client.cookie is None:
            return {}
        self._clients[client.cookie] = client
        return {PLACE: client.cookie}
