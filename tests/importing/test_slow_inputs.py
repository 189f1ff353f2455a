"""Input up to its stated limit takes a time in proportion to its size: shown by doubling.

What is compared is the fastest of several runs, so that a busy machine makes no difference; a
time that grows with the square would be four times as long, a cube eight times.
"""

from __future__ import annotations

import json
from time import process_time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from hosts import LINUX
from ncp import document
from ncp.declaring import deed
from ncp.declaring.deed import Wish
from ncp.errors import NcpError
from ncp.importing.filling import filled
from ncp.importing.readers import crontab, yaml
from ncp.intake.items import Options
from ncp.intake.opening import Opened
from ncp.model import Schedule
from ncp.taskfile import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOST = 3.0
"""How much longer twice the input may take."""
LEAST = 0.02
"""Seconds below which nothing is slow."""


def fastest(work: Callable[[], object]) -> float:
    """The CPU time of the fastest of five runs."""
    times = []
    for _ in range(5):
        start = process_time()
        work()
        times.append(process_time() - start)
    return min(times)


def require_linear(read: Callable[[str], object], write: Callable[[int], str], size: int) -> None:
    """Hold that twice the size takes about twice the time, as long as it takes any."""
    small, large = (write(n) for n in (size, 2 * size))
    once, twice = fastest(lambda: read(small)), fastest(lambda: read(large))
    assert twice < max(LEAST, MOST * once), f"{once:.3f} s, then {twice:.3f} s"


def crontab_of(text: str) -> object:
    opened = Opened("table", "", text.encode())
    assert crontab.recognises(opened) in {True, False}
    return crontab.read(opened, Options(LINUX, "table"))


LINE = "* * * * * x\n"
TABLES: dict[str, tuple[Callable[[int], str], int]] = {
    "a long comment": (lambda n: f"# {'minute ' * n}\n{LINE}", 20_000),
    "a comment of stars": (lambda n: f"#{'* ' * n}\n{LINE}", 50_000),
    "many comments": (lambda n: f"{'# words' * 3}\n" * n + LINE, 10_000),
    "many headings": (lambda n: "# m h dom mon dow command\n" * n + LINE, 1_000),
    "blanks alone": (lambda n: " " * n + "\n" + LINE, 100_000),
    "blanks before a line": (lambda n: " " * n + LINE, 100_000),
    "blanks in a line": (lambda n: f"*{' ' * n}* * *{' ' * n}* x\n", 100_000),
    "blanks and no field": (lambda n: f"*{' ' * n}\n", 100_000),
    "blanks after a variable": (lambda n: f"A=b{' ' * n}c{' ' * n}\n{LINE}", 100_000),
    "blanks before a value": (lambda n: f"A{' ' * n}={' ' * n}\n", 100_000),
    "a long list": (lambda n: f"{'1,' * n}1 * * * * x\n", 5_000),
    "a list of ranges": (lambda n: f"{'0-59/7,' * n}1 * * * * x\n", 5_000),
    "a long number": (lambda n: f"{'9' * n} * * * * x\n", 50_000),
    "a long name": (lambda n: f"{'x' * n}=b\n", 50_000),
    "a long command": (lambda n: f"* * * * * {'x%' * n}\n", 50_000),
    "backslashes": (lambda n: f"* * * * * {chr(92) * n}\n", 50_000),
    "quotes": (lambda n: f"""A={'"' * n}\n""", 50_000),
    "variables": (lambda n: "".join(f"A{i}=b\n" for i in range(n)) + LINE, 5_000),
    "one variable and lines": (lambda n: f"A=b\n{LINE}" * n, 1_000),
    "lines": (lambda n: LINE * n, 1_000),
    "blocks that do not end": (lambda n: "# >>> ncp >>>\n" * n + LINE, 5_000),
    "carriage returns": (lambda n: "\r\n" * n + LINE, 20_000),
    "a name that is no word": (lambda n: f"* * * * {'mon-' * n} x\n", 20_000),
}


@pytest.mark.parametrize("name", TABLES)
def test_twice_as_long_a_crontab_takes_about_twice_as_long(name: str) -> None:
    write, size = TABLES[name]
    require_linear(crontab_of, write, size)


def document_of(text: str) -> None:
    try:
        document.parse(text)
    except NcpError:
        return


def schedule(tasks: Iterable[dict[str, Any]], **timings: Any) -> str:
    known = {"n": {"cronExpression": "0 2 * * *"}, **timings}
    named = {f"t{number}": task for number, task in enumerate(tasks)}
    return json.dumps({"tasks": named, "timings": known})


def task(timing: str = "n", **keys: Any) -> dict[str, Any]:
    return {"name": "n", "timingId": timing, "command": ["x"], **keys}


