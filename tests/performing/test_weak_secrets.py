"""A token that a known secret has signed is signed anew; any other is left alone."""

import base64
import hmac
import json

import pytest

from memfence.performing.weak_secrets import SECRETS, signed_by_a_known_secret


def part(said: object) -> str:
    text = said if isinstance(said, bytes) else json.dumps(said).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def signed(user: str, secret: str, alg: str = "HS256") -> str:
    body = f"{part({'alg': alg, 'typ': 'JWT'})}.{part({'sub': user})}"
    return f"{body}.{part(hmac.digest(secret.encode(), body.encode(), alg.replace('HS', 'sha')))}"


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("secret", [SECRETS[0], SECRETS[-1]])
def test_what_a_known_secret_has_signed_is_signed_for_another(alg: str, secret: str) -> None:
    assert list(signed_by_a_known_secret(signed("ann", secret, alg), "ann", "bob")) == [signed("bob", secret, alg)]


@pytest.mark.parametrize("token", [signed("ann", "f3b1" * 16), "opaque", "a.b.c", "", f"{part([1])}.e30.x"])
def test_any_other_token_is_left_alone(token: str) -> None:
    assert list(signed_by_a_known_secret(token, "ann", "bob")) == []
