"""A client of real servers, and of one that misbehaves."""

from __future__ import annotations

import asyncio
import gzip
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpcore2
import httpx2
import pytest

import mcp
import servers
from ledgers import is_running, wait_for
from ncp.errors import McpError
from ncp.mcp.client import called, offered
from ncp.mcp.definition import Server
from ncp.mcp.exchange import Exchange
from ncp.mcp.session import LOGGERS
from ncp.mcp.veil import Veil

if TYPE_CHECKING:
    from ncp.mcp.exchange import Result, Tool


def exchange(**values: Any) -> Exchange:
    return Exchange(**{"env": dict(os.environ), **values})


def call(server: Server, tool: str = "any", arguments: Any = None, **values: Any) -> Result:
    return asyncio.run(called(server, exchange(**values), tool, arguments or {}))


def tools(server: Server, **values: Any) -> list[Tool]:
    return asyncio.run(offered(server, exchange(**values)))


def refused(server: Server, **values: Any) -> McpError:
    with pytest.raises(McpError) as caught:
        call(server, **values)
    return caught.value


def test_a_folder_is_listed_by_the_real_filesystem_server(tmp_path: Path) -> None:
    (tmp_path / "backup.tar").write_text("x")
    result = call(servers.filesystem(tmp_path), "list_directory", {"path": str(tmp_path)})
    assert result.text == "[FILE] backup.tar"
    assert not result.failed


def test_what_a_tool_of_the_real_server_refuses_is_a_failed_result(tmp_path: Path) -> None:
    result = call(servers.filesystem(tmp_path), "list_directory", {"path": "/etc"})
    assert result.failed
    assert "Access denied" in result.text


def test_the_tools_of_the_real_server_have_schemas(tmp_path: Path) -> None:
    found = {tool.name: tool for tool in tools(servers.filesystem(tmp_path))}
    assert found["list_directory"].input_schema["required"] == ["path"]
    assert "directory" in found["list_directory"].description


def test_server_everything_answers(tmp_path: Path) -> None:
    result = call(servers.everything(), "echo", {"message": "hello"}, folder=str(tmp_path))
    assert result.text == "Echo: hello"


def test_a_server_of_the_python_sdk_answers_with_structured_content() -> None:
    result = call(servers.served(), "add", {"a": 2, "b": 3})
    assert (result.text, result.structured) == ("5", {"result": 5})


def test_a_server_is_spoken_to_by_http() -> None:
    with servers.served_by_http() as url:
        server = Server("web", url=url)
        headers = {"Authorization": "Bearer open"}
        assert call(server, "add", {"a": 2, "b": 3}, headers=headers).text == "5"
        names = {tool.name for tool in tools(server, headers=headers)}
        assert names == {"add", "shout", "leave", "fill"}
        error = refused(server)
    assert error.what == "It wants to know who asks (HTTP 401 to initialize)."
    assert error.where == "web"


def test_a_server_that_ends_while_it_is_spoken_to_by_http_is_said() -> None:
    with servers.served_by_http() as url:
        server = Server("web", url=url)
        headers = {"Authorization": "Bearer open"}
        with pytest.raises(McpError) as caught:
            call(server, "leave", headers=headers)
    assert caught.value.where == "web"
    assert caught.value.what.startswith("It was cut off before it answered to the call of leave: ")


def test_an_answer_over_64_mb_by_http_is_refused() -> None:
    with servers.served_by_http() as url:
        server = Server("web", url=url)
        headers = {"Authorization": "Bearer open"}
        with pytest.raises(McpError) as caught:
            call(server, "fill", {"size": 70 * 1024 * 1024}, headers=headers)
    assert caught.value.what == "Its answer is longer than 64 MB."


