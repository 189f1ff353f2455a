"""Shared fixtures: golden files that a person reviews."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

import skipping

if TYPE_CHECKING:
    from collections.abc import Callable

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

GOLDEN = Path(__file__).parent / "golden"

# What a person has set for other programs: each test says what its own get.
for name in [name for name in os.environ if name.startswith("PYTHON")]:
    del os.environ[name]

# Whoever starts the tests in the background (nohup, a shell's &) has signals ignored, and each
# program that a test starts would inherit that.
for name in {"SIGHUP", "SIGQUIT", "SIGTERM"} & {*dir(signal)}:  # Windows has one of them
    signal.signal(getattr(signal, name), signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)

# A parallel test process measures its coverage. The programs that it starts must not: they would
# be slower, and leave files in the folders under test.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("COVERAGE_PROCESS_START", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite tests/golden from what the code says now; review the diff",
    )


def pytest_report_header() -> list[str]:
    """Say before the first test what is skipped here, and why."""
    return skipping.lines()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the tests that wait for a real minute, so that each process has its share."""
    waiting = [item for item in items if item.get_closest_marker("slow")]
    if waiting:
        others = [item for item in items if not item.get_closest_marker("slow")]
        gap = len(others) // len(waiting) + 1
        items[:] = []
        for number, item in enumerate(waiting):
            items += [item, *others[number * gap : (number + 1) * gap]]


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the reviewed file of that name, line endings included."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        if not path.exists():
            pytest.fail(f"No golden file {name}. Review what this writes: pytest --update-golden")
        assert text == path.read_bytes().decode(), f"{name}: differs; see pytest --update-golden"

    return compare
