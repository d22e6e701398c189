"""Keys that are an attack: how another's is written so that a resource finds it, and a check of it does not."""

# By class: its sentence, and spellings as `RecordRef` takes them.
SPELLINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    # First, for who has named somebody before learns nothing by its name.
    "key: nothing": ("no key, or one that names where all lie", ("", ".", "..", "/", "../", "../{owner}")),
    "key: path": (
        "a path from one's own keys to another's",
        (
            "../{owner}/{id}",
            "../../{owner}/{id}",
            "x/../../{owner}/{id}",
            "./../{owner}/{id}",
            "..//{owner}//{id}",
            "....//{owner}/{id}",
            "/{owner}/{id}",
            "//{owner}/{id}",
        ),
    ),
    "key: measured": (
        "the path from one's own folder to another's file, or that file's own, as the storage has it",
        ("{climb}", "x/../{climb}", "{file}"),
    ),
    "key: begun": (
        "a path to a folder whose name begins as one's own does",
        ("../{owner}/./{id}", "{owner}/../../{owner}/{id}"),
    ),
    "key: other system": (
        "such a path as another system or a URL writes it",
        (
            "..\\{owner}\\{id}",
            "..\\..\\{owner}\\{id}",
            "C:\\{owner}\\{id}",
            "file:///{owner}/{id}",
            "memory://{owner}/{id}",
        ),
    ),
    "key: percent": (
        "such a path, percent-encoded once and twice",
        ("%2e%2e%2f{owner}%2f{id}", "..%2f{owner}%2f{id}", "..%252f{owner}%252f{id}", "%2e%2e/{owner}/{id}"),
    ),
    "key: joint": (
        "the key that a store may make of a user and a key",
        ("{owner}/{id}", "{owner}:{id}", "{owner}|{id}", "{owner}.{id}", "{owner}-{id}", "{owner}_{id}", "{owner}{id}"),
    ),
    "key: pattern": (
        "a pattern in place of a key",
        ("*", "**", "*/{id}", "../*/{id}", "?*", "%", "_%", ".*", "^.*$", "[a-z]*"),
    ),
    "key: full width": (
        "such a path in characters that become dots and slashes once they are normalised",
        ("\uff0e\uff0e/{owner}/{id}", "\uff0e\uff0e\uff0f{owner}\uff0f{id}", "\u2025/{owner}/{id}"),
    ),
    "key: padded": (
        "such a path with blanks around its parts",
        (".. /{owner}/{id}", " ../{owner}/{id}", "..\t/ {owner}/{id}"),
    ),
    "key: ended": (
        "a key with something behind its end",
        ("../{owner}/{id}\x00", "../{owner}/{id} ", "../{owner}/{id}."),
    ),
    "key: long": ("a key that is too long, with a path behind it", (f"{'x' * 300}/../../{{owner}}/{{id}}",)),
}
CLASSES: dict[str, str] = {name: sentence for name, (sentence, _) in SPELLINGS.items()}
# Each spelling with its class.
SPELT: tuple[tuple[str, str], ...] = tuple(
    (name, spelt) for name, (_, spellings) in SPELLINGS.items() for spelt in spellings
)
# What may stand between a user's id and a key where a store makes one text of both.
JOINTS = ("", ":", "/", "-", "_", ".", "|", "#", "::", "__", ",", " ")


def prefixes(owner: str, key: str) -> tuple[tuple[str, str], ...]:
    """Return prefixes that reach for the keys of the user with this id, each with its class; one of them has `key`."""
    start = key[: max(1, len(key) // 2)]
    return (
        ("", ""),
        ("key: path", "../"),
        ("key: path", f"../{owner}/"),
        ("key: path", f"/{owner}"),
        ("key: path", ".."),
        ("key: pattern", "*"),
        ("key: pattern", "%"),
        ("key: pattern", ".*"),
        ("key: pattern", f"../*/{start}"),
        ("key: joint", owner),
        ("key: joint", f"{owner}:"),
        ("key: percent", f"..%2f{owner}%2f"),
        ("key: other system", f"..\\{owner}\\"),
        ("", start),
    )
