"""JSON files of other programs that look like ncp's own: said by name, never taken for ncp's."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.intake.opening import Opened

OLD_KEYS = {"cronExpression", "tool", "fireOnce", "executionCount"}
"""What jobs of ncp's version 1 have, one or the other."""
KINDS = {"at", "every", "cron", "interval", "once"}
NEXT = "Make a task of each job that is a command; see: ncp schedule create --help"


def require_ours(tree: Any, where: str) -> None:
    """Refuse jobs of another program: they are a list, or objects that have nothing of ncp's."""
    jobs = tree.get("jobs") if isinstance(tree, dict) else tree
    none = not any(True for _ in _each(jobs))
    if (none and jobs is tree) or jobs is None or (isinstance(jobs, dict) and _is_old(jobs)):
        return
    raise InputError(
        f"It has jobs of another program{_whose(jobs)}, which ncp does not read.",
        where=where,
        next_step=NEXT,
    )


def require_no_jobs(tree: Any, where: str) -> None:
    """Refuse jobs of another program in a file of tasks, which has other mistakes to be named."""
    jobs = tree.get("jobs") if isinstance(tree, dict) else tree
    if any(map(_is_prompt, _each(jobs))):
        require_ours(tree, where)


def migration(opened: Opened) -> str:
    """Name the command that takes jobs of ncp's version 1 over."""
    if opened.path:
        return f"Run: ncp schedule migrate {shlex.quote(opened.path)}"
    return "Save it as jobs.json in a folder of its own, and run: ncp schedule migrate FOLDER"


def _is_old(jobs: dict[str, Any]) -> bool:
    """Tell jobs of version 1 from others; what cannot be told is left to the migration."""
    trees = [*_each(jobs)]
    return not any(map(_is_prompt, trees)) or any(OLD_KEYS & one.keys() for one in trees)


def _whose(jobs: Any) -> str:
    """Say what is known of them: an agent's prompts have a schedule with a kind."""
    if not any(map(_is_prompt, _each(jobs))):
        return ""
    return " (prompts for an agent, as OpenClaw or Hermes keep them)"


def _each(jobs: Any) -> Iterator[dict[str, Any]]:
    items = jobs.values() if isinstance(jobs, dict) else jobs if isinstance(jobs, list) else ()
    return (one for one in items if isinstance(one, dict))


def _is_prompt(job: dict[str, Any]) -> bool:
    schedule = job.get("schedule")
    kind = schedule.get("kind") if isinstance(schedule, dict) else None
    return ("payload" in job or "prompt" in job) or (isinstance(kind, str) and kind in KINDS)
