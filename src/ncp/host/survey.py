"""Answers to a target's survey: files read, commands run, paths tested. Reads only."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from ncp.model import Command, Observed, Output

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncp.model import Survey

TIMEOUT_SECONDS = 30
NOT_STARTED = 127


def observe(survey: Survey) -> Observed:
    """Carry out a survey."""
    files = [path for path in _found(survey.folders) if path.is_file()]
    links = [path for path in _found(survey.links) if path.is_symlink()]
    outputs = {argv: _answer(argv) for argv in survey.commands}
    for argv, text, closer in survey.closer:
        if text in outputs[argv].stdout:
            outputs[closer] = _answer(closer)
    return Observed(
        files={str(path): _text(path) for path in files},
        links=frozenset(str(path) for path in links),
        changed={str(path): path.stat().st_ctime_ns for path in files}
        | {str(path): path.lstat().st_ctime_ns for path in links},
        outputs=outputs,
        paths=frozenset(path for path in survey.paths if Path(path).exists()),
    )


def _found(patterns: Iterable[tuple[str, str]]) -> Iterator[Path]:
    for folder, pattern in patterns:
        yield from sorted(Path(folder).glob(pattern))


def run(command: Command) -> Output:
    """Run a program and wait; one that cannot be started answers 127 with the reason.

    Bytes that are not UTF-8 survive as surrogates in both directions.
    """
    try:
        done = subprocess.run(
            command.argv,
            input=None if command.stdin is None else command.stdin.encode(errors="surrogateescape"),
            stdin=subprocess.DEVNULL if command.stdin is None else None,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Output(NOT_STARTED, "", f"{command.argv[0]} did not answer in {TIMEOUT_SECONDS} s")
    except OSError as error:
        return Output(NOT_STARTED, "", f"{command.argv[0]}: {error.strerror}")
    return Output(done.returncode, _decoded(done.stdout), _decoded(done.stderr))


def _answer(argv: tuple[str, ...]) -> Output:
    return run(Command(argv))


def _decoded(data: bytes) -> str:
    return data.decode(errors="surrogateescape")


def _text(path: Path) -> str:
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    return _decoded(data)
