"""The ways in which information may cross, and what a target may offer beside its methods."""

from collections.abc import Container, Mapping
from enum import StrEnum


class Channel(StrEnum):
    """A way in which information may cross from one tenant to another."""

    ADD = "add"
    SEARCH = "search"
    GET_ALL = "get_all"
    GET = "get"
    UPDATE = "update"
    DELETE = "delete"
    DELETE_ALL = "delete_all"
    HISTORY = "history"
    PUT = "put"
    PUT_OVER = "put_over"
    QUERY = "query"
    LIST = "list"
    CLEAR = "clear"
    COPY = "copy"
    ASK = "ask"
    PAGE = "page"
    EXPORT = "export"
    EVENTS = "events"
    LIVE = "live"
    CLOSE_ACCOUNT = "close_account"
    ERRORS = "errors"
    PROMPTS = "prompts"
    STORAGE = "storage"

    @property
    def meaning(self) -> str:
        """What crosses here, in one line."""
        return _MEANINGS[self]


_MEANINGS = {
    Channel.ADD: "adding a record shows, changes or displaces another tenant's",
    Channel.SEARCH: "a search finds another tenant's record",
    Channel.GET_ALL: "a listing holds another tenant's record",
    Channel.GET: "a record id reads another tenant's record",
    Channel.UPDATE: "a record id changes another tenant's record",
    Channel.DELETE: "a record id removes another tenant's record",
    Channel.DELETE_ALL: "deleting one's own records removes another tenant's",
    Channel.HISTORY: "a record id reads another tenant's earlier texts",
    Channel.PUT: "putting a value shows, changes or displaces another tenant's",
    Channel.PUT_OVER: "to put over another tenant's key changes its value",
    Channel.QUERY: "a query finds another tenant's value",
    Channel.LIST: "a listing holds another tenant's key or value",
    Channel.CLEAR: "clearing one's own values removes another tenant's",
    Channel.COPY: "copying, moving or linking takes what lies under another tenant's key",
    Channel.ASK: "the answer to a question holds another tenant's words",
    Channel.PAGE: "the page of one's own data shows another tenant's",
    Channel.EXPORT: "the export of one's own data holds another tenant's",
    Channel.EVENTS: "the stream of events that one has subscribed to tells of another tenant's",
    Channel.LIVE: "the WebSocket that one has opened tells of another tenant's",
    Channel.CLOSE_ACCOUNT: "closing one's own account removes another tenant's records, or leaves one's own",
    Channel.ERRORS: "an error's text quotes another tenant",
    Channel.PROMPTS: "another tenant's text is sent to the extraction LLM",
    Channel.STORAGE: "erased text is still in the store's files or tables",
}

# What a channel is called where callers choose keys.
KEYED: Mapping[Channel, Channel] = {
    Channel.ADD: Channel.PUT,
    Channel.UPDATE: Channel.PUT_OVER,
    Channel.SEARCH: Channel.QUERY,
    Channel.GET_ALL: Channel.LIST,
    Channel.DELETE_ALL: Channel.CLEAR,
}
_OF_KEYS = frozenset({*KEYED.values(), Channel.COPY})
# What tells whoever has subscribed what has happened since.
FEEDS = (Channel.EVENTS, Channel.LIVE)
# What only an application has: answers in words, a page, an export, feeds, accounts.
OF_AN_APPLICATION = (Channel.ASK, Channel.PAGE, Channel.EXPORT, *FEEDS, Channel.CLOSE_ACCOUNT)
OF_A_MEMORY = tuple(channel for channel in Channel if channel not in {*_OF_KEYS, *OF_AN_APPLICATION})
OF_A_RESOURCE = tuple(
    channel for channel in Channel if channel not in {*KEYED, *OF_AN_APPLICATION, Channel.HISTORY, Channel.PROMPTS}
)


def spelt(channel: Channel, keys: str) -> Channel:
    """Return what a channel of a memory is called: otherwise where callers choose keys."""
    return KEYED.get(channel, channel) if keys else channel


class Ability(StrEnum):
    """What a target may offer beside its methods; scenarios that cannot do without name it in their needs."""

    FILTERS = "filters"
    METADATA = "metadata"
    INFER = "infer"
    AGENT_ID = "agent_id"
    RUN_ID = "run_id"
    APP_ID = "app_id"
    GUESTS = "guests"
    ASYNC = "async"
    BOTH_CLIENTS = "both_clients"
    REOPEN = "reopen"
    START = "start"
    PROMPTS = "prompts"
    STORAGE = "storage"
    LOAD = "load"
    RESET = "reset"
    ASYNC_RESET = "async_reset"
    KEYS = "keys"
    PATHS = "paths"
    TTL = "ttl"
    PREFIX = "prefix"
    EXPIRE = "expire"
    COPY = "copy"
    MOVE = "move"
    LINK = "link"
    ASK = "ask"
    PAGE = "page"
    EXPORT = "export"
    EVENTS = "events"
    LIVE = "live"
    CLOSE_ACCOUNT = "close_account"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    GUEST = "guest"
    OTHERS = "others"
    CLAIM = "claim"
    SPELLING = "spelling"
    MISTAKE = "mistake"
    AROUND = "around"
    SCROLL = "scroll"
    COUNT = "count"
    FACET = "facet"
    HYBRID = "hybrid"

    @property
    def lack(self) -> str:
        """What a target without it does not do, as a sentence."""
        return _LACKS[self]

    @property
    def way_out(self) -> str:
        """What to do for a target without it; `{}` stands where it is named, or the choice that it belongs to."""
        return _WAYS_OUT.get(self, "give the target {}")


