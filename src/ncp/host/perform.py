"""Carry out a target's steps, in order; stop at the first refusal with the tool's own words."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from ncp import files
from ncp.errors import SchedulerError
from ncp.host import survey
from ncp.model import Remove, Run, Write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncp.model import Command, File, Output, Step


def perform(steps: Iterable[Step]) -> list[str]:
    """Carry out steps and return the advice of those that were allowed to fail.

    Raises SchedulerError at the first step that fails and may not.
    """
    advice = []
    for step in steps:
        match step:
            case Write(file):
                _write(file)
            case Remove(path):
                Path(path).unlink(missing_ok=True)
            case Run():
                advice += _run(step)
    return advice


def _write(file: File) -> None:
    try:
        files.write(
            Path(file.path), file.text.encode(file.encoding, errors="surrogateescape"), 0o644
        )
    except OSError as error:
        raise SchedulerError(
            f"The entry cannot be written: {error.strerror}.",
            where=file.path,
            next_step="Make the folder writable for you, then run: ncp schedule sync",
        ) from None


def _run(step: Run) -> list[str]:
    output = survey.run(step.command)
    for _ in range(step.attempts - 1):
        if output.code in step.accept:
            break
        time.sleep(step.pause)
        output = survey.run(step.command)
    if output.code in step.accept:
        return []
    if step.advice:
        return [f"{step.advice} ({_words(output)})"]
    raise _refusal(step.command, output)


def _refusal(command: Command, output: Output) -> SchedulerError:
    return SchedulerError(
        f"It answered {output.code}: {_words(output)}",
        where=" ".join(command.argv),
        next_step="Run: ncp doctor",
    )


def _words(output: Output) -> str:
    words = (output.stderr.strip() or output.stdout.strip() or "nothing").splitlines()
    return " / ".join(words[:5])
