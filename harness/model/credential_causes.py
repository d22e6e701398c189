"""What may be wrong with sessions and tokens, how a finding shows it, and the lines that mend it."""

from collections.abc import Callable, Iterator

from .credentials import (
    ABSENT,
    ALTERED,
    BESIDE,
    CLOSED,
    CUT,
    EMPTY,
    EXPIRED,
    GUESSED,
    KEPT,
    KNOWN_KEY,
    LEFT,
    MADE_UP,
    MISTAKEN,
    PURPOSE,
    UNSIGNED,
    USER,
    Credential,
)
from .findings import FindingGroup
from .known_causes import Cause
from .operations import Add, SignIn, Update
from .scenario_results import ScenarioResult
from .symptoms import acts

_Shows = Callable[[ScenarioResult, FindingGroup], bool]


def through_credential(group: FindingGroup) -> bool:
    """Tell whether somebody in the story comes through what was done to a credential, or says something beside it."""
    return _is_planted(group) or any(one.kind for one in _credentials(group))


def _is_planted(group: FindingGroup) -> bool:
    return any(isinstance(one, SignIn) and one.carrying for one in acts(group))


def _credentials(group: FindingGroup) -> Iterator[Credential]:
    yield from (one.principal.credential for one in acts(group) if one.principal.credential is not None)


def _comes_by(*forms: str) -> _Shows:
    return lambda _, group: any(one.form in forms for one in _credentials(group))


def _keeps_session(_: ScenarioResult, group: FindingGroup) -> bool:
    return _is_planted(group) or any(one.form in (KEPT, MADE_UP) for one in _credentials(group))


def _takes_over(_: ScenarioResult, group: FindingGroup) -> bool:
    return any(isinstance(one, SignIn) and one.carrying == LEFT for one in acts(group))


def _claims(_: ScenarioResult, group: FindingGroup) -> bool:
    return any(one.claim is not None for one in _credentials(group))


def _asks_for_more(_: ScenarioResult, group: FindingGroup) -> bool:
    return any(one.asks_for_more for one in _credentials(group))


def _assigns(_: ScenarioResult, group: FindingGroup) -> bool:
    given = (one for one in acts(group) if isinstance(one, Add) or (isinstance(one, Update) and one.into is not None))
    stored = (one.principal.credential for one in given)
    return any(one is not None and one.claim is not None for one in stored)


def _respelt(_: ScenarioResult, group: FindingGroup) -> bool:
    return any(one.spelling for one in _credentials(group))


