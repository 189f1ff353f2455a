from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from ledgers import wait_for
from ncp import environment, process
from ncp.process import CannotStart, Child, Children, identity, ours
from ncp.process.child import signal_group

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENV = {"PATH": "/usr/bin:/bin"}


@pytest.fixture
def children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Children]:
    monkeypatch.chdir(tmp_path)
    found = Children()
    yield found
    found.close()


def sh(children: Children, script: str) -> Child:
    return children.spawn(["sh", "-c", script], ENV, None)


def finish(children: Children, child: Child) -> bytes:
    printed, until = b"", time.monotonic() + 10
    while not child.over:
        assert time.monotonic() < until
        printed += b"".join(data for _, _, data in children.wait(1))
    return printed


def open_pipes() -> int:
    """Count pipes and pidfds: other files come and go with other tests' ledgers."""
    count = 0
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208  as the kernel lists them
        try:
            count += os.readlink(f"/proc/self/fd/{name}").startswith(("pipe:", "anon_inode:[pidfd"))  # noqa: PTH115  it is no path
        except OSError:
            continue  # the one that listed the folder
    return count


def without_pidfd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open")


@pytest.mark.parametrize("encoding", ["utf-8", "iso8859-1"])
def test_words_reach_a_program_as_utf_8_whatever_the_locale(
    children: Children, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: encoding)
    words = ["sh", "-c", 'printf "%s%s" "$1" "$WORD"', "sh", "ß\udcff"]
    child = children.spawn(words, {**ENV, "WORD": "é"}, None)
    assert finish(children, child) == "ß".encode() + b"\xff" + "é".encode()


def test_a_program_that_reads_finds_nothing_though_others_read_too(children: Children) -> None:
    readers = [children.spawn(["wc", "-c"], ENV, None) for _ in range(2)]
    assert [finish(children, child) for child in readers] in ([b"0\n"] * 2, [b"0\n0\n", b""])


def test_this_process_is_alive_and_others_are_told_apart() -> None:
    boot, pid, start = process.me()
    assert process.alive((boot, pid, start))
    assert not process.alive((boot, pid, start + "1"))
    assert not process.alive(("another boot", pid, start))
    assert not process.alive((boot, 2**22 + 1, start))


def test_a_zombie_is_not_alive() -> None:
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert identity.start_of(pid) == ""
    os.waitpid(pid, 0)


@pytest.mark.parametrize(
    ("failure", "expected"),
    [(None, True), (PermissionError, True), (ProcessLookupError, False)],
)
def test_without_proc_the_number_decides(
    monkeypatch: pytest.MonkeyPatch, failure: type[OSError] | None, expected: bool
) -> None:
    def kill(_pid: int, _number: int) -> None:
        if failure is not None:
            raise failure

    monkeypatch.setattr(identity, "read", lambda _: "")
    monkeypatch.setattr(os, "kill", kill)
    assert process.alive(("", 1, "")) is expected


@pytest.mark.parametrize("pidfd", [True, False])
def test_what_a_child_prints_comes_with_its_stream(
    children: Children, monkeypatch: pytest.MonkeyPatch, pidfd: bool
) -> None:
    if not pidfd:
        without_pidfd(monkeypatch)
    child = sh(children, "echo out; echo err >&2; exit 7")
    seen = set()
    while not child.over:
        seen |= {(stream, data) for _, stream, data in children.wait(1)}
    assert seen == {("STDOUT", b"out\n"), ("STDERR", b"err\n")}
    assert (child.exit_code, child.signal) == (7, None)


@pytest.mark.parametrize("pidfd", [True, False])
def test_leftovers_of_the_group_go_with_the_leader(
    children: Children, monkeypatch: pytest.MonkeyPatch, pidfd: bool
) -> None:
    if not pidfd:
        without_pidfd(monkeypatch)
    left = int(finish(children, sh(children, "sleep 60 & echo $!")))
    wait_for(lambda: identity.start_of(left) == "")


def test_a_large_output_arrives_whole(children: Children) -> None:
    printed = finish(children, sh(children, "head -c 3000000 /dev/zero"))
    assert len(printed) == 3_000_000


def test_children_leave_no_files_open(children: Children) -> None:
    before = open_pipes()
    for _ in range(5):
        finish(children, sh(children, "exit 0"))
        with pytest.raises(CannotStart):
            children.spawn(["/etc"], ENV, None)
    assert open_pipes() == before


