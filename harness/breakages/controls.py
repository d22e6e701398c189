"""The controls of an audit: a verdict is worth what its detector is worth.

A positive control wraps the audited target's calls or replies so that a leak is certain; the scenario and its oracles
must see it. It does not prove that the store would have been reached. The negative control looks for a canary that was
never planted.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from ..base.errors import UnknownNameError
from ..model.observations import Crashed, Outside, Refused, Returned, Step
from ..model.operations import (
    Add,
    Chat,
    Crowd,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    Operation,
    ReadStorage,
    Reset,
    Search,
    Update,
    is_probe,
)
from ..model.tenants import Tenant
from ..performing.executor import Executor
from ..plans.population import Population

Perform: TypeAlias = Callable[[Operation, int], Step]
# In seconds: more than a busy machine adds to most answers.
_DELAY = 0.05


def reroute(executor: Executor, population: Population) -> Perform:
    """A probe goes to the victim's memory instead of the attacker's own, without what it tried in addition."""
    planted: dict[int, Tenant] = {}

    def perform(operation: Operation, index: int) -> Step:
        if not is_probe(operation):
            step = executor.perform(operation, index)
            if isinstance(operation, Add) and isinstance(step.observation, Returned):
                planted[operation.principal.index] = operation.principal
            return step
        # The victim as it last stored something, by the client that the attacker asked for.
        asked = operation.principal
        victim = planted.get(operation.owner) or replace(population.tenant(operation.owner), within=asked.within)
        victim = replace(victim, asynchronous=asked.asynchronous)
        return replace(executor.perform(_plainly(operation, victim), index, through=victim), operation=operation)

    return perform


def swallow(executor: Executor, population: Population) -> Perform:
    """Deletes and resets do nothing, and say that they did."""
    del population

    def perform(operation: Operation, index: int) -> Step:
        if isinstance(operation, Delete | DeleteAll | Reset):
            return Step(index, operation, Returned())
        return executor.perform(operation, index)

    return perform


def echo(executor: Executor, population: Population) -> Perform:
    """The victim's fact stands in the answer to each probe: in its reply or error, in the prompt, in the storage."""

    def perform(operation: Operation, index: int) -> Step:
        step = executor.perform(operation, index)
        if not is_probe(operation):
            return step
        text = _sought(operation, population)
        if isinstance(operation, Chat | ReadStorage):
            return replace(step, outside=(*step.outside, Outside("echo", text)))
        match step.observation:
            case Returned() as returned:
                return replace(step, observation=replace(returned, aside=(*returned.aside, text)))
            case Refused() | Crashed() as error:
                return replace(step, observation=replace(error, message=f"{error.message}: {text}"))

    return perform


def hide(executor: Executor, population: Population) -> Perform:
    """From when another tenant has added a record, a tenant's own looks show nothing."""
    del population
    crowd: set[int] = set()

    def perform(operation: Operation, index: int) -> Step:
        step = executor.perform(operation, index)
        if isinstance(operation, Add | Crowd):
            crowd.add(operation.principal.index)
        others = crowd - {operation.principal.index}
        # A look by its key stands in where a resource has neither query nor list.
        looks = isinstance(operation, Search | GetAll) or (isinstance(operation, Get) and operation.seeks is not None)
        if others and looks and isinstance(step.observation, Returned):
            return replace(step, observation=Returned())
        return step

    return perform


def delay(executor: Executor, population: Population) -> Perform:
    """To ask for another's record, or what another has asked, takes longer."""
    del population
    asked: dict[str, int] = {}

    def perform(operation: Operation, index: int) -> Step:
        step = executor.perform(operation, index)
        by = operation.principal.index
        match operation:
            case Get(record=record):
                theirs = record.owner != by and not record.is_unknown
            case Search(query=query):
                theirs = asked.setdefault(query, by) != by
            case _:
                theirs = False
        return replace(step, seconds=step.seconds + _DELAY) if theirs else step

    return perform


def unfilter(executor: Executor, population: Population) -> Perform:
    """The caller's own filters do not reach the memory."""
    del population

    def perform(operation: Operation, index: int) -> Step:
        if not isinstance(operation, Search | GetAll):
            return executor.perform(operation, index)
        return replace(executor.perform(replace(operation, filters=None), index), operation=operation)

    return perform


def publish(executor: Executor, population: Population) -> Perform:
    """Each answer says that everybody may keep it."""
    del population

    def perform(operation: Operation, index: int) -> Step:
        step = executor.perform(operation, index)
        return replace(step, around=tuple(one.saying(cache_control="public, max-age=60") for one in step.around))

    return perform


def _plainly(operation: Operation, victim: Tenant) -> Operation:
    """Return the operation without hostile filters and metadata, which a wrapper may refuse."""
    match operation:
        case Update(into=int()):
            # The victim cannot update another's record; that the text lands in its memory is what matters.
            return Add(victim, victim.facts[0], text=operation.text)
        case Search() | GetAll():
            return replace(operation, filters=None)
        case Add() | Update():
            return replace(operation, metadata=None)
        case _:
            return operation


def _sought(operation: Operation, population: Population) -> str:
    if isinstance(operation, Search | GetAll | Chat | ReadStorage):
        return operation.seeks.text
    return population.tenant(operation.owner).facts[0].text


# What these plant is a loss. Where no fresh world can tell whose fault that is, it is the loss that must be seen.
LOSSES = frozenset({"hide"})
CONTROLS = {
    "reroute": reroute,
    "swallow": swallow,
    "echo": echo,
    "hide": hide,
    "unfilter": unfilter,
    "delay": delay,
    "publish": publish,
}


def control(name: str) -> Callable[[Executor, Population], Perform]:
    """Return the positive control of this name; raises UnknownNameError."""
    if name not in CONTROLS:
        raise UnknownNameError(name, kind="control", choices=CONTROLS)
    return CONTROLS[name]
