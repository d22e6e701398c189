"""Ids that are an attack: what a store may take for another user's id, or for everybody's.

Each function takes the victim's id and returns whole ids, pairs of ids, or ids with a run's: data that scenarios,
strategies and your own tests share.
"""

BLANKS = (" ", "\t", "\n", "\u00a0", "\u2003")
# What may join the parts of a key.
JOINTS = ("&", "|", ":", "/", "_", "-", ".", "&run_id=", "&user_id=")


def patterns(victim: str) -> tuple[str, ...]:
    """Return ids that are a pattern in one store or another."""
    return ("*", "%", ".*", f"{victim[:12]}*")


def no_ids(victim: str) -> tuple[object, ...]:
    """Return what may stand where an id belongs."""
    return ("", None, {}, [], (), [victim], [victim, ""], {"ne": "x"}, {"in": [victim]}, False, 0)


def padded(victim: str) -> tuple[str, ...]:
    """Return the id with a blank behind or before it."""
    return tuple(alias for blank in BLANKS for alias in (victim + blank, blank + victim))


def respelled(number: int) -> tuple[tuple[str, object], ...]:
    """Return pairs of a number as an id and another spelling of it: "7" and 7, " 7 ", "007"."""
    return tuple((str(number), alias) for alias in (number, f" {number} ", f"00{number}"))


# True is nobody's number.
TRUTHS: tuple[tuple[str, object], ...] = (("True", True),)


def look_alikes(victim: str) -> tuple[str, ...]:
    """Return ids that differ from the victim's in case, script, width, accents, or by what cannot be seen."""
    return (
        victim.upper(),
        victim.title(),
        victim.replace("m", "\uff4d", 1),  # fullwidth
        victim.replace("e", "\u0435").replace("a", "\u0430"),  # Cyrillic
        f"{victim}\u200b",  # zero-width space
        f"{victim}\u00ad",  # soft hyphen
        f"{victim}\u0301",  # a combining accent
        f"{victim}\u202e",  # right-to-left override
        victim[:-1],
    )


def twins(victim: str) -> tuple[tuple[str, str], ...]:
    """Return pairs of ids that fold to one: composed and decomposed, sharp s, and long common prefixes."""
    prefixes = [(f"{victim}-" * 50)[:length] for length in (32, 64, 128, 255, 256, 512)]
    return (
        (f"{victim}-\u00e9", f"{victim}-e\u0301"),  # NFC and NFD
        (f"{victim}-stra\u00dfe", f"{victim}-strasse"),
        *[(f"{prefix}a", f"{prefix}b") for prefix in prefixes],
    )


def expressions(victim: str) -> tuple[str, ...]:
    """Return ids that end a string and go on in SQL, Milvus, OData, RediSearch, JSON, or a joined key."""
    return (
        "'OR'1'='1",
        f"x'UNION/**/SELECT'{victim}'--",
        'x"or(user_id!="x")or"x"=="x',
        f'x"in["{victim}',
        f"x'or(user_id)eq'{victim}",
        f"x}}|@user_id:{{{victim}}}",
        '{"$ne":"x"}',
        f"x&user_id={victim}",
        f"x|{victim}",
        f"x,{victim}",
        f"{victim}\\",
        f"{victim}\x00",
    )


def joined(victim: str, joint: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a run of the victim's, and (id, run) pairs that joined by `joint`, in either order, read as the victim's.

    Shape: `("a:b", (("victim:a", "b"), ("b:victim", "a")))`.
    """
    return f"a{joint}b", ((f"{victim}{joint}a", "b"), (f"b{joint}{victim}", "a"))
