"""The filters of a request, as the contract has them and as `mem0.Memory` wants them."""

from collections.abc import Mapping
from typing import Any

ENTITIES = ("user_id", "agent_id", "run_id")
APP = "app_id"


class BadRequestError(Exception):
    """What the contract answers with status 400."""


def scoped(filters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filters with an entity at the top, in the order given; raises BadRequestError where none is named.

    The order matters: `mem0.Memory` merges what stands under `AND` over what stands before it.
    """
    found = dict(filters)
    _refuse_apps(found)
    if not any(_names_one(found, name) for name in ENTITIES):
        found = {**_lifted(found.get("AND")), **found}
    if not any(_names_one(found, name) for name in ENTITIES):
        msg = "filters must name at least one of user_id, agent_id, app_id, run_id"
        raise BadRequestError(msg)
    return found


def ids_of(said: Mapping[str, Any]) -> dict[str, str]:
    """Return the entity ids of an add or a delete by filter; raises BadRequestError where there is none."""
    _refuse_apps(said)
    found = {name: said[name] for name in ENTITIES if said.get(name)}
    if not found:
        msg = "at least one of user_id, agent_id, app_id, run_id is required"
        raise BadRequestError(msg)
    return found


def _names_one(filters: Mapping[str, Any], name: str) -> bool:
    return name in filters and filters[name] is not None and filters[name] != ""


def _lifted(conditions: object) -> dict[str, Any]:
    """Return the entities that each record must have because an `AND` says so."""
    found: dict[str, Any] = {}
    for condition in conditions if isinstance(conditions, list) else ():
        if isinstance(condition, Mapping):
            found |= {name: condition[name] for name in ENTITIES if _names_one(condition, name)}
    return found


def _refuse_apps(said: object) -> None:
    """Refuse an app at any depth: passed over, it would widen."""
    if isinstance(said, Mapping):
        if said.get(APP) is not None:
            msg = "the stand-in has no apps: mem0.Memory knows no app_id"
            raise BadRequestError(msg)
        _refuse_apps(list(said.values()))
    elif isinstance(said, list):
        for one in said:
            _refuse_apps(one)
