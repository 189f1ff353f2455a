"""Secrets in what a server says, in whatever form and in however many pieces."""

from __future__ import annotations

import itertools
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncp.mcp.veil import LONGEST_LINE, Lines, Veil

SECRET = 'pass "word" ä/1'


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        quote(SECRET, safe=""),
    ],
)
def test_each_form_of_a_secret_is_hidden(form: str) -> None:
    assert "word" not in Veil([SECRET]).text(f"got {form}.")


def test_the_lines_of_a_secret_are_hidden_one_by_one() -> None:
    veil = Veil(["-----BEGIN KEY\nMIIEvQIBADAN\n"])
    assert veil.text("> MIIEvQIBADAN <") == "> ******** <"


def test_keys_that_become_equal_are_told_apart() -> None:
    veil = Veil(["hunter2-one", "hunter2-two"])
    assert veil.tree({"hunter2-one": 1, "hunter2-two": [2]}) == {"********": 1, "******** (2)": [2]}


@given(st.lists(st.integers(0, 30)), st.booleans())
def test_a_secret_is_hidden_wherever_the_writes_are_cut(cuts: list[int], newline: bool) -> None:
    said = b"the key is correct-horse" + b"\n" * newline
    places = sorted({0, *cuts, len(said)})
    lines = Lines(Veil(["correct-horse"]))
    heard = [lines.feed(said[start:end]) for start, end in itertools.pairwise(places)]
    assert b"".join([*heard, lines.rest()]) == b"the key is ********" + b"\n" * newline


def test_a_line_without_an_end_is_passed_on() -> None:
    lines = Lines(Veil(["correct-horse"]))
    heard = b"".join(lines.feed(b"x" * 1000 + b"correct-horse") for _ in range(1000))
    assert len(heard) > 500 * 1000 - LONGEST_LINE
    whole = heard + lines.rest()
    assert whole == (b"x" * 1000 + b"********") * 1000


def test_without_secrets_nothing_is_held_back() -> None:
    assert Lines(Veil()).feed(b"half a li") == b"half a li"
