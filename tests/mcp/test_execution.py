"""Tool tasks fired as the scheduler does it, with real servers and one that misbehaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import servers
from ledgers import (
    FIRE,
    day_log,
    install_launcher,
    is_running,
    once,
    printed_by,
    recurring,
    rows,
    save,
    task,
    this_minute,
    wait_for,
)
from ncp.ledger.steps import Step, encoded
from ncp.mcp.definition import Server, tree
from ncp.runner.output import beside

if TYPE_CHECKING:
    from ncp.ledger.compiled import CompiledTask

FIRE_AND_LOOK = """
import sys
from ncp.runner import firing, handover
firing.LONGEST_NAP = handover.LOOK_SECONDS = 0.1  # slots here do not come when the clock says
sys.exit(firing.run_timing(sys.argv[1], "t"))
"""
SURROUNDINGS = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    path.mkdir(0o700)
    install_launcher(path)
    return path


def tool(name: str, server: str = "rough:any", **values: Any) -> CompiledTask:
    """A task that calls a tool of a server, with `parameters` as an object."""
    parameters = json.dumps(values.pop("parameters", {}))
    given: dict[str, Any] = {"direct": False, "env": SURROUNDINGS, **values}
    made = task(name, **given, tool=server, parameters=parameters)
    made.argv = ()
    return made


def define(home: Path, *found: Server) -> None:
    """Write the home's mcp.json."""
    text = json.dumps({"mcpServers": {one.name: tree(one) for one in found}})
    path = home / "mcp.json"
    path.write_text(text)
    path.chmod(0o600)


def fire(home: Path) -> int:
    return subprocess.run([*FIRE, str(home), "t"], check=False, timeout=60).returncode


def fired(home: Path, server: Server, **values: Any) -> dict[str, Any]:
    """Fire one task that calls a tool of that server; its execution."""
    define(home, server)
    name = values.pop("call", "any")
    book = save(home, once(), tool("x", f"{server.name}:{name}", **values))
    fire(home)
    return rows(book, "x")[-1]


def processes_of(execution: dict[str, Any]) -> list[str]:
    """The processes that still belong to an execution."""
    mark = f"NCP_EXECUTION_ID={execution['executionId']}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in path.read_bytes().split(b"\0"):
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def test_list_directory_of_the_real_server_is_the_output_of_its_task(
    home: Path, tmp_path: Path
) -> None:
    (tmp_path / "backup.tar").write_text("x")
    server = servers.filesystem(tmp_path)
    found = fired(home, server, call="list_directory", parameters={"path": str(tmp_path)})
    assert (found["status"], found["exitCode"], found["reason"]) == ("success", 0, None)
    assert "[FILE] backup.tar\n" in printed_by(found)
    assert "[x] STDOUT: [FILE] backup.tar" in day_log(home)
    assert processes_of(found) == []


def test_what_the_real_server_refuses_is_the_reason(home: Path, tmp_path: Path) -> None:
    server = servers.filesystem(tmp_path)
    found = fired(home, server, call="list_directory", parameters={"path": "/etc"})
    assert (found["status"], found["exitCode"]) == ("failure", 1)
    assert "the tool has failed: Access denied" in found["reason"]
    assert "Access denied" in printed_by(found)


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("dies-at-once", "rough: It has ended with exit code 3 before it answered to initialize."),
        ("dies-in-call", "It has ended with exit code 4 before it answered to the call of any."),
        ("dies-in-call", "Its last words: the disk of the server is full"),
        ("flood", "rough: It prints something else than messages: nothing but noise"),
        ("refuses", "rough: It refuses initialize: out of order (error -32603)"),
        ("nonsense", "rough: Its answer to initialize is not what the protocol wants ("),
        ("protocol-error", "It refuses the call of any: no such parameter: pth (error -32602)"),
        ("broken", "rough: It answers with what is no message: "),
        ("fails", "the tool has failed: no such folder: /backups"),
        ("endless", "rough: Its answer is longer than 64 MB"),
    ],
)
def test_each_way_to_fail_is_the_reason_of_its_record(home: Path, mode: str, words: str) -> None:
    found = fired(home, servers.rough(mode))
    assert (found["status"], found["exitCode"]) == ("failure", 1)
    assert words in found["reason"]
    assert processes_of(found) == []


@pytest.mark.parametrize(
    ("mode", "awaited"),
    [
        ("silent", "its answer to initialize"),
        (
            "rubbish",
            f"its answer to initialize; it had printed what is no message: {servers.GREETING}",
        ),
        ("slow", "its answer to the call of any"),
        ("progress", "its answer to the call of any"),
    ],
)
def test_a_server_without_end_is_ended_by_the_deadline(home: Path, mode: str, awaited: str) -> None:
    found = fired(home, servers.rough(mode), timeout=6)
    assert found["status"] == "timeout"
    assert found["reason"] == f"ran longer than 6 s; it was cancelled waiting for {awaited}"
    assert processes_of(found) == []


