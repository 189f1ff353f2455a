"""The user's crontab as text: ncp's own marked block, and everything else.

Everything outside the block stays as it is, byte for byte. A new block goes to
the top, so that no `CRON_TZ=`, `SHELL=` or `PATH=` line of the user's stands
above it; one that is there stays where it is. Debian's crontab refuses a table
without a final newline, so a missing one is added, and it stays when the block
goes: nothing could install the table without it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncp.errors import SchedulerError
from ncp.rendering import render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncp.model import Host

MARKER = re.compile(r"# (?P<sign>>>>|<<<) ncp(?: (?P<tag>[0-9a-f]{8}))? (?P=sign)\s*")
BEGIN, END = ">>>", "<<<"


@dataclass(frozen=True, slots=True)
class Table:
    """A crontab in three parts; `block` holds the lines between our markers, or is None.

    `first_line` is the number of the first of them.
    """

    before: str
    block: tuple[str, ...] | None
    after: str
    first_line: int = 0


def marker(sign: str, host: Host) -> str:
    """The line that begins (`>>>`) or ends (`<<<`) the block of a home."""
    return " ".join(filter(None, ("#", sign, "ncp", host.tag, sign)))


def block(entries: Iterable[str], host: Host) -> str:
    """Put entries between the markers of a home."""
    return render(
        "cron.block.j2",
        begin=marker(BEGIN, host),
        end=marker(END, host),
        entries=[entry.removesuffix("\n") + "\n" for entry in entries],
    )


def split(text: str, host: Host) -> Table:
    """Find the block of a home; SchedulerError where its markers do not pair up."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    found = _block(_markers(lines), host)
    if found is None:
        return Table("", None, text)
    begin, end = found
    inner = tuple(line.removesuffix("\n") for line in lines[begin : end - 1])
    return Table("".join(lines[: begin - 1]), inner, "".join(lines[end:]), begin + 1)


def _markers(lines: Iterable[str]) -> list[tuple[int, str, str]]:
    """List (line number, sign, tag) of every ncp marker, also of other homes."""
    matches = ((number, MARKER.fullmatch(line)) for number, line in enumerate(lines, 1))
    return [(number, match["sign"], match["tag"] or "") for number, match in matches if match]


def _block(markers: Iterable[tuple[int, str, str]], host: Host) -> tuple[int, int] | None:
    """Find the line numbers of our two markers."""
    begin = end = 0
    for number, sign, tag in markers:
        inside = begin > end
        if inside and (tag != host.tag or sign == BEGIN):
            raise _damaged(number, f"begins or ends a block inside the one of line {begin}")
        if tag != host.tag:
            continue
        if not inside and sign == END:
            raise _damaged(number, "ends a block that does not begin")
        if sign == END:
            end = number
        elif end:
            raise _damaged(number, f"begins a second block; the first is on line {begin}")
        else:
            begin = number
    if begin > end:
        raise _damaged(begin, "begins a block that does not end")
    return (begin, end) if begin else None


def _damaged(number: int, what: str) -> SchedulerError:
    return SchedulerError(
        f"A marker of ncp {what}, so ncp cannot tell which lines are its own.",
        where=f"crontab, line {number}",
        next_step="Remove the lines that are too many with: crontab -e",
    )


def joined(table: Table, entries: Iterable[str], host: Host) -> str:
    """Put a table together with these entries in its block, or without a block."""
    texts = list(entries)
    ours = block(texts, host) if texts else ""
    after = table.after if table.after.endswith("\n") or not table.after else f"{table.after}\n"
    return f"{table.before}{ours}{after}"
