from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from cli.conftest import Ncp


def facts(text: str) -> dict[str, str]:
    pairs = (line.split(maxsplit=1) for line in text.splitlines())
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def test_it_says_what_a_task_runs_when_and_for_how_long(ncp: Ncp) -> None:
    made = ncp.create("weekdays at 9am", "rsync", "-a", "/my home", name="backup", timeout="60")
    shown = facts(ncp("schedule", "get", "backup").out)
    assert shown["Id"] == made["id"]
    assert shown["Runs"] == "rsync -a '/my home'"
    assert shown["Timing"] == "weekdays-9am (0 9 * * 1-5)"
    assert "Monday through Friday" in shown["When"]
    assert "Europe/Berlin" in shown["When"]
    assert shown["Deadline"] == "60 s"
    assert shown["Folder"] == str(ncp.user_home)


def test_a_task_without_a_deadline_says_so(ncp: Ncp) -> None:
    ncp.create("daily", name="x", timeout="0")
    assert facts(ncp("schedule", "get", "x").out)["Deadline"] == "none"


def test_facts_that_are_not_set_are_not_shown(ncp: Ncp) -> None:
    ncp.create("daily", name="plain")
    ncp.create("daily", name="full", description="why", **{"end-date": "2030-01-01T00:00:00Z"})
    assert {"Remark", "Until"} & set(facts(ncp("schedule", "get", "plain").out)) == set()
    assert facts(ncp("schedule", "get", "full").out)["Remark"] == "why"


def test_the_next_slots_are_the_next_mornings_at_nine(ncp: Ncp) -> None:
    ncp.create("daily at 9am", name="x")
    slots = ncp("schedule", "get", "x", "--json").json["nextSlots"]
    local = [datetime.fromisoformat(slot).astimezone(ZoneInfo("Europe/Berlin")) for slot in slots]
    assert [(slot.hour, slot.minute) for slot in local] == [(9, 0)] * 5
    assert len({slot.date() for slot in local}) == 5
    assert min(local) > datetime.now(UTC)


def test_a_paused_task_has_no_next_slots(ncp: Ncp) -> None:
    ncp.create("daily", name="x")
    ncp("schedule", "pause", "x")
    assert ncp("schedule", "get", "x", "--json").json["nextSlots"] == []


def test_the_environment_is_the_one_that_the_task_sees(ncp: Ncp) -> None:
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    ncp.create("daily", "python3", "-c", code, name="x", env="GREETING=good day")
    shown = ncp("schedule", "get", "x", "--json").json["effectiveEnvironment"]
    seen = json.loads(ncp("schedule", "run", "x").out)
    assert shown["GREETING"] == "good day"
    assert shown.items() <= seen.items()
    assert all(name.startswith("NCP_") or name == "LC_CTYPE" for name in seen.keys() - shown.keys())


def test_its_last_executions_come_newest_first(ncp: Ncp) -> None:
    ncp.create("daily", "sh", "-c", "exit 3", name="x")
    ncp("schedule", "run", "x")
    ncp("schedule", "update", "x", "--", "true")
    ncp("schedule", "run", "x")
    found = ncp("schedule", "get", "x", "--json").json
    assert [one["status"] for one in found["executions"]] == ["success", "failure"]
    assert (found["executionCount"], found["lastStatus"]) == (2, "success")
    assert "failure" in ncp("schedule", "get", "x").out.partition("Last executions")[2]


def test_a_shell_task_shows_the_shell(ncp: Ncp) -> None:
    said = ncp("schedule", "create", "daily", "--name", "x", "--shell", "--", "echo a | wc")
    assert said.code == 0
    assert facts(ncp("schedule", "get", "x").out)["Runs"] == "/bin/sh -c 'echo a | wc'"


def test_an_unknown_task_is_not_found_and_the_nearest_name_offered(ncp: Ncp) -> None:
    ncp.create("daily", name="backup")
    said = ncp("schedule", "get", "bakup")
    assert (said.code, said.out) == (3, "")
    assert 'Did you mean "backup"?' in said.err


def test_a_timing_in_the_place_of_a_task_is_answered_with_its_tasks(ncp: Ncp) -> None:
    ncp.create("daily at 9am", name="backup")
    said = ncp("schedule", "get", "daily-9am")
    assert said.code == 3
    assert 'Name one of its tasks: "backup".' in said.err


def test_the_timing_of_an_interval_names_it(ncp: Ncp) -> None:
    ncp.create("every other monday at 9am", name="x")
    assert "(0 9 * * 1, every 2 weeks)" in ncp("schedule", "get", "x").out
