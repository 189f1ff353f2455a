"""JSON Schemas of the files that people write."""

from __future__ import annotations

from typing import Any


def schedule() -> dict[str, Any]:
    """The one of schedule.json."""
    from ncp.document import schema  # noqa: PLC0415  only the one that is asked for

    return schema.schedule()


def file() -> dict[str, Any]:
    """The one of the files that `Schedule.apply` reads."""
    from ncp.taskfile import schema  # noqa: PLC0415  same

    return schema.file()
