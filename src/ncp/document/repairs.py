"""Documents of the old tool's second version: what they say twice, or not at all, put right.

Its tasks carry copies of their timing's expression and zone, which can be stale, and their
counters. It made one id of several expressions, so that a timing can have tasks that meant
another one; it left timings out, and never looked at expressions.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ncp.cron import expression, naming, wording, zones
from ncp.document.text import shown
from ncp.document.waiting import known_status
from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ncp.model import Recurrence

    Tree = dict[str, Any]

EXPRESSION = "cronExpression"
COPIES = (EXPRESSION, "timezone")
COUNTERS = ("executionCount", "lastExecutionId", "lastExecutionAt")
NEVER = "never"
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A tree, what was repaired in it, and the counters that stood in its tasks, by their ids."""

    tree: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    counters: tuple[tuple[str, Mapping[str, Any]], ...] = ()


def repaired(tree: Mapping[str, Any]) -> Repaired:
    """Put right what the old tool wrote; a tree without its marks is left as it is."""
    tasks, timings = tree.get("tasks", {}), tree.get("timings", {})
    if not _of_trees(tasks) or not _of_trees(timings) or not any(map(_is_old, tasks.values())):
        return Repaired(tree)
    work = _Repairing({key: {**one} for key, one in timings.items()}, tasks.values())
    new = {key: work.task(key, one) for key, one in tasks.items()}
    work.lists(new)
    counters = tuple((key, one) for key, one in tasks.items() if one.get("executionCount"))
    return Repaired({**tree, "tasks": new, "timings": work.timings}, tuple(work.notes), counters)


def _of_trees(section: object) -> bool:
    return isinstance(section, dict) and all(isinstance(one, dict) for one in section.values())


def _is_old(task: Tree) -> bool:
    return any(key in task for key in (*COPIES, *COUNTERS))