ODD = [
    ((500, "text/plain", b"oops"), "It answers with HTTP 500 to initialize: "),
    ((403, "text/plain", b""), "It wants to know who asks (HTTP 403 to initialize)."),
    ((200, "text/html", b"<p>Hello"), "It refuses initialize: Unexpected content type: text/html"),
    ((200, "application/json", b"{7"), "It refuses initialize: Failed to parse JSON response"),
    ((202, "application/json", b""), "It refuses initialize: server answered a request with 202"),
    (
        (
            200,
            "application/json",
            b'{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"no"}}',
        ),
        "It refuses initialize: no (error -32000).",
    ),
    ((200, "application/json", gzip.compress(b"{}"), 1, "gzip"), "It packs its answer (gzip)"),
    ((200, "Application/JSON", gzip.compress(b"{}"), 1, "GZip"), "It packs its answer (gzip)"),
    ((200, "text/event-stream", gzip.compress(b"{}"), 1, "br"), "It packs its answer (br)"),
    ((200, "application/json", b"[{}," * 1024 * 1024), "Its answer has more than 500000 values."),
    ((200, "text/event-stream", b"data: " + b"[{}," * 2**20), "Its answer has more than 500000 v"),
    ((200, "application/json", b"x" * 1024 * 1024, 128), "Its answer is longer than 64 MB."),
]


@pytest.mark.parametrize(("answer", "words"), ODD)
def test_an_odd_answer_by_http_is_said(answer: Any, words: str) -> None:
    with servers.answering(*answer) as url:
        error = refused(Server("web", url=url))
    assert error.what.startswith(words)
    assert error.where == "web"


def test_an_address_where_nobody_answers_is_said() -> None:
    error = refused(Server("web", url="http://127.0.0.1:9/mcp"))
    assert error.what.startswith("It cannot be reached: ")
    assert error.next_step == "Try: ncp mcp test web"


def test_all_pages_of_a_list_are_read() -> None:
    assert [tool.name for tool in tools(servers.rough("pages"))] == ["tool-0", "tool-1", "tool-2"]


@pytest.mark.parametrize("mode", ["newest", "newest-only"])
def test_a_server_that_knows_the_newest_protocol_alone_is_greeted(mode: str) -> None:
    assert [tool.name for tool in tools(servers.rough(mode))] == ["tool-0"]
    assert call(servers.rough(mode), seconds=5.0).text.startswith("fine")


def test_a_tool_with_an_odd_schema_hides_no_other() -> None:
    found = {tool.name: tool.input_schema for tool in tools(servers.rough("odd-tools"))}
    assert [*found] == ["tool-0", "without", "empty", "reference", "list"]
    assert found["without"] == found["empty"] == {}
    assert found["reference"]["$ref"] == "#/$defs/n"


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("dies-at-once", "It has ended with exit code 3 before it answered to initialize."),
        ("dies-at-once", "Its last words: the disk of the server is full"),
        ("dies-in-call", "It has ended with exit code 4 before it answered to the call of any."),
        ("silent", "It has not answered to initialize in time."),
        ("rubbish", "in time. It has printed what is no message: Hello, I am a friendly server."),
        ("flood", "It prints something else than messages: nothing but noise"),
        ("refuses", "It refuses initialize: out of order (error -32603)."),
        ("nonsense", "Its answer to initialize is not what the protocol wants ("),
        ("broken", 'It answers with what is no message: {"jsonrpc": "2.0", "id": '),
        ("busy", "It refuses the call of any: the queue is full (error -32000)."),
        ("late", "It refuses the call of any: the queue is full (error -32001)."),
        ("protocol-error", "It refuses the call of any: no such parameter: pth (error -32602)."),
    ],
)
def test_a_server_that_misbehaves_is_said_in_words(tmp_path: Path, mode: str, words: str) -> None:
    begun = time.monotonic()
    error = refused(servers.rough(mode, tmp_path / "notes"), seconds=2.0)
    assert words in error.what
    assert error.where == "rough"
    assert error.next_step
    assert time.monotonic() - begun < 15
    wait_for(lambda: not any(map(is_running, servers.pids(tmp_path / "notes"))))


def test_a_greeting_before_the_first_message_is_overlooked() -> None:
    assert call(servers.rough("greets"), arguments={"a": 1}).text == 'fine\n{"a": 1}'


def test_an_answer_of_50_mb_is_taken_in_seconds() -> None:
    begun = time.monotonic()
    assert len(call(servers.rough("big")).text) == 50 * 1024 * 1024
    assert time.monotonic() - begun < 20


