"""What each kind of sessions promises: the table of the guide, each cell made anew."""

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from memfence.base.errors import HarnessError
from memfence.campaigns import resolve

GUIDE = Path(__file__).parents[2] / "harness" / "guide" / "sessions.md"
KINDS = {
    "`ScopedSessions`": ("session_dict", "scoped"),
    "`--wrapper plain`": ("session_dict", "plain"),
    "`--store starlette_cookie`": ("starlette_cookie", "scoped"),
    "`--store starsessions`": ("starsessions", "scoped"),
}
Held = dict[str, str]


class Sessions:
    """A target, and what a credential opens there."""

    def __init__(self, store: str, wrapper: str) -> None:
        try:
            back_end = resolve.back_ends()[f"sessions:{store}"].open_back_end(None)
        except HarnessError as error:
            pytest.skip(str(error))
        self.target: Any = resolve.target("sessions", wrapper=wrapper, back_end=back_end)
        self.target.start()

    def signed_in(self, carrying: Held | None = None) -> Held:
        """Sign in, and put something that is a secret."""
        held: Held = self.target.sign_in("alice", carrying=carrying)
        self.target.bearing(held).put("note", "a secret")
        return held

    def opens(self, credential: Held) -> bool:
        """Tell whether anything is answered."""
        with suppress(PermissionError):
            try:
                self.target.bearing(credential).list()
            except Exception as error:
                if getattr(error, "status_code", None) != 401:
                    raise
                return False
            return True
        return False


def a_login_gives_a_new_id(sessions: Sessions) -> bool:
    guest = sessions.target.guest()
    return bool(sessions.signed_in(guest) != guest)


def the_id_of_before_the_login_does_not_open_it(sessions: Sessions) -> bool:
    guest = sessions.target.guest()
    sessions.signed_in(guest)
    return not sessions.opens(guest)


def an_id_that_the_client_made_up_is_not_taken(sessions: Sessions) -> bool:
    (place,) = sessions.signed_in()
    made_up = {place: "f00d" * 8}
    sessions.target.bearing(made_up)
    visited = getattr(sessions.target.bearing(made_up), "send", None)
    if visited is not None:
        visited("GET", "/")
    kept = sessions.target.storage()
    return made_up[place] not in str(kept) and sessions.signed_in(made_up) != made_up


def the_id_of_before_a_renewal_opens_nothing(sessions: Sessions) -> bool:
    before = sessions.signed_in()
    sessions.signed_in(before)
    return not sessions.opens(before)


def a_copy_opens_nothing_after_the_logout(sessions: Sessions) -> bool:
    held = sessions.signed_in()
    assert sessions.opens(dict(held))
    sessions.target.sign_out(held)
    return not sessions.opens(dict(held))


def a_copy_opens_nothing_after_its_time(sessions: Sessions) -> bool:
    held = sessions.signed_in()
    sessions.target.expire()
    return not sessions.opens(held)


def one_changed_character_opens_nothing(sessions: Sessions) -> bool:
    ((place, text),) = sessions.signed_in().items()
    # Not the last one: where a signature is written in base64, some of its bits say nothing.
    changed = [text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :] for at in range(0, len(text) - 1, 5)]
    return not any(sessions.opens({place: one}) for one in changed)


def the_client_cannot_read_the_data(sessions: Sessions) -> bool:
    held = sessions.signed_in()
    # What the browser then has, where that is more than it was given at the login.
    newest = getattr(sessions.target.bearing(held), "cookie", None) or next(iter(held.values()))
    part = newest.partition(".")[0]
    with suppress(ValueError):
        return "a secret" not in json.dumps(json.loads(base64.b64decode(part + "=" * (-len(part) % 4))))
    return "a secret" not in newest


def who_reads_the_store_cannot_sign_in(sessions: Sessions) -> bool:
    held = sessions.signed_in()
    on_the_server = {name: kept for name, kept in sessions.target.storage().items() if name != "cookies"}
    return next(iter(held.values())) not in str(on_the_server)


PROMISES: list[Callable[[Sessions], bool]] = [
    a_login_gives_a_new_id,
    the_id_of_before_the_login_does_not_open_it,
    an_id_that_the_client_made_up_is_not_taken,
    the_id_of_before_a_renewal_opens_nothing,
    a_copy_opens_nothing_after_the_logout,
    a_copy_opens_nothing_after_its_time,
    one_changed_character_opens_nothing,
    the_client_cannot_read_the_data,
    who_reads_the_store_cannot_sign_in,
]


def table() -> dict[str, dict[str, bool]]:
    """Return the guide's table: for each promise, which kind keeps it."""
    lines = [line for line in GUIDE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    head = next(position for position, row in enumerate(rows) if row[-1] == "`--store starsessions`")
    kinds = rows[head][1:] if rows[head][0] == "" else rows[head]
    body = rows[head + 2 : head + 2 + len(PROMISES)]
    return {row[0]: dict(zip(kinds, (cell == "yes" for cell in row[1:]), strict=True)) for row in body}


def test_the_table_has_a_row_for_each_promise_and_a_column_for_each_kind() -> None:
    assert list(table()) == [one.__name__.replace("_", " ") for one in PROMISES]
    assert [list(row) for row in table().values()] == [list(KINDS)] * len(PROMISES)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("promise", PROMISES, ids=lambda one: one.__name__)
def test_each_cell_of_the_table_is_as_it_is_seen(promise: Callable[[Sessions], bool], kind: str) -> None:
    seen = promise(Sessions(*KINDS[kind]))

    assert seen is table()[promise.__name__.replace("_", " ")][kind]
