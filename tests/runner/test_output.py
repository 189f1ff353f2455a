from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ledgers import day_log
from ncp.daylog import Daylog
from ncp.runner import output
from ncp.runner.output import MOST_BYTES, Output

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def written(home: Path, *pieces: tuple[str, bytes], limit: int = MOST_BYTES) -> Output:
    log = Daylog(str(home))
    found = Output(str(home / "executions" / "day" / "x.log"), "x", log, None, limit)
    for stream, data in pieces:
        found.write(stream, data)
    found.close()
    log.flush()
    return found


def kept(home: Path) -> bytes:
    return (home / "executions" / "day" / "x.log").read_bytes()


def test_lines_are_put_together_per_stream(tmp_path: Path) -> None:
    written(
        tmp_path, ("STDOUT", b"Sync "), ("STDERR", b"oh\n"), ("STDOUT", b"complete\r\nand"),
    )  # fmt: skip
    lines = [line.partition("] ")[2] for line in day_log(tmp_path).splitlines()]
    assert lines == ["[x] STDERR: oh", "[x] STDOUT: Sync complete", "[x] STDOUT: and"]
    assert kept(tmp_path) == b"1+Sync \n2 oh\n1 complete\r\n1+and\n"


class Counting(Daylog):
    """Counts how often it is given something to pass on."""

    __slots__ = ("calls",)

    def output(self, task: str, stream: str, text: str) -> None:
        self.calls = getattr(self, "calls", 0) + 1
        super().output(task, stream, text)


def test_many_short_lines_are_passed_on_in_one_go(tmp_path: Path) -> None:
    """One by one they cost a microsecond each, several times over."""
    log = Counting(str(tmp_path))
    found = Output(str(tmp_path / "executions" / "day" / "x.log"), "x", log, None, MOST_BYTES)
    found.write("STDOUT", b"y\n" * 20_000)
    log.flush()
    assert log.calls == 1
    assert {line[22:] for line in day_log(tmp_path).splitlines()} == {"[x] STDOUT: y"}
    assert day_log(tmp_path).count("\n") == 20_000


def test_each_of_many_lines_is_one_line_whatever_it_holds(tmp_path: Path) -> None:
    written(tmp_path, ("STDOUT", b"a\r\n\nb\tc\r\r\n\xe2\x82\n\x1b[31md\n\xe2\x80\xa8e\n"))
    lines = [line[22:] for line in day_log(tmp_path).split("\n")]
    shown = ["a", "", "b\tc\\r", "\\xe2\\x82", "\\x1b[31md", "\\u2028e"]
    assert lines == [*(f"[x] STDOUT: {text}" for text in shown), ""]


def test_bytes_that_are_no_text_are_shown_as_escapes(tmp_path: Path) -> None:
    written(tmp_path, ("STDOUT", b"a\xffb\x1b[0m\n"))
    assert day_log(tmp_path).endswith("[x] STDOUT: a\\xffb\\x1b[0m\n")


def test_an_endless_line_is_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "LONGEST_LINE", 4)
    written(tmp_path, ("STDOUT", b"abcdefghij"))
    shown = [line.rpartition(" ")[2] for line in day_log(tmp_path).splitlines()]
    assert shown == ["abcd", "efgh", "ij"]


def test_output_beyond_the_limit_is_dropped_from_its_middle_and_counted(tmp_path: Path) -> None:
    lines = [f"{number:015}\n".encode() for number in range(1000)]
    written(tmp_path, *(("STDOUT", line) for line in lines), limit=1024)
    kept_lines = kept(tmp_path).splitlines(keepends=True)
    (note,) = [number for number, line in enumerate(kept_lines) if line.startswith(b"#")]
    head, tail = kept_lines[:note], kept_lines[note + 1 :]
    assert [line[2:] for line in head + tail] == lines[: len(head)] + lines[-len(tail) :]
    dropped = 16 * (1000 - len(head) - len(tail))
    assert kept_lines[note] == f"# [ncp] {dropped} bytes were dropped here\n".encode()
    assert 900 < len(kept(tmp_path)) - len(kept_lines[note]) <= 1024
    assert day_log(tmp_path).count("STDOUT") == len(head)
    assert day_log(tmp_path).endswith(f"Task 'x' printed too much: {dropped} bytes were dropped\n")


def test_folders_and_file_are_private(tmp_path: Path) -> None:
    found = written(tmp_path, ("STDOUT", b"x"))
    assert found.path is not None
    path = tmp_path / "executions"
    modes = [one.stat().st_mode & 0o777 for one in (path, path / "day", path / "day" / "x.log")]
    assert modes == [0o700, 0o700, 0o600]


def test_output_that_cannot_be_kept_is_said_once_and_still_shown(tmp_path: Path) -> None:
    (tmp_path / "executions").write_text("in the way")
    found = written(tmp_path, ("STDOUT", b"one\n"), ("STDOUT", b"two\n"))
    assert found.path is None
    assert day_log(tmp_path).count("cannot be kept") == 1
    assert "[x] STDOUT: two" in day_log(tmp_path)


def test_output_goes_to_the_terminal_as_it_comes(tmp_path: Path) -> None:
    read, write = os.pipe()

    def echo(data: bytes) -> None:
        os.write(write, data)

    found = Output(str(tmp_path / "a" / "b"), "x", Daylog(str(tmp_path)), echo, MOST_BYTES)
    found.write("STDERR", b"now")
    assert os.read(read, 10) == b"now"
    os.close(read)
    found.write("STDOUT", b"nobody reads this")
    os.close(write)
    found.close()
    assert (tmp_path / "a" / "b").read_bytes() == b"2+now\n1+nobody reads this\n"
