"""How a principal comes: through which credential, made of whose, and what is said beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# One's own opens; whoever says more beside it still comes through that. All others must open nothing.
OWN, BESIDE = "", "beside"
ABSENT, EMPTY = "absent", "empty"
ALTERED, CUT, USER, UNSIGNED, PURPOSE, GUESSED = "altered", "cut", "user", "unsigned", "other purpose", "guessed"
CLOSED, EXPIRED = "closed", "expired"
MADE_UP, KEPT = "made up", "kept"
# Signed anew, by a secret that everybody knows.
KNOWN_KEY = "known key"
# A session that was opened under another's name, without that one's password; and the ways to try it, in order: the
# last may leave the name with another password.
MISTAKEN = "mistaken"
MISTAKES = ("another password", "no password", "signed up again")
# What the last user of the same browser has left there.
LEFT = "left"

CLASSES: Mapping[str, str] = {
    "credential: absent": "no credential at all",
    "credential: empty": "a credential that is an empty text",
    "credential: altered": "a credential with one character changed",
    "credential: cut": "a credential cut short, or without its signature",
    "credential: user": "another's user id put into one's own credential",
    "credential: unsigned": "a token that says it needs no signature",
    "credential: known key": "a token for another, signed with a secret that stands in tutorials",
    "credential: other purpose": "a token signed with the same secret for another purpose",
    "credential: guessed": "a credential guessed from consecutive ones",
    "credential: closed": "a credential after its session was ended",
    "credential: expired": "a credential after its time",
    "credential: made up": "a session id that an attacker made up before the login",
    "credential: kept": "a session id of a guest, kept through the login",
    "credential: mistaken": "a sign-in under another's name, without that one's password",
    "credential: beside": "two credentials that disagree",
    "claim: query": "another's user id in the query, beside one's own credential",
    "claim: header": "another's user id in a header, beside one's own credential",
    "claim: cookie": "another's user id in a cookie, beside one's own credential",
    "claim: body": "another's user id in the body, beside one's own credential",
    "claim: path": "another's user id in the path, beside one's own credential",
    "claim: more": "a wish to see everybody's, or to be an administrator, beside one's own credential",
    "spelling: doubled slash": "a request whose path begins with two slashes",
    "spelling: trailing slash": "a request whose path ends in a slash",
    "spelling: dot segment": "a request whose path goes round by `%2e`",
    "spelling: upper case": "a request whose path is in capitals",
    "spelling: suffix": "a request whose path ends like a file's name",
    "spelling: head": "HEAD in the place of GET",
    "spelling: method override": "a request that names its method in a header",
    "reply: other origin": "a request from a page of another origin",
    "reply: known tag": "a request that names the tag of what another was answered",
}
# Whoever comes with a credential of its own asks as a browser does: from a page elsewhere, or where another user of the
# machine was before.
OTHER_ORIGIN, KNOWN_TAG = "other origin", "known tag"
SPELLINGS = tuple(name.partition(": ")[2] for name in CLASSES if name.startswith("spelling: "))


@dataclass(frozen=True, slots=True)
class Credential:
    """What a principal comes through: `form` is what was done to it, `of` the index of the tenant whose it is or was.

    None is the principal itself; `of_id` is that tenant's user id. `device` numbers the sessions of one user from 0,
    `number` the variants of a form. `claim` is where another's user id is said beside it, and under which name:
    `("query", "user_id")`; with a third text, that is said in its place. `spelling` is how requests are spelt where
    that is not as they are meant.
    """

    form: str = OWN
    of: int | None = None
    of_id: Any = None
    device: int = 0
    number: int = 0
    claim: tuple[str, str] | tuple[str, str, str] | None = None
    spelling: str = ""

    @property
    def opens(self) -> bool:
        """Whether it may open its principal's own memory; all others must open nothing."""
        return self.form in (OWN, BESIDE)

    @property
    def asks_for_more(self) -> bool:
        """Whether it is said beside it what would show more than one's own, and no other user is named."""
        return self.claim is not None and self.claim[2:] != ()

    @property
    def kind(self) -> str:
        """The class of attack that it is, empty where it is none."""
        if self.spelling:
            return f"{'reply' if self.spelling in (OTHER_ORIGIN, KNOWN_TAG) else 'spelling'}: {self.spelling}"
        if self.claim is not None:
            return "claim: more" if self.asks_for_more else f"claim: {self.claim[0]}"
        return f"credential: {self.form}" if self.form else ""

    @property
    def told(self) -> str:
        """What it is, in words."""
        return CLASSES.get(f"credential: {self.form}", "a credential of its own")
