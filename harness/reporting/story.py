"""A finding told as a story: who planted what, who asked what, what came back, whose it is, how to see it again."""

from collections.abc import Iterator, Mapping
from typing import assert_never

from ..findings import FindingClass
from ..operations import Add, Delete, DeleteAll, Get, GetAll, History, Operation, RecordRef, Search, Update
from ..results import CampaignResult, FindingGroup, ScenarioResult


def headline(scenario: ScenarioResult, group: FindingGroup) -> str:
    """Return the finding in one line: `canary_leak (leak, high) in cross_search by search: 87 times, ...`."""
    told = group.example
    times = "once" if group.count == 1 else f"{group.count} times"
    return (
        f"{told.oracle} ({told.klass}, {told.severity}) in {scenario.name} by {told.channel}: "
        f"{times}, first at operation {group.earliest}"
    )


def in_short(scenario: ScenarioResult, group: FindingGroup) -> str:
    """Return a further finding in a few words: `in cross_search by search: canary_leak, 87 times`."""
    times = "once" if group.count == 1 else f"{group.count} times"
    return f"in {scenario.name} by {group.example.channel}: {group.example.oracle}, {times}"


def paragraphs(group: FindingGroup) -> Iterator[tuple[str, str]]:
    """Yield (what, text) pairs: planted, asked, came back, whose it is."""
    told = group.example
    for operation in told.witness:
        yield _told(operation), _deed(operation)
    if told.shown:
        yield "came back", repr(told.shown)
    heading = "whose it is" if told.klass is FindingClass.LEAK else "evidence"
    for position, sentence in enumerate(told.evidence):
        yield "" if position else heading, sentence


def calls(result: CampaignResult, group: FindingGroup) -> list[str]:
    """Return the few calls that show the finding, as Python; what led up to them is the repeat command's to run."""
    return [call(operation, result.passed.get(operation.channel)) for operation in group.example.witness]


def call(operation: Operation, options: Mapping[str, object] | None = None) -> str:
    """Return the operation as a call on the target: `make_memory("mf-ann-0").add("...", infer=False)`."""
    return f'make_memory("{operation.principal.id}").{_method(operation, options)}'


def repeat(result: CampaignResult, scenario: ScenarioResult) -> str:
    """Return the command line that finds it again, with this scenario alone."""
    if result.settings.get("scenarios"):
        return result.repeat
    return f"{result.repeat} --scenario {scenario.name}"


def _told(operation: Operation) -> str:
    who = operation.principal.handle
    match operation:
        case Add():
            return f"{who} planted"
        case Search() | GetAll() | Get() | History():
            return f"{who} asked"
        case Update() | Delete() | DeleteAll():
            return f"{who} did"
        case _:
            assert_never(operation)


def _deed(operation: Operation) -> str:
    return repr(operation.fact.text) if isinstance(operation, Add) else _method(operation)


def _method(operation: Operation, options: Mapping[str, object] | None = None) -> str:
    arguments = [*_arguments(operation), *(f"{name}={value!r}" for name, value in (options or {}).items())]
    return f"{operation.channel}({', '.join(arguments)})"


def _arguments(operation: Operation) -> list[str]:
    match operation:
        case Add(fact=fact):
            return [repr(fact.text)]
        case Search(query=query):
            return [repr(query)]
        case Get(record=record) | History(record=record) | Delete(record=record):
            return [_id_of(record)]
        case Update(record=record, text=text):
            return [_id_of(record), repr(text)]
        case GetAll() | DeleteAll():
            return []
        case _:
            assert_never(operation)


def _id_of(record: RecordRef) -> str:
    return f"<id of the record added at operation {record.step}>"
