"""A command comes after `--` only: a line with too many words is refused with the corrected line.

Guessing would run what was not meant: `create "every day" at 6am` is no task that runs `at 6am`,
and `update a b c --schedule hourly` changes three tasks, not the command of one.
"""

from __future__ import annotations

import re
import shlex
from collections import deque
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ncp.api import Schedule, resolving
from ncp.cli import unquoted
from ncp.errors import InputError, NcpError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import click

TOOL = re.compile(r"[A-Za-z][\w.-]*:[A-Za-z][\w./-]*")
"""What `14:30` and `2031-01-01T08:00Z` are not."""
INSTEAD = frozenset({"--tool", "--step"})
"""What a new task may have instead of a command."""
SAFE = re.compile(r"[^\"$`\\!\n]*")


def apart(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split a line at its first `--`: what is ncp's, and the command."""
    words = list(arguments)
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at + 1 :]


def refused(
    path: str, params: Sequence[click.Parameter], head: Sequence[str], tail: Sequence[str] = ()
) -> InputError | None:
    """Correct a line of which `head`, what stands before `--`, has too many words.

    `path` is the command as typed ("ncp schedule create"). None where each word has its place.
    """
    names = {name: one for one in params for name in (*one.opts, *one.secondary_opts)}
    meant = unquoted.joined(names, head, command=bool(tail))
    whole = bool(tail) and any(one.name == "tasks" for one in params)  # what is left are tasks
    found = None if whole else _misplaced(path, params, names, meant, tail)
    if found is not None or meant == list(head):
        return found
    line = [path, *map(quoted, meant), *(_command(tail, ()) if tail else ())]
    return InputError(unquoted.said(head, meant), where=path, next_step=f"Write: {' '.join(line)}")


def _misplaced(
    path: str,
    params: Sequence[click.Parameter],
    names: Mapping[str, click.Parameter],
    head: Sequence[str],
    tail: Sequence[str],
) -> InputError | None:
    """Correct a line in which words that belong to no option have no place."""
    arguments = {one.name for one in params if one.param_type_name == "argument"}
    words, options = _sorted(names, head, len(head))
    plain = _leading(words)
    if not plain:
        return None
    if "schedule" in arguments:
        old_order(plain[0], plain[1:2], path, options)
        own = unquoted.schedule(plain)
    else:
        own = _of_tasks(plain) if "tasks" in arguments else 1
    words, options = _sorted(names, head, own)
    rest = words[own:]
    if not rest and (own == 1 or "schedule" not in arguments):
        return None
    if rest and rest[0].startswith("-"):  # no program's name: an option of ours, not well written
        return None
    mine = [" ".join(words[:own])] if "schedule" in arguments else words[:own]
    line = [path, *map(quoted, mine), *map(quoted, options)]
    if "words" in arguments:
        line += _command([*rest, *tail], options)
    elif rest:
        return None
    return InputError(
        f'"{rest[0]}" has no place here: a command comes after --.'
        if rest
        else "A schedule of several words is quoted as a whole.",
        where=path,
        next_step=f"Write: {' '.join(line)}",
    )


def old_order(schedule: str, after: Sequence[str], path: str, options: Sequence[str] = ()) -> None:
    """Refuse `create <tool> <schedule>`, the order of old, with the new form."""
    if TOOL.fullmatch(schedule) and path.endswith(" create"):
        when = after[0] if after else "every day at 9am"
        line = [path, f'"{when}"', "--tool", schedule, *map(quoted, options)]
        raise InputError(
            "The schedule comes first, then the tool.",
            where=f"{path} {schedule}",
            next_step=f"Write: {' '.join(line)}",
        )


def quoted(text: str) -> str:
    """Quote a text for a shell as people do: double quotes where they change nothing."""
    found = shlex.quote(text)
    return f'"{text}"' if found != text and SAFE.fullmatch(text) else found


def _command(words: Sequence[str], options: Sequence[str]) -> list[str]:
    if not words and not INSTEAD.isdisjoint(options):
        return []
    return ["--", *map(shlex.quote, words or ["/usr/bin/true"])]


def _leading(words: Sequence[str]) -> list[str]:
    """The words before the first that looks like an option of somebody else's."""
    dashed = [number for number, word in enumerate(words) if word[:1] == "-" and word != "-"]
    return list(words[: dashed[0]] if dashed else words)


def _sorted(
    names: Mapping[str, click.Parameter], head: Sequence[str], own: int
) -> tuple[list[str], list[str]]:
    """Tell words from ncp's options with their values.

    Once the `own` words are there, a short option is taken for one of the command: `tar -C /srv`.
    """
    words: list[str] = []
    options: list[str] = []
    rest = deque(head)
    while rest:
        word = rest.popleft()
        name, equals, _ = word.partition("=")
        param = names.get(name) if word.startswith("-") else None
        if param is None or (len(words) > own and not name.startswith("--")):
            words.append(word)
            continue
        options.append(word)
        if not getattr(param, "is_flag", False) and not equals and rest:
            options.append(rest.popleft())
    return words, options


def _of_tasks(words: Sequence[str]) -> int:
    """Count the words that are tasks, or are probably meant to be."""
    try:
        known = Schedule().model
    except NcpError:
        return len(words)  # the command says what is wrong with it
    names = [*known.timings, *(task.name for task in known.tasks.values())]
    for count, word in enumerate(words):
        try:
            resolving.task(known, word)
        except NotFoundError:
            probably = count == 0 or get_close_matches(word, names, n=1)
            return len(words) if probably else count
        except InputError:
            continue  # several tasks of that name
    return len(words)
