"""Files that a person names: never through a link, never over what is there."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from cli.crontab import PROGRAM, Crontab

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp

KINDS = ("ncp", "yaml", "crontab")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("force", [(), ("--force",)])
@pytest.mark.parametrize("there", [True, False])
def test_an_export_never_follows_a_planted_link(
    ncp: Ncp, kind: str, force: tuple[str, ...], there: bool
) -> None:
    ncp.create("hourly")
    profile = ncp.user_home / ".profile"
    if there:
        profile.write_text("mine\n")
    planted = ncp.user_home / "out"
    planted.symlink_to(profile)
    said = ncp("schedule", "export", "--format", kind, "--output", str(planted), *force)
    assert said.code == 2
    assert f"{planted}: It is a link to {profile}" in said.err
    assert profile.exists() == there
    assert not there or profile.read_text() == "mine\n"


def test_an_export_never_overwrites_without_being_told(ncp: Ncp) -> None:
    ncp.create("hourly")
    out = ncp.user_home / "out.yaml"
    out.write_text("mine\n")
    words = ("schedule", "export", "--format", "yaml", "--output", str(out))
    said = ncp(*words)
    assert (said.code, out.read_text()) == (2, "mine\n")
    assert "It is there already." in said.err
    assert "--force" in said.err
    assert ncp(*words, "--force").code == 0
    assert "tasks:" in out.read_text()
    assert out.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in ncp.user_home.glob(".ncp-new-*")] == []


def test_no_artifact_follows_a_link_and_none_is_written_where_one_cannot_be(ncp: Ncp) -> None:
    ncp.create("hourly")
    units = ncp.user_home / "units"
    words = ("schedule", "export", "--format", "systemd", "--output", str(units))
    assert ncp(*words).code == 0
    names = sorted(path.name for path in units.iterdir())
    assert ncp(*words).code == 2
    for path in units.iterdir():
        path.unlink()
    (units / names[-1]).symlink_to(ncp.user_home / ".profile")
    said = ncp(*words, "--force")
    assert (said.code, sorted(path.name for path in units.iterdir())) == (2, names[-1:])
    assert not (ncp.user_home / ".profile").exists()
    (ncp.user_home / "link").symlink_to(units)
    assert ncp(*words[:-1], str(ncp.user_home / "link")).code == 2


@pytest.mark.parametrize("kind", ["fifo", "device"])
def test_what_is_no_plain_file_is_left_as_it_is(ncp: Ncp, kind: str, tmp_path: Path) -> None:
    place = tmp_path / "odd"
    if kind == "fifo":
        os.mkfifo(place)
    elif os.getuid() == 0:
        os.mknod(place, 0o20666, os.makedev(1, 3))
    else:
        pytest.skip("only root can make a device")
    said = ncp("schedule", "export", "--output", str(place), "--force")
    assert said.code == 2
    assert "It is no plain file" in said.err
    assert not place.is_file()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("schedule", "create", "hourly", "--name", "b", "--", "true"), 0),
        (("schedule", "pause", "a"), 0),
        (("schedule", "update", "a", "--timeout", "9", "--json"), 0),
        (("schedule", "delete", "a", "-y", "--json"), 0),
        (("schedule", "sync", "--json"), 0),
        (("schedule", "cleanup"), 0),
        (("mcp", "add", "s", "--", "true"), 0),
        (("uninstall", "-y", "--json"), 0),
        (("schedule", "list"), 2),
        (("schedule", "export"), 2),
    ],
)
def test_a_full_disk_below_the_report_does_not_make_a_deed_a_failure(
    ncp: Ncp, words: tuple[str, ...], code: int
) -> None:
    ncp.create("hourly", name="a")
    with open("/dev/full", "w") as full:  # noqa: PTH123  a device
        done = subprocess.run(
            ncp.program(*words),
            env=ncp.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == code, done.stderr
    said = (
        "It is done, but what there was to print"
        if code == 0
        else "What was asked for cannot be written"
    )
    assert said in done.stderr


def test_an_import_whose_report_cannot_be_written_is_done_all_the_same(
    ncp: Ncp, tmp_path: Path
) -> None:
    (tmp_path / "table").write_text("0 1 * * * date\n")
    (tmp_path / "mcp.json").write_text('{"mcpServers": {"s": {"command": "true"}}}')
    for words in (
        ("schedule", "import", str(tmp_path / "table"), "--format", "crontab"),
        ("mcp", "import", "--file", str(tmp_path / "mcp.json"), "--yes"),
    ):
        with open("/dev/full", "w") as full:  # noqa: PTH123  a device
            done = subprocess.run(
                ncp.program(*words),
                env=ncp.environment,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 0, done.stderr
        assert "It is done, but what there was to print" in done.stderr
    assert ncp("schedule", "list", "--json").json["tasks"]
    assert "s" in ncp("mcp", "servers").out


@pytest.fixture
def crontab(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> Crontab:
    return Crontab(ncp, monkeypatch)


def edited(crontab: Crontab, when: str, count: int) -> None:
    """From now on somebody else edits the table at each `count` first calls of one kind."""
    program = crontab.folder / "bin" / "crontab"
    edit = (
        f'n=$(cat edits 2>/dev/null | wc -l); [ "$n" -lt {count} ]'
        ' && { echo x >>edits; echo "$n 1 * * * theirs" >>table; }'
    )
    text = PROGRAM.format(folder=crontab.folder)
    if when == "after the look":
        text += f'[ "$1" = -l ] && {{ {edit}; }}\nexit 0\n'
    else:  # their editor writes what it had read before ours came
        gone = f'n=$(cat edits 2>/dev/null | wc -l); [ "$n" -lt {count} ]'
        gone += ' && { echo x >>edits; echo "9 9 * * * theirs" >table; }'
        text += f'[ "$1" = - ] && {{ {gone}; }}\nexit 0\n'
    program.write_text(text)


def test_an_edit_between_our_look_and_our_write_is_kept(ncp: Ncp, crontab: Crontab) -> None:
    crontab.table.write_text("0 0 * * * mine\n")
    edited(crontab, "after the look", 1)
    assert ncp("schedule", "create", "hourly", "--", "true").code == 0
    assert "0 1 * * * theirs\n" in crontab.text
    assert "0 0 * * * mine\n" in crontab.text
    assert len(crontab.lines) == 1


def test_an_edit_that_drops_ours_is_repaired(ncp: Ncp, crontab: Crontab) -> None:
    edited(crontab, "after the write", 1)
    assert ncp("schedule", "create", "hourly", "--", "true").code == 0
    assert "9 9 * * * theirs\n" in crontab.text
    assert len(crontab.lines) == 1


def test_a_table_that_changes_all_the_time_is_left_alone(ncp: Ncp, crontab: Crontab) -> None:
    crontab.table.write_text("0 0 * * * mine\n")
    edited(crontab, "after the look", 1000)
    said = ncp("schedule", "create", "hourly", "--", "true")
    assert said.code == 4
    assert "Somebody else changed it meanwhile" in said.err
    assert (crontab.writes, "mine" in crontab.text) == (0, True)
    assert not (ncp.home / "schedule.json").exists()
