"""Cgroups of tasks: files that answer as the kernel does, and a real one where it can be.

The machines that these tests are written on have no memory controller in
version 2: what `memory.max` does is the kernel's word, that it is set is tested here.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ledgers import once, printed_by, rows, save, shell, wait_for
from ncp.process import cgroups, identity
from ncp.process.cgroups import Cgroup, Cgroups
from ncp.runner import run_timing

FILES = {
    **dict.fromkeys(("cgroup.procs", "cgroup.kill", "cgroup.subtree_control"), ""),
    **dict.fromkeys(("memory.max", "memory.swap.max", "memory.oom.group"), ""),
    "cgroup.controllers": "cpu memory pids",
    "memory.events": "low 0\noom_kill 0\n",
    "memory.peak": "123456\n",
    "cpu.stat": "usage_usec 7000\nuser_usec 1\n",
}
FORKS = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


class Kernel:
    """A version 2 hierarchy of plain files, in which this process is alone."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.root, self.files = root, dict(FILES)
        self.ended = root.with_name("ended")
        self._mkdir = os.mkdir
        self.removed: list[str] = []
        self.fill(root)
        (root / "cgroup.procs").write_text(str(os.getpid()))
        patch.setattr(cgroups, "own", lambda: str(root))
        patch.setattr(os, "mkdir", self.mkdir)
        patch.setattr(os, "rmdir", self.rmdir)

    def fill(self, folder: Path) -> None:
        for name, text in self.files.items():
            (folder / name).write_text(text)

    def mkdir(self, path: str, mode: int = 0o777) -> None:
        self._mkdir(path, mode)
        if str(path).startswith(str(self.root)):
            self.fill(Path(path))

    def rmdir(self, path: str) -> None:
        if (Path(path) / "busy").exists():
            (Path(path) / "busy").unlink()
            raise OSError(16, "busy")
        os.rename(path, self.ended)  # noqa: PTH104  as the code under test gives it
        self.removed.append(path)


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kernel:
    root = tmp_path / "cgroup"
    root.mkdir()
    monkeypatch.chdir(tmp_path)
    return Kernel(root, monkeypatch)


def test_the_runner_moves_below_and_hands_memory_on(kernel: Kernel) -> None:
    group = Cgroups().make("one", 64)
    assert group is not None
    assert (kernel.root / "ncp-runner" / "cgroup.procs").read_text() == str(os.getpid())
    assert (kernel.root / "cgroup.subtree_control").read_text() == "+memory"
    made = {name: (kernel.root / "ncp-one" / name).read_text() for name in FILES}
    assert made["memory.max"] == str(64 * 1024 * 1024)
    assert (made["memory.swap.max"], made["memory.oom.group"]) == ("0", "1")


@pytest.mark.parametrize("absent", ["memory.swap.max", "memory.oom.group"])
def test_an_older_kernel_may_lack_a_file(kernel: Kernel, absent: str) -> None:
    del kernel.files[absent]
    assert Cgroups().make("one", 64) is not None


def test_where_memory_cannot_be_limited_nothing_is_left(kernel: Kernel) -> None:
    del kernel.files["memory.max"]
    assert Cgroups().make("one", 64) is None
    assert kernel.removed == [f"{kernel.root}/ncp-one"]


def others(root: Path) -> None:
    (root / "cgroup.procs").write_text(f"{os.getpid()}\n{os.getppid()}\n")


def without_memory(root: Path) -> None:
    (root / "cgroup.controllers").write_text("cpu pids")


def closed(root: Path) -> None:
    (root / "cgroup.subtree_control").unlink()


def gone(root: Path) -> None:
    root.rename(root.with_name("elsewhere"))


@pytest.mark.parametrize("change", [others, without_memory, closed, gone])
def test_a_cgroup_that_is_not_ours_alone_is_left_as_it_is(kernel: Kernel, change: object) -> None:
    assert callable(change)
    change(kernel.root)
    assert Cgroups().make("one", 64) is None
    assert not (kernel.root / "ncp-one").exists()


