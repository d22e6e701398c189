"""The bodies of requests to the API, where what is not asked for is refused, such as an owner; and of its answers."""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, StringConstraints

_MOST = 10_000
# mem0 refuses a text of blanks alone.
WORDS = r"\S"
Text: TypeAlias = Annotated[str, StringConstraints(max_length=_MOST, pattern=WORDS)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class Credentials(_Strict):
    """Who signs up or in."""

    user: str
    password: str


class Said(_Strict):
    """What is to be remembered; with `infer`, mem0's extraction makes the records of it."""

    text: Text
    infer: bool = False


class Changed(_Strict):
    """What a record is to say instead."""

    text: Text


class Asked(_Strict):
    """A question to the assistant."""

    question: Text


class Issued(BaseModel):
    """A bearer token, and for how many seconds it is good."""

    user: str
    token: str
    expires_in: int


class Shown(BaseModel):
    """A record as its user sees it."""

    id: str
    text: str
    created_at: str | None = None
    updated_at: str | None = None


class Memories(BaseModel):
    """Several of them."""

    memories: list[Shown]
