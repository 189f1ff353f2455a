"""What a dry run says is what then happens: of an import, an applied file and a migration."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp, Said

TASKS = """tasks:
  - {name: a, cron: "0 9 * * *", command: [x]}
  - {name: b, cron: "0 9 * * *", command: [x], after: [a]}
  - {name: c, cron: "0 9 * * *", command: [x], after: [d]}
  - {name: d, cron: "61 * * * *", command: [x]}
  - {name: e, cron: "0 8 * * *", command: [x], after: [a]}
"""
JOBS = {
    "version": "1.0.0",
    "jobs": {
        key: {"id": key, "name": key, "cronExpression": cron, "tool": "s:t", "status": "active"}
        for key, cron in {"good": "0 9 * * *", "bad": "61 * * * *"}.items()
    },
}
MADE = ("taskId", "timingId", "entry")
"""What a dry run cannot know of a task that is not made yet."""


NEW_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def items(said: Said) -> list[dict[str, Any]]:
    found = json.loads(NEW_ID.sub("ID", said.out))["items"]
    return [{key: value for key, value in one.items() if key not in MADE} for one in found]


@pytest.mark.parametrize(
    ("verb", "text"),
    [("import", TASKS), ("apply", TASKS), ("migrate", json.dumps(JOBS))],
)
def test_a_dry_run_and_what_then_happens_say_the_same_of_each_item(
    ncp: Ncp, verb: str, text: str
) -> None:
    file = ncp.user_home / ("jobs.json" if verb == "migrate" else "tasks.yaml")
    file.write_text(text)
    file.chmod(0o600)
    foretold = ncp("schedule", verb, str(file), "--dry-run", "--json")
    done = ncp("schedule", verb, str(file), "--json")
    assert len(items(done)) == (2 if verb == "migrate" else 5)
    assert items(done) == items(foretold)
    assert foretold.code == done.code


def test_a_task_that_waits_for_a_refused_one_goes_with_it_however_long_the_chain(ncp: Ncp) -> None:
    chain = [
        {"name": f"t{n}", "cron": "0 9 * * *", "command": ["x"], "after": [f"t{n + 1}"]}
        for n in range(40)
    ]
    late = {"name": "t40", "cron": "0 8 * * *", "command": ["x"], "after": ["good"]}
    good = {"name": "good", "cron": "0 9 * * *", "command": ["x"]}
    file = ncp.user_home / "tasks.json"
    file.write_text(json.dumps({"tasks": [*chain, late, good]}))
    said = ncp("schedule", "apply", str(file), "--json")
    outcomes = {one["name"]: one["outcome"] for one in items(said)}
    assert said.code == 2
    assert outcomes.pop("good") == "imported"
    assert set(outcomes.values()) == {"refused"}
