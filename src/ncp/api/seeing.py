"""What a task will see, with the secrets masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp import environment, secrets

if TYPE_CHECKING:
    from ncp.model import Host, Task


def of_task(task: Task, host: Host) -> dict[str, str]:
    """Lay out a task's whole environment; of a secret only where it is.

    The variables of an `envFile` that cannot be read now are left out.
    """
    given = dict.fromkeys(_names(task), f"{secrets.MASK} (envFile)")
    own = {
        name: f"{secrets.MASK} ({value})" if secrets.is_reference(value) else value
        for name, value in task.environment.items()
    }
    plain = environment.of_task(task, host)
    return {**plain, **given, **own}


def _names(task: Task) -> list[str]:
    try:
        return [] if task.env_file is None else [*secrets.env_file(task.env_file)]
    except secrets.SecretError:
        return []
