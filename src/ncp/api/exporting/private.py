"""Values in a schedule that look like secrets in plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp import masking, secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncp.model import Task


def plain(tasks: Iterable[Task]) -> Iterator[str]:
    """Name the variables that hold what seems to be a secret, as it stands in schedule.json."""
    for task in tasks:
        names = [
            name
            for name, value in task.environment.items()
            if value and not secrets.is_reference(value) and masking.is_secretive(name)
        ]
        for name in names:
            yield (
                f'{name} of "{task.name}" is in plain text. To refer to it instead: '
                f"ncp schedule update {task.id} --env {name}=file:~/.{name.lower()}"
            )
