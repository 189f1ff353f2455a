"""Values of a declarative file as people write them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp

pytest_plugins = ("cli.conftest",)


def applied(ncp: Ncp, tmp_path: Path, lines: str, *, head: str = "") -> tuple[int, str]:
    """Apply a file with one task, and answer the exit code and what was complained."""
    file = tmp_path / "f.yaml"
    file.write_text(f"{head}tasks:\n  - name: z\n    command: ['true']\n    {lines}\n")
    said = ncp("schedule", "apply", str(file))
    return said.code, said.out + said.err


def task(ncp: Ncp) -> dict[str, object]:
    found: dict[str, object] = json.loads(ncp("schedule", "get", "z", "--json").out)
    return found


GOOD: list[tuple[str, str, object]] = [
    ("timeout: 10m", "timeoutSeconds", 600),
    ("timeoutSeconds: 1h30m", "timeoutSeconds", 5400),
    ("grace: 10 s", "killGraceSeconds", 10),
    ("jitter: 500ms", "jitterSeconds", 0.5),
    ("memory: 512MB", "limits", {"memoryMb": 512}),
    ("limits: {memory: 1.5G, cpu: 5m, nice: 5}", "limits", None),
    ("retries: 3", "retries", {"attempts": 3}),
    ("retries: {attempts: 2, delay: 10s, maxDelay: 2h}", "retries", None),
    ("catchupMissed: no", "catchupMissed", False),
    ("endDate: 2030-01-01", "endDate", "2030-01-01T00:00:00+01:00"),
    ("endDate: 2030-01-01T00:00:00Z", "endDate", "2030-01-01T00:00:00Z"),
    ("activeHours: mon-tue 9:00-17:00", "activeHours", None),
]
INSIDE = {
    "limits": {"memoryMb": 1536, "cpuSeconds": 300, "nice": 5},
    "retries": {"attempts": 2, "delaySeconds": 10, "maxDelaySeconds": 7200},
    "activeHours": {"start": "09:00", "end": "17:00", "days": ["mon", "tue"]},
}


@pytest.mark.parametrize(("line", "key", "value"), GOOD)
def test_a_value_means_what_people_mean_by_it(
    ncp: Ncp, tmp_path: Path, line: str, key: str, value: object
) -> None:
    code, said = applied(ncp, tmp_path, f'cron: "0 9 * * *"\n    {line}')
    assert code == 0, said
    assert task(ncp).get(key, False) == (INSIDE[key] if value is None else value)
    again = applied(ncp, tmp_path, f'cron: "0 9 * * *"\n    {line}')
    assert again[1].startswith("= z ")


def test_the_deadline_of_all_tasks_may_have_a_unit(ncp: Ncp, tmp_path: Path) -> None:
    head = "scheduler: {default_timeout: 15m}\n"
    assert applied(ncp, tmp_path, "schedule: hourly", head=head)[0] == 0
    assert task(ncp)["timeoutSeconds"] == 900
    head = "scheduler: {default_timeout: 15 mintes}\n"
    said = applied(ncp, tmp_path, "schedule: hourly", head=head)[1]
    assert "Write: default_timeout: 15minutes" in said


BAD = [
    ("timeout: 5 mintes", "Write: timeout: 5minutes"),
    ("memory: lots", "Write: memory: 512MB"),
    ("memory: 1G\n    limits: {memory: 2G}", "Remove one of them."),
    ("timeout: 5m\n    timeoutSeconds: 5", "Remove one of them."),
    ("retries: {attempts: 2, delay: soon}", "Write: delay: 5m"),
    ("activeHours: nine to five", "Write: activeHours: mon-fri 09:00-17:00"),
    ("endDate: tomorrow", "Write: endDate: 20"),
    ("endDate: never", "is not an instant"),
    ("limits: 512MB", 'Write {"memoryMb": 512}'),
    ("environment: {A: [1]}", 'environment["A"]'),
    ("catchupMissed: perhaps", "Write true or false"),
]


@pytest.mark.parametrize(("line", "advice"), BAD)
def test_a_value_that_is_none_is_refused_with_what_to_write(
    ncp: Ncp, tmp_path: Path, line: str, advice: str
) -> None:
    code, said = applied(ncp, tmp_path, f'cron: "0 9 * * *"\n    {line}')
    assert code == 2
    assert advice in said


TIMES = [
    ("schedule: 09:00", "Write: schedule: every day at 09:00"),
    ("schedule: at 9am", "Write: schedule: every day at 9am"),
    ("schedule: tomorrow at 9", 'Write: at: "20'),
    ("cron: */5 * * * *", 'Write: cron: "*/5 * * * *"'),
    ("cron: * * * * * # each", 'Write: cron: "* * * * *"'),
    ("cron: @daily", 'Write: cron: "@daily"'),
]


@pytest.mark.parametrize(("line", "advice"), TIMES)
def test_what_yaml_or_a_time_means_otherwise_is_refused_with_the_line_to_write(
    ncp: Ncp, tmp_path: Path, line: str, advice: str
) -> None:
    code, said = applied(ncp, tmp_path, line)
    assert code == 2
    assert advice in said
    if advice.startswith(("Write: schedule", "Write: cron")):
        assert applied(ncp, tmp_path, advice.removeprefix("Write: "))[0] == 0


def test_tabs_are_told_apart_from_wrong_texts(ncp: Ncp, tmp_path: Path) -> None:
    assert "YAML takes no tabs" in applied(ncp, tmp_path, "\n\tcron: x")[1]


def test_a_line_within_braces_is_quoted_up_to_the_comma(ncp: Ncp, tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("tasks: [{name: z, cron: */5 * * * *, command: [a]}]\n")
    assert 'Write: cron: "*/5 * * * *"' in ncp("schedule", "apply", str(file)).err
