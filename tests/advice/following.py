"""Do what an advice says, as somebody who pastes it, and see whether the complaint is gone.

An advice is words, and in them a command, an option, or a word to write. What
only a person can do (correct a file by hand) is done by the row of the table, in
which what was read in the advice stands between « and ».
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ncp as package
from ncp.cli import output
from ncp.errors import NcpError
from ncp.model import Finding

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
READ = re.compile("«(.*?)»", re.DOTALL)
PYTHON = ">>> "
TOOLS = ("systemctl", "crontab", "launchctl", "schtasks")


@dataclass(frozen=True)
class Case:
    """A line that is complained of at some sites (names between blanks), and what was done before.

    `before` are lines of ncp, or of a shell where they begin with `$ `, or of Python
    where with `>>> ` (`s` is a Schedule); `files` are written first. `fill` puts
    values in for the words that an advice leaves to its reader (TASK, FILE). `then`
    follows an advice that is for people: the line, or lines, that they would type,
    with what they read in the advice between « and »; `says` is what else they
    read. `about` is in the finding of doctor that is meant. `code` is how a line
    that was put right ends.
    """

    sites: str
    line: str
    before: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    fill: Mapping[str, str] = field(default_factory=dict)
    then: tuple[str, ...] = ()
    says: str = ""
    about: str = ""
    code: tuple[int, ...] = (0,)
    set_up: Callable[[Ncp, pytest.MonkeyPatch], None] | None = None


class Watch:
    """Notes the errors that are made, and from which lines of the source."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[tuple[str, frozenset[tuple[str, int]]]] = []
        made, init, find = self.made, NcpError.__init__, Finding.__init__

        def noting(error: NcpError, *args: Any, **parts: Any) -> None:
            init(error, *args, **parts)
            made.append((error.next_step, frozenset(_lines())))

        def finding(found: Finding, *args: Any, **parts: Any) -> None:
            find(found, *args, **parts)
            made.append((found.mend or "", frozenset(_lines())))

        say = output.error

        def saying(*args: Any, **parts: Any) -> None:
            made.append((parts.get("next_step", ""), frozenset(_lines())))
            say(*args, **parts)

        monkeypatch.setattr(output, "error", saying)
        monkeypatch.setattr(NcpError, "__init__", noting)
        monkeypatch.setattr(Finding, "__init__", finding)

    def sites(self, printed: str, known: list[Site]) -> set[str]:
        """Name the sites whose advice was printed."""
        flat = " ".join(printed.split())
        lines = {
            line
            for step, lines in self.made
            if step and " ".join(re.sub("^(Write|Run): ", "", step).split()) in flat
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
    out: str = ""


class Room:
    """A home in which lines are typed."""

    def __init__(self, ncp: Ncp, fill: Mapping[str, str]) -> None:
        self.ncp, self.fill = ncp, fill

    def type(self, line: str) -> Typed:
        """Run a line of ncp here, or another one in a shell."""
        real = [name for name in TOOLS if self._is_real(name)]
        assert not real, f"{line} would reach a scheduler of this machine: {real}"
        if line.startswith("ncp"):
            said = self.ncp(*shlex.split(line)[1:])
            return Typed(said.code, said.err, said.out)
        if line.startswith(PYTHON):
            return _evaluated(line.removeprefix(PYTHON))
        shell = line.removeprefix("$ ")
        if shell.startswith("export "):
            name, _, value = "".join(shlex.split(shell)[1:]).partition("=")
            os.environ[name] = value
            return Typed(0, "")
        done = subprocess.run(
            ["/bin/sh", "-c", shell], check=False, capture_output=True, text=True, timeout=20
        )
        return Typed(done.returncode, done.stderr)

    def _is_real(self, program: str) -> bool:
        """Whether a program of PATH is none of the room's own stand-ins."""
        found = shutil.which(program)
        return found is not None and not Path(found).is_relative_to(self.ncp.user_home)

    def filled(self, text: str) -> str:
        """Put values in for the words that are left to the reader."""
        for word, value in self.fill.items():
            text = re.sub(rf"(?<![\w-]){re.escape(word)}(?![\w-])", value, text)
        return text


def _evaluated(expression: str) -> Typed:
    """Say what the Python API makes of an expression, as the command line would say it."""
    names = {
        "s": package.Schedule(),
        "ncp": package,
        "datetime": datetime,
        "UTC": UTC,
        "timedelta": timedelta,
    }
    try:
        eval(expression, names)
    except NcpError as error:
        return Typed(error.exit_code, f"Error: {error.where}: {error.what}\n{error.next_step}")
    return Typed(0, "")


def unread(then: tuple[str, ...], advice: str) -> list[str]:
    """List what a row says it has read in the advice and is not there."""
    return [words for line in then for words in READ.findall(line) if not _found(words, advice)]


def marked(then: tuple[str, ...]) -> bool:
    """Whether a row says what it has read."""
    return any(READ.search(line) for line in then)


def read(line: str, advice: str) -> str:
    """A line to type, without the marks of what was read; `~` begins a pattern of that."""
    return READ.sub(lambda match: _found(match[1], advice), line)


def _found(words: str, advice: str) -> str:
    if words.startswith("~"):
        match = re.search(words[1:], advice)
        return match[0] if match else ""
    return words if words in advice else ""


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
