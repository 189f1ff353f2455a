"""A crontab's lines back to wake-ups, as Vixie cron reads them (entry.c, crontab(5)).

It knows nothing of how ncp writes them, and refuses what Debian's crontab
refuses or cron would not run as it stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ncp.errors import SchedulerError
from ncp.model import Rule
from ncp.targets.contract import Wakes

if TYPE_CHECKING:
    from ncp.model import Artifact, Follows, Host

_LINE = re.compile(r"[ \t]*(\S+)[ \t]+(\S+)[ \t]+(\S+)[ \t]+(\S+)[ \t]+(\S+)[ \t]+(.+)")
_ITEM = re.compile(r"(?:(?P<all>\*)|(?P<low>\d+)(?:-(?P<high>\d+))?)(?P<step>/\d+)?")
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_DAY, _WEEKDAY = 2, 4
_MAX_COMMAND = 1000


def read(artifact: Artifact, host: Host) -> tuple[Wakes, ...]:  # noqa: ARG001  the contract's form
    """Read every entry of a table; SchedulerError where cron would not run one as written.

    A line whose minute or hour starts with `*` follows real time where clocks
    change; any other runs right after a jump, and once in a repeated hour
    (cron(8) of Debian, and its source for changes of less than three hours).
    """
    text = "".join(file.text for file in artifact.files)
    if not text.endswith("\n"):
        raise _refused(text.rpartition("\n")[2], "has no newline at its end")
    lines = [
        line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")
    ]
    return (Wakes(tuple(rule for line in lines for rule in parse(line))),)


def parse(line: str) -> tuple[Rule, ...]:
    """Read one entry: one rule, or two where either day field is enough."""
    match = _LINE.fullmatch(line)
    if match is None:
        raise _refused(line, "does not have five fields and a command")
    _check_command(line, match[6])
    minutes, hours, days, months, weekdays = (
        _values(line, match[number + 1], low, high) for number, (low, high) in enumerate(_RANGES)
    )
    weekdays = tuple(sorted({day % 7 for day in weekdays}))
    both = any(match[number + 1].startswith("*") for number in (_DAY, _WEEKDAY))
    choices = [(days, weekdays)] if both else [(days, None), (None, weekdays)]
    starred = match[1].startswith("*") or match[2].startswith("*")
    follows: Follows = "elapsed" if starred else "wall"
    return tuple(Rule(minutes, hours, d, months, w, follows) for d, w in choices)


def _check_command(line: str, command: str) -> None:
    """Check that the whole of a command reaches the shell."""
    size = len(command.encode(errors="surrogateescape"))
    if size >= _MAX_COMMAND - 1:
        raise _refused(line, f"has a command of {size} bytes, more than cron runs")
    if re.fullmatch(r"(?:\\.|[^\\%])*", command) is None:
        raise _refused(line, "has a % at which cron ends the command")


def _values(line: str, text: str, low: int, high: int) -> tuple[int, ...]:
    values: set[int] = set()
    for item in text.split(","):
        match = _ITEM.fullmatch(item)
        if match is None:
            raise _refused(line, f'has the piece "{item}", which is not a number, range or step')
        ranged = match["all"] or match["high"]
        if match["step"] and not ranged:
            raise _refused(line, f'has the step "{item}" without a range')
        first = low if match["all"] else int(match["low"])
        last = high if match["all"] else int(match["high"] or match["low"])
        step = int((match["step"] or "/1")[1:])
        if not (low <= first <= last <= high and step):
            raise _refused(line, f'has the piece "{item}", which never comes')
        values.update(range(first, last + 1, step))
    return tuple(sorted(values))


def _refused(line: str, why: str) -> SchedulerError:
    return SchedulerError(
        f'"{line}" {why}.', where="crontab", next_step="This is a defect of ncp: please report it."
    )
