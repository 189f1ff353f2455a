"""What is plainly right beside the judgement of the library."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ncp.mcp import plainly

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats(-2, 2) | st.sampled_from("ab"),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=6,
)
KINDS = st.sampled_from([*plainly.KINDS])


def keywords(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {},
        optional={
            "type": KINDS | st.lists(KINDS, min_size=1, max_size=2, unique=True),
            "required": st.lists(st.sampled_from("ab"), unique=True),
            "properties": st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
            "patternProperties": st.just({"^a": {"type": "string"}}),
            "additionalProperties": st.booleans() | inner,
            "items": inner,
            "enum": st.lists(VALUES, min_size=1, max_size=2),
            "minimum": st.integers(-1, 1),
            "not": st.just({"type": "string"}),
            "description": st.just("What it is."),
        },
    )


SCHEMAS = st.recursive(keywords(st.just({})) | st.booleans(), keywords, max_leaves=5)


@given(SCHEMAS, VALUES)
def test_what_is_plainly_right_is_right(schema: Any, value: Any) -> None:
    if plainly.right(schema, value):
        assert Draft202012Validator(schema).is_valid(value)


OBJECT = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "path": {"type": "string", "description": "Where"},
        "mode": {"enum": ["a", "b"]},
        "all": {"type": "array", "items": {"type": "number"}},
    },
    "required": ["path"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ({"path": "/"}, True),
        ({"path": "/", "mode": "a", "all": [1, 2.5]}, True),
        ({}, False),
        ({"path": 1}, False),
        ({"path": "/", "mode": "c"}, False),
        ({"path": "/", "all": [True]}, False),
        ({"path": "/", "other": 1}, False),
        ([], False),
    ],
)
def test_a_usual_schema_is_judged_without_the_library(value: Any, plain: bool) -> None:
    assert plainly.right(OBJECT, value) is plain


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "strin"},
        {"type": 7},
        {"required": "path"},
        {"properties": []},
        {"enum": "path"},
        {"pattern": "^/"},
        {"additionalProperties": {"type": "string"}},
        {"additionalProperties": False, "properties": 7},
        {"items": {}},
    ],
)
def test_what_is_not_plain_is_left_to_the_library(schema: Any) -> None:
    assert not plainly.right(schema, {"path": "/"})
    assert not plainly.right({"properties": {"path": schema}}, {"path": {"path": "/"}})