_NO_ID = "`make_memory` takes no "
_LACKS = {
    Ability.FILTERS: "`search` and `get_all` take no `filters`",
    Ability.METADATA: "`add` and `update` take no `metadata`",
    Ability.INFER: "`add` takes no `infer`",
    Ability.AGENT_ID: f"{_NO_ID}`agent_id`",
    Ability.RUN_ID: f"{_NO_ID}`run_id`",
    Ability.APP_ID: f"{_NO_ID}`app_id`",
    Ability.GUESTS: "`make_memory` always takes a user id",
    Ability.ASYNC: "the target has no asynchronous memory (make_async_memory, or methods that are coroutines)",
    Ability.BOTH_CLIENTS: "the target has no asynchronous client beside the other (make_async_memory)",
    Ability.REOPEN: "the target cannot be closed and opened again (reopen)",
    Ability.START: "the target cannot be started afresh (start)",
    Ability.PROMPTS: "the target does not tell what its extraction LLM was sent (prompts)",
    Ability.LOAD: "the target takes no records in bulk (load)",
    Ability.STORAGE: "the target does not show what it stores (storage)",
    Ability.RESET: "the target has no reset of its own (reset)",
    Ability.KEYS: "callers choose no keys there (make_resource)",
    Ability.PATHS: "its keys are no paths (`keys = 'path'`)",
    Ability.TTL: "`put` takes no `ttl`",
    Ability.PREFIX: "`list` takes no `prefix`",
    Ability.EXPIRE: "the target cannot let what has a ttl run out (expire)",
    Ability.COPY: "the resource has no `copy`",
    Ability.MOVE: "the resource has no `move`",
    Ability.LINK: "the resource has no `link`",
    Ability.ASK: "the memory has no `ask`",
    Ability.PAGE: "the memory has no `page`",
    Ability.EXPORT: "the memory has no `export`",
    Ability.EVENTS: "the memory has no `events`",
    Ability.LIVE: "the memory has no `live`",
    Ability.CLOSE_ACCOUNT: "the memory has no `close_account`",
    Ability.SIGN_IN: "nobody signs in there (sign_in, bearing)",
    Ability.SIGN_OUT: "nobody signs out there (sign_out)",
    Ability.GUEST: "the target gives guests no credential (guest)",
    Ability.OTHERS: "the target shows no tokens for other purposes (others)",
    Ability.CLAIM: "`bearing` takes no `claim`",
    Ability.SPELLING: "`bearing` takes no `spelling`",
    Ability.MISTAKE: "`sign_in` takes no `mistake`",
    Ability.AROUND: "the target does not tell what stands around its answers (around)",
    Ability.SCROLL: "the resource has no `scroll`",
    Ability.COUNT: "the resource has no `count`",
    Ability.FACET: "the resource has no `facet`",
    Ability.HYBRID: "the resource has no `hybrid`",
    Ability.ASYNC_RESET: "the target has no reset by its asynchronous client (async_reset)",
}

_ID = "let `make_memory` take {}"
_WAYS_OUT = {
    Ability.FILTERS: "let `search` or `get_all` take {}",
    Ability.METADATA: "let `add` or `update` take {}",
    Ability.INFER: "let `add` take {}",
    Ability.AGENT_ID: _ID,
    Ability.RUN_ID: _ID,
    Ability.APP_ID: _ID,
    Ability.GUESTS: "let `make_memory` take `user_id=None` with another id",
    Ability.ASYNC: "make the methods coroutines, or give the target `make_async_memory`",
    Ability.BOTH_CLIENTS: "give the target `make_async_memory` beside `make_memory`",
    Ability.KEYS: "give `make_resource(user_id)` whatever is put under a key",
    Ability.PATHS: "say `keys = 'path'` where a key is a path",
    Ability.TTL: "let `put` take {}",
    Ability.PREFIX: "let `list` take {}",
    Ability.COPY: "give the resource `copy(source, target)`",
    Ability.MOVE: "give the resource `move(source, target)`",
    Ability.LINK: "give the resource `link(source, target)`",
    Ability.ASK: "give the memory {}",
    Ability.PAGE: "give the memory {}",
    Ability.EXPORT: "give the memory {}",
    Ability.EVENTS: "give the memory {}",
    Ability.LIVE: "give the memory {}",
    Ability.CLOSE_ACCOUNT: "give the memory {}",
    Ability.SIGN_IN: "give the target {} and `bearing`",
    Ability.CLAIM: "let `bearing` take {}",
    Ability.SPELLING: "let `bearing` take {}",
    Ability.MISTAKE: "let `sign_in` take {}",
    Ability.SCROLL: "give the resource `scroll(top_k)`",
    Ability.COUNT: "give the resource `count()`",
    Ability.FACET: "give the resource `facet()`",
    Ability.HYBRID: "give the resource `hybrid(text, top_k)`",
    Ability.PROMPTS: "give the target {} (and an `add` that takes `infer`)",
}


def possible(offers: Container[str]) -> tuple[Channel, ...]:
    """Return the channels of a target that offers this, methods and abilities; errors are everybody's."""
    # What is added crosses by its metadata alone: a text has no place to name another in.
    needs = {Channel.ADD: f"{Channel.ADD}.{Ability.METADATA}"}
    of_memory = (*OF_A_MEMORY, *OF_AN_APPLICATION, *((Channel.COPY,) if Ability.KEYS in offers else ()))
    found = (one for one in of_memory if one is Channel.ERRORS or needs.get(one, one) in offers)
    keys = Ability.KEYS.value if Ability.KEYS in offers else ""
    return tuple(spelt(channel, keys) for channel in found)
