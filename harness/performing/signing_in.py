"""What somebody holds who has signed in, as each target gives it."""

from collections.abc import Callable, Mapping
from typing import Any

from .forging import Held


def held(reply: object) -> Held:
    """Return a credential as texts by where they go, a text under one name; raises TypeError for what is none."""
    if isinstance(reply, str):
        return {"token": reply}
    if isinstance(reply, Mapping) and all(isinstance(one, str) for pair in reply.items() for one in pair):
        return dict(reply)
    msg = f"sign_in must return a text, or a dict of texts by where they go, got {type(reply).__name__}"
    raise TypeError(msg)


def own_memory(sessions: Mapping[str, Callable[..., Any] | None], user_id: object) -> Any:  # noqa: ANN401 - a stranger's memory
    """Return what comes through a credential that the user has just signed in for."""
    sign_in, bearing = sessions["sign_in"], sessions["bearing"]
    return None if sign_in is None or bearing is None else bearing(dict(held(sign_in(user_id))))
