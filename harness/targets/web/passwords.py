"""The passwords of users that an audit makes up."""

from hashlib import sha256


def password_of(user: object) -> str:
    """Return a user's password: the same each time, and another for each spelling of a name.

    Nobody who knows a user's name can guess it who does not know this function: what is made of one user's name and
    password opens nothing of another's.
    """
    return f"Mf-{sha256(repr(user).encode(errors='backslashreplace')).hexdigest()[:16]}"
