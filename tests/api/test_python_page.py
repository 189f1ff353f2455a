"""What docs/python.md shows is what happens."""

from __future__ import annotations

import doctest
import inspect
from pathlib import Path
from typing import TYPE_CHECKING

from ncp import Schedule

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).parents[2] / "docs/python.md"


def test_each_example_of_the_page_is_real(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCP_HOME", str(home))
    monkeypatch.chdir(home.parent)
    text = "\n".join(line for line in PAGE.read_text().splitlines() if not line.startswith("```"))
    page = doctest.DocTestParser().get_doctest(text, {}, "python.md", str(PAGE), 0)
    assert len(page.examples) > 40
    said: list[str] = []
    doctest.DocTestRunner(verbose=False).run(page, out=said.append)
    assert "".join(said) == ""


def test_the_page_names_each_method_of_the_schedule() -> None:
    text = PAGE.read_text()
    public = [name for name, _ in inspect.getmembers(Schedule) if not name.startswith("_")]
    within = {"model", "path", "exists", "host", "upkeep", "reads", "sentence", "next_slots", "log"}
    within |= {"update_tasks", "take_along"}
    assert [name for name in public if f"{name}" not in text and name not in within] == []
