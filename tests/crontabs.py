"""Lines of crontabs, written at random, as the real `crontab -n` and the import judge them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hosts import LINUX
from ncp.importing.readers import crontab
from ncp.intake.items import Options
from ncp.intake.opening import Opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from campaigns import Tally

WORDS = ("jan", "Feb", "dec", "sun", "MON", "sat", "tues", "L", "?", "W", "x")
LIMITS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
BLANKS = (" ", " ", " ", " ", "\t", "  ", " \t ", "\u00a0", "\x1f", "\v", "")
COMMANDS = (
    *("x", "/usr/bin/true", "cd / && run", "cat%a%b", "cat%%", "%a", "echo \\%", "", " ", "\r"),
    *("*x", "* curl", "root x", "1-5 y", "échó", "x\\", "'\"", "a\tb", "x" * 998, "x" * 999),
)
MACROS = ("@daily", "@hourly", "@reboot", "@midnight", "@Daily", "@", "@weekly", "@every_minute")
VARIABLES = ("A=b", "A = b", 'A=""', "A=", "'A B'=c", 'A="b" c', "A B=c", "=x", "A=b=c", "A=\rb")
ODD = "*/,-#~%?=@\"' \t\r\x00a09Lé\u00a0\u00b2\f"
"""What a mutation puts in."""
REFUSED = ("cron refuses this line", "cron takes no command")
CARRIAGE = re.compile(r"[ \t]*\r[ \t\r]*")
"""The one documented difference: blank, but for a carriage return."""


def line(source: Random) -> str:
    """Write a line that may or may not be one of a crontab."""
    kind = source.random()
    if kind < 0.1:
        text = source.choice(VARIABLES)
    elif kind < 0.2:
        text = f"{source.choice(MACROS)}{source.choice(BLANKS)}{source.choice(COMMANDS)}"
    else:
        pieces = [piece for limits in LIMITS for piece in (_field(source, *limits), _blank(source))]
        text = "".join([*pieces, source.choice(COMMANDS)])
    for _ in range(source.choice((0, 0, 0, 1, 2))):
        text = _mutated(source, text)
    return text.replace("\0", "").replace("\n", "")


def _blank(source: Random) -> str:
    return source.choice(BLANKS) if source.random() < 0.2 else " "


def _field(source: Random, low: int, high: int) -> str:
    return ",".join(_item(source, low, high) for _ in range(source.choice((1, 1, 1, 2, 4))))


def _item(source: Random, low: int, high: int) -> str:
    first = source.choice(("*", "*", _value(source, low, high)))
    last = f"-{_value(source, low, high)}" if source.random() < 0.3 else ""
    step = f"/{_value(source, 0, 2 * high)}" if source.random() < 0.3 else ""
    return f"{first}{last}{step}"


def _value(source: Random, low: int, high: int) -> str:
    kind = source.random()
    if kind < 0.1:
        return source.choice(WORDS)
    if kind < 0.15:
        return "0" * source.choice((1, 5, 998, 999, 1500)) + str(source.randint(low, high))
    if kind < 0.2:
        return str(source.choice((2**31 - 1, 2**31, 2**32, 2**32 + 3, 2**64 + 1, -1, high + 1)))
    return str(source.randint(low, high))


def _mutated(source: Random, text: str) -> str:
    at = source.randrange(len(text) + 1)
    drop = source.choice((0, 0, 1, 3))
    return text[:at] + source.choice(ODD) + text[at + drop :]


def campaign(tally: Tally, seed: int, count: int) -> Tally:
    """Compare what both say of that many lines, each in a table of its own."""
    source = Random(seed)
    with TemporaryDirectory() as folder:
        for _ in range(count):
            text = line(source)
            _compare(tally, text, Path(folder) / "table")
    return tally


def _compare(tally: Tally, text: str, file: Path) -> None:
    data = f"{text}\n".encode()
    file.write_bytes(data)
    real = subprocess.run(["crontab", "-n", str(file)], capture_output=True, check=False)
    theirs, ours = real.returncode == 0, not any(_refusals(data))
    tally.counts["accepted" if theirs else "refused"] += 1
    if CARRIAGE.fullmatch(text):
        tally.counts["blank with a carriage return"] += 1
    elif theirs != ours:
        said = real.stderr.decode(errors="replace").partition("\n")[0]
        tally.complaints.append(f"{text!r}: cron says {said!r}, ncp {[*_refusals(data)]}")


def _refusals(data: bytes) -> Iterator[str]:
    opened = Opened("table", "", data)
    found = crontab.read(opened, Options(LINUX, "table", user_column=False))
    return (str(item.refusal) for item in found.items if str(item.refusal).startswith(REFUSED))
