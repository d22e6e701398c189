"""What users put in their sessions: in a dict behind ScopedSessions, in Starlette's cookie, or in starsessions."""

from ..back_ends import BackEnd
from ..back_ends.session_dict import SessionDicts
from ..keyed.sessions import plain_sessions, scoped_sessions
from ..sessions_target import SessionsTarget, Wrap

WRAPPERS = {"scoped": scoped_sessions, "plain": plain_sessions}


def open_target(wrap: Wrap, wrap_async: Wrap | None = None, *, back_end: BackEnd | None = None) -> SessionsTarget:
    """Return the target; ScopedSessions over a dict where no back end is given."""
    del wrap_async
    return SessionsTarget(wrap, back_end or SessionDicts())
