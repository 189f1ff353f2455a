"""What servers offer, and calls of their tools by hand."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

import servers
from ledgers import is_running, wait_for
from ncp.mcp import checking, definition
from ncp.mcp.errors import installing

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp


def having(ncp: Ncp, **found: definition.Server) -> None:
    trees = {name: definition.tree(server) for name, server in found.items()}
    (ncp.home / "mcp.json").write_text(json.dumps({"mcpServers": trees}))


def rough(ncp: Ncp, mode: str, notes: Path) -> None:
    having(ncp, rough=servers.rough(mode, notes))


def test_a_server_that_works_says_who_it_is_and_how_long_it_took(ncp: Ncp, tmp_path: Path) -> None:
    rough(ncp, "pages", tmp_path / "notes")
    lines = dict(line.split("  ", 1) for line in ncp("mcp", "test", "rough").out.splitlines())
    assert lines["Says it is"] == "rough 1"
    assert lines["Tools"].strip() == "3"
    assert lines["Took"].strip().endswith("s")
    tree = ncp("mcp", "test", "rough", "--json").json
    assert (tree["about"]["name"], tree["tools"][2]) == ("rough", "tool-2")
    assert tree["about"]["protocol"].startswith("20")
    assert 0 < tree["durationMs"] < 60_000
    wait_for(lambda: not any(map(is_running, servers.pids(tmp_path / "notes"))))


FAILING = [
    ("dies-at-once", "has ended with exit code 3"),
    ("refuses", "out of order"),
    ("silent", "took longer than 2 s, waiting for its answer to initialize"),
    ("rubbish", "took longer than 2 s, waiting for its answer to initialize"),
]


@pytest.mark.parametrize(("mode", "reason"), FAILING)
def test_a_server_that_does_not_work_fails_with_the_reason(
    ncp: Ncp, tmp_path: Path, mode: str, reason: str
) -> None:
    rough(ncp, mode, tmp_path / "notes")
    said = ncp("mcp", "test", "rough", "--timeout", "2")
    assert (said.code, said.out) == (1, "")
    assert reason in said.err
    assert said.err.startswith("Error: rough: ")


def test_a_server_that_is_not_there_is_not_found(ncp: Ncp) -> None:
    having(ncp, gone=definition.Server("gone", "/no/such/program"))
    assert (ncp("mcp", "test", "gone").code, ncp("mcp", "test", "gon").code) == (1, 3)
    assert ncp("mcp", "tools", "gon").code == 3


def test_the_tools_of_the_real_server_are_a_table(ncp: Ncp, tmp_path: Path) -> None:
    having(ncp, files=servers.filesystem(tmp_path))
    said = ncp("mcp", "tools", "files")
    rows = {row.split()[0]: row for row in said.out.splitlines()}
    assert rows["TOOL"].split() == ["TOOL", "DESCRIPTION", "ARGUMENTS"]
    assert rows["files:read_text_file"].endswith("path [tail] [head]")
    assert "What files said" not in said.err
    again = ncp("mcp", "tools")
    assert again.out == said.out
    assert "What files said less than a minute ago; to ask again: --refresh" in again.err


def test_one_tool_is_shown_with_all_it_takes(ncp: Ncp, tmp_path: Path) -> None:
    having(ncp, files=servers.filesystem(tmp_path))
    lines = ncp("mcp", "tools", "files:edit_file").out.splitlines()
    assert lines[0] == "files:edit_file"
    assert lines[1].startswith("  Make line-based edits to a text file.")
    assert lines[3].split() == ["ARGUMENT", "NEEDED", "TAKES"]
    assert lines[6].split(maxsplit=2) == [
        "dryRun",
        "no",
        "true or false (Preview changes using git-style diff format)",
    ]
    assert ncp("mcp", "tools", "files:edit_file", "--json").json["name"] == "edit_file"
    said = ncp("mcp", "tools", "files:edit_fil")
    assert (said.code, "Did you mean files:edit_file?" in said.err) == (3, True)


def test_a_list_is_asked_for_again_where_that_is_wanted(ncp: Ncp, tmp_path: Path) -> None:
    rough(ncp, "fine", tmp_path / "notes")
    for options in ((), (), ("--refresh",)):
        assert "rough:tool-0" in ncp("mcp", "tools", "rough", *options).out
    assert len(servers.pids(tmp_path / "notes")) == 2


def test_one_broken_server_hides_no_other(ncp: Ncp, tmp_path: Path) -> None:
    broken = {name: definition.Server(name, f"/no/{name}") for name in ("a", "b")}
    having(ncp, fine=servers.rough("fine", tmp_path / "notes"), **broken)
    said = ncp("mcp", "tools")
    assert (said.code, "fine:tool-0" in said.out) == (1, True)
    assert all(f'Error: {name}: Its program "/no/{name}"' in said.err for name in broken)


def test_without_servers_there_are_no_tools(ncp: Ncp) -> None:
    said = ncp("mcp", "tools")
    assert (said.code, said.out) == (0, "")
    assert "ncp mcp add NAME -- COMMAND" in said.err
    assert ncp("mcp", "tools", "--json").json == {"servers": []}


def test_a_call_prints_what_the_tool_answers(ncp: Ncp, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "backup.tar").write_text("x")
    having(ncp, files=servers.filesystem(folder))
    argv = ("mcp", "call", "files:list_directory", "--params", json.dumps({"path": str(folder)}))
    said = ncp(*argv)
    assert (said.code, said.out, said.err) == (0, "[FILE] backup.tar\n", "")
    tree = ncp(*argv, "--json").json
    assert tree["content"] == [{"type": "text", "text": "[FILE] backup.tar"}]
    assert tree["isError"] is False
    assert "running on stdio" in ncp(*argv, "--stderr").err


def test_what_a_tool_refuses_is_printed_and_fails(ncp: Ncp, tmp_path: Path) -> None:
    having(ncp, files=servers.filesystem(tmp_path))
    said = ncp("mcp", "call", "files:list_directory", "--params", '{"path": "/etc"}')
    assert said.code == 1
    assert "Access denied" in said.out
    assert "Error: files:list_directory: The tool says that it has failed." in said.err


@pytest.mark.parametrize(
    ("mode", "out"),
    [
        ("structured", '{\n  "count": 2\n}\n'),
        ("files", "see\n[image/png, 8 bytes: not kept]\n"),
    ],
)
def test_an_answer_without_text_is_shown_as_what_it_is(
    ncp: Ncp, tmp_path: Path, mode: str, out: str
) -> None:
    rough(ncp, mode, tmp_path / "notes")
    assert ncp("mcp", "call", "rough:any").out.startswith(out)


def test_what_is_no_text_is_kept_where_that_is_wanted(ncp: Ncp, tmp_path: Path) -> None:
    rough(ncp, "files", tmp_path / "notes")
    lines = ncp("mcp", "call", "rough:any", "--save", "kept").out.splitlines()
    kept = ncp.user_home / "kept"
    assert lines[1] == f"[image/png, 8 bytes: {kept}/1.png]"
    assert (kept / "1.png").read_bytes().startswith(b"\x89PNG")
    (ncp.user_home / "file").touch()
    said = ncp("mcp", "call", "rough:any", "--save", "file/below")
    assert (said.code, "Not a directory" in said.err) == (1, True)


def test_a_call_sees_what_a_new_task_would_see_and_the_servers_own(
    ncp: Ncp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("hunter2\n")
    server = servers.rough("environment", tmp_path / "notes")
    own = {"API_KEY": f"file:{tmp_path}/key"}
    having(ncp, rough=definition.Server("rough", server.command, server.args, own))
    monkeypatch.setenv("STRAY", "x")
    given = json.dumps({"names": ["API_KEY", "HOME", "STRAY"]})
    said = ncp("mcp", "call", "rough:any", "--params", given)
    assert said.out.splitlines() == ["hunter2", str(ncp.user_home), "(unset)"]


def test_a_call_that_takes_too_long_is_given_up(ncp: Ncp, tmp_path: Path) -> None:
    rough(ncp, "slow", tmp_path / "notes")
    start = time.monotonic()
    said = ncp("mcp", "call", "rough:any", "--timeout", "1")
    assert (said.code, "It took longer than 1 s" in said.err) == (1, True)
    assert time.monotonic() - start < 30
    wait_for(lambda: not any(map(is_running, servers.pids(tmp_path / "notes"))))


def test_a_call_that_is_given_up_says_what_its_server_has_printed(ncp: Ncp, tmp_path: Path) -> None:
    rough(ncp, "rubbish", tmp_path / "notes")
    said = ncp("mcp", "call", "rough:any", "--timeout", "1")
    assert f"It has printed what is no message: {servers.GREETING}" in said.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_call_that_is_interrupted_leaves_no_server(
    ncp: Ncp, tmp_path: Path, number: signal.Signals
) -> None:
    rough(ncp, "slow", tmp_path / "notes")
    with subprocess.Popen(
        ncp.program("mcp", "call", "rough:any"), env=ncp.environment, stderr=subprocess.PIPE
    ) as program:
        notes = tmp_path / "notes"
        wait_for(lambda: notes.exists() and "called" in notes.read_text())
        os.kill(program.pid, number)
        assert program.wait(30) == 130
        assert program.stderr
        assert b"Error" not in program.stderr.read()
    wait_for(lambda: not any(map(is_running, servers.pids(notes))))


@pytest.mark.parametrize("argv", [("test", "x"), ("tools", "x"), ("call", "x:y")])
def test_without_the_sdk_it_says_how_to_get_it(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch, argv: tuple[str, ...]
) -> None:
    having(ncp, x=definition.Server("x", "true"))
    monkeypatch.setattr(checking, "LIBRARIES", ("a_library_that_is_not_there",))
    said = ncp("mcp", *argv)
    assert said.code == 2
    assert said.err.endswith(" -m pip install 'ncp-scheduler[mcp]'\n")


@pytest.mark.parametrize(
    ("file", "command"),
    [("pipx_metadata.json", "pipx inject venv"), ("uv-receipt.toml", "uv tool install")],
)
def test_who_has_ncp_from_pipx_or_uv_gets_the_sdk_by_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, command: str
) -> None:
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv" / file).touch()
    monkeypatch.setattr("sys.prefix", str(tmp_path / "venv"))
    assert installing() == f"{command} 'ncp-scheduler[mcp]'"


def test_a_tool_is_named_with_its_server(ncp: Ncp) -> None:
    said = ncp("mcp", "call", "list_directory")
    assert (said.code, "filesystem:list_directory" in said.err) == (2, True)


def test_a_call_by_hand_leaves_no_daemon_that_its_server_has_started(
    ncp: Ncp, tmp_path: Path
) -> None:
    rough(ncp, "daemon", tmp_path / "notes")
    assert ncp("mcp", "call", "rough:any").code == 0
    assert len(servers.pids(tmp_path / "notes")) == 2
    wait_for(lambda: not any(map(is_running, servers.pids(tmp_path / "notes"))))


def test_a_firing_whose_prefix_is_the_base_installation_finds_who_made_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lib" / "ncp").mkdir(parents=True)
    (tmp_path / "uv-receipt.toml").touch()
    monkeypatch.setattr("sys.prefix", "/usr")
    monkeypatch.setattr("ncp.extras.__file__", str(tmp_path / "lib/ncp/extras.py"))
    assert installing() == "uv tool install 'ncp-scheduler[mcp]'"


def test_removing_a_server_that_is_not_there_lists_those_that_are(ncp: Ncp) -> None:
    assert "There is none at all: ncp mcp servers" in ncp("mcp", "remove", "nope").err
    for name in ("files", "web"):
        assert ncp("mcp", "add", name, "--", "true").code == 0
    said = ncp("mcp", "remove", "nope")
    assert (said.code, said.err.splitlines()[1]) == (3, "There are: files, web.")
    assert ncp("mcp", "remove", "flies").err.splitlines()[1] == "Did you mean files?"
