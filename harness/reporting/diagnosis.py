"""What `memfence doctor` says: what a target is, what an audit of it would lack, and the lines that it lacks."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..base.wording import either
from ..campaigns.file_lines import file_lines
from ..model.causes import CHECK_USER_ID
from ..model.channels import OF_A_MEMORY, OF_A_RESOURCE, Ability, Channel, spelt
from ..model.diagnoses import Answer, Call, Came, Diagnosis, IdTried, Kind, Line, Want
from .snippets import disposable, holder, lines_for, refusing
from .unasked import few, not_called

_WIDTH = 108
_HEAD = 12
_WHERE = {Kind.OBJECT: " (in the class)", Kind.FILE: " (in the application's file)"}
_MINUTE = 60
_NO_START = (
    "Without a `start` that opens a fresh, empty store for each attack an audit takes several times as long: 227 s "
    "were seen without it, and 30 s with it"
)
_LONG = 100
_STORES = (Channel.ADD, Channel.PUT)
_NO_CALLS = (Channel.ERRORS, Channel.PROMPTS, Channel.STORAGE, Channel.PUT_OVER, Channel.COPY)
# As in Redaction.
_MASKED = " characters, #"


def lines(found: Diagnosis) -> Iterator[str]:
    """Yield it line by line, the last one whether an audit can give a full answer."""
    found = _spelt(found)
    yield f"memfence doctor {found.target}: nobody was attacked"
    yield from _paragraph("memory", _memory(found))
    yield from _paragraph(
        "target",
        f"says {', '.join(found.offers)}"
        if found.offers
        else f"says nothing beside {'make_resource' if found.keys else 'make_memory'}",
    )
    yield from _paragraph("results", "; ".join(_results(found)))
    yield from _ids(found)
    if found.uncalled:
        yield from _paragraph("not called", not_called(found.uncalled))
    yield from _own_errors(found)
    yield from _paragraph("disposable", _disposable(found))
    yield from _paragraph("attacks", _attacks(found))
    yield from _paragraph("time", _time(found))
    if found.left_behind:
        count = "1 record" if found.left_behind == 1 else f"{found.left_behind} records"
        yield from _paragraph("left behind", f"{count} of its own users, {found.prefix}*: not proven gone")
    yield from _missing(found)
    yield ""
    yield last(found)


def last(found: Diagnosis) -> str:
    """Return the last line: whether an audit can give a full answer, or what stands in the way."""
    if found.ready:
        return "READY: an audit can give its answer" + (" by what it may try" if found.lines else "")
    return f"NOT READY: {'; '.join(_want(want, found) for want in found.wants)}"


def _paragraph(head: str, text: str) -> Iterator[str]:
    first, *rest = textwrap.wrap(text, _WIDTH - _HEAD, break_long_words=False, break_on_hyphens=False) or [""]
    yield f"{head:<{_HEAD}}{first}"
    yield from (" " * _HEAD + line for line in rest)


def _code(code: Iterator[str] | list[str] | tuple[str, ...], indent: int = _HEAD + 4) -> Iterator[str]:
    yield from (" " * indent + line for line in code)


def _spelt(found: Diagnosis) -> Diagnosis:
    """Return it in the words of a keyed resource, where it is one."""
    if not found.keys:
        return found
    calls = tuple(replace(call, channel=spelt(call.channel, found.keys)) for call in found.calls)
    methods = {spelt(name, found.keys): takes for name, takes in found.methods.items() if name is not Channel.UPDATE}
    return replace(found, calls=calls, methods=methods)


def _store(found: Diagnosis) -> Channel:
    return spelt(Channel.ADD, found.keys)


def _memory(found: Diagnosis) -> str:
    has = [f"{name}({', '.join(takes)})" if takes else str(name) for name, takes in found.methods.items()]
    lacks = [name for name in _calls(found.keys) if name not in found.methods]
    return f"has {', '.join(has)}" + (f"; no {', '.join(lacks)}" if lacks else "")


def _calls(keys: str) -> list[Channel]:
    return [channel for channel in (OF_A_RESOURCE if keys else OF_A_MEMORY) if channel not in _NO_CALLS]


def _results(found: Diagnosis) -> Iterator[str]:
    if found.add_told:
        masked = " (--show-content shows the text)" if _MASKED in found.add_told else ""
        yield f"add failed: {found.add_told}{masked}"
    looks = [call for call in found.calls if call.channel not in _STORES]
    seen = [call.channel for call in looks if call.came is Came.FOUND]
    if seen:
        verb = "shows" if len(seen) == 1 else "show"
        yield f"{' and '.join(seen)} {verb} what {_store(found)} has stored"
    yield from (_look(call) for call in looks if call.came is not Came.FOUND)
    if len(seen) < len(looks) and found.mem0 and Ability.INFER not in found.methods[Channel.ADD]:
        yield "let `add` name `infer`, or mem0 stores what its LLM makes of a text"
    if found.stored:
        yield f"the id of {'each' if found.ids_told >= found.stored else 'no'} new record is known"
        if seen and not found.labelled:
            yield "no record has a `user_id`: if its owner stands under another name, say so with `scope_keys`"
    elif not found.add_told:
        yield f"not tried: there is no `{_store(found)}`"


def _look(call: Call) -> str:
    match call.came:
        case Came.BESIDE:
            return (
                f"{call.channel} returned {call.told} with the fact in no record: return a list of records or texts, "
                'or {"results": [...]}'
            )
        case Came.OTHERS:
            records = "1 record" if call.told == "1" else f"{call.told} records"
            return f"{call.channel} returned {records}, and not the one that was stored"
        case Came.NOTHING:
            return f"{call.channel} did not find what was stored: it returned {call.told} with no record in it"
        case Came.UNREADABLE:
            return f"{call.channel} returned {call.told}: a list, a dict or a text is understood"
        case _:
            return f"{call.channel} failed: {call.told}"


def _ids(found: Diagnosis) -> Iterator[str]:
    by = {answer: [one for one in found.ids if one.answer is answer] for answer in Answer}
    told = []
    if by[Answer.REFUSED]:
        told.append(f"refused: {_shown(by[Answer.REFUSED])}")
    told += [f"{one.shown} broke it ({one.told}): a ValueError says no plainly" for one in by[Answer.BROKE]]
    if by[Answer.OWN]:
        told.append(f"{_shown(by[Answer.OWN])} got an error of the target's own (refusals)")
    accepted = by[Answer.ACCEPTED]
    if accepted:
        untried = "" if found.disposable else " (its calls may still refuse them: that was not tried)"
        told.append(f"{'not checked' if len(accepted) == len(found.ids) else 'let in'}: {_shown(accepted)}{untried}")
    ours = ":" not in found.target
    if ours and (accepted or by[Answer.BROKE]):
        told.append("ScopedMemory refuses them")
    yield from _paragraph("ids", "; ".join(told))
    if not ours and (accepted or by[Answer.BROKE]):
        where = "signs a user up" if found.kind is Kind.FILE else "makes a memory"
        yield f"{'':<{_HEAD}}where your application {where}, these lines (and `import re`) refuse them:"
        yield from _code(CHECK_USER_ID)


def _shown(tried: list[IdTried]) -> str:
    return ", ".join(one.shown for one in tried)


def _own_errors(found: Diagnosis) -> Iterator[str]:
    """Yield which errors of the target's own may mean no, and the line that says so."""
    if found.own_errors:
        told = (f"{kind} for {', '.join(shown)}" for kind, shown in found.own_errors.items())
        text = f"{'; '.join(told)}: an error may mean no, but nobody has said so. Where it does, say it"
        yield from _paragraph("refusals", f"{text}{' in the class' if found.kind is Kind.OBJECT else ''}:")
        yield from _code([refusing(found)])


