"""Record ids that are an attack: how another's is written so that a store finds it, and a check of it does not."""

# By class: its sentence, and spellings as `RecordRef` takes them.
SPELLINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "record id: beginning": ("the first characters of another's record id", ("{begin}",)),
    "record id: case": ("another's record id in upper case", ("{ID}",)),
    "record id: expression": (
        "an id that ends the condition it is put into, and goes on",
        ("{id}'] or id not in ['x", "{id}' OR '1'='1", '{id}" or ""=="'),
    ),
    "record id: in words": ("words for a record, or for all of them", ("last", "latest", "-1", "*")),
    "record id: key": ("the key that a store may make of a user and a record", ("{owner}/{id}", "{owner}:{id}")),
    "record id: padded": ("another's record id with a blank beside it, or without its dashes", (" {id}", "{digits}")),
    "record id: path": (
        "a path from one's own records to another's",
        ("../{owner}/{id}", "x/../../{owner}/{id}", "./{id}", "/{owner}/{id}", "..\\{owner}\\{id}"),
    ),
    "record id: percent": (
        "such a path, percent-encoded once and twice",
        ("..%2f{owner}%2f{id}", "..%252f{owner}%252f{id}"),
    ),
    "record id: two": ("another's record id beside one of one's own", ("{own},{id}", "{id},{own}")),
}
ASKED = "record id: asked for"
# What a question says of a record's id.
QUESTIONS = ("{id}", "What do you know of {id}?")
CLASSES: dict[str, str] = {
    ASKED: "another's record id as a question, alone and among words",
    **{name: sentence for name, (sentence, _) in SPELLINGS.items()},
}
# Each spelling with its class; the one that most stores would fall for is the first.
SPELT: tuple[tuple[str, str], ...] = tuple(
    sorted(
        ((name, spelt) for name, (_, spellings) in SPELLINGS.items() for spelt in spellings),
        key=lambda one: one[0] != "record id: path",
    )
)