def test_the_record_says_what_was_waited_for_even_where_the_grace_is_short(home: Path) -> None:
    found = fired(home, servers.rough("deaf"), timeout=6, grace=0.3)
    awaited = "its answer to the call of any"
    assert found["reason"] == f"ran longer than 6 s; it was cancelled waiting for {awaited}"
    assert found["signal"] == 9
    assert processes_of(found) == []


def test_a_cancelled_call_is_cancelled_by_the_protocol_before_any_signal(
    home: Path, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    fired(home, servers.rough("deaf", notes), timeout=6)
    said = [line.partition(" ")[0] for line in notes.read_text().splitlines()]
    assert said == ["started", "called", "cancelled", "end", "SIGTERM"]


def test_a_stopped_runner_ends_the_call_and_its_server(home: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    define(home, servers.rough("slow", notes))
    book = save(home, once(), tool("x"))
    with subprocess.Popen([*FIRE, str(home), "t"]) as runner:
        wait_for(lambda: notes.exists() and "called" in notes.read_text(), 30)
        runner.terminate()
        assert runner.wait(20) == 130
    found = rows(book, "x")[-1]
    assert found["status"] == "interrupted"
    assert "cancelled" in notes.read_text()
    assert processes_of(found) == []


@pytest.mark.parametrize(
    ("server", "reason", "code"),
    [
        (Server("x", "no-such"), 'x: Its program "no-such" is not found', 127),
        (Server("x", "/etc/passwd"), 'x: Its program "/etc/passwd" cannot be used: ', 126),
        (Server("x", "sh", env={"KEY": "file:/no/such"}), "/no/such: KEY cannot be read: ", 126),
        (Server("x", url="http://127.0.0.1:9/mcp"), "x: It cannot be reached: ", 1),
    ],
)
def test_a_server_that_cannot_be_started_is_said(
    home: Path, server: Server, reason: str, code: int
) -> None:
    found = fired(home, server)
    assert found["status"] == "failure"
    assert found["reason"].startswith(reason)
    assert found["exitCode"] == code


def test_a_server_that_is_gone_from_mcp_json_is_said(home: Path) -> None:
    define(home, servers.rough("fine"))
    book = save(home, once(), tool("x", "rogh:any"))
    fire(home)
    assert rows(book, "x")[-1]["reason"] == 'mcp.json: There is no MCP server "rogh"'


def test_a_mistake_in_one_server_stops_no_task_of_another(home: Path) -> None:
    trees = {
        "rough": tree(servers.rough("fine")),
        "old": {"type": "sse", "url": "https://mcp.example.com/sse"},
    }
    text = json.dumps({"mcpServers": trees})
    (home / "mcp.json").write_text(text)
    (home / "mcp.json").chmod(0o600)
    book = save(home, once(), tool("x"))
    fire(home)
    assert rows(book, "x")[0]["status"] == "success"


def test_a_server_that_wants_to_know_who_asks_is_said(home: Path) -> None:
    with servers.served_by_http("secret") as url:
        found = fired(home, Server("web", url=url), call="add", parameters={"a": 1, "b": 2})
        assert "web: It wants to know who asks (HTTP 401 to initialize)" in str(found["reason"])


def test_a_header_by_reference_opens_a_server_and_is_never_shown(
    home: Path, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("s3cret\n")
    with servers.served_by_http("s3cret") as url:
        server = Server("web", url=url, headers={"Authorization": f"Bearer file:{token}"})
        found = fired(home, server, call="add", parameters={"a": 1, "b": 2})
    assert printed_by(found) == "3\n"
    assert "s3cret" not in day_log(home)


@pytest.mark.parametrize("mode", ["environment", "leaks"])
def test_a_secret_that_its_server_echoes_is_hidden(home: Path, tmp_path: Path, mode: str) -> None:
    key = tmp_path / "key"
    key.write_text("hunter2-hunter2\n")
    key.chmod(0o600)
    server = replace(servers.rough(mode), env={"API_KEY": f"file:{key}"})
    found = fired(home, server, parameters={"names": ["API_KEY"]})
    assert found["status"] == ("failure" if mode == "leaks" else "success")
    assert "********" in printed_by(found)
    assert "hunter2" not in printed_by(found) + day_log(home) + str(found)


def test_an_answer_of_50_mb_is_capped_in_the_record_and_whole_beside_it(home: Path) -> None:
    found = fired(home, servers.rough("big"))
    assert found["status"] == "success"
    output = Path(str(found["outputPath"]))
    assert output.stat().st_size < 2 * 1024 * 1024
    whole = Path(beside(str(output))) / "1.txt"
    assert whole.stat().st_size == servers.BIG
    assert f"[text/plain, {servers.BIG} bytes: {whole}]" in printed_by(found)
    assert int(found["maxRssBytes"]) < 600 * 1024 * 1024


def test_what_is_no_text_lies_in_files_beside_the_output(home: Path) -> None:
    found = fired(home, servers.rough("files"))
    folder = Path(beside(str(found["outputPath"])))
    names = ["1.png", "2.wav", "3.bin", "4.txt", "structured.json"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert (folder / "1.png").read_bytes() == b"\x89PNG\r\n\x1a\n"
    assert (folder / "4.txt").read_text() == "some notes"
    assert json.loads((folder / "structured.json").read_text()) == {"count": 2}
    assert printed_by(found).splitlines() == [
        "see",
        f"[image/png, 8 bytes: {folder}/1.png]",
        f"[audio/wav, 8 bytes: {folder}/2.wav]",
        f"[file:///a/b.bin, application/octet-stream, 8 bytes: {folder}/3.bin]",
        f"[file:///a/notes.txt, text/plain, 10 bytes: {folder}/4.txt]",
        "[x: https://example.com/x]",
    ]
    assert {path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())} == {0o700, 0o600}


def test_structured_content_alone_is_printed(home: Path) -> None:
    found = fired(home, servers.rough("structured"))
    assert json.loads(printed_by(found)) == {"count": 2}


def test_files_that_cannot_be_kept_are_said_and_fail_nothing(home: Path) -> None:
    define(home, servers.rough("files"))
    book = save(home, once(), tool("x"))
    python = f'exec "{sys.executable}" -P -m ncp "$@"'
    set_files = f'export NCP_HOME="{home}" NCP_FILES="{home}/mcp.json/no"'
    (home / "bin" / "ncp").write_text(f"#!/bin/sh\n{set_files}\n{python}\n")
    fire(home)
    found = rows(book, "x")[-1]
    assert found["status"] == "success"
    assert found["reason"] == "some of its answer could not be kept (Not a directory)"
    assert "[image/png, 8 bytes: not kept (Not a directory)]" in printed_by(found)


def test_a_server_finds_the_variables_of_its_task_and_its_own(home: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    base = servers.rough("environment")
    own = {"KEY": f"file:{secret}", "BOTH": "server"}
    server = Server(base.name, base.command, base.args, env=own)
    names = ["KEY", "BOTH", "MINE", "NCP_TASK_NAME", "NCP_HOME", "NCP_FILES"]
    env = {**SURROUNDINGS, "BOTH": "task", "MINE": "task"}
    found = fired(home, server, parameters={"names": names}, env=env)
    assert printed_by(found).split() == ["hidden", "server", "task", "x", "(unset)", "(unset)"]


def test_an_execution_loads_neither_the_command_line_nor_the_compiler(home: Path) -> None:
    define(home, servers.rough("fine"))
    save(home, once(), tool("x"))
    argv = [sys.executable, "-X", "importtime", "-P", "-m", "ncp", "_task-execute", "x"]
    env = {**SURROUNDINGS, "NCP_HOME": str(home)}
    done = subprocess.run(argv, capture_output=True, text=True, check=True, env=env)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "ncp.mcp.execution" in imported
    heavy = {"typer", "rich", "jinja2", "croniter", "jsonschema", "ncp.api.schedule", "ncp.cli.app"}
    heavy |= {"msgspec", "ncp.document.whole"}
    assert imported & heavy == set()
    assert done.stdout == "fine\n{}\n"


def test_retries_of_a_tool_task_are_executions_of_their_own(home: Path) -> None:
    define(home, servers.rough("fails"))
    book = save(home, once(), tool("x", retries=(1, 100, 100, 100, 3)))
    fire(home)
    found = rows(book, "x")
    assert [(row["attempt"], row["status"]) for row in found] == [(1, "failure"), (2, "failure")]
    assert str(found[1]["reason"]).startswith("attempt 2 of 2, 0.1 s after a failure; the tool")


@pytest.mark.parametrize(
    ("overlap", "expected", "order"),
    [
        ("skip", ["timeout", "skipped"], ["called", "cancelled"]),
        ("replace", ["interrupted", "timeout"], ["called", "cancelled", "called"]),
        ("queue", ["timeout", "timeout"], ["called", "cancelled", "called"]),
        ("allow", ["timeout", "timeout"], ["called", "called"]),
    ],
)
def test_a_call_that_still_runs_is_treated_by_the_overlap_policy(
    home: Path, tmp_path: Path, overlap: str, expected: list[str], order: list[str]
) -> None:
    notes = tmp_path / "notes"
    define(home, servers.rough("slow", notes))
    made = tool("x", overlap=overlap, timeout=8)
    book = save(home, recurring(), made, since=this_minute() - 1)
    argv = [sys.executable, "-c", FIRE_AND_LOOK, str(home)]
    with subprocess.Popen(argv) as first:
        wait_for(lambda: notes.exists() and "called" in notes.read_text(), 30)
        for table, column in (("slots", "slot"), ("executions", "slot"), ("timings", "since")):
            book.execute(f"UPDATE {table} SET {column} = {column} - 1")  # a minute has passed
        subprocess.run(argv, check=False, timeout=60)
        first.wait(60)
    assert [row["status"] for row in rows(book, "x")[:2]] == expected
    said = [line.split()[0] for line in notes.read_text().splitlines()]
    done = [word for word in said if word in {"called", "cancelled"}]
    assert done[: len(order)] == order  # a minute may pass meanwhile, with a slot more


def test_a_tool_that_is_out_of_its_active_hours_is_not_called(home: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    define(home, servers.rough("fine", notes))
    minute = (time.gmtime().tm_hour * 60 + time.gmtime().tm_min + 720) % 1440
    hours = (minute, (minute + 60) % 1440, 127)
    book = save(home, once(), tool("x", active_hours=hours))
    fire(home)
    assert rows(book, "x")[-1]["status"] == "skipped"
    assert not notes.exists()


def test_the_urgent_tool_is_called_first(home: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    rough = servers.rough("fine", notes)
    others = [Server(name, rough.command, rough.args) for name in ("a", "b")]
    define(home, *others)
    book = save(
        home,
        once(),
        tool("low", "a:any", priority=3),
        tool("critical", "b:any", priority=0),
        concurrency="1",
    )
    fire(home)
    started = {name: str(rows(book, name)[-1]["startedAt"]) for name in ("low", "critical")}
    assert started["critical"] < started["low"]


def peak_of_runner(home: Path) -> int:
    """Fire, and return the most memory in KiB that the runner itself has had."""
    most = 0
    with subprocess.Popen([*FIRE, str(home), "t"]) as runner:
        while runner.poll() is None:
            status = Path(f"/proc/{runner.pid}/status").read_text()
            found = [line for line in status.splitlines() if line.startswith("VmHWM:")]
            most = max([most, *(int(line.split()[1]) for line in found)])
            time.sleep(0.02)
    assert runner.returncode == 0
    return most


def test_twenty_tools_run_side_by_side_within_the_cap_of_a_runner_that_stays_small(
    home: Path, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    define(home, servers.rough("family", notes))
    save(home, once(), tool("alone"))
    alone = peak_of_runner(home)
    names = [f"x{number:02}" for number in range(20)]
    later = once()
    later.identity = "again"
    since = this_minute() - 1
    book = save(home, later, *(tool(name) for name in names), since=since, concurrency="4")
    book.execute("DELETE FROM slots")
    assert peak_of_runner(home) < alone + 1024
    found = [rows(book, name)[-1] for name in names]
    assert {row["status"] for row in found} == {"success"}
    spans = sorted((str(row["startedAt"]), str(row["endedAt"])) for row in found)
    most = max(sum(a <= start < b for a, b in spans) for start, _ in spans)
    assert 1 < most <= 4
    started = servers.pids(notes)
    assert len(started) == 2 * 21
    assert not any(map(is_running, started))


def test_limits_of_a_task_are_those_of_its_server(home: Path) -> None:
    found = fired(home, servers.rough("limits"), limits=(0, 0, 123))
    assert printed_by(found) == "123\n"


def test_a_hook_hears_why_a_tool_has_failed(home: Path, tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    hook = encoded([Step("onFailure", 60, ("sh", "-c", f'echo "$NCP_REASON" > {heard}'))])
    fired(home, servers.rough("fails"), on_failure=hook)
    assert heard.read_text() == "the tool has failed: no such folder: /backups\n"


def test_what_a_killed_runner_has_left_of_a_call_is_ended_by_the_next_one(
    home: Path, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    define(home, servers.rough("slow", notes))
    book = save(home, once(), tool("x", grace=1))
    with subprocess.Popen([*FIRE, str(home), "t"]) as runner:
        wait_for(lambda: notes.exists() and "called" in notes.read_text(), 30)
        runner.kill()
    assert len(processes_of(rows(book, "x")[-1])) >= 2
    fire(home)
    found = rows(book, "x")[-1]
    assert found["status"] == "interrupted"
    wait_for(lambda: processes_of(found) == [])