def _disposable(found: Diagnosis) -> str:
    if found.never_wiped:
        return "never: its store is never wiped, so what would delete is not tried"
    if found.disposable is None:
        return "not said: may its store be wiped? Only then is tried what deletes, and who comes under hostile ids"
    if found.disposable:
        return f"True, says {found.said_by}: its store may be wiped"
    if found.destroys:
        return f"False, says {found.said_by}: what deletes is tried all the same, but nobody comes under hostile ids"
    return f"False, says {found.said_by}: what deletes is not tried, nor who comes under hostile ids"


def _attacks(found: Diagnosis) -> str:
    left = _waiting(found.lines)
    every = len(found.attacks) + len(left)
    histories = f", and {found.histories} histories" if found.histories else ""
    # Where most run, those that do not are the news, and they follow.
    named = f": {', '.join(found.attacks)}" if 0 < len(found.attacks) < len(left) else ""
    meant = f"; meant to be, and not asked: {', '.join(found.allowed)}" if found.allowed else ""
    return f"{len(found.attacks)} of {every} will run{histories}{named}{meant}"


def _time(found: Diagnosis) -> str:
    if not found.operations:
        return "not known: nothing could be stored"
    timed = [f"{call.channel} {_milliseconds(call.seconds)}" for call in found.calls]
    slower = [f"{call.channel} {_milliseconds(call.later)}" for call in found.calls if call.later > 2 * call.seconds]
    more = f", {', '.join(slower)} after {found.piled} more records" if slower else ""
    told = f"about {_long(found.seconds)}, for about {found.operations:,} operations ({', '.join(timed)}{more})"
    # In a store that may not be wiped, no world is fresh.
    if not found.disposable or Ability.START in found.offers:
        return told
    return f"{told}. {_NO_START}"


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.2g} ms" if seconds < 1 else f"{seconds:.2g} s"