class _Repairing:
    """The timings of a document while its tasks are gone through, and what was done."""

    def __init__(self, timings: dict[str, Tree], tasks: Iterable[Tree]) -> None:
        self.timings = timings
        self.notes: list[str] = []
        self._unreadable: dict[str, str] = {}
        for key, timing in timings.items():
            self._timing(key, timing)
        self._identities = {key: _identity(one) for key, one in timings.items()}
        self._taken = {key: found or key for key, found in self._identities.items()}
        self._renamed = {old: self._rename(old) for old in [*timings] if not _ID.fullmatch(old)}
        self._holders: dict[str, str] = {}
        for key, found in self._identities.items():
            self._holders.setdefault(found or "", key)
        self._agreed = {
            self._timing_id(task)
            for task in tasks
            if _has_copy(task)
            and self._timing_id(task) in timings
            and self._wanted(task) == self._identities[self._timing_id(task)]
        }

    def _timing(self, key: str, timing: Tree) -> None:
        """Let a timing have the id it stands under, and never come where it cannot be read."""
        if timing.get("id", key) != key:
            self.notes.append(f'timings["{key}"]: its id {shown(timing["id"])} is that key now.')
            timing["id"] = key
        trouble = "" if timing.get("cronExpression") is None else _trouble(timing)
        if trouble:
            self._unreadable[key] = trouble
            timing |= {"cronExpression": None, "timezone": None, NEVER: True}
            why = f"{EXPRESSION}: {trouble}"
            self.notes.append(f'timings["{key}"]: {why}; its tasks wait to be mended.')

    def _rename(self, old: str) -> str:
        """Give a timing whose id is none another one."""
        timing = self.timings.pop(old)
        wanted = _identity(timing)
        plain = NEVER if wanted is None else naming.timing_id(_recurrence(timing), _zone(timing))
        del self._identities[old], self._taken[old]
        new = naming.unique_id(plain, wanted or ascii(old), self._taken)
        self.timings.setdefault(new, {**timing, "id": new})
        self._identities.setdefault(new, wanted)
        self._taken.setdefault(new, wanted or new)
        if old in self._unreadable:
            self._unreadable[new] = self._unreadable[old]
        self.notes.append(f"timings[{shown(old)}]: it cannot be an id; it is {new} now.")
        return new

    def _timing_id(self, task: Tree) -> str:
        """The timing that a task names; what is no text is none."""
        found = task.get("timingId")
        return self._renamed.get(found, found) if isinstance(found, str) else ""

    def task(self, key: str, old: Tree) -> Tree:
        """Give a task a timing that is there, and what it meant; copies and counters go."""
        task = {name: value for name, value in old.items() if name not in (*COPIES, *COUNTERS)}
        where = f'tasks["{key}"]'
        if task.get("id", key) != key:
            self.notes.append(f"{where}: its id {shown(task['id'])} is that key now.")
            task["id"] = key
        timing_id = self._timing_id(old)
        if timing_id in self.timings:
            task["timingId"] = timing_id
        if timing_id in self._unreadable:
            return {**task, **_waiting(old, self._unreadable[timing_id])}
        if timing_id not in self.timings:
            return self._without_timing(task, old, where)
        if _has_copy(old):
            task["timingId"] = self._meant(timing_id, old, where)
        return task

    def _copy(self, old: Tree) -> Tree:
        """The copy in a task, in the zone of its timing where it says none."""
        timing = self.timings[self._timing_id(old)]
        return {"timezone": timing.get("timezone"), **_said(old)}

    def _wanted(self, old: Tree) -> str | None:
        return _identity(self._copy(old))

    def _meant(self, timing_id: str, old: Tree, where: str) -> str:
        """Choose between a timing and a copy that says otherwise.

        It is stale, unless another task agrees with the timing: then one id had two expressions.
        """
        wanted = self._wanted(old)
        if wanted is None or wanted == self._identities[timing_id]:
            return timing_id
        if timing_id not in self._agreed:
            self.notes.append(
                f"{where}: its copy {shown(old['cronExpression'])} was stale;"
                f" {timing_id} says {shown(self.timings[timing_id].get('cronExpression'))}."
            )
            return timing_id
        found = self._timing_of(self._copy(old), wanted)
        self.notes.append(f"{where}: two expressions shared {timing_id}; this one is {found} now.")
        return found

    def _without_timing(self, task: Tree, old: Tree, where: str) -> Tree:
        """Make the timing that is missing out of the copy in its task."""
        missing = shown(task.get("timingId"))
        trouble = _trouble(old)
        if trouble:
            self.timings.setdefault(NEVER, {"id": NEVER, "name": "Never", NEVER: True})
            why = f"{EXPRESSION}: {trouble}"
            self.notes.append(f"{where}: its timing {missing} is missing, and {why}.")
            return {**task, "timingId": NEVER, **_waiting(old, trouble)}
        found = self._timing_of(_said(old), str(_identity(old)))
        self.notes.append(f"{where}: its timing {missing} was missing; it is {found} now.")
        return {**task, "timingId": found}

    def _timing_of(self, copy: Tree, wanted: str) -> str:
        """Find the timing of a copy, or make it."""
        if wanted in self._holders:
            return self._holders[wanted]
        recurrence, zone = _recurrence(copy), _zone(copy)
        key = naming.unique_id(naming.timing_id(recurrence, zone), wanted, self._taken)
        self.timings[key] = {
            "id": key,
            "name": wording.timing_name(recurrence, zone),
            **_said(copy),
        }
        self._identities[key] = self._taken[key] = wanted
        self._holders[wanted] = key
        return key

    def lists(self, tasks: Mapping[str, Tree]) -> None:
        """Say which timings list tasks that are not there; reading leaves those out."""
        for key, timing in self.timings.items():
            listed = timing.get("taskIds", ())
            gone = [one for one in listed if one not in tasks] if isinstance(listed, list) else []
            if gone:
                self.notes.append(f'timings["{key}"]: it listed tasks that are none: {len(gone)}.')


def _has_copy(old: Tree) -> bool:
    return isinstance(old.get("cronExpression"), str) and not _trouble(old)


def _said(old: Tree) -> Tree:
    return {key: old[key] for key in COPIES if old.get(key) is not None}


def _waiting(old: Tree, trouble: str) -> Tree:
    return {
        "status": "error",
        "errorMessage": f"{EXPRESSION}: {trouble}",
        "complaints": [{"key": EXPRESSION, "reason": trouble}],
        "statusBefore": known_status(old.get("status")),
        "original": json.dumps(old, ensure_ascii=False),
    }


def _identity(tree: Tree) -> str | None:
    """What makes a timing itself; None for one that is no line of cron's."""
    if _trouble(tree) or tree.get("every") is not None:
        return None
    return naming.identity(_recurrence(tree), _zone(tree))


def _trouble(tree: Tree) -> str:
    """Say why the expression or the zone cannot be used; empty where they can."""
    if not isinstance(tree.get("cronExpression"), str):
        return f"{shown(tree.get('cronExpression'))} is not an expression"
    try:
        _recurrence(tree)
        _zone(tree)
    except InputError as error:
        return f"{shown(tree['cronExpression'])}: {error.what.rstrip('.')}"
    return ""


def _recurrence(tree: Tree) -> Recurrence:
    return expression.parse(tree["cronExpression"])


def _zone(tree: Tree) -> str | None:
    name = tree.get("timezone")
    return None if name is None or name == "local" else zones.zone(str(name)).key
