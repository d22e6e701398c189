"""A user's memory: a class with one method for each operation that the file names."""

import inspect
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from ...model.channels import FEEDS
from ...performing.credentials import NotTriedError
from .app_file import AppFile, options_of
from .client import Client
from .lines import READS, Line

# What names one record among others.
_NAMING = ("id", "key")
_SELF = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)


class HttpMemory:
    """What one client can ask of the application; the methods are those of its file."""

    def __init__(self, client: Client, user: object) -> None:
        """Take the client, and the user whose name stands in requests that name one."""
        self._client = client
        self._user = user


def memory_class(file: AppFile) -> type[HttpMemory]:
    """Return the class of an application's memories: what the file does not name, they cannot do."""
    methods = {name: _method(line, file.takes[name][0]) for name, line in file.operations.items()}
    return type("HttpMemory", (HttpMemory,), {**methods, "__doc__": HttpMemory.__doc__, "__module__": __name__})


def _method(line: Line, needed: tuple[str, ...]) -> Any:  # noqa: ANN401 - a method
    options = options_of(line)

    def method(self: HttpMemory, *given: object, **beside: object) -> Any:  # noqa: ANN401 - what the application answers
        values = {**dict.fromkeys(options), **dict(zip(needed, given, strict=False)), **beside}
        if "password" in line.names:
            values["password"] = self._client.door.password(self._user)
        if "uuid" in line.names:
            # What names a record inside: the same for the same key, whoever puts it there, or for the same text.
            named = next((values[name] for name in _NAMING if name in values), given)
            values["uuid"] = str(uuid5(NAMESPACE_OID, repr(named)))
        if line.method not in READS and any(values.get(name) == "" for name in _NAMING):
            # `DELETE /notes/` is another request than `DELETE /notes/{key}`, and may remove them all.
            msg = f"{line.shown} is not sent without what it names"
            raise NotTriedError(msg)
        ask = self._client.subscribe if line.name in FEEDS else self._client.perform
        reply = ask(line, {"user": self._user, **values})
        if line.name == "close_account":
            self._client.door.left(self._user)
        return reply

    method.__name__ = line.name
    method.__doc__ = f"Send {line.shown}."
    by_position = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in needed]
    by_name = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None) for name in options]
    # What is passed is read from the signature.
    vars(method)["__signature__"] = inspect.Signature([_SELF, *by_position, *by_name])
    return method
