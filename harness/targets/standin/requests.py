"""The bodies of requests, as the contract has them."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

NonEmpty = Annotated[str, StringConstraints(min_length=1)]
# Ids must not change their type on the way: 7 and "7" are told apart by who asks.
_STRICT = ConfigDict(strict=True, extra="ignore")


class Message(BaseModel):
    """One message of a conversation."""

    model_config = ConfigDict(strict=True, extra="allow")

    role: Literal["user", "assistant", "system"]
    content: str


class AddRequest(BaseModel):
    """What is to be stored, and under which ids; further options of the contract change nothing here."""

    model_config = _STRICT

    messages: list[Message]
    user_id: str | None = None
    agent_id: str | None = None
    run_id: str | None = None
    app_id: str | None = None
    metadata: dict[str, Any] | None = None
    expiration_date: Annotated[date, Field(strict=False)] | None = None
    infer: bool = True


class _Reading(BaseModel):
    """What listing and searching have in common; ids beside the filters are there to be refused."""

    model_config = _STRICT

    filters: dict[str, Any]
    show_expired: bool = False
    user_id: Any = None
    agent_id: Any = None
    run_id: Any = None
    app_id: Any = None
    # What would narrow, and mem0.Memory does not have.
    categories: list[str] | None = None
    metadata: dict[str, Any] | None = None
    keywords: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class ListRequest(_Reading):
    """A listing; the page may also stand in the query of the URL, which then counts."""

    page: int | None = Field(default=None, ge=1)
    page_size: int | None = Field(default=None, ge=1, le=200)


class SearchRequest(_Reading):
    """A search."""

    query: NonEmpty
    top_k: int = Field(default=10, ge=1, le=1000)
    threshold: float = Field(default=0.1, ge=0.0, le=1.0)


class UpdateRequest(BaseModel):
    """What is to change of a record; an expiration date of null clears it."""

    model_config = ConfigDict(strict=True, extra="forbid")

    text: str | None = None
    metadata: dict[str, Any] | None = None
    expiration_date: Annotated[date, Field(strict=False)] | None = None
