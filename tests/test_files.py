from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from ncp import files

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_that_is_not_there_reads_as_none_and_any_other_trouble_shows(
    tmp_path: Path,
) -> None:
    assert files.read(tmp_path / "none") is None
    with pytest.raises(IsADirectoryError):
        files.read(tmp_path)
    (tmp_path / "link").symlink_to("not mounted")
    with pytest.raises(FileNotFoundError):
        files.read(tmp_path / "link")


def test_what_is_written_is_read_and_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file"
    files.write(path, b"\x00\xff")
    assert files.read(path) == b"\x00\xff"


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
def test_a_new_file_has_the_mode_asked_for_whatever_the_umask(tmp_path: Path, mode: int) -> None:
    before = os.umask(0o777)
    try:
        files.write(tmp_path / "file", b"", mode)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == mode


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    goal, link = tmp_path / "dotfiles" / "schedule.json", tmp_path / "schedule.json"
    goal.parent.mkdir()
    goal.write_bytes(b"old")
    link.symlink_to(goal)
    files.write(link, b"new")
    assert link.is_symlink()
    assert goal.read_bytes() == b"new"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes devices")
def test_a_link_to_a_device_is_replaced_itself(tmp_path: Path) -> None:
    device, link = tmp_path / "null", tmp_path / "link"
    os.mknod(device, stat.S_IFCHR | 0o600, os.makedev(1, 3))
    link.symlink_to(device)
    files.write(link, b"new")
    assert (device.is_char_device(), link.is_symlink(), link.read_bytes()) == (True, False, b"new")


def test_a_reader_that_has_the_old_file_open_keeps_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    files.write(path, b"old" * 1000)
    with path.open("rb") as reader:
        files.write(path, b"new")
        assert reader.read() == b"old" * 1000


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    files.write(path, b"old")
    with pytest.raises(TypeError):
        files.write(path, "text")  # type: ignore[arg-type]  # what fails does not matter
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == b"old"


def test_what_a_killed_write_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    for name in (".ncp-new-abc", ".ncp-newer", "schedule.json", ".hidden"):
        (tmp_path / name).write_text("")
    files.sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {".ncp-newer", "schedule.json", ".hidden"}


def test_many_files_are_written_in_one_go_or_none_of_them(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    files.write_all({old: b"old"})
    with pytest.raises(FileExistsError) as refused:
        files.write_all({new: b"new", old: b"newer", old / "in": b""})
    assert refused.value.filename == str(old / "in")
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert old.read_bytes() == b"old"
    files.write_all({new: b"new", old: b"newer"})
    assert (new.read_bytes(), old.read_bytes()) == (b"new", b"newer")


def test_all_files_are_on_disk_before_the_first_one_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(os, "fsync", lambda _: seen.append(names(tmp_path)))
    files.write_all({tmp_path / "a": b"", tmp_path / "b": b""})
    assert seen == [[], [], ["a", "b"]]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name[0] != ".")


def test_links_are_made_and_replaced_and_the_folder_with_them(tmp_path: Path) -> None:
    one, two = tmp_path / "wants" / "one", tmp_path / "wants" / "two"
    for goal in ("/a", "/b"):
        files.link_all({one: goal, two: goal})
        assert [str(path.readlink()) for path in (one, two)] == [goal, goal]
    assert {path.name for path in one.parent.iterdir()} == {"one", "two"}


def test_a_link_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileExistsError) as refused:
        files.link_all({tmp_path / "file" / "link": "/a"})
    assert refused.value.filename == str(tmp_path / "file")
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError) as refused_too:
        files.link_all({tmp_path / "folder": "/a"})
    assert refused_too.value.filename == str(tmp_path / "folder")