def test_an_answer_without_end_is_refused() -> None:
    assert refused(servers.rough("endless")).what == "Its answer is longer than 64 MB."


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("endless-pages", "Its answer has more than 1000 pages of tools."),
        ("full-pages", "Its answer has more than 10000 tools."),
        ("long-pages", "Its answer is longer than 64 MB."),
    ],
)
def test_a_list_of_tools_has_an_end(mode: str, words: str) -> None:
    with pytest.raises(McpError) as caught:
        tools(servers.rough(mode))
    assert caught.value.what == words


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("many-blocks", "Its answer has more than 10000 pieces of content."),
        ("many-values", "Its answer has more than 500000 values."),
    ],
)
def test_an_answer_of_very_many_parts_is_refused(mode: str, words: str) -> None:
    assert refused(servers.rough(mode)).what == words


def test_a_text_may_hold_any_number_of_brackets() -> None:
    assert len(call(servers.rough("brackets")).text) == 2_000_000


SECRET = "correct-horse"


def test_a_secret_in_two_writes_is_hidden_too() -> None:
    heard: list[bytes] = []
    env = {**os.environ, "API_KEY": SECRET}
    call(servers.rough("stutters"), env=env, hear=heard.append, veil=Veil([SECRET]))
    assert b"".join(heard) == b"the key is ********\nonce more: ********"


def test_a_secret_in_keys_and_descriptions_is_hidden() -> None:
    env = {**os.environ, "API_KEY": SECRET}
    server = servers.rough("tells-all")
    assert call(server, env=env, veil=Veil([SECRET])).structured == {"********": {"a": "********"}}
    (tool,) = tools(server, env=env, veil=Veil([SECRET]))
    assert tool.description == "Sends ******** along."
    assert tool.input_schema["properties"] == {"key": {"default": "********"}}


def test_notifications_that_are_wrong_print_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    call(servers.rough("wrong-notifications"), env={**os.environ, "API_KEY": SECRET})
    assert capfd.readouterr() == ("", "")


def test_every_logger_of_the_sdk_is_known() -> None:
    """What the SDK logs may hold what a server says, secrets too; it goes nowhere."""
    folders = [Path(module.__file__ or "").parent for module in (mcp, httpx2, httpcore2)]
    files = [
        file for folder in folders for file in folder.rglob("*.py") if "server" not in file.parts
    ]
    named = re.compile(r"getLogger\(\"([\w.]+)\"\)")
    names = {name for file in files for name in named.findall(file.read_text())}
    assert {"client", "httpx2"} <= names
    assert {name.partition(".")[0] for name in names} <= {*LOGGERS}


@pytest.mark.parametrize(
    ("server", "what", "code"),
    [
        (Server("x", "no-such-program"), 'Its program "no-such-program" is not found.', 127),
        (Server("x", "sh", cwd="/no/folder"), "Its folder /no/folder is not found.", 126),
        (Server("x", "/etc/passwd"), 'Its program "/etc/passwd" cannot be used: ', 126),
    ],
)
def test_a_program_that_cannot_be_started_is_named(server: Server, what: str, code: int) -> None:
    error = refused(server)
    assert error.what.startswith(what)
    assert error.exit_code == code


def test_a_server_ends_with_what_it_has_started(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    call(servers.rough("family", notes))
    assert len(servers.pids(notes)) == 2
    wait_for(lambda: not any(map(is_running, servers.pids(notes))))


def test_who_gives_up_a_call_has_it_cancelled_by_the_protocol_first(tmp_path: Path) -> None:
    notes = tmp_path / "notes"

    async def impatient() -> None:
        await asyncio.wait_for(called(servers.rough("slow", notes), exchange(), "any", {}), 5)

    with pytest.raises(TimeoutError):
        asyncio.run(impatient())
    said = [line.split()[0] for line in notes.read_text().splitlines()]
    assert said == ["started", "child", "called", "cancelled", "end"]
    wait_for(lambda: not any(map(is_running, servers.pids(notes))))


def test_a_server_that_does_not_go_is_killed_after_sigterm(tmp_path: Path) -> None:
    notes = tmp_path / "notes"

    async def impatient() -> None:
        await asyncio.wait_for(called(servers.rough("deaf", notes), exchange(), "any", {}), 5)

    with pytest.raises(TimeoutError):
        asyncio.run(impatient())
    assert notes.read_text().splitlines()[-2:] == ["end of input", "SIGTERM"]
    wait_for(lambda: not any(map(is_running, servers.pids(notes))))


def test_what_a_server_says_on_standard_error_is_heard() -> None:
    heard: list[bytes] = []
    refused(servers.rough("dies-in-call"), hear=heard.append)
    assert b"".join(heard) == b"the disk of the server is full\n"
