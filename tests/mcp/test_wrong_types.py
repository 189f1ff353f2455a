"""mcp.json with values of any wrong type: each is refused in words, and none is a defect."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest

from ncp.errors import DocumentError
from ncp.mcp import definition

ODD: tuple[Any, ...] = (
    *({}, [], {"a": [1]}, [{}], 5, 1.5, True, "", " ", "\0", "\ud800", "x\udbffy", ["\ud800"]),
    *(
        {"A": {}},
        {"\ud800": "x"},
        {"A": "\ud800"},
        [["x"]],
        10**30,
        "http://[",
        "http://localhost:99999",
    ),
)
KEYS = ("type", "transport", "command", "args", "env", "cwd", "url", "headers")


@pytest.mark.parametrize("key", KEYS)
def test_a_value_of_another_type_is_refused_or_taken_and_never_a_defect(key: str) -> None:
    for start, value in product(({"command": "x"}, {"url": "http://localhost"}), ODD):
        try:
            server = definition.parse("a", {**start, key: value}, "mcp.json")
        except DocumentError as error:
            str(error).encode()
        else:
            json.dumps(definition.tree(server), ensure_ascii=False).encode()
            definition.fingerprint(server)


@pytest.mark.parametrize("kind", [{}, [], 5, {"a": 1}, True])
def test_a_type_that_is_no_text_is_named_with_its_place(kind: object) -> None:
    with pytest.raises(DocumentError) as caught:
        definition.parse("a", {"command": "x", "type": kind}, "mcp.json")
    assert (caught.value.where, caught.value.what) == (
        "mcp.json.type",
        f"{json.dumps(kind)} is not the type of such a server.",
    )
