from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ncp.mcp import secrecy
from ncp.mcp.servers import Server
from ncp.secrets import SecretError

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://mcp.example.com/mcp"


@pytest.fixture
def key(tmp_path: Path) -> str:
    path = tmp_path / "key"
    path.write_text("hunter2\n")
    return f"file:{path}"


def test_references_become_values_in_variables_and_headers(key: str) -> None:
    program = Server("a", "x", env={"KEY": key, "LANG": "C"})
    web = Server("a", url=URL, headers={"X-Key": key, "Authorization": f"Bearer {key}", "A": "b c"})
    assert secrecy.resolved(program).env == {"KEY": "hunter2", "LANG": "C"}
    assert secrecy.resolved(web).headers == {
        "X-Key": "hunter2",
        "Authorization": "Bearer hunter2",
        "A": "b c",
    }


def test_a_secret_that_is_not_there_is_named() -> None:
    with pytest.raises(SecretError, match="Authorization cannot be read"):
        secrecy.resolved(Server("a", url=URL, headers={"Authorization": "Bearer file:/no/such"}))


ARGS = (
    "--api-key",
    "hunter2",
    "--token=hunter2",
    "API_KEY=hunter2",
    "--no-auth",
    "-v",
    "/srv",
    "--key",
)


def test_what_is_or_may_be_a_secret_is_masked() -> None:
    program = Server("a", "x", ARGS, {"GITHUB_TOKEN": "hunter2", "KEY": "file:/k", "LANG": "C"})
    assert secrecy.masked(program) == {
        "command": "x",
        "args": [
            "--api-key",
            "********",
            "--token=********",
            "API_KEY=********",
            "--no-auth",
            "-v",
            "/srv",
            "--key",
        ],
        "env": {"GITHUB_TOKEN": "********", "KEY": "******** (file:/k)", "LANG": "C"},
    }
    headers = {"Authorization": "Bearer hunter2", "X-Key": "Bearer keyring:a/b", "Accept": "*"}
    assert secrecy.masked(Server("a", url=URL, headers=headers))["headers"] == {
        "Authorization": "********",
        "X-Key": "******** (Bearer keyring:a/b)",
        "Accept": "*",
    }


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (URL, URL),
        ("https:" + "//ann:pw@a.example/x", "https:" + "//********@a.example/x"),
        (f"{URL}?apiKey=abc&team=x+y", f"{URL}?apiKey=********&team=x+y"),
        (f"{URL}?team=x+y&q=%20", f"{URL}?team=x+y&q=%20"),
        ("https://[", "https://["),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, shown: str) -> None:
    assert secrecy.masked(Server("a", url=url))["url"] == shown


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("Authorization: Bearer aGk=", "Authorization: ********"),
        ("Authorization:${AUTH}", "Authorization:********"),
        ("--api-key=a=b", "--api-key=********"),
        ("postgres:" + "//ann:pw@db.example/x", "postgres:" + "//********@db.example/x"),
        ("see ghp_0123456789abcdef!", "see ********!"),
        ("--header", "--header"),
        ("Accept: text/plain", "Accept: text/plain"),
        ("/srv/a:b", "/srv/a:b"),
    ],
)
def test_arguments_are_shown_without_what_looks_like_a_secret(word: str, shown: str) -> None:
    assert secrecy.masked(Server("a", "x", (word,)))["args"] == [shown]
    assert bool(secrecy.plain(Server("a", "x", (word,)))) is (word != shown)


def test_a_password_in_an_address_is_masked_in_any_variable() -> None:
    server = Server("a", "x", env={"DB": "postgres:" + "//ann:pw@db.example/x"})
    assert "pw" not in str(secrecy.masked(server))
    assert secrecy.plain(server) == ["env.DB"]


def test_places_of_secrets_in_plain_text_are_named() -> None:
    program = Server("a", "x", ARGS, {"GITHUB_TOKEN": "hunter2", "KEY": "file:/k", "EMPTY_KEY": ""})
    assert secrecy.plain(program) == ["env.GITHUB_TOKEN", "args[1]", "args[2]", "args[3]"]
    web = Server("a", url=f"{URL}?key=1", headers={"Authorization": "Bearer x"})
    assert secrecy.plain(web) == ["headers.Authorization", "url"]
    assert secrecy.plain(Server("a", url=URL, headers={"Accept": "*"})) == []