def _long(seconds: float) -> str:
    """Return a duration no finer than it is known."""
    if seconds < _LONG:
        return f"{max(5 * round(seconds / 5), 5)} seconds"
    return f"{round(seconds / _MINUTE)} minutes"


def _missing(found: Diagnosis) -> Iterator[str]:
    if not found.lines:
        return
    left = len(_waiting(found.lines))
    yield ""
    others = "the other attack" if left == 1 else f"the other {left} attacks"
    yield f"What lets {others} run (one that waits for two things stands under both)."
    if found.kind is Kind.FILE:
        yield "Add to the application's file what it can do, with its own paths: what it cannot do needs no attack."
    else:
        yield "Add what your agents can do: what they cannot do needs no attack."
    beside = holder(found.kind, _name(found))
    if beside:
        yield "What is said of the whole store stands on a function, which is then what is audited:"
        yield from _code(beside, 6)
    alike: dict[tuple[str, ...], list[Line]] = {}
    for line in found.lines:
        alike.setdefault(tuple(_pasted(line, found)), []).append(line)
    for code, waiting in sorted(alike.items(), key=lambda pair: _gravity(pair[1])):
        attacks = _waiting(waiting)
        yield f"  {len(attacks)} attack{'s' if len(attacks) > 1 else ''} ({few(attacks)}){_why(waiting[0], found)}:"
        yield from _code(code, 6)


def _waiting(lines: Iterable[Line]) -> list[str]:
    return list(dict.fromkeys(name for line in lines for name in line.attacks))


def _gravity(waiting: list[Line]) -> tuple[bool, bool, int]:
    """Return what sorts a permission first, then what would write to others' records, then what most wait for."""
    gaps = [line.gap for line in waiting]
    return not any(one.unpermitted for one in gaps), not any(one.destructive for one in gaps), -len(_waiting(waiting))


def _pasted(line: Line, found: Diagnosis) -> list[str]:
    if ":" not in found.target or (line.gap.unpermitted and found.never_wiped):
        return [line.gap.way_out]
    if found.kind is Kind.FILE:
        return file_lines(line.choice, found.keys) or ["nothing: no line of the file says it"]
    return lines_for(line.choice, found.kind, _name(found), found.keys)


def _why(line: Line, found: Diagnosis) -> str:
    if line.gap.unpermitted and not found.never_wiped:
        return f", where the store may be wiped{_WHERE.get(found.kind, '')}"
    return f", for which {either(line.choice)} is enough" if len(line.choice) > 1 else ""


def _name(found: Diagnosis) -> str:
    return found.target.rpartition(":")[2]


def _want(want: Want, found: Diagnosis) -> str:
    match want:
        case Want.ADD:
            return "nothing can be stored, so nothing can be judged (results)"
        case Want.READ:
            blind = [call.channel for call in found.calls if call.came is not Came.FOUND]
            return f"what was stored is not found again by {either(blind)} (results)"
        case Want.IDS:
            return "no reply tells the id of a new record, so calls by id cannot be judged: let `add` return it"
        case Want.NOTHING:
            return "no attack can run"
        case Want.REQUIRED:
            return f"required and not all offered: {', '.join(found.required)}"
        case Want.OWN_ERRORS:
            return f"say whether {either(found.own_errors)} means no (refusals)"
        case Want.DISPOSABLE:
            said = disposable(found.kind, _name(found), said=True)
            return f"say whether the store may be wiped: {said}, or {'false' if found.kind is Kind.FILE else 'False'}"
