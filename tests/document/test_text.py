from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncp.document import text
from ncp.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Callable

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def complaint(source: str | bytes) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        text.parse(source, "f.json")
    assert caught.value.next_step == text.KEEP
    return caught.value


@given(JSON)
def test_what_is_written_is_read_back(tree: object) -> None:
    written = text.dump(tree)
    assert text.parse(written.encode(), "f.json") == tree
    assert written.endswith("\n")


@given(JSON, st.sampled_from([None, 1, "\t"]))
def test_the_standard_library_reads_what_is_written_and_the_other_way_round(
    tree: object, indent: int | str | None
) -> None:
    assert json.loads(text.dump(tree)) == tree
    assert text.parse(json.dumps(tree, indent=indent), "f.json") == tree


def test_half_a_surrogate_pair_is_written_as_an_escape() -> None:
    assert text.dump(["\ud83d"]) == '[\n  "\\ud83d"\n]\n'
    assert text.dump(["é"]) == '[\n  "é"\n]\n'


POSITIONS = [
    ("", "line 1, column 1", "Expecting value"),
    ('{"a": 1,\n "b": }', "line 2, column 7", "Expecting value"),
    ('{\n  "a" 1}', "line 2, column 7", "Expecting ':' delimiter"),
    ('{"a": "b', "line 1, column 7", "Unterminated string"),
    ("{} {}", "line 1, column 4", "Extra data"),
]


@pytest.mark.parametrize(("source", "position", "words"), POSITIONS)
def test_what_is_no_json_is_named_by_line_and_column(
    source: str, position: str, words: str
) -> None:
    error = complaint(source)
    assert error.where == f"f.json, {position}"
    assert error.what.startswith(f"Not valid JSON: {words}")


DUPLICATES = [
    ('{"a": 1, "a": 2}', "a", 1, 10),
    ('{\n  "x": {"a": [1, {"b": "}"}], "a": 2}\n}', "a", 2, 31),
    ('[{"k": {}},\n{"k": [], "l": "\\"k\\"", "k": 0}]', "k", 2, 25),
    ('{"o": {"i": {}}, "e": {} ,\r\n\t"o" : {}}', "o", 2, 2),
    ('{"é": 1,\n"\\u00e9": 2}', "é", 2, 1),
]


@pytest.mark.parametrize(("source", "key", "line", "column"), DUPLICATES)
def test_a_key_that_comes_twice_is_named_where_it_comes_again(
    source: str, key: str, line: int, column: int
) -> None:
    error = complaint(source)
    assert error.what == f'The key "{key}" comes twice.'
    assert error.where == f"f.json, line {line}, column {column}"


@given(st.lists(st.text(max_size=3), min_size=1, max_size=4, unique=True), st.data())
def test_the_second_of_two_keys_is_found_wherever_it_stands(
    keys: list[str], data: st.DataObject
) -> None:
    again = data.draw(st.sampled_from(keys))
    values = data.draw(st.lists(JSON, min_size=len(keys), max_size=len(keys)))
    pieces = [
        f"{json.dumps(key)}: {json.dumps(value)}" for key, value in zip(keys, values, strict=True)
    ]
    before = "{\n" + ",\n".join(pieces) + ",\n  "
    error = complaint(f"{before}{json.dumps(again)}: null\n}}")
    assert error.where == f"f.json, line {len(keys) + 2}, column 3"


OTHERS: list[tuple[str | bytes, str]] = [
    (b'{"a": "\xff"}', "The byte 0xff at position 7 is not UTF-8."),
    ('{"a": NaN}', "Not valid JSON: NaN is not a JSON value."),
    ("[-Infinity]", "Not valid JSON: -Infinity is not a JSON value."),
    ("[" * 100_000, "Nested too deeply."),
]


@pytest.mark.parametrize(("source", "what"), OTHERS, ids=[what for _, what in OTHERS])
def test_what_json_does_not_allow_is_refused(source: str | bytes, what: str) -> None:
    assert complaint(source).what == what


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert text.parse(b"\xef\xbb\xbf{}", "f.json") == {}


SHOWN: list[tuple[object, Callable[[str], bool]]] = [
    ({"é": None}, lambda shown: shown == '{"é": null}'),
    ("x" * 100, lambda shown: len(shown) == 60 and shown.endswith("...")),
    ("x" * 58, lambda shown: len(shown) == 60 and not shown.endswith("...")),
    (object, lambda shown: shown.startswith('"<class')),
]


@pytest.mark.parametrize(("value", "right"), SHOWN)
def test_a_value_is_shown_as_it_stands_in_the_file(
    value: object, right: Callable[[str], bool]
) -> None:
    assert right(text.shown(value))