def test_a_program_that_the_kernel_refuses_leaves_no_files_open(
    children: Children, tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("no program")
    (tmp_path / "text").chmod(0o755)
    before = open_pipes()
    with pytest.raises(CannotStart, match="Exec format error"):
        children.spawn([str(tmp_path / "text")], ENV, None)
    assert open_pipes() == before


def test_relative_programs_and_empty_path_parts_are_found_from_the_folder(
    children: Children, tmp_path: Path
) -> None:
    (tmp_path / "tool").symlink_to("/bin/true")
    for name, path in (("./tool", "/bin"), ("tool", ":/bin")):
        child = children.spawn([name], {"PATH": path}, str(tmp_path))
        finish(children, child)
        assert child.exit_code == 0


def test_a_stop_signal_ends_the_waiting(children: Children) -> None:
    child = sh(children, "sleep 60")
    os.kill(os.getpid(), signal.SIGTERM)
    begun = time.monotonic()
    children.wait(30)
    assert time.monotonic() - begun < 5
    assert children.stop == signal.SIGTERM
    child.terminate()
    finish(children, child)
    assert child.signal == signal.SIGTERM


def test_handlers_are_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = [signal.getsignal(number) for number in ours.STOP_SIGNALS]
    found = Children()
    assert [signal.getsignal(number) for number in ours.STOP_SIGNALS] != before
    found.close()
    found.close()
    assert [signal.getsignal(number) for number in ours.STOP_SIGNALS] == before


def test_run_returns_the_code_and_the_start_of_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert process.run(["sh", "-c", "echo no; exit 4"], ENV) == (4, "no\n")
    assert process.run(["sh", "-c", "kill -9 $$"], ENV) == (1, "")
    assert len(process.run(["sh", "-c", "head -c 99999 /dev/zero"], ENV)[1]) == process.MOST_TEXT
    assert process.run(["no-such-program"], ENV)[0] == 127


def test_run_passes_a_stop_signal_on_to_the_program_and_to_its_caller(children: Children) -> None:
    assert process.run(["sh", "-c", f"kill -TERM {os.getpid()}; sleep 60"], ENV) == (1, "")
    assert children.stop == signal.SIGTERM


def test_signals_are_heard_after_a_run_inside(children: Children) -> None:
    process.run(["true"], ENV)
    child = sh(children, f"kill -TERM {os.getpid()}; sleep 60")
    begun = time.monotonic()
    while not children.stop:
        children.wait(30)
    assert time.monotonic() - begun < 5
    child.kill()
    finish(children, child)


def test_a_lock_names_who_holds_it(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    mine = process.locked(path)
    assert isinstance(mine, int)
    assert process.locked(path) == str(os.getpid())
    os.close(mine)
    again = process.locked(path)
    assert isinstance(again, int)
    os.close(again)


def test_inherited_files_are_closed() -> None:
    script = (
        "import os, sys; os.dup2(0, 9)\n"
        "from ncp.process import close_inherited; close_inherited()\n"
        "print(sorted(os.listdir('/proc/self/fd')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.strip() == b"['0', '1', '2', '3']"  # 3 is the folder that is listed


def test_an_orphan_that_obeys_is_not_killed() -> None:
    pid = os.posix_spawn("/bin/sleep", ["sleep", "60"], {}, setsid=True)
    process.end_orphan((process.me()[0], pid, identity.start_of(pid)), 5, "no mark")
    _, status = os.waitpid(pid, 0)
    assert os.WTERMSIG(status) == signal.SIGTERM
    process.end_orphan((process.me()[0], pid, "1"), 5, "no mark")


def test_signals_to_a_group_that_is_gone_are_nothing() -> None:
    signal_group(2**22 - 3, signal.SIGTERM)


def test_a_group_may_be_as_large_as_files_allow() -> None:
    assert process.most_children() == max(1, (os.sysconf("SC_OPEN_MAX") - 64) // 4)


def test_the_launcher_is_called_through_sh() -> None:
    assert process.launcher("/h o", "a", "b") == ("/bin/sh", "/h o/bin/ncp", "a", "b")


@pytest.mark.parametrize("memory", [True, False])
@pytest.mark.parametrize("text", [None, b"", b"zwei\0\n" * 50_000])
def test_a_child_reads_its_text_and_then_the_end(
    children: Children, monkeypatch: pytest.MonkeyPatch, memory: bool, text: bytes | None
) -> None:
    if not memory:
        monkeypatch.delattr(os, "memfd_create")
    child = children.spawn(["cat"], ENV, None, text)
    assert finish(children, child) == (text or b"")


@pytest.mark.parametrize(("mark", "survives"), [({}, True), ({"NCP_EXECUTION_ID": "x"}, False)])
def test_only_an_execution_is_ended_with_what_left_its_group(
    children: Children, tmp_path: Path, mark: dict[str, str], survives: bool
) -> None:
    # A runner is ended by its own group alone: it ends its tasks itself, and records it.
    script = "setsid sh -c 'echo $$ > below; exec sleep 60' & wait"
    child = children.spawn(["sh", "-c", script], {**ENV, **mark}, str(tmp_path))
    file = tmp_path / "below"
    wait_for(lambda: file.exists() and file.read_text().strip())
    below = int(file.read_text())
    child.terminate()
    while not child.over:
        children.wait(1)
    if survives:
        assert identity.start_of(below)
        os.kill(below, signal.SIGKILL)
    wait_for(lambda: not identity.start_of(below))


def test_the_umask_of_a_child_is_not_that_of_its_runner(children: Children) -> None:
    before = environment.umask()
    child = children.spawn(["sh", "-c", "umask"], ENV, None, bounds=process.Bounds(0o123))
    assert finish(children, child) == b"0123\n"
    with pytest.raises(CannotStart):
        children.spawn(["/etc"], ENV, None, bounds=process.Bounds(0o123))
    assert environment.umask() == before
