"""What looks like a secret, in words and in lines."""

from __future__ import annotations

import pytest

from ncp import masking

TOKEN = "ghp_" + "a1" * 12
AT = "https:" + "//"
JWT = "eyJ" + "hbGciOi.eyJzdWIiOi.c2ln" * 2


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("curl --token hunter2 -v", "curl --token ******** -v"),
        ("curl --token=hunter2", "curl --token=********"),
        ("API_KEY=hunter2 ./run  --days 30", "API_KEY=******** ./run  --days 30"),
        ("export TOKEN='hun ter2'; go", "export TOKEN=********'; go"),
        ("""bash -c 'A_KEY="x y" run'""", """bash -c 'A_KEY=********'"""),
        ("don't --key 'x", "don't --key '********"),
        ("""a="x y"z --key""", """a="x y"z --key"""),
        ("curl -H 'Authorization: Bearer hunter2' x", "curl -H 'Authorization: ********' x"),
        ("curl -H Authorization:hunter2", "curl -H Authorization:********"),
        ("curl --header=X-Api-Key:hunter2", "curl --header=X-Api-Key:********"),
        ("curl -u ann:hunter2 x", "curl -u ann:******** x"),
        ("ssh -u ann x", "ssh -u ann x"),
        ("sudo -u -x", "sudo -u -x"),
        ("psql " + "postgres:" + "//ann:hunter2@db/x", "psql postgres:" + "//********@db/x"),
        (
            "get https://a.example/?q=1&api_key=hunter2#x",
            "get https://a.example/?q=1&api_key=********#x",
        ),
        (f"get {AT}ann@a.example/", f"get {AT}ann@a.example/"),
        (f"echo {TOKEN}.", "echo ********."),
        (f"echo x{TOKEN} {JWT}", f"echo x{TOKEN} ********"),
        ("echo sk-short --keyless", "echo sk-short --keyless"),
        ("--no-auth -v --key", "--no-auth -v --key"),
        ("\t two  words\n", "\t two  words\n"),
        ("a: b :c = d", "a: b :c = d"),
        ("", ""),
    ],
)
def test_a_line_is_shown_without_its_secrets(line: str, shown: str) -> None:
    assert masking.line(line) == shown


@pytest.mark.parametrize(
    ("argv", "shown"),
    [
        (("bash", "-lc", "login hunter2", "x"), ("bash", "-lc", "…", "x")),
        (
            ("/bin/env", "python3.11", "-c", "hunter2"),
            ("/bin/env", "python3.11", "-c", "…"),
        ),
        (("perl", "-e", "hunter2"), ("perl", "-e", "…")),
        (("pwsh.exe", "-Command", "hunter2"), ("pwsh.exe", "-Command", "…")),
        (("tar", "-xzc", "file"), ("tar", "-xzc", "file")),
        (("backup", "--password", "hun ter"), ("backup", "--password", "********")),
        (("do", "login --password hunter2 now"), ("do", "login --password ******** now")),
        (("sh", "run.sh"), ("sh", "run.sh")),
    ],
)
def test_a_program_is_shown_without_its_secrets_and_scripts(
    argv: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    assert masking.argv(argv) == shown
