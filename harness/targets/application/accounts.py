"""Who has signed up: names, and passwords as their digests alone."""

import hashlib
import hmac
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# No colon: it stands between a name and the number of an account.
_is_name = re.compile(r"[A-Za-z0-9._@+-]{1,100}").fullmatch
_LONGEST = 1024
# As Python's documentation has it; 16 MB and some 50 ms for each try.
STRENGTH = 2**14


class RefusedNameError(ValueError):
    """Nobody can sign up so; the message says why."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a session or a token says: this name, and which account under it."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Account:
    """One who has signed up; the `number` counts the accounts that the name has had."""

    name: str
    number: int
    salt: bytes
    digest: bytes
    strength: int

    @property
    def claim(self) -> Claim:
        """What its sessions and tokens say."""
        return Claim(self.name, self.number)

    @property
    def user_id(self) -> str:
        """The user id in mem0: whoever signs up under the name of a closed account has another."""
        return self.name if self.number == 1 else f"{self.name}:{self.number}"


class Accounts:
    """All who have signed up, in memory. A breakage replaces one of its methods.

    `strength` is the cost of a password's digest from now on, a power of 2 (scrypt's n): audits sign up thousands.
    """

    def __init__(self) -> None:
        """Begin with nobody."""
        self.strength = STRENGTH
        self._known: dict[str, Account] = {}
        # By a digest: the name of a closed account is not kept.
        self._numbers: dict[bytes, int] = {}
        self._closing: set[str] = set()
        self._changing = threading.Lock()

    def sign_up(self, name: str, password: str) -> Account:
        """Open an account; raises RefusedNameError for a name that is taken or no name."""
        if not _is_name(name):
            msg = "a name has 1 to 100 letters, digits and . _ @ + -"
            raise RefusedNameError(msg)
        if not 0 < len(password) <= _LONGEST:
            msg = f"a password has 1 to {_LONGEST} characters"
            raise RefusedNameError(msg)
        with self._changing:
            if name in self._known or name in self._closing:
                msg = "this name is taken"
                raise RefusedNameError(msg)
            digest = hashlib.sha256(name.encode()).digest()
            number = self._numbers[digest] = self._numbers.get(digest, 0) + 1
            self._known[name] = self._made(name, number, password)
            return self._known[name]

    def matching(self, name: str, password: str) -> Account | None:
        """Return the account of this name and password, None for a wrong one of either, in the same time."""
        found = self._known.get(name) or Account("", 0, b"", b"", self.strength)
        # One that is too long is nobody's, and costs no more than the longest.
        fits = hmac.compare_digest(_digest(password[:_LONGEST], found.salt, found.strength), found.digest)
        return found if fits and len(password) <= _LONGEST else None

    def known(self, claim: Claim) -> Account | None:
        """Return the account that a session or a token speaks of, None where it is closed."""
        found = self._known.get(claim.name)
        return found if found is not None and found.number == claim.number else None

    def named(self, name: str) -> Account | None:
        """Return the account that has this name now."""
        return self._known.get(name)

    @contextmanager
    def closing(self, account: Account) -> Iterator[None]:
        """Close an account around what erases its records; it is as it was before where that fails.

        Meanwhile its sessions and tokens speak of nobody, and nobody can take its name.
        """
        with self._changing:
            # Whoever closes it twice at once closes it once.
            ours = self._known.get(account.name) == account
            if ours:
                self._closing.add(account.name)
                del self._known[account.name]
        erased = False
        try:
            yield
            erased = True
        finally:
            with self._changing:
                if ours:
                    self._closing.remove(account.name)
                    if not erased:
                        self._known[account.name] = account

    def _made(self, name: str, number: int, password: str) -> Account:
        salt = secrets.token_bytes(16)
        return Account(name, number, salt, _digest(password, salt, self.strength), self.strength)


def _digest(password: str, salt: bytes, strength: int) -> bytes:
    # A password may hold half of a surrogate pair.
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, n=strength, r=8, p=1)