def test_one_that_is_still_busy_is_removed_later(kernel: Kernel) -> None:
    groups = Cgroups()
    group = groups.make("one", 64)
    assert group is not None
    Path(group.path, "busy").touch()
    groups.end(group)
    assert kernel.removed == []
    groups.close()
    assert kernel.removed == [group.path]
    groups.end(Cgroup(f"{kernel.root}/gone"))


def test_the_next_step_of_a_pipeline_has_the_cgroup_of_the_one_before(kernel: Kernel) -> None:
    groups = Cgroups()
    first = groups.make("one", 64)
    assert first is not None
    Path(first.path, "busy").touch()
    groups.end(first)
    (Path(first.path) / "cgroup.kill").write_text("")
    (Path(first.path) / "cpu.stat").write_text("usage_usec 7001\n")
    second = groups.make("one", 64)
    assert second is not None
    (Path(first.path) / "cpu.stat").write_text("usage_usec 7050\n")
    assert second.usage((1, 2)) == (123456, 49)
    groups.tidy()
    assert (Path(first.path) / "cgroup.kill").read_text() == ""
    assert kernel.removed == []


def test_an_older_kernel_kills_one_by_one(kernel: Kernel) -> None:
    pid = os.posix_spawn("/bin/sleep", ["sleep", "60"], {})
    (kernel.root / "cgroup.kill").unlink()
    (kernel.root / "cgroup.procs").write_text(f"{pid}\n")
    Cgroup(str(kernel.root)).kill()
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == 9


def test_what_the_kernel_does_not_count_is_told_by_others(kernel: Kernel) -> None:
    group = Cgroup(str(kernel.root))
    assert group.usage((1, 2)) == (123456, 7000)
    for name in ("memory.peak", "cpu.stat"):
        (kernel.root / name).unlink()
    assert group.usage((1, 2)) == (1, 2)


@FORKS
@pytest.mark.parametrize("kills", [0, 1])
def test_a_task_that_needed_more_memory_says_so(kernel: Kernel, kills: int) -> None:
    kernel.files["memory.events"] = f"oom 9\noom_kill {kills}\n"
    home = kernel.root.parent / "home"
    os.makedirs(home)  # noqa: PTH103  pathlib's would pass through the fake too
    book = save(home, once(), shell("x", "ulimit -v; kill -9 $$", limits=(64, 0, 0)))
    run_timing(str(home), "t")
    (found,) = rows(book, "x")
    expected = "needed more than 64 MB of memory" if kills else "ended by signal 9"
    assert (found["status"], found["reason"]) == ("failure", expected)
    assert (found["maxRssBytes"], found["cpuSeconds"]) == (123456, 0.007)
    assert printed_by(found) == "unlimited\n"  # the cgroup has the limit
    assert (kernel.ended / "cgroup.procs").read_text() == "0"
    assert (kernel.ended / "cgroup.kill").read_text() == "1"
    assert kernel.removed == [f"{kernel.root}/ncp-{found['executionId']}"]


def test_the_place_of_this_process_is_found_in_either_layout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "b" / "user" / "ncp-runner"
    folder.mkdir(parents=True)
    monkeypatch.setattr(cgroups, "ROOTS", (f"{tmp_path}/a", f"{tmp_path}/b"))
    monkeypatch.setattr(cgroups, "read", lambda _: "4:memory:/x\n0::/user/ncp-runner\n")
    assert cgroups.own() == ""
    (folder / "cgroup.controllers").touch()
    assert cgroups.own() == str(folder)
    assert cgroups.of_execution("one") == ""
    (tmp_path / "b" / "user" / "ncp-one").mkdir()
    (tmp_path / "b" / "user" / "ncp-one" / "memory.max").touch()
    assert cgroups.of_execution("one") == f"{tmp_path}/b/user/ncp-one"
    assert cgroups.of_execution("") == ""
    monkeypatch.setattr(cgroups, "read", lambda _: "")
    assert cgroups.own() == ""


