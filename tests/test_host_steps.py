"""What a survey tells of links, and what the steps of a target leave on the disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledgers import wait_for
from ncp.errors import SchedulerError
from ncp.host import observe, perform, survey
from ncp.host.look import processes
from ncp.model import File, Link, Output, Remove, Survey, Write

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_survey_tells_links_from_files_and_when_each_changed(tmp_path: Path) -> None:
    (tmp_path / "a.timer").write_text("a")
    (tmp_path / "b.timer").symlink_to("nowhere")
    pattern = ((str(tmp_path), "*.timer"),)
    seen = observe(Survey(folders=pattern, links=pattern))
    assert set(seen.files) == {str(tmp_path / "a.timer")}
    assert seen.links == {str(tmp_path / "b.timer")}
    assert seen.changed == {str(path): path.lstat().st_ctime_ns for path in tmp_path.iterdir()}


def test_a_program_that_does_not_answer_is_ended_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "TIMEOUT_SECONDS", 0.1)
    slow, missing, ready = ("sleep", "10"), ("no such program",), ("cat",)
    begin = time.monotonic()
    answers = observe(Survey(commands=(slow, missing, ready))).outputs
    assert time.monotonic() - begin < 5
    assert answers == {
        slow: Output(127, "", "sleep did not answer in 0.1 s"),
        missing: Output(127, "", "no such program: No such file or directory"),
        ready: Output(0, "", ""),
    }


def test_programs_of_a_survey_run_side_by_side() -> None:
    begin = time.monotonic()
    waiting = tuple(("sh", "-c", f"sleep 1; echo {number}") for number in range(5))
    assert [o.stdout for o in observe(Survey(commands=waiting)).outputs.values()] == [
        f"{number}\n" for number in range(5)
    ]
    assert time.monotonic() - begin < 4


def test_a_survey_that_fails_leaves_no_program_behind(tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(b"\xff\xfea")
    with pytest.raises(UnicodeDecodeError):
        observe(Survey(folders=((str(tmp_path), "*"),), commands=(("sleep", "0.1"),)))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_closer_look_is_taken_only_where_the_first_answer_asks_for_it() -> None:
    first, second, third = ("echo", "one"), ("echo", "two"), ("echo", "three")
    closer = ((first, "on", second), (first, "no", third))
    answers = observe(Survey(commands=(first,), closer=closer)).outputs
    assert {argv: output.stdout for argv, output in answers.items()} == {
        first: "one\n",
        second: "two\n",
    }


def test_a_link_that_is_made_again_is_younger_than_its_file(tmp_path: Path) -> None:
    file, link = tmp_path / "a.timer", tmp_path / "wants" / "a.timer"
    steps = (Write(File(str(file), "a")), Link(str(link), str(file)))
    perform(steps)
    before = link.lstat().st_ctime_ns
    perform(steps)
    assert before < file.stat().st_ctime_ns <= link.lstat().st_ctime_ns


def test_what_a_killed_write_left_among_the_entries_goes_with_the_next_one(tmp_path: Path) -> None:
    (tmp_path / ".ncp-new-abc").write_text("")
    perform([Write(File(str(tmp_path / "a"), "a"))])
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    perform([Remove(str(tmp_path / "a")), Remove(str(tmp_path / "never was"))])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("make", [lambda p: Write(File(p, "")), lambda p: Link(p, "/")])
def test_an_entry_that_cannot_be_made_is_named(
    tmp_path: Path, make: Callable[[str], Write | Link]
) -> None:
    (tmp_path / "file").write_text("")
    path = str(tmp_path / "file" / "entry")
    with pytest.raises(SchedulerError) as refused:
        perform([make(path)])
    assert refused.value.where in {path, str(tmp_path / "file")}
    assert refused.value.what.startswith("The entry cannot be written: ")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes namespaces")
def test_a_daemon_of_a_container_is_not_the_machines(tmp_path: Path) -> None:
    daemon = tmp_path / "ncp-daemon"
    shutil.copy(shutil.which("sleep") or "", daemon)
    inside = ["unshare", "--pid", "--fork", "--kill-child", str(daemon), "9"]
    for argv, counts in ((inside, False), ([str(daemon), "9"], True)):
        with subprocess.Popen(argv) as process:
            wait_for(lambda: "ncp-daemon" in {*names()})
            assert ("ncp-daemon" in processes()) is counts
            process.kill()


def names() -> list[str]:
    """Of all processes, those in containers too."""
    return [path.read_text().strip() for path in Path("/proc").glob("[0-9]*/comm") if path.exists()]
