"""Random schedules, compiled for every target and judged by the real tools."""

from __future__ import annotations

import json
import os
import plistlib
import random
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ncp import targets
from ncp.cli import main
from ncp.cron import expression
from real.conftest import give_up
from targets.expressions import random_crons

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COUNT = int(os.environ.get("NCP_RANDOM_SCHEDULES", "200"))
"""How many random schedules; set it to 3000 for a campaign."""
SCHEMA = Path(__file__).parents[3] / "shared/oracles/task-scheduler.xsd"
INVALID = {
    "minute": (
        "60 * * * *",
        "*/0 * * * *",
        "*/60 * * * *",
        "5-1 * * * *",
        "a * * * *",
        "1- * * * *",
    ),
    "hour": ("0 24 * * *", "0 */24 * * *", "0 22-2 * * *", "0 1.5 * * *", "0 x * * *"),
    "day-of-month": ("0 0 0 * *", "0 0 32 * *", "0 0 */31 * *", "0 0 W * *", "0 0 1--2 * *"),
    "month": ("0 0 1 0 *", "0 0 1 13 *", "0 0 * januar *", "0 0 * dec-jan *", "0 0 * 1, *"),
    "day-of-week": ("0 0 * * 8", "0 0 * * */8", "0 0 * * fri-mon", "0 0 * * montag", "0 0 * * 1#6"),
}

Batch = dict[str, list[dict[str, Any]]]


def batch(file: Path, target: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    assert main(["compile", "--batch", str(file), "--target", target]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str], list[dict[str, Any]]]:
    """The same random schedules for a target; the home lies at a hostile path."""
    monkeypatch.setenv("NCP_HOME", str(tmp_path / "n & c" / "100%"))
    source = random.Random(20261120)
    file = tmp_path / "schedules"
    file.write_text("".join(f"{cron}\n" for cron in random_crons(source, COUNT)))
    return lambda target: batch(file, target, capsys)


def texts(artifacts: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for number, artifact in enumerate(artifacts):
        for file in artifact["files"]:
            yield f"{number}-{Path(file['path']).name}", file["text"]


@pytest.mark.parametrize("target", targets.NAMES)
def test_every_schedule_compiles_on_every_target(
    compiled: Callable[[str], list[dict[str, Any]]], target: str
) -> None:
    artifacts = compiled(target)
    assert len(artifacts) == COUNT
    assert [artifact for artifact in artifacts if "error" in artifact] == []
    pairs = {(a["timingId"], expression.parse(a["cron"]).cron) for a in artifacts}
    assert len({identifier for identifier, _ in pairs}) == len(pairs)
    assert len({canonical for _, canonical in pairs}) == len(pairs)


def test_systemd_verifies_every_unit_and_accepts_every_calendar_line(
    compiled: Callable[[str], list[dict[str, Any]]], tmp_path: Path
) -> None:
    units, calendars = {}, set()
    for artifact in compiled("systemd"):
        for file in artifact["files"]:
            units[Path(file["path"]).name] = file["text"]
            lines = file["text"].splitlines()
            calendars |= {line.removeprefix("OnCalendar=") for line in lines if "OnCal" in line}
    for name, text in units.items():
        (tmp_path / name).write_text(text)
    verify = ["systemd-analyze", "verify", "--user", "--man=no", "--recursive-errors=no"]
    files = [str(tmp_path / name) for name in units]
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    verified = subprocess.run(
        [*verify, *files], env=environment, capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    analyse = ["systemd-analyze", "calendar", *sorted(calendars)]
    analysed = subprocess.run(analyse, capture_output=True, text=True, check=False)
    assert (analysed.returncode, analysed.stderr) == (0, "")
    assert "never" not in analysed.stdout


def test_both_plist_parsers_read_every_agent(
    compiled: Callable[[str], list[dict[str, Any]]], tmp_path: Path
) -> None:
    for name, text in texts(compiled("launchd")):
        assert plistlib.loads(text.encode())["StartCalendarInterval"]
        (tmp_path / name).write_text(text)
        subprocess.run(["plistutil", "-i", tmp_path / name, "-o", os.devnull], check=True)


def test_the_published_schema_validates_every_task(
    compiled: Callable[[str], list[dict[str, Any]]], tmp_path: Path
) -> None:
    if not SCHEMA.exists():
        give_up("The Task Scheduler schema is not beside the checkout.", {})
    files = []
    for name, text in texts(compiled("schtasks")):
        files.append(tmp_path / name)
        files[-1].write_bytes(text.encode("utf-16"))
    checked = subprocess.run(
        ["xmllint", "--noout", "--schema", SCHEMA, *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(
    ("field", "cron"), [(field, cron) for field, crons in INVALID.items() for cron in crons]
)
def test_what_is_invalid_is_refused_by_the_name_of_its_field(
    field: str, cron: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compile", cron, "--target", "cron"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"{field} field" in captured.err
