from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp, Said

LATER = "2031-01-01T00:00:00Z"


def update(ncp: Ncp, *argv: str) -> dict[str, Any]:
    task: dict[str, Any] = ncp("schedule", "update", "x", "--json", *argv).json["task"]
    return task


CHANGES = [
    (("--name", "y"), "name", "y"),
    (("--description", "why"), "description", "why"),
    (("--timeout", "7"), "timeoutSeconds", 7),
    (("--grace", "2"), "killGraceSeconds", 2),
    (("--overlap", "allow"), "overlap", "allow"),
    (("--active-hours", "6:00-22:00"), "activeHours", {"start": "06:00", "end": "22:00"}),
    (("--priority", "low"), "priority", "low"),
    (("--jitter", "60"), "jitterSeconds", 60),
    (("--limit-memory", "64"), "limits", {"memoryMb": 64}),
    (("--umask", "0027"), "umask", "0027"),
    (("--retries", "10", "--retry-delay", "1"), "retries", {"attempts": 10, "delaySeconds": 1}),
    (("-C", "/"), "workingDirectory", "/"),
    (("--fire-once",), "fireOnce", True),
    (("--max-executions", "3"), "maxExecutions", 3),
    (("--end-date", LATER), "endDate", LATER),
    (("--shell",), "shell", True),
    (("--", "echo", "--json", "-y"), "command", ["echo", "--json", "-y"]),
    (("--env", "A=1", "-e", "B=x=y"), "environment", {"A": "1", "B": "x=y"}),
]


@pytest.mark.parametrize(("argv", "key", "value"), CHANGES, ids=str)
def test_each_option_changes_its_key_and_no_other(
    ncp: Ncp, argv: tuple[str, ...], key: str, value: object
) -> None:
    before = ncp.create("daily", name="x")
    after = update(ncp, *argv)
    assert {k: v for k, v in after.items() if before.get(k) != v} == {key: value}
    assert ncp("schedule", "get", before["id"], "--json").json[key] == value


UNSET = [
    (("--description", "why"), ("--no-description",), "description"),
    (("--shell",), ("--no-shell",), "shell"),
    (("--retries", "3"), ("--no-retries",), "retries"),
    (("--jitter", "3"), ("--no-jitter",), "jitterSeconds"),
    (("--active-hours", "22:00-06:00"), ("--no-active-hours",), "activeHours"),
    (("--limit-cpu", "9"), ("--no-limits",), "limits"),
    (("--fire-once",), ("--no-fire-once",), "fireOnce"),
    (("--max-executions", "3"), ("--no-max-executions",), "maxExecutions"),
    (("--end-date", LATER), ("--no-end-date",), "endDate"),
    (("--env", "A=1"), ("--no-env", "A"), "environment"),
    (("--catchup-missed",), ("--no-catchup-missed",), "catchupMissed"),
]


@pytest.mark.parametrize(("given", "unset", "key"), UNSET, ids=[key for *_, key in UNSET])
def test_what_was_set_can_be_unset(
    ncp: Ncp, given: tuple[str, ...], unset: tuple[str, ...], key: str
) -> None:
    ncp.create("daily", name="x")
    assert update(ncp, *given)[key]
    assert not update(ncp, *unset).get(key)


def test_another_schedule_moves_the_task_and_its_old_timing_goes(ncp: Ncp) -> None:
    ncp.create("daily at 9am", name="x")
    said = ncp("schedule", "update", "x", "--schedule", "every 5 minutes")
    assert 'Updated "x"' in said.out
    assert "in timing every-5min" in said.out
    assert [t["id"] for t in ncp("schedule", "list", "--json").json["timings"]] == ["every-5min"]


def test_another_zone_moves_the_task_and_local_brings_it_back(ncp: Ncp) -> None:
    ncp.create("daily at 9am", name="x")
    moved = update(ncp, "--timezone", "America/New_York")
    assert (moved["timingId"], moved["timezone"]) == (
        "daily-9am-america-new-york",
        "America/New_York",
    )
    assert update(ncp, "--timezone", "local")["timingId"] == "daily-9am"


def test_moving_a_task_starts_it_anew_and_changing_it_does_not(ncp: Ncp) -> None:
    made, old = ncp.create("daily", name="x"), "2020-01-01T00:00:00Z"
    document = ncp.home / "schedule.json"
    document.write_text(
        document.read_text().replace(
            f'"activeSince": "{made["activeSince"]}"', f'"activeSince": "{old}"'
        )
    )
    assert update(ncp, "--description", "why")["activeSince"] == old
    assert update(ncp, "--schedule", "hourly")["activeSince"] >= made["activeSince"]


def test_a_completed_task_with_another_end_is_active_again(ncp: Ncp) -> None:
    ncp.create("every minute", name="x", **{"max-executions": "1"})
    ncp.fire("every-minute")
    ncp("_settle")
    assert update(ncp, "--description", "why")["status"] == "completed"
    assert update(ncp, "--max-executions", "2")["status"] == "active"


def test_a_name_made_from_the_command_follows_it_and_a_given_one_stays(ncp: Ncp) -> None:
    ncp.create("daily", "echo", "one")
    assert ncp("schedule", "update", "echo one", "--", "echo", "two").code == 0
    assert ncp("schedule", "get", "echo two").code == 0
    ncp.create("daily", "echo", "one", name="x")
    assert update(ncp, "--", "echo", "two")["name"] == "x"


def test_variables_are_added_to_those_that_were_there(ncp: Ncp) -> None:
    ncp.create("daily", name="x", env="A=1")
    assert update(ncp, "--env", "B=2", "--no-env", "C")["environment"] == {"A": "1", "B": "2"}


REFUSED = [
    ((), "nothing to change", 2),
    (("--timeout", "-1"), "--timeout", 2),
    (("--timeout", "soon"), "--timeout", 2),
    (("--schedule", "61 * * * *"), "minute field", 2),
    (("--schedule", "2001-01-01T00:00:00Z"), "has passed", 2),
    (("--timezone", "Mars/Base"), "Mars/Base", 2),
    (("--end-date", "someday"), "--end-date", 2),
    (("--env", "novalue"), "NAME=VALUE", 2),
    (("-C", "/no/such/folder"), "/no/such/folder", 2),
    (("--name", " "), "name", 2),
    (("--shell", "--", "echo", "b"), "--shell -- 'echo b'", 2),
]


@pytest.mark.parametrize(("argv", "words", "code"), REFUSED, ids=str)
def test_what_cannot_be_is_refused_and_nothing_changes(
    ncp: Ncp, argv: tuple[str, ...], words: str, code: int
) -> None:
    ncp.create("daily", name="x")
    before = (ncp.home / "schedule.json").read_bytes()
    said: Said = ncp("schedule", "update", "x", *argv)
    assert (said.code, said.out) == (code, "")
    assert words in said.err
    assert (ncp.home / "schedule.json").read_bytes() == before


def test_an_unknown_task_is_not_found(ncp: Ncp) -> None:
    assert ncp("schedule", "update", "nobody", "--name", "y").code == 3


def test_a_zone_in_the_words_of_a_schedule_becomes_that_of_the_task(ncp: Ncp) -> None:
    made = ncp("schedule", "create", "daily at 9am UTC", "--name", "x", "--json", "--", "true")
    assert made.json["task"]["timezone"] == "UTC"
    assert update(ncp, "-s", "daily at 9am Europe/Berlin")["timezone"] == "Europe/Berlin"
