from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp


def write(ncp: Ncp, day: str, *lines: str) -> None:
    folder = ncp.home / "logs"
    folder.mkdir(exist_ok=True)
    with (folder / f"{day}.log").open("a") as log:
        log.writelines(f"[{day} 08:00:00] {line}\n" for line in lines)


def test_a_run_leaves_what_happened_and_what_was_printed(ncp: Ncp) -> None:
    ncp.create("daily", "sh", "-c", "echo good; echo bad >&2", name="x")
    ncp("schedule", "run", "x")
    lines = [line.split("] ", 1)[1] for line in ncp("schedule", "logs").out.splitlines()]
    assert {"INFO: Executing 'x'", "[x] STDOUT: good", "[x] STDERR: bad"} <= set(lines)


def test_the_last_lines_are_taken_from_as_many_days_as_it_takes(ncp: Ncp) -> None:
    write(ncp, "2026-01-01", "one", "two")
    write(ncp, "2026-01-02", "three")
    write(ncp, "2026-01-03", "four")
    lines = ncp("schedule", "logs", "-n", "3", "--json").json["lines"]
    assert [line.split()[-1] for line in lines] == ["two", "three", "four"]


def test_the_lines_about_one_task_are_told_from_all_others(ncp: Ncp) -> None:
    ncp.create("daily", name="x")
    about = (
        "INFO: Executing 'x'",
        "[x] STDOUT: hi",
        "INFO: Task 'x' completed in 0.1s (exit code: 0)",
        "ERROR: Task 'x' ended as failure after 0.1s (exit code: 1)",
    )
    others = ("INFO: Executing 'xy'", "[xy] STDOUT: [x] STDOUT: hi", "INFO: The scheduler started")
    write(
        ncp,
        "2026-01-01",
        *(line for pair in zip(about, (*others, ""), strict=True) for line in pair),
    )
    lines = ncp("schedule", "logs", "x", "--json").json["lines"]
    assert tuple(line.split("] ", 1)[1] for line in lines) == about


@pytest.mark.parametrize("command", ["true", "false", "no-such-program"])
def test_all_that_ncp_says_of_a_task_is_about_it(ncp: Ncp, command: str) -> None:
    ncp.create("daily", command, name="x")
    ncp("schedule", "run", "x")
    everything = ncp("schedule", "logs", "--json").json["lines"]
    assert len(everything) == 2
    assert ncp("schedule", "logs", "x", "--json").json["lines"] == everything


def test_a_name_that_is_not_printable_is_found_as_the_log_writes_it(ncp: Ncp) -> None:
    ncp.create("daily", "echo", "here", name="two\nlines")
    ncp("schedule", "run", "two\nlines")
    assert "[two\\nlines] STDOUT: here" in ncp("schedule", "logs", "two\nlines").out


def test_all_that_an_execution_printed_is_printed_as_it_was(ncp: Ncp) -> None:
    ncp.create("daily", "printf", r"a\tb\r\n\001end", name="x")
    (one,) = ncp("schedule", "run", "x", "--json").json["executions"]
    argv = ncp.program("schedule", "logs", "--execution", one["executionId"])
    printed = subprocess.run(argv, env=ncp.environment, capture_output=True, check=True)
    assert printed.stdout == b"a\tb\r\n\x01end"
    said = ncp("schedule", "logs", "--execution", one["executionId"], "--json")
    text = "a\tb\r\n\x01end"
    assert said.json == {
        "executionId": one["executionId"],
        "output": text,
        "pieces": [{"stream": "stdout", "text": text}],
    }


def test_the_streams_of_an_execution_are_told_apart(ncp: Ncp) -> None:
    script = "echo one; sleep 0.2; printf 'b\\377d' >&2; sleep 0.2; echo two"
    ncp.create("daily", "sh", "-c", script, name="x")
    (one,) = ncp("schedule", "run", "x", "--json").json["executions"]
    words = ("schedule", "logs", "--execution", one["executionId"])
    assert ncp(*words, "--json").json["pieces"] == [
        {"stream": "stdout", "text": "one\n"},
        {"stream": "stderr", "text": "b\ufffdd"},
        {"stream": "stdout", "text": "two\n"},
    ]
    assert ncp(*words, "--stream", "stdout").out == "one\ntwo\n"
    assert ncp(*words, "--stream", "stderr", "--json").json["output"] == "b\ufffdd"


def test_what_was_dropped_is_talk(ncp: Ncp) -> None:
    ncp.create("daily", "seq", "1000", name="x")
    (ncp.home / "config.toml").write_text('target = "embedded"\noutput_limit_bytes = 1024\n')
    ncp("schedule", "sync")
    (one,) = ncp("schedule", "run", "x", "--json").json["executions"]
    done = ncp("schedule", "logs", "--execution", one["executionId"])
    assert done.out.split()[:2] + done.out.split()[-2:] == ["1", "2", "999", "1000"]
    assert "bytes were dropped here" in done.err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--stream", "both", "--execution", "x"), "--stream"),
        (("--stream", "stdout"), "Add --execution ID"),
    ],
)
def test_a_stream_is_one_of_two_and_of_one_execution(
    ncp: Ncp, words: tuple[str, ...], complaint: str
) -> None:
    done = ncp("schedule", "logs", *words)
    assert (done.code, complaint in done.err) == (2, True)


def test_an_execution_that_printed_nothing_says_so(ncp: Ncp) -> None:
    ncp.create("daily", name="x")
    (one,) = ncp("schedule", "run", "x", "--json").json["executions"]
    said = ncp("schedule", "logs", "--execution", one["executionId"])
    assert (said.code, said.out, said.err) == (0, "", "It printed nothing that was kept.\n")


def test_an_empty_log_says_so(ncp: Ncp) -> None:
    said = ncp("schedule", "logs")
    assert (said.code, said.out, said.err) == (0, "", "Nothing has been logged.\n")
    assert ncp("schedule", "logs", "--json").json == {"lines": []}


def test_following_shows_new_lines_whole_and_goes_on_after_midnight(ncp: Ncp) -> None:
    write(ncp, "2026-01-01", "before")
    with ncp.running("schedule", "logs", "-f") as program:
        assert program.stdout is not None
        assert program.stdout.readline().endswith("before\n")
        with (ncp.home / "logs/2026-01-01.log").open("a") as log:
            for piece in ("[2026-01-01 08:00:00] ha", "lf\n"):
                log.write(piece)
                log.flush()
                os.fsync(log.fileno())
                time.sleep(0.3)
        assert program.stdout.readline() == "[2026-01-01 08:00:00] half\n"
        write(ncp, "2026-01-02", "after")
        assert program.stdout.readline().endswith("after\n")
        program.send_signal(signal.SIGINT)
        assert program.wait(30) == 130


REFUSED = [
    (("nobody",), 3, '"nobody"'),
    (("--execution", "nothing"), 3, "ncp schedule executions"),
    (("-f", "--json"), 2, "--follow"),
    (("-f", "--execution", "e"), 2, "--follow"),
    (("x", "--execution", "e"), 2, "ncp schedule logs --execution e"),
    (("-n", "0"), 2, "--lines"),
]


@pytest.mark.parametrize(("argv", "code", "words"), REFUSED, ids=str)
def test_what_cannot_be_asked_is_refused(
    ncp: Ncp, argv: tuple[str, ...], code: int, words: str
) -> None:
    ncp.create("daily", name="x")
    said = ncp("schedule", "logs", *argv)
    assert (said.code, said.out) == (code, "")
    assert words in said.err
