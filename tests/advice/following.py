"""Do what an advice says, as somebody who pastes it, and see whether the complaint is gone.

An advice is words, and in them a command, an option, or a word to write. What
only a person can do (correct a file by hand) is done by the row of the table.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ncp.errors import NcpError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pytest

    from advice.sites import Site
    from cli.conftest import Ncp

COMMAND = re.compile(
    r"(?:^|: |, or )((?:ncp|chmod|export|sudo|mkdir|chown|iconv) .*?)(?=, or\b|; | \(|$)"
)
OPTION = re.compile(r"(--[a-z][a-z-]*)((?: (?:'[^']*'|\"[^\"]*\"|[^-\s,'\"][^\s,]*))?)")
MEANT = re.compile(r"Did you mean \"?(.+?)\"?\?$")
WORD = re.compile(r"Write one of: ([^,]+)")
QUOTED = re.compile(r'"([^"]*)"')


@dataclass(frozen=True)
class Case:
    """A line that is complained of at some sites (names between blanks), and what was done before.

    `before` are lines of ncp, or of a shell where they begin with `$ `; `files`
    are written first. `fill` puts values in for the words that an advice leaves
    to its reader (TASK, FILE). `then` follows an advice that is for people: the
    line, or lines, that they would type. `code` is how a line that was put
    right ends.
    """

    sites: str
    line: str
    before: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    fill: Mapping[str, str] = field(default_factory=dict)
    then: tuple[str, ...] = ()
    code: tuple[int, ...] = (0,)
    set_up: Callable[[Ncp, pytest.MonkeyPatch], None] | None = None


class Watch:
    """Notes the errors that are made, and from which lines of the source."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[tuple[str, frozenset[tuple[str, int]]]] = []
        made, init = self.made, NcpError.__init__

        def noting(error: NcpError, *args: Any, **parts: Any) -> None:
            init(error, *args, **parts)
            made.append((error.next_step, frozenset(_lines())))

        monkeypatch.setattr(NcpError, "__init__", noting)

    def sites(self, printed: str, known: list[Site]) -> set[str]:
        """Name the sites whose advice was printed."""
        flat = " ".join(printed.split())
        lines = {
            line
            for step, lines in self.made
            if step and " ".join(step.removeprefix("Write: ").split()) in flat
            for line in lines
        }
        return {
            s.name
            for s in known
            for file, line in lines
            if s.file == file and s.first <= line <= s.last
        }


def _lines() -> list[tuple[str, int]]:
    import sys  # noqa: PLC0415  only here

    frame, found = sys._getframe(2), []  # noqa: SLF001  how tracebacks are read
    for _ in range(5):
        if frame is None:
            break
        found.append((frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back  # type: ignore[assignment]  # None ends the loop
    return found


@dataclass(frozen=True)
class Typed:
    """How a line ended, and what it complained of."""

    code: int
    err: str


class Room:
    """A home in which lines are typed."""

    def __init__(self, ncp: Ncp, fill: Mapping[str, str]) -> None:
        self.ncp, self.fill = ncp, fill

    def type(self, line: str) -> Typed:
        """Run a line of ncp here, or another one in a shell."""
        moved = "sync --target" in line or line.startswith("$ crontab")
        assert not moved, f"That is for a room of its own, not for this machine: {line}"
        if line.startswith("ncp"):
            said = self.ncp(*shlex.split(line)[1:])
            return Typed(said.code, said.err)
        shell = line.removeprefix("$ ")
        if shell.startswith("export "):
            name, _, value = shell.removeprefix("export ").partition("=")
            os.environ[name] = value
            return Typed(0, "")
        done = subprocess.run(
            ["/bin/sh", "-c", shell], check=False, capture_output=True, text=True, timeout=20
        )
        return Typed(done.returncode, done.stderr)

    def filled(self, text: str) -> str:
        """Put values in for the words that are left to the reader."""
        for word, value in self.fill.items():
            text = re.sub(rf"(?<![\w-]){re.escape(word)}(?![\w-])", value, text)
        return text


def ways(advice: str, said: str, line: str) -> tuple[str, ...]:
    """List what to type for an advice: lines, the last of which is the corrected one."""
    plain = advice.rstrip(".")
    if command := COMMAND.search(plain):
        corrected = plain.startswith(("Write", "See", "Mend"))
        return (command[1],) if corrected else (command[1], line)
    if match := MEANT.search(advice) or WORD.match(plain):
        return (_replaced(line, said, match[1]),)
    if plain.startswith(("Leave", "Remove")) and "--" in plain:
        return (_without(line, re.findall(r"--[a-z-]+", plain)),)
    if match := OPTION.search(plain):
        return (_with_option(line, match[1], match[2].strip()),)
    return ()


def _without(line: str, options: list[str]) -> str:
    for option in options:
        line = re.sub(rf" {option}(?: (?!-)\S+)?(?= |$)", "", line, count=1)
    return line


def _replaced(line: str, said: str, word: str) -> str:
    """Write a word for the quoted one that the complaint is about."""
    for wrong in QUOTED.findall(said):
        if wrong and wrong in line:
            return line.replace(wrong, word, 1)
    return line


def _with_option(line: str, option: str, value: str) -> str:
    head, dashes, tail = line.partition(" -- ")
    given = f"{option} {value}".strip()
    pattern = re.compile(rf"(?<=\s){option}(?: (?:'[^']*'|\"[^\"]*\"|\S+))?(?=\s|$)")
    head = (
        pattern.sub(lambda _: given, head, count=1) if pattern.search(head) else f"{head} {given}"
    )
    return head + dashes + tail
