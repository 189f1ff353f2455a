"""Write the home of a version 1 user beside this file: 500 jobs, of which 20 are broken.

It was run once and what it wrote is never edited again, for old files do not
change either: `python tests/data/v1/make.py`. It is kept to say what is in them.
"""

from __future__ import annotations

import csv
import io
import json
import random
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CHOICE = random.Random(20251101)
FIRST = datetime(2025, 3, 1, 10, tzinfo=UTC)

EXPRESSIONS = (
    *("0 9 * * *", "0 09 * * *", "0 9 * * 0-7", "@daily", "0 0 * * *", "30 9 * * *"),
    *("*/5 * * * *", "*/5 9-17 * * *", "*/5 9-17 * * 1-5", "0-59/5 * * * *", "*/15 * * * *"),
    *("0 9 * * 1-5", "0 9 * * MON-FRI", "30 14 * * 1-5", "0 18 * * 5", "0 8,20 * * *"),
    *("0 */2 * * *", "0 0-23/2 * * *", "15 */2 * * *", "@hourly", "17 * * * *", "0 * * * *"),
    *("0 9 1 * *", "0 9 1,15 * *", "0 9 1 1 *", "0 0 1 */3 *", "0 0 */2 * 1", "0 0 13 * 5"),
    *("*/30 2 * * *", "0,30 2 * * *", "23 4 * * 2", "5 4 * * sun", "45 23 28-31 * *"),
    *("0 7 * 6-8 1-5", "1,2,3,5,8,13 6 * * *", "*/10 6-22 * * 6,0", "59 23 31 12 *"),
)
"""Some are the same in other words, and some had the same id in version 2."""
ZONES = (
    *(None, None, None, "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"),
    *("Australia/Lord_Howe", "America/Los_Angeles"),
)
NAMES = (
    *("Daily Backup", "Sync calendar", "Check mail", "Fetch prices", "Rotate logs", "Größe prüfen"),
    *('Report: "sales"', "  spaces  ", "日報", "Clean up", "Ping", "Weekly summary 📊"),
)
TOOLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("filesystem:list_directory", {"path": "/tmp"}),
    ("filesystem:read_file", {"path": "/etc/hostname", "head": 5}),
    ("fetch:fetch", {"url": "https://example.com/?a=1&b=%20", "raw": True}),
    ("memory:search_nodes", {"query": 'naïve "quotes"\nand lines'}),
    ("github:list:issues", {"owner": "o", "labels": ["bug", "p1"], "page": 2.0}),
)
STATUSES = ("active",) * 7 + ("paused", "completed", "error")
BROKEN: tuple[tuple[str, Any], ...] = (
    *(
        ("cronExpression", text)
        for text in ("61 * * * *", "* * * *", "0 0 30 2 *", "", "0 0 9 * * *")
    ),
    *(("cronExpression", text) for text in ("every day at nine", "0 17-9 * * *", None, 5)),
    *(("timezone", zone) for zone in ("Mars/Olympus", 7)),
    *(("tool", tool) for tool in (None, "list_directory")),
    ("parameters", "{}"),
    ("endDate", "next year"),
    ("maxExecutions", 0),
    ("status", "running"),
    ("name", {"en": "Backup"}),
    ("", "0 9 * * *"),
    ("", None),
)
"""A key and the value that breaks the job, None for none; without a key, what stands for it."""
MISTAKES = (
    'Tool failed:\nTraceback:\n  line 1, "quoted"\n',
    "ENOENT: no such file, open '/x'",
    "timeout after 300000ms",
    "a\r\nb",
)


def instant(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03}Z"


def job(number: int) -> dict[str, Any]:
    tool, parameters = CHOICE.choice(TOOLS)
    made = FIRST + timedelta(minutes=CHOICE.randrange(250_000))
    status, count = CHOICE.choice(STATUSES), CHOICE.choice((0, 0, 1, 7, 250))
    found: dict[str, Any] = {
        "id": str(uuid.UUID(int=CHOICE.getrandbits(128), version=4)),
        "name": CHOICE.choice(NAMES) if number % 3 else f"Job {number}",
        "cronExpression": CHOICE.choice(EXPRESSIONS),
        "tool": tool,
        "parameters": parameters,
        "fireOnce": status == "completed" and CHOICE.random() < 0.5,
        "createdAt": instant(made),
        "status": status,
        "executionCount": count,
    }
    zone = CHOICE.choice(ZONES)
    optional = {
        "description": "What it does, in a line.",
        "maxExecutions": count + 24,
        "endDate": "2031-01-01T00:00:00Z",
        "workingDirectory": "/home/u",
        "nextExecutionAt": "2025-11-02T09:00:00.000Z",
    }
    found |= {key: value for key, value in optional.items() if CHOICE.random() < 0.2}
    found |= {"timezone": zone} if zone else {}
    if count:
        found["lastExecutionId"] = f"exec-{CHOICE.getrandbits(48):012x}"
        found["lastExecutionAt"] = instant(made + timedelta(days=count % 30, hours=1))
    if status == "error":
        found["errorMessage"] = CHOICE.choice(MISTAKES)
    return found


