"""`ncp schema`: what editors need to complete and check ncp's files."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ncp.api import schemas
from ncp.cli import given, output

EXAMPLE = "ncp schema schedule"
KINDS = ("file", "schedule")


def command(
    kind: Annotated[
        str, typer.Argument(metavar="[KIND]", help="file (for apply), or schedule (.json).")
    ] = "file",
) -> None:
    """Print the JSON Schema of a declarative file, or of schedule.json."""
    output.as_json(_schema(given.one_of(kind, KINDS, "ncp schema")))


def _schema(kind: str) -> dict[str, Any]:
    if kind == "schedule":
        return schemas.schedule()
    return schemas.file()
