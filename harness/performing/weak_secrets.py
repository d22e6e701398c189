"""Secrets that everybody knows: a token that one of them has signed can be signed by anybody, for anybody."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator

# Placeholders of tutorials and documentations, as they are left in code; what only tests use is not among them.
SECRETS = (
    "secret",
    "secretkey",
    "secret_key",
    "secret-key",
    "supersecret",
    "super-secret",
    "super-secret-key",
    "mysecret",
    "mysecretkey",
    "my-secret-key",
    "your-secret-key",
    "your_secret_key",
    "your-256-bit-secret",
    "your-secret-key-here",
    "change-me",
    "changeme",
    "change-this",
    "jwt-secret",
    "jwt_secret",
    "password",
    "123456",
    # FastAPI's tutorial of JWTs.
    "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
)
_PARTS = 3
_DIGESTS = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}


def signed_by_a_known_secret(token: str, user: str, other: str) -> Iterator[str]:
    """Yield the token for the other user, signed anew, where one of the known secrets has signed it."""
    head, _, rest = token.partition(".")
    claims, _, seal = rest.partition(".")
    digest = _DIGESTS.get(_algorithm(head)) if token.count(".") == _PARTS - 1 else None
    if digest is None:
        return
    for secret in SECRETS:
        if _sealed(f"{head}.{claims}", secret, digest) == seal:
            inside = urlsafe_b64decode(claims + "=" * (-len(claims) % 4)).replace(user.encode(), other.encode())
            body = f"{head}.{urlsafe_b64encode(inside).decode().rstrip('=')}"
            yield f"{body}.{_sealed(body, secret, digest)}"
            return


def _sealed(body: str, secret: str, digest: str) -> str:
    return urlsafe_b64encode(hmac.digest(secret.encode(), body.encode(), digest)).decode().rstrip("=")


def _algorithm(head: str) -> str:
    try:
        said = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except ValueError:
        return ""
    return str(said.get("alg")) if isinstance(said, dict) else ""
