"""Parameters beside the schema of a tool."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from ncp.errors import NcpError
from ncp.mcp import judging
from ncp.mcp.judging import complaints
from ncp.mcp.parameters import described, doubts

SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "path": {"type": "string", "description": "Where.\nMore of it."},
        "depth": {"type": "integer", "minimum": 1, "maximum": 9},
        "mode": {"enum": ["a", "b"]},
        "kind": {"const": "x"},
        "edits": {
            "type": "array",
            "maxItems": 2,
            "items": {
                "type": "object",
                "properties": {"old": {"type": "string"}},
                "required": ["old"],
                "additionalProperties": False,
            },
        },
        "either": {"anyOf": [{"type": "string"}, {"type": "null"}, {"enum": [1, 2]}]},
        "shape": {"oneOf": [{"required": ["r"]}, {"required": ["w", "h"]}, True]},
        "both": {"type": ["string", "null"]},
        "word": {"pattern": "^[a-z]+$"},
        "letters": {"pattern": r"^\p{L}+$"},
        "never": {"not": {}},
    },
    "required": ["path"],
}
GOOD = {"path": "/"}

COMPLAINTS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ['"path" is missing: text (Where.)']),
    ({"pth": "/"}, ['"path" is missing: text (Where.) (did you mean it by "pth"?)']),
    ({"path": 3}, ['"path" is 3, and must be text']),
    ({**GOOD, "depth": "two"}, ['"depth" is "two", and must be a whole number']),
    ({**GOOD, "depth": 0}, ['"depth" is 0, and must be 1 or more']),
    ({**GOOD, "depth": 10}, ['"depth" is 10, and must be 9 or less']),
    ({**GOOD, "mode": "c"}, ['"mode" is "c", and must be one of: "a", "b"']),
    ({**GOOD, "kind": "y"}, ['"kind" is "y", and must be "x"']),
    ({**GOOD, "both": 1}, ['"both" is 1, and must be text or null']),
    ({**GOOD, "word": "A"}, ['"word" is "A", and must be text that matches ^[a-z]+$']),
    ({**GOOD, "either": 3}, ['"either" is 3, and must be text or null or one of: 1, 2']),
    (
        {**GOOD, "edits": [{"old": 1}, {"od": "x"}]},
        [
            '"edits[0].old" is 1, and must be text',
            '"edits[1].od" is not among its parameters; did you mean "old"?',
            '"edits[1].old" is missing: text (did you mean it by "od"?)',
        ],
    ),
    ({**GOOD, "edits": [{"old": "a"}] * 3}, ["and must be a list of at most 2"]),
    ({**GOOD, "never": 1}, ['"never" is 1, and must be what its schema says']),
    (
        {"mode": "c", "depth": 0},
        [
            '"path" is missing: text (Where.)',
            '"depth" is 0, and must be 1 or more',
            '"mode" is "c", and must be one of: "a", "b"',
        ],
    ),
    (GOOD, []),
    ({**GOOD, "letters": "é1"}, []),
    ({**GOOD, "either": None, "extra": 1}, []),
]


@pytest.mark.parametrize(("given", "said"), COMPLAINTS, ids=[str(row[0]) for row in COMPLAINTS])
def test_each_complaint_names_the_parameter_and_what_it_wants(
    given: dict[str, Any], said: list[str]
) -> None:
    found = sorted(complaints(SCHEMA, given))
    assert len(found) == len(said)
    assert all(words in text for text, words in zip(found, sorted(said), strict=True)), found


def test_what_is_missing_comes_first_then_the_order_of_the_schema() -> None:
    found = complaints(SCHEMA, {"mode": "c", "depth": 0})
    assert [text.split()[0] for text in found] == ['"path"', '"depth"', '"mode"']


def test_an_unknown_parameter_is_a_doubt_unless_the_schema_decides() -> None:
    given = {**GOOD, "deph": 2}
    assert doubts(SCHEMA, given) == ['"deph" is not among its parameters; did you mean "depth"?']
    closed = {**SCHEMA, "additionalProperties": False}
    assert doubts(closed, given) == []
    assert complaints(closed, given) == [
        '"deph" is not among its parameters; did you mean "depth"?'
    ]
    assert doubts({"type": "object"}, given) == []


def test_what_the_parameters_are_together_is_complained_of_too() -> None:
    schema = {"minProperties": 1, "anyOf": [{"required": ["a"]}, {"required": ["b", "c"]}]}
    assert complaints(schema, {}) == [
        "the parameters must be an object with at least 1 keys",
        "the parameters must be an object with a or an object with b, c",
    ]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "strin"},
        {"$ref": "https://example.com/schema"},
        {"$ref": "#/nowhere"},
        {"$ref": "#"},
    ],
)
def test_a_schema_that_cannot_be_used_is_said_to_be_wrong(schema: dict[str, Any]) -> None:
    with pytest.raises(NcpError, match="its schema is wrong") as caught:
        complaints(schema, {"a": 1})
    assert "--skip-validation" in caught.value.next_step


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "description": "How deep"}, "a whole number (How deep)"),
        ({}, "anything"),
        (True, "anything"),
        ({"anyOf": [{"type": "null"}]}, "null"),
    ],
)
def test_what_a_parameter_takes_is_said_in_a_few_words(schema: Any, words: str) -> None:
    assert described(schema) == words


def test_the_library_is_loaded_only_to_check() -> None:
    code = "import sys, ncp.mcp.parameters; sys.exit('jsonschema' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_where_one_way_alone_is_right_two_of_them_are_said_to_be_too_many() -> None:
    schema = {"type": "object", "oneOf": [{"required": ["url"]}, {"required": ["path"]}]}
    assert complaints(schema, {"url": "a", "path": "b"}) == [
        "the parameters must be only one of these: an object with url or an object with path"
    ]


DOUBLING = {
    "$ref": "#/$defs/n0",
    "$defs": {
        **{f"n{i}": {"allOf": [{"$ref": f"#/$defs/n{i + 1}"}] * 2} for i in range(40)},
        "n40": {"type": "object"},
    },
}


@pytest.mark.parametrize(
    ("schema", "given"),
    [
        ({"properties": {"a": {"pattern": "^(a+)+$"}}}, {"a": "a" * 60 + "!"}),
        ({"patternProperties": {"^(a+)+$": {}}}, {"a" * 60 + "!": 1}),
        (DOUBLING, {}),
    ],
)
def test_a_schema_that_takes_for_ever_is_given_up(
    monkeypatch: pytest.MonkeyPatch, schema: Any, given: Any
) -> None:
    monkeypatch.setattr(judging, "SECONDS", 1)
    with pytest.raises(NcpError, match=r"cannot be told: to check them by its schema takes"):
        complaints(schema, given)


@pytest.mark.parametrize(
    ("schema", "given", "said"),
    [
        ({"properties": {"a": {"pattern": "^x$"}}}, {"a": "y"}, "must be text that matches ^x$"),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"required": ["b"]}}}, {}, '"b" is missing'),
        ({"properties": {"pattern": {"type": "string"}}}, {"pattern": 1}, '"pattern" is 1'),
    ],
)
def test_what_is_judged_elsewhere_is_said_as_here(schema: Any, given: Any, said: str) -> None:
    (found,) = complaints(schema, given)
    assert said in found
