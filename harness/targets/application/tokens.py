"""Signed tokens: for programs that ask without a browser, and for links in letters."""

import secrets
import threading

from .accounts import Account, Claim
from .clock import Clock

# What a token is for stands in it, as its audience.
API, UNSUBSCRIBE = "api", "unsubscribe"
# How long one for the API lives, in seconds; a letter is read later.
LIFETIME = 3600
LETTER = 30 * 24 * 3600
_ALGORITHM = "HS256"


class Tokens:
    """Issues tokens and reads them, with PyJWT. A breakage replaces one of its methods."""

    def __init__(self, clock: Clock, secret: bytes) -> None:
        """Take the time, and the secret that signs; 32 bytes or more."""
        self.clock = clock
        self.secret = secret
        self._ended: set[str] = set()
        self._changing = threading.Lock()

    def issue(self, account: Account, purpose: str, *, seconds: float = LIFETIME) -> str:
        """Return a token of this account for one purpose."""
        import jwt  # noqa: PLC0415 - of an extra

        said = {
            "sub": account.name,
            "number": account.number,
            "aud": purpose,
            "exp": int(self.clock.now() + seconds),
            "jti": secrets.token_urlsafe(16),
        }
        return jwt.encode(said, self.secret, algorithm=_ALGORITHM)

    def claim_of(self, token: str, purpose: str) -> Claim | None:
        """Return whose token it is; None where it is altered, expired, ended or for another purpose."""
        said = self.read(token, purpose)
        if said is None or self.has_expired(said) or said["jti"] in self._ended:
            return None
        number = said["number"]
        return Claim(str(said["sub"]), number) if isinstance(number, int) else None

    def read(self, token: str, purpose: str) -> dict[str, object] | None:
        """Return what a token says, None where it is not signed by us for this purpose."""
        import jwt  # noqa: PLC0415 - of an extra

        try:
            said = jwt.decode(
                token,
                self.secret,
                [_ALGORITHM],
                # Our own clock tells whether it has expired.
                options={"require": ["sub", "number", "aud", "exp", "jti"], "verify_exp": False},
                audience=purpose,
            )
        except jwt.InvalidTokenError:
            return None
        return dict(said)

    def has_expired(self, said: dict[str, object]) -> bool:
        """Tell whether what a token says was for a time that is over."""
        until = said["exp"]
        return not isinstance(until, int) or self.clock.now() >= until

    def end(self, token: str) -> None:
        """End a token for the API before its time."""
        said = self.read(token, API)
        if said is not None:
            with self._changing:
                self._ended.add(str(said["jti"]))
