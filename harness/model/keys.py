"""Keys that a caller chooses: how a resource spells them, and the one under which a fact is put.

A memory gives its records ids; a file, a cache entry or a row is put under a key. The key carries its fact's code, so
that a listing of keys tells whose they are.
"""

from uuid import NAMESPACE_OID, uuid5

# How a resource spells keys: folders and a file; one word; a list of words; a UUID, as vector stores want.
PATH, FLAT, SEGMENTS, ID = FORMS = ("path", "flat", "segments", "id")
_KEYS = {PATH: "notes/{}.txt", FLAT: "note-{}", SEGMENTS: "notes/{}"}
# The separator in a key of segments as we write it; the resource is given a tuple.
JOINT = "/"
# What a resource calls what a memory calls otherwise.
CALLED = {"add": "put", "update": "put", "search": "query", "get_all": "list", "delete_all": "clear"}
# By what else a resource may be asked for its values, or how many there are.
OTHER_WAYS = ("scroll", "count", "facet", "hybrid")
# After the spelling: values are bytes there.
_BYTES = ":bytes"


def form_of(spelling: str, *, as_bytes: bool) -> str:
    """Return how a resource is spoken to: the spelling of its keys, and whether its values are bytes."""
    return f"{spelling}{_BYTES}" if spelling and as_bytes else spelling


def key_of(form: str, name: str) -> str:
    """Return the key for a name, such as a fact's code, in this form; empty where the form is: a memory has no keys."""
    spelling = form.removesuffix(_BYTES)
    if spelling == ID:
        return str(uuid5(NAMESPACE_OID, name))
    return _KEYS[spelling].format(name) if spelling else ""


def sent_key(form: str, key: str) -> str | tuple[str, ...]:
    """Return a key as the resource takes it: one of segments as a tuple."""
    return tuple(key.split(JOINT)) if form.startswith(SEGMENTS) else key


def sent_value(form: str, text: str) -> str | bytes:
    """Return a text as the resource takes it."""
    return text.encode() if form.endswith(_BYTES) else text


def called(form: str, method: str) -> str:
    """Return what a method of a memory is called where it is spoken to like this."""
    return CALLED.get(method, method) if form else method
