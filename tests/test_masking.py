"""What looks like a secret, in words and in lines."""

from __future__ import annotations

import time

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
        ("mysql -phunter2 db", "mysql -p******** db"),
        (
            "/usr/bin/mysqldump -u root -phunter2 -p db",
            "/usr/bin/mysqldump -u root -p******** -p db",
        ),
        ("gzip x | mysql '-phun ter' db", "gzip x | mysql '-p********' db"),
        ("sshpass -p hunter2 ssh -p 22 host", "sshpass -p ******** ssh -p 22 host"),
        ("ssh -p22 host; cp -pr a b", "ssh -p22 host; cp -pr a b"),
        ("7z a -phunter2 x.7z", "7z a -p******** x.7z"),
        ("zip -P hunter2 x.zip a", "zip -P ******** x.zip a"),
        ("redis-cli -a hunter2 ping", "redis-cli -a ******** ping"),
        ("""curl -d '{"token":"hunter2"}' x""", """curl -d '{"token":"********"}' x"""),
        (
            """curl -d '{"a": "b", "api_key" : "hun ter"}' x""",
            """curl -d '{"a": "b", "api_key" : "********"}' x""",
        ),
        (r"""curl -d "{\"token\":\"hunter2\"}" x""", r"""curl -d "{\"token\":\"********\"}" x"""),
        ("""echo "a:b" "c\"""", """echo "a:b" "c\""""),
        (
            f"curl {AT}hooks.slack.com/services/T0/B0/hunter2",
            f"curl {AT}hooks.slack.com/services/********",
        ),
        (
            f"curl '{AT}api.telegram.org/bot1:x/sendMessage?text=a' -s",
            f"curl '{AT}api.telegram.org/bot********?text=a' -s",
        ),
        (f"curl {AT}hooks.slack.com/services/", f"curl {AT}hooks.slack.com/services/"),
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


@pytest.mark.parametrize("piece", ['{"token":"x"}', f"{AT}hooks.slack.com/services/x", "='"])
def test_a_line_is_masked_in_a_time_in_proportion_to_its_length(piece: str) -> None:
    """The second one took 25 seconds, and four times as long for twice of it."""

    def seconds(count: int) -> float:
        text = piece * count
        start = time.process_time()
        masking.line(text)
        return time.process_time() - start

    assert min(seconds(8000) for _ in range(3)) < 8 * max(seconds(2000) for _ in range(3)) + 0.05
