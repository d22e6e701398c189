"""The lines that a target lacks, as code to paste: what they do, only its owner can say, and until then they raise."""

from collections.abc import Sequence

from ..model.channels import Ability, Channel, spelt
from ..model.diagnoses import Diagnosis, Kind
from ..model.own_errors import refusals

_METHODS = {
    Channel.ADD: ("text", "store the text for this user"),
    Channel.SEARCH: ("query", "what this user's search returns"),
    Channel.GET_ALL: ("", "all records of this user"),
    Channel.GET: ("record_id", "this user's record of this id"),
    Channel.UPDATE: ("record_id, text", "change this user's record"),
    Channel.DELETE: ("record_id", "delete this user's record"),
    Channel.DELETE_ALL: ("", "delete all records of this user, and nobody else's"),
    Channel.HISTORY: ("record_id", "the earlier texts of this user's record"),
    Channel.ASK: ("question", "what the assistant answers this user"),
    Channel.PAGE: ("", "the page of this user's own data, as HTML"),
    Channel.EXPORT: ("", "all that is stored of this user, as it is exported"),
    Channel.EVENTS: ("", "what the stream of events has told this user since the last call"),
    Channel.LIVE: ("", "the same of its WebSocket"),
    Channel.CLOSE_ACCOUNT: ("", "remove this user and all that is stored of it"),
}
# What a target says beside its memories: a function, and what it does.
_FUNCTIONS = {
    Ability.START: ("start", "", "open a fresh and empty store"),
    Ability.REOPEN: ("reopen", "", "close the store and open the same one again"),
    Ability.STORAGE: ("storage", "", "pairs of a name and a path, bytes or texts: where records lie"),
    Ability.PROMPTS: ("prompts", "", "a list of the texts that the extraction LLM was sent so far"),
    Ability.RESET: ("reset", "", "your client's own reset, in the store that is open"),
    Ability.ASYNC_RESET: ("async_reset", "", "the same by your asynchronous client"),
    Ability.EXPIRE: ("expire", "", "let run out what was put for a time"),
    Ability.SIGN_IN: ("sign_in", "user_id, carrying=None", "open a session: what its client holds then"),
    Ability.SIGN_OUT: ("sign_out", "credential", "end the session that it was given for"),
    Ability.GUEST: ("guest", "", "what somebody holds who has not signed in"),
    Ability.OTHERS: ("others", "credential", "its user's tokens for other purposes, by name"),
    Ability.AROUND: ("around", "", "what stood around the answers since the last call: their headers"),
    Ability.LOAD: ("load", "pairs", "put the (user id, text) pairs of many others in at once"),
    Ability.ASYNC: ("make_async_memory", "user_id", "the same user's memory through your asynchronous client"),
    Ability.BOTH_CLIENTS: ("make_async_memory", "user_id", "the same user's memory through your asynchronous client"),
}
# What a keyed resource may offer beside that.
_OF_A_RESOURCE = {
    Ability.COPY: ("copy", "source, target", "put under `target` what lies under `source`"),
    Ability.MOVE: ("move", "source, target", "the same, and remove it there"),
    Ability.LINK: ("link", "source, target", "let `target` lead to `source`"),
    Ability.SCROLL: ("scroll", "top_k", "some values of this user, as they come"),
    Ability.COUNT: ("count", "", "how many values this user has"),
    Ability.FACET: ("facet", "", "how many of this user's values there are of each kind"),
    Ability.HYBRID: ("hybrid", "text, top_k", "what this user's search by meaning and by words finds"),
    Channel.PUT: ("put", "key, value", "store the value under this user's key"),
    Channel.PUT_OVER: ("put", "key, value", "store the value under this user's key"),
    Channel.QUERY: ("query", "text, top_k", "what this user's query finds"),
    Channel.LIST: ("list", 'prefix=""', "all keys of this user that begin with the prefix"),
    Channel.GET: ("get", "key", "the value under this user's key"),
    Channel.DELETE: ("delete", "key", "remove this user's key"),
    Channel.CLEAR: ("clear", "", "remove all keys of this user, and nobody else's"),
}
# Arguments: whose signature names them, and what becomes of them.
_ARGUMENTS = {
    Ability.TTL: ("def put(self, key, value, ttl=None):", "let it run out"),
    Ability.PREFIX: ('def list(self, prefix=""):', "list what begins with it"),
    Ability.FILTERS: ("def search(self, query, filters=None):", "pass the filters on"),
    Ability.METADATA: ("def add(self, text, metadata=None):", "pass the metadata on"),
    Ability.CLAIM: ("def bearing(self, credential, claim=None):", "say (place, name, value) beside it"),
    Ability.MISTAKE: ('def sign_in(self, user_id, carrying=None, mistake=""):', "sign in without the right password"),
    Ability.SPELLING: ('def bearing(self, credential, spelling=""):', "spell each request so"),
    Ability.INFER: ("def add(self, text, infer=True):", "pass infer on"),
}
_IDS = (Ability.RUN_ID, Ability.AGENT_ID, Ability.APP_ID)


