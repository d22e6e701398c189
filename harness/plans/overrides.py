"""Filters and metadata that name somebody else: arguments with which a caller may try to leave its scope."""


def widening(victim: str, attacker: str) -> tuple[dict[str, object], ...]:
    """Return filters that try to reach the victim's records, in both orders of their keys."""
    theirs: dict[str, object] = {"user_id": victim}
    mine: dict[str, object] = {"user_id": attacker}
    return (
        theirs,
        {"AND": [theirs]},
        {**mine, "AND": [theirs]},
        {"AND": [theirs], **mine},
        {"OR": [theirs, mine]},
        {**mine, "OR": [theirs]},
        {"NOT": [mine]},
        {"$and": [theirs]},
        {"$or": [theirs, mine]},
        {"$not": [mine]},
        {"user_id": {"ne": attacker}},
        {"user_id": {"in": [victim, attacker]}},
        {"user_id": {"contains": victim[:8]}},
        {"user_id": None},
    )


def claims(victim: str) -> tuple[dict[str, object], ...]:
    """Return metadata that claim a record for the victim."""
    return (
        {"user_id": victim},
        {"user_id": victim, "agent_id": "assistant", "run_id": "1"},
        {"user_id": victim, "actor_id": victim},
        {"metadata": {"user_id": victim}},
    )
