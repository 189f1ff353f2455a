"""`ncp schema`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ncp.document import schema
from ncp.taskfile import schema as declared

if TYPE_CHECKING:
    from cli.conftest import Ncp


def test_both_schemas_are_printed_as_they_are(ncp: Ncp) -> None:
    for words, found in (((), declared.file()), (("schedule",), schema.schedule())):
        assert ncp("schema", *words).json == json.loads(json.dumps(found))


def test_there_is_no_third_one(ncp: Ncp) -> None:
    said = ncp("schema", "tasks")
    assert (said.code, said.out) == (2, "")
    assert "Write one of: file, schedule." in said.err