def lines_for(choice: Sequence[str], kind: Kind, name: str, keys: str = "") -> list[str]:
    """Return what to add for the first of a choice of methods and arguments; for none, what permits to wipe the store.

    `name` is what the target is called in its module, `keys` how it spells keys, where callers choose these.
    """
    if not choice:
        return [disposable(kind, name, said=True)]
    first = spelt(Channel(choice[0]), keys) if choice[0] in _METHODS else choice[0]
    if keys and first in _OF_A_RESOURCE:
        called, *rest = _OF_A_RESOURCE[first]  # type: ignore[index]  # a name of either
        return [_todo(called, "self", *rest)]
    if first in (Ability.KEYS, Ability.PATHS):
        return [_said(kind, name, 'keys = "path"')]
    if first in _METHODS:
        return [_todo(first, "self", *_METHODS[Channel(first)])]
    ability = Ability(first)
    if ability in _IDS:
        head = "def __init__(self, user_id" if kind is Kind.CLASS else f"def {_maker(kind, name)}user_id"
        return [f"{head}, {ability}=None):  # pass it on, as your application does"]
    if ability in _ARGUMENTS:
        signature, does = _ARGUMENTS[ability]
        return [f"{signature}  # {does}, as your application does"]
    return _function(ability, kind, name)


def disposable(kind: Kind, name: str, *, said: bool) -> str:
    """Return the line that says whether the store may be wiped."""
    if kind is Kind.FILE:
        return f"disposable = {str(said).lower()} in the application's file"
    return _said(kind, name, f"disposable = {said}")


def _said(kind: Kind, name: str, line: str) -> str:
    """Return a line that says something of the target: in its class, or of the function."""
    return line if kind is Kind.OBJECT else f"{name}.{line}"


def refusing(found: Diagnosis) -> str:
    """Return the line by which the target's own errors mean no; those that do already stay."""
    name = found.target.rpartition(":")[2]
    value = refusals((*found.refusals, *found.own_errors))
    return f"refusals = {value}" if found.kind is Kind.OBJECT else f"{name}.refusals = {value}"


def _maker(kind: Kind, name: str) -> str:
    return "make_memory(self, " if kind is Kind.OBJECT else f"{name}("


def holder(kind: Kind, name: str) -> list[str]:
    """Return what holds what is said of the whole store, where the target cannot: a class is made for each user."""
    return [f"def make_memory(user_id): return {name}(user_id)"] if kind is Kind.CLASS else []


def _function(ability: Ability, kind: Kind, name: str) -> list[str]:
    called, *rest = _FUNCTIONS[ability]
    if kind is Kind.OBJECT:
        return [_todo(called, "self", *rest)]
    return [_todo(called, "", *rest), f"{name if kind is Kind.FUNCTION else 'make_memory'}.{called} = {called}"]


def _todo(called: str, own: str, arguments: str, does: str) -> str:
    """Return a function that is still to be written: an audit is inconclusive until it is."""
    return f"def {called}({', '.join(filter(None, (own, arguments)))}): raise NotImplementedError  # {does}"
