"""Answers to a target's survey: files read, commands run, paths and locks tested. Reads only."""

from __future__ import annotations

import contextlib
import errno
import os
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from ncp.errors import SchedulerError
from ncp.host.locks import is_held
from ncp.model import Command, Observed, Output

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncp.model import Survey

TIMEOUT_SECONDS = 30
NOT_STARTED = 127


def observe(survey: Survey) -> Observed:
    """Carry out a survey: the programs run while the files are read."""
    running = {argv: _start(Command(argv)) for argv in survey.commands}
    try:
        files = [path for path in _found(survey.folders) if path.is_file()]
        links = [path for path in _found(survey.links) if path.is_symlink()]
        changed = {str(path): path.stat().st_ctime_ns for path in files}
        changed |= {str(path): path.lstat().st_ctime_ns for path in links}
        texts = {str(path): _text(path) for path in files}
    finally:
        outputs = {argv: _finish(Command(argv), started) for argv, started in running.items()}
    for argv, text, closer in survey.closer:
        if text in outputs[argv].stdout:
            outputs[closer] = run(Command(closer))
    return Observed(
        files=texts,
        links=frozenset(str(path) for path in links),
        changed=changed,
        outputs=outputs,
        paths=frozenset(path for path in survey.paths if Path(path).exists()),
        held=frozenset(filter(is_held, survey.locks)),
    )


def _found(patterns: Iterable[tuple[str, str]]) -> Iterator[Path]:
    for folder, pattern in patterns:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError), _seen(folder):
            os.listdir(folder)  # noqa: PTH208  `glob` takes a folder that may not be read for empty
            if not os.access(folder, os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            yield from sorted(Path(folder).glob(pattern))


@contextlib.contextmanager
def _seen(path: str) -> Iterator[None]:
    """Say that something may not be read: what is in it must not be taken for missing."""
    try:
        yield
    except PermissionError as error:
        raise SchedulerError(
            f"It cannot be read ({error.strerror}), so ncp cannot tell which entries there are.",
            where=str(path),
            next_step=f"Run: chmod u+rwX {shlex.quote(str(path))}",
        ) from None


def run(command: Command) -> Output:
    """Run a program and wait; one that cannot be started answers 127 with the reason.

    Bytes that are not UTF-8 survive as surrogates in both directions.
    """
    return _finish(command, _start(command))


def _start(command: Command) -> subprocess.Popen[bytes] | OSError:
    try:
        return subprocess.Popen(
            command.argv,
            stdin=subprocess.DEVNULL if command.stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        return error


def _finish(command: Command, started: subprocess.Popen[bytes] | OSError) -> Output:
    if isinstance(started, OSError):
        return Output(NOT_STARTED, "", f"{command.argv[0]}: {started.strerror}")
    with started as process:
        try:
            words = None if command.stdin is None else _encoded(command.stdin)
            out, err = process.communicate(words, timeout=TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            late = f"{command.argv[0]} did not answer in {TIMEOUT_SECONDS} s"
            return Output(NOT_STARTED, "", late)
        finally:
            process.kill()  # what has ended is past it
    return Output(process.returncode, _decoded(out), _decoded(err))


def _encoded(text: str) -> bytes:
    return text.encode(errors="surrogateescape")


def _decoded(data: bytes) -> str:
    return data.decode(errors="surrogateescape")


def _text(path: Path) -> str:
    with _seen(str(path)):
        data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    return _decoded(data)
