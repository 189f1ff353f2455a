"""YAML and JSON with lines; hostile files are refused with the line that is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncp.errors import InputError
from ncp.intake.opening import Opened
from ncp.taskfile import trees, yaml_text

if TYPE_CHECKING:
    from ncp.document.text import Place


def parsed(text: str) -> trees.Tree:
    return trees.parse(Opened("f.yaml", "/f.yaml", text.encode()))


def test_values_know_their_lines() -> None:
    tree = parsed("a: 1\nb:\n  - x\n  - c: true\n    d: ~\n")
    assert tree.value == {"a": 1, "b": ["x", {"c": True, "d": None}]}
    paths: list[Place] = [
        ("a",),
        ("b",),
        ("b", 0),
        ("b", 1),
        ("b", 1, "d"),
        ("b", 1, "z"),
    ]
    assert [tree.line(path) for path in paths] == [1, 2, 3, 4, 5, 4]


def test_objects_of_json_know_their_lines() -> None:
    tree = parsed('{\n  "tasks": [\n    {"name": "a"},\n\n    {"name":\n "b"}\n  ]\n}\n')
    assert tree.value == {"tasks": [{"name": "a"}, {"name": "b"}]}
    assert [tree.line(("tasks", number, "name")) for number in (0, 1)] == [3, 5]


@pytest.mark.parametrize(
    ("text", "value", "written"),
    [
        ("08", 8, "08"),
        ("0x1F", 31, "0x1F"),
        ("0o17", 15, "0o17"),
        ("1_000", 1000, "1_000"),
        ("1.50", 1.5, "1.50"),
        (".inf", float("inf"), ".inf"),
        ("true", True, "true"),
        ("~", None, "~"),
        ("yes", "yes", None),
        ("2026-01-02", "2026-01-02", None),
        ("'1'", "1", None),
    ],
)
def test_scalars_are_those_of_yaml_1_2_and_remember_what_is_written(
    text: str, value: object, written: str | None
) -> None:
    tree = parsed(f"a: {text}\n")
    assert (tree.value, tree.texts.get(("a",))) == ({"a": value}, written)


def test_merge_keys_give_what_is_not_said() -> None:
    tree = parsed("x-base: &b {n: 08, m: 1}\ny: {<<: *b, m: two}\nz: {<<: [{n: 3}, *b]}\n")
    assert tree.value["y"] == {"n": 8, "m": "two"}
    assert tree.value["z"] == {"n": 3, "m": 1}
    assert tree.texts["y", "n"] == "08"
    assert ("y", "m") not in tree.texts


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)
BAD = [
    ("a: 1\nb: 2\na: 3\n", 3, 'The key "a" comes twice.', "by hand"),
    ("a: [1,\n", 2, "expected the node content", "by hand"),
    ("a: 1\n\tb: 2\n", 2, "cannot start any token", "no tabs"),
    ("cron: * * * * *\n", 1, "expected alphabetic", 'Write: cron: "* * * * *"'),
    ("a: 1\n--- \nb: 2\n", 2, "another document", "by hand"),
    ("a: !!python/object/apply:os.system [id]\n", 1, "is not a type", "by hand"),
    ("a: !!binary aGk=\n", 1, "is not a type", "by hand"),
    ("a: !!int hello\n", 1, '"hello" is not a number', "by hand"),
    ("? [1, 2]\n: 3\n", 1, "A key is not a text", "by hand"),
    ("a: {<<: 1}\n", 1, "What << names is not an object", "by hand"),
    (BOMB, None, "too large, or it is nested", "by hand"),
    ("a: &a [*a]\n", None, "too large, or it is nested", "by hand"),
    ("a: " + "[" * 100 + "]" * 100, 1, "too large, or it is nested", "by hand"),
    ("# nothing\n", None, "It is empty.", "tasks: []"),
    ("a: \x07\n", None, "unacceptable character", "by hand"),
    ("x: " + "[" * 5000, None, "Nested too deeply", "by hand"),
    ('{"a": 1, "a": 2}', None, 'The key "a" comes twice', "by hand"),
    ('{"a": ', None, "Not valid JSON", "by hand"),
    ("a: " + "x" * (yaml_text.MOST_TEXT), None, "more than 2 MB", "as JSON"),
]


@pytest.mark.parametrize(("text", "line", "what", "advice"), BAD, ids=[row[2] for row in BAD])
def test_a_hostile_file_is_refused(text: str, line: int | None, what: str, advice: str) -> None:
    with pytest.raises(InputError) as caught:
        parsed(text)
    assert what in caught.value.what
    assert advice in caught.value.next_step
    assert caught.value.where.startswith("f.yaml")
    if line is not None:
        assert caught.value.where == f"f.yaml:{line}"


@pytest.mark.parametrize("depth", [400, 600, 5000])
@pytest.mark.parametrize("signs", [("[", "]"), ('{"a":', "}")])
def test_json_that_is_nested_too_deeply_is_no_defect(depth: int, signs: tuple[str, str]) -> None:
    text = f'{{"x": {signs[0] * depth}1{signs[1] * depth}}}'
    try:
        parsed(text)
    except InputError as error:
        assert error.what == "Nested too deeply."  # noqa: PT017  how deep is the interpreter's to say


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=3), VALUES))
def test_any_json_is_read_as_it_is(value: dict[str, Any]) -> None:
    for text in (json.dumps(value), json.dumps(value, indent=2, ensure_ascii=False)):
        tree = parsed(text)
        assert tree.value == value
        assert tree.line(()) == 1


def test_json_has_the_lines_that_a_reader_of_yaml_finds_in_it() -> None:
    value = {"a, {": [{'b"': 1}, [], [{"c": {}}], {"d": ["[", "]}"]}], "e": {"f": "{,\\"}}
    text = json.dumps(value, indent=2)
    _, lines, _ = yaml_text.parse(text, "f")
    places: list[Place] = [(), ("a, {", 0), ("a, {", 2, 0, "c"), ("a, {", 3), ("e",)]
    found = parsed(text)
    assert found.value == value
    assert [found.lines[place] for place in places] == [lines[place] for place in places]
