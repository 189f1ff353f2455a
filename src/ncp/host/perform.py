"""Carry out a target's steps, in order; stop at the first refusal with the tool's own words."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from ncp import files, trust
from ncp.errors import HomeError, MovedError, SchedulerError
from ncp.host import noticing, survey
from ncp.model import Command, Link, Remove, Run, Write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ncp.model import File, Output, Step


def perform(steps: Iterable[Step]) -> list[str]:
    """Carry out steps and return the advice of those that were allowed to fail.

    Raises SchedulerError at the first step that fails and may not.
    """
    advice = []
    for kind, some in groupby(steps, type):
        if kind is Run:
            advice += [words for step in some if isinstance(step, Run) for words in _run(step)]
        else:
            with _refused():
                _change_files(list(some))
    return advice


def _change_files(steps: Sequence[Step]) -> None:
    """Carry out steps that follow each other together: the disk is waited for once."""
    written = [step.file for step in steps if isinstance(step, Write)]
    for folder in {Path(file.path).parent for file in written}:
        _require_private(folder)
        files.sweep(folder)
    files.write_all({Path(file.path): _data(file) for file in written}, 0o644)
    files.link_all({Path(step.path): step.goal for step in steps if isinstance(step, Link)})
    for step in steps:
        if isinstance(step, Remove):
            Path(step.path).unlink(missing_ok=True)


def _require_private(folder: Path) -> None:
    """Write no entry where others could write one, too."""
    try:
        trust.require_all(folder, ())
    except HomeError as error:
        raise SchedulerError(error.what, where=error.where, next_step=error.next_step) from None


def _data(file: File) -> bytes:
    return file.text.encode(file.encoding, errors="surrogateescape")


@contextlib.contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SchedulerError(
            f"The entry cannot be written: {error.strerror}.",
            where=str(error.filename),
            next_step="Make the folder writable for you, then run: ncp schedule sync",
        ) from None


def _run(step: Run) -> list[str]:
    if step.seen is not None and survey.run(Command(step.seen[0])) != step.seen[1]:
        raise MovedError(
            "Somebody else changed it meanwhile; it was left as it is.",
            where=" ".join(step.seen[0]),
            next_step="Try again.",
        )
    before = None if step.again is None else noticing.second(step.again.folder)
    advice = _once(step)
    if step.again is not None and not advice and noticing.doubtful(step.again, before):
        for command in noticing.repeated(step.again):
            advice += _once(replace(step, command=command))
    return advice


def _once(step: Run) -> list[str]:
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
