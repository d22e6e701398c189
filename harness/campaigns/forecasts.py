"""What an audit of very many users would take, said before it begins: it is made for few."""

# Measured on two busy cores: seconds of a scenario for each fact of each user, and the bytes that it keeps for each.
_SECONDS = {"reference": 0.013}
_SECONDS_OF_A_STORE = 0.04
_BYTES = 12_500
# More than a few minutes, or than a gigabyte.
_LONG, _BIG = 300.0, 1 << 30
_MINUTE, _HOUR = 60, 3600


def estimated(target: str, *, users: int, facts: int, scenarios: int) -> float:
    """Return about how many seconds it takes one process."""
    return users * facts * scenarios * _SECONDS.get(target, _SECONDS_OF_A_STORE)


def forecast(target: str, *, users: int, facts: int, scenarios: int) -> str:
    """Return a sentence with the estimate, and what to use for more; empty where it is small."""
    seconds = estimated(target, users=users, facts=facts, scenarios=scenarios)
    kept = users * facts * _BYTES
    if seconds <= _LONG and kept <= _BIG:
        return ""
    told = f"{seconds / _MINUTE:.0f} minutes" if seconds < 2 * _HOUR else f"{seconds / _HOUR:,.0f} hours"
    by = "1 scenario" if scenarios == 1 else f"{scenarios} scenarios"
    return (
        f"{users:,} users by {by} take about {told} and {kept / _BIG:,.1f} GB; for very many there is: memfence scale"
    )