def jobs() -> dict[str, Any]:
    """480 good ones, three of which call `served` each minute, and the broken ones among them."""
    good = [job(number) for number in range(480)]
    calls = (("add", {"a": 2, "b": 3}), ("shout", {"text": "now"}), ("add", {"a": -1, "b": 1}))
    for one, (tool, parameters) in zip(good[100:103], calls, strict=True):
        for key in ("timezone", "maxExecutions", "endDate", "errorMessage", "workingDirectory"):
            one.pop(key, None)
        one |= {"tool": f"served:{tool}", "parameters": parameters, "fireOnce": False}
        one |= {"cronExpression": "* * * * *", "status": "active", "name": f"Real {tool}"}
    tree = {one["id"]: one for one in good}
    for place, key in enumerate(("Job with spaces", "../escape", "job_ünï", "x" * 200), 10):
        tree[key] = tree.pop(good[place]["id"])
    for place in range(20, 25):
        good[place]["id"] = f"other-{place}"  # differs from its key
    for place, key in zip(range(30, 36), ("name", "status", "parameters") * 2, strict=True):
        del good[place][key]
    for place, (key, value) in enumerate(BROKEN):
        tree |= broken(place, key, value)
    pairs = list(tree.items())
    CHOICE.shuffle(pairs)
    return dict(pairs)


def broken(place: int, key: str, value: Any) -> dict[str, Any]:
    one = job(1000 + place)
    if not key:
        return {one["id"]: value}
    return {one["id"]: {k: v for k, v in (one | {key: value}).items() if v is not None}}


def executions(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last execution of each job that had one, some older ones, and one of no job."""
    rows: list[dict[str, Any]] = []
    for one in [*found, *CHOICE.choices(found, k=120)]:
        known = one["lastExecutionId"] not in {row["executionId"] for row in rows}
        status = CHOICE.choice(("success", "success", "failure", "timeout", "running"))
        began = datetime.fromisoformat(one["lastExecutionAt"])
        rows.append(
            {
                "executionId": one["lastExecutionId"] if known else f"exec-old-{len(rows)}",
                "jobId": one["id"],
                "jobName": one.get("name", ""),
                "tool": one["tool"],
                "startedAt": instant(began if known else began - timedelta(hours=len(rows))),
                "duration": "" if status == "running" else CHOICE.randrange(300_000),
                "status": status,
                "errorMessage": CHOICE.choice(MISTAKES) if status in {"failure", "timeout"} else "",
            }
        )
    gone = {"executionId": "exec-of-no-job", "jobId": "deleted-long-ago", "jobName": "Gone"}
    return [*rows, {**rows[0], **gone}]


def result(row: dict[str, Any]) -> dict[str, Any]:
    found = {key: row[key] for key in ("executionId", "jobId", "jobName", "tool", "startedAt")}
    found |= {"parameters": {}, "status": row["status"], "duration": row["duration"] or None}
    if row["errorMessage"]:
        return {**found, "error": {"message": row["errorMessage"], "code": -32000}}
    return {**found, "result": {"content": [{"type": "text", "text": "first\nsecond 📄"}]}}


def main() -> None:
    tree = jobs()
    ran = [one for one in tree.values() if isinstance(one, dict) and "lastExecutionId" in one]
    rows = executions([one for one in ran if isinstance(one.get("tool"), str)][:150])
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    settings: dict[str, Any] = {
        "maxExecutionsPerJob": 50,
        "maxExecutionAgeDays": 30,
        "defaultTimeout": 120_000,
    }
    settings |= {"cleanupSchedule": "0 3 * * *", "enableAutoCleanup": True}
    document = {"version": "1.0.0", "jobs": tree}
    (HERE / "executions" / "results").mkdir(parents=True, exist_ok=True)
    write("jobs.json", json.dumps(document, indent=2, ensure_ascii=False))
    write("config.json", json.dumps(settings, indent=2))
    write("executions/summary.csv", text.getvalue())
    for row in rows[:12]:
        write(f"executions/results/{row['executionId']}.json", json.dumps(result(row), indent=2))


def write(name: str, text: str) -> None:
    (HERE / name).write_bytes(text.encode())


if __name__ == "__main__":
    main()
