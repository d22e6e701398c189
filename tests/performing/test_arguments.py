"""In which forms a method takes its filters is what its annotation says."""

from collections.abc import Mapping, Sequence
from typing import Any, Optional, Union

import pytest

from memfence.performing.arguments import forms

ALL = {"dict", "list", "text"}
Alias = dict[str, str] | list[dict[str, str]]


@pytest.mark.parametrize(
    ("annotation", "taken"),
    [
        (Any, ALL),
        (object, ALL),
        (None, ALL),
        (dict, {"dict"}),
        (Mapping[str, Any] | None, {"dict"}),
        ("dict[str, Any] | None", {"dict"}),
        (str, {"text"}),
        (Optional[Union[str, dict[str, object]]], {"text", "dict"}),  # noqa: UP007, UP045 - as many still write it
        (Sequence[str], {"list"}),
        ("Alias | None", {"dict", "list"}),
        ("list[Unknown] | Unknown", {"dict", "list"}),
        ("no annotation (", ALL),
    ],
)
def test_an_annotation_says_the_forms(annotation: object, taken: set[str]) -> None:
    def search(query: str, filters: object = None) -> None: ...

    search.__annotations__["filters"] = annotation

    assert forms(search, "filters") == taken


def test_where_nothing_is_said_all_are_tried() -> None:
    assert forms(lambda query, filters=None: (query, filters), "filters") == ALL


def test_what_has_no_such_parameter_takes_none() -> None:
    assert forms(lambda query: query, "filters") == frozenset()
