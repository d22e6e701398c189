"""Somebody signs in under another's name, and does not know the password."""

from contextlib import suppress

from ...performing.credentials import NotTriedError
from .app_file import AppFile
from .client import Client
from .door import Door
from .replies import NotAnAnswerError, RefusedByApplicationError


def password_for(door: Door, file: AppFile, user: object, mistake: str) -> str:
    """Return the user's password, or what a mistake makes of it; `signed up again` signs the name up with that first.

    Raises NotTriedError where users sign in or up without one.
    """
    if not mistake:
        return door.password(user)
    signing, password = file.sign_in, door.wrong_password(user)
    if not (signing.is_basic or (signing.line is not None and "password" in signing.line.names)):
        msg = "users sign in without a password"
        raise NotTriedError(msg)
    if mistake == "no password":
        return ""
    if mistake == "signed up again":
        if file.sign_up is None or "password" not in file.sign_up.names:
            msg = "no name is signed up with a password"
            raise NotTriedError(msg)
        with suppress(RefusedByApplicationError, NotAnAnswerError):
            client = Client(door, jar=f"{door.book.session(user)}_new" if file.csrf else "")
            client.perform(file.sign_up, {"user": user, "password": password})
    return password