# The first that a finding shows is its cause. Who needs no right credential at all is told of first: what is opened so
# is as many findings as there are calls.
CREDENTIAL_CAUSES: tuple[Cause, ...] = (
    Cause(
        "owner assigned from the request",
        "A record belongs to whom the request names, not to who is signed in.",
        (
            "# Where a record is made or changed: the owner is the signed-in user, whatever stands in the body.",
            "note = Note(text=body.text, owner_id=current_user.id)  # never Note(**body)",
        ),
        ("claimed_owners", "claimed_records"),
        _assigns,
    ),
    Cause(
        "role believed from the request",
        "A word in the request, such as `all=true` or a role, shows what is not one's own.",
        (
            "# A right is read from the account that the token names, and never from the request.",
            "rows = store.of(current_user.id) if not current_user.is_admin else store.all()",
        ),
        ("claimed_users",),
        _asks_for_more,
    ),
    Cause(
        "user id beside the token believed",
        "A user id that stands in the request wins over the token.",
        (
            "# In each route: who asks is who the token says, and nobody else.",
            "user_id = current_user.id  # not request.query_params, a header or the path",
        ),
        ("claimed_users", "claimed_records"),
        _claims,
    ),
    Cause(
        "anonymous default",
        "Who has not signed in is taken for a user.",
        (
            "# Where the token is read: no default user, and no empty one.",
            "if not token:",
            '    raise HTTPException(401, "sign in first")',
        ),
        ("absent_credentials",),
        _comes_by(ABSENT, EMPTY),
        leads=True,
    ),
    Cause(
        "name suffices to sign in",
        "Whoever knows a name signs in without its password, which is not compared, or replaced by signing up again.",
        (
            "# At sign-up: a name that is taken stays as it is. At sign-in: compare each time, also an empty password.",
            'if name in accounts: raise HTTPException(409, "this name is taken")',
            'if not verify(password, accounts[name].digest): raise HTTPException(401, "wrong name or password")',
        ),
        ("wrong_passwords",),
        _comes_by(MISTAKEN),
        leads=True,
    ),
    Cause(
        "token not checked whole",
        "A token that was changed, cut or forged is accepted: it is read and not verified, or compared in part.",
        (
            "# A signed token is verified, by the algorithm that you sign with (PyJWT); an opaque one is looked up.",
            'claims = jwt.decode(token, SECRET, algorithms=["HS256"])  # never without verifying it',
            "session = sessions.get(token)  # the whole token is the key: no slice, prefix or LIKE",
        ),
        ("altered_credentials",),
        _comes_by(ALTERED, CUT, USER, UNSIGNED),
        leads=True,
    ),
    Cause(
        "secret that everybody knows",
        "The secret that signs tokens stands in tutorials: whoever tries it signs in as anybody.",
        (
            "# A secret of your own, from the environment and not from the code; no default that would do without it.",
            'key = os.environ["SIGNING_KEY"]  # made once by secrets.token_hex(32)',
        ),
        ("altered_credentials",),
        _comes_by(KNOWN_KEY),
        leads=True,
    ),
    Cause(
        "purpose of a token not checked",
        "A token that was signed for another purpose signs in.",
        (
            "# Each purpose has an audience (or a salt) of its own, which is checked.",
            'claims = jwt.decode(token, SECRET, algorithms=["HS256"], audience="session")',
        ),
        ("altered_credentials",),
        _comes_by(PURPOSE),
        leads=True,
    ),
    Cause(
        "second credential believed",
        "Where two credentials come and disagree, the other one is not checked, or wins.",
        ("# One place holds the credential; what comes in another place is not read.",),
        ("altered_credentials",),
        _comes_by(BESIDE),
    ),
    Cause(
        "expiry not checked",
        "A session or a token is accepted after its time.",
        (
            "# On each request, not at the login alone.",
            'claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"require": ["exp"]})',
            "# and never verify_exp=False",
            "if session.expires_at <= now():",
            '    raise HTTPException(401, "sign in again")',
        ),
        ("expired_sessions",),
        _comes_by(EXPIRED),
    ),
    Cause(
        "logout that ends nothing",
        "A session is accepted after its end: logout, or closing the account, clears what the browser holds alone.",
        (
            "# At logout, and for all sessions of a user whose account is closed:",
            "sessions.pop(token, None)",
            'ended.add(claims["jti"])  # for what is signed: until it expires, and each request looks there',
        ),
        ("signed_out", "closed_accounts"),
        _comes_by(CLOSED),
    ),
    Cause(
        "session data taken over at login",
        "Who signs in gets what lay in the session that the browser held, though it was somebody else's.",
        (
            "# At login: a guest's data may be taken over, another user's never.",
            "old = sessions.pop(old_id, None)",
            "data = old.data if old and old.user_id is None else {}",
        ),
        ("signed_out",),
        _takes_over,
    ),
    Cause(
        "session id kept at login",
        "A session id that was there before the login is signed in by it: who has planted it is signed in, too.",
        (
            "# At login: the old session ends, and a new id is drawn, whatever the client has sent.",
            "sessions.pop(old_id, None)",
            "session_id = secrets.token_urlsafe(32)",
        ),
        ("planted_sessions",),
        _keeps_session,
    ),
    Cause(
        "guessable tokens",
        "A token tells the next one: it is counted.",
        ("return secrets.token_urlsafe(32)  # not a counter, a time or a hash of these",),
        ("guessed_credentials",),
        _comes_by(GUESSED),
        leads=True,
    ),
    Cause(
        "checks that hang on a spelling",
        "A request that is spelt otherwise comes past the check of who asks.",
        ("# Check in the route itself, not by comparing paths before it: Depends(current_user), @login_required.",),
        ("respelt_requests",),
        _respelt,
    ),
)