REAL = next((root for root in cgroups.ROOTS if os.access(f"{root}/cgroup.procs", os.W_OK)), "")
HIDER = """
import os, sys
from ncp.process import limiting
null = os.open("/dev/null", os.O_RDWR)
script = "setsid sh -c 'setsid sleep 60 & sleep 60' & echo $! > started; wait"
print(limiting.spawn(
    "/bin/sh", ["sh", "-c", script], {"PATH": "/usr/bin:/bin"}, [null] * 3,
    confine=((64, 0, 0), sys.argv[1]),
))
"""


FIRING = """
import os, sys
from pathlib import Path
from ncp.process import cgroups
from ncp.runner import run_timing
group, controller, limit, home = sys.argv[1:]
Path(group, "cgroup.procs").write_text("0")
cgroups.CONTROLLER, cgroups.LIMIT = controller, limit
code = run_timing(home, "t")
print(Path(group, "cgroup.subtree_control").read_text().strip(), cgroups.own(), code)
"""
LIMITS = {"memory": "memory.max", "hugetlb": "hugetlb.2MB.max", "pids": "pids.max"}
"""A controller that version 2 has here stands for memory: each is handed on by the same rules."""


def handed_out() -> str:
    """A controller that a cgroup of this machine could have."""
    found = Path(REAL, "cgroup.controllers").read_text().split() if REAL else []
    return next((name for name in LIMITS if name in found), "")


@pytest.mark.skipif(not handed_out(), reason="needs a cgroup2 root that may be written: root")
def test_a_firing_divides_a_real_cgroup_and_leaves_nothing_in_it(tmp_path: Path) -> None:
    controller, group = handed_out(), Path(REAL, f"ncp-firing-{os.getpid()}")
    script = "cat /proc/self/cgroup; setsid sleep 60 & head -c 9000000 /dev/zero | cksum"
    before = Path(REAL, "cgroup.subtree_control").read_text().split()
    plain = shell("a", "setsid sleep 0.5 & sleep 0.5; cat /proc/self/cgroup")
    book = save(tmp_path, once(), plain, shell("x", script, limits=(64, 0, 0)))
    Path(REAL, "cgroup.subtree_control").write_text(f"+{controller}")
    group.mkdir()
    try:
        words = (str(group), controller, LIMITS[controller], str(tmp_path))
        argv = [sys.executable, "-c", FIRING, *words]
        done = subprocess.run(argv, capture_output=True, text=True, check=True)
        assert done.stdout.split() == [controller, f"{group}/ncp-runner", "0"], done.stderr
        name = str(rows(book, "x")[0]["executionId"])
        assert f"0::/{group.name}/ncp-{name}\n" in printed_by(rows(book, "x")[0])
        assert f"0::/{group.name}/ncp-runner\n" in printed_by(rows(book, "a")[0])
        assert [one.name for one in group.iterdir() if one.is_dir()] == ["ncp-runner"]
        assert float(str(rows(book, "x")[0]["cpuSeconds"])) > 0
    finally:
        for folder in sorted(group.glob("ncp-*")):
            folder.rmdir()
        wait_for(Cgroup(str(group)).remove)
        if controller not in before:
            with contextlib.suppress(OSError):  # another one may need it
                Path(REAL, "cgroup.subtree_control").write_text(f"-{controller}")


@pytest.mark.skipif(not REAL, reason="needs a cgroup2 root that may be written: root, unmanaged")
def test_a_real_cgroup_holds_the_whole_tree_and_ends_it(tmp_path: Path) -> None:
    group = Cgroup(f"{REAL}/ncp-test-{os.getpid()}")
    os.mkdir(group.path)  # noqa: PTH102  it is the kernel's
    try:
        argv = [sys.executable, "-c", HIDER, group.path]
        done = subprocess.run(argv, capture_output=True, text=True, check=True, cwd=tmp_path)
        procs = Path(group.path, "cgroup.procs")
        wait_for(lambda: len(procs.read_text().split()) == 4)
        pids = [int(pid) for pid in procs.read_text().split()]
        assert int(done.stdout) in pids
        assert not group.remove()  # and kills
        wait_for(lambda: not any(identity.start_of(pid) for pid in pids))
        assert group.usage((1, 0))[1] > 0
        wait_for(group.remove)
    finally:
        group.kill()
    assert group.remove()