def after(*numbers: int) -> dict[str, Any]:
    return task(after=[{"task": f"t{number}"} for number in numbers])


def cron(number: int) -> str:
    return f"{number % 60} {number // 60 % 24} {1 + number // 1440 % 28} * *"


DOCUMENTS: dict[str, tuple[Callable[[int], str], int]] = {
    "a chain": (lambda n: schedule([task(), *(after(i) for i in range(n))]), 1_000),
    "a chain from its end": (
        lambda n: schedule([*(after(i + 1) for i in range(n)), task()]),
        1_000,
    ),
    "a circle": (lambda n: schedule(after((i + 1) % n) for i in range(n)), 1_000),
    "many awaited": (lambda n: schedule([*(task() for _ in range(n)), after(*range(n))]), 1_000),
    "one awaited by many": (lambda n: schedule([task(), *(after(0) for _ in range(n))]), 1_000),
    "old copies": (
        lambda n: schedule(task(cronExpression=cron(i)) for i in range(n)),
        300,
    ),
    "old copies that differ": (
        lambda n: schedule(
            [task(cronExpression="0 2 * * *"), *(task(cronExpression=cron(i)) for i in range(n))]
        ),
        300,
    ),
    "old timings without an id": (
        lambda n: schedule(
            [task(cronExpression="0 2 * * *")],
            **{f"No {i}": {"cronExpression": cron(i)} for i in range(n)},
        ),
        300,
    ),
    "old timings that are missing": (
        lambda n: schedule(task(f"gone{i}", cronExpression=cron(i)) for i in range(n)),
        300,
    ),
    "unknown keys": (lambda n: schedule([{**task(), **{f"key{i}": 1 for i in range(n)}}]), 5_000),
    "a key that comes twice": (
        lambda n: "{" + "".join(f'"k{i}": 1,' for i in range(n)) + '"k0": 1}',
        20_000,
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_twice_as_large_a_document_takes_about_twice_as_long(name: str) -> None:
    write, size = DOCUMENTS[name]
    require_linear(document_of, write, size)


SETTINGS = SimpleNamespace(default_timeout_seconds=300, capture_environment=())
SITE: Any = SimpleNamespace(host=LINUX, settings=SETTINGS)


def imported(text: str) -> None:
    """Take the tasks of a file into a schedule, as an import does."""
    opened = Opened("f", "", text.encode())
    reader = yaml if yaml.recognises(opened) else crontab
    filled(SITE, Schedule(), reader.read(opened, Options(LINUX, "f")).items)


def applied(text: str) -> None:
    """Make an empty schedule what a file says, as an apply does."""
    opened, options = Opened("f", "", text.encode()), Options(LINUX, "f")
    values = {"timeoutSeconds": 300, "workingDirectory": "/"}
    found = reading.read(opened, options, lambda _: "apply:f", values)
    deed.decide(SITE, Schedule(), found.items, Wish("apply:f"))


def declared(tasks: Iterable[dict[str, Any]]) -> str:
    named = ({"name": f"n{i}", "command": ["x"], **one} for i, one in enumerate(tasks))
    return json.dumps({"tasks": [{"cron": "0 9 * * *", **one} for one in named]})


FILES: dict[str, Callable[[int], str]] = {
    "times that differ": lambda n: declared({"cron": cron(i)} for i in range(n)),
    "a chain": lambda n: declared({"after": [f"n{i - 1}"] if i else []} for i in range(n)),
    "a chain that begins nowhere": lambda n: declared({"after": [f"n{i - 1}"]} for i in range(n)),
    "circles": lambda n: declared({"after": [f"n{i ^ 1}"]} for i in range(n)),
    "one circle": lambda n: declared({"after": [f"n{(i + 1) % n}"]} for i in range(n)),
    "another timing": lambda n: declared(
        [{"cron": "0 8 * * *"}, *({"after": ["n0"]} for _ in range(n))]
    ),
    "too long a delay": lambda n: declared(
        {"cron": "* * * * *", "jitterSeconds": 80} for _ in range(n)
    ),
    "one name": lambda n: declared({"name": "n"} for _ in range(n)),
    "merged keys": lambda n: (
        "x-a: &a {command: [x], cron: '0 9 * * *', stdin: 5}\ntasks:\n"
        + "".join(f"  - {{<<: *a, name: n{i}, stdin: 6}}\n" for i in range(n))
    ),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("take", [imported, applied])
def test_twice_as_many_tasks_of_a_file_take_about_twice_as_long(
    name: str, take: Callable[[str], None]
) -> None:
    require_linear(take, FILES[name], 100)


def test_twice_as_many_lines_of_a_crontab_are_imported_in_about_twice_the_time() -> None:
    require_linear(imported, lambda n: "".join(f"{cron(i)} x{i}\n" for i in range(n)), 100)
