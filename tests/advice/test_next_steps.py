"""Every next step that ncp prints is followed, and the complaint is gone or another one.

The sites are found in the source (`sites`). A site is covered where a case of
`situations` prints its advice. `EXCUSED` has those that no test can follow, and
why; `OWED` those that nobody has written a case for yet. A new site fails here:
add a row to `situations.CASES`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from advice.following import Case, Room, Typed, Watch, marked, read, unread, ways
from advice.sites import sites
from advice.situations import CASES, EXCUSED, OWED

if TYPE_CHECKING:
    from cli.conftest import Ncp

pytest_plugins = ("cli.conftest",)
KNOWN = sites()


def prepare(room: Room, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in case.files.items():
        path = room.ncp.home / name.removeprefix("HOME/") if name.startswith("HOME/") else None
        (path or room.ncp.user_home / name).write_text(text)
    for line in case.before:
        done = room.type(line)
        assert done.code == 0, (line, done)
    if case.set_up:
        case.set_up(room.ncp, monkeypatch)


def complaint(said: Typed, about: str) -> tuple[str, str]:
    """What is complained of, and the advice: the last line of what was said, or doctor's."""
    text = said.err + said.out if about else said.err
    lines = [line for line in text.strip().splitlines() if line]
    if about:
        at = next(n for n, line in enumerate(lines) if about in line)
        what, _, mend = "\n".join(lines[at : at + 2]).partition("To mend it: ")
        return what.split(None, 1)[1].strip(), f"Run: {mend.splitlines()[0]}"
    start = next((n for n, line in enumerate(lines) if line.startswith("Error: ")), 0)
    return lines[start].removeprefix("Error: "), lines[-1]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.line[:70])
def test_what_ncp_says_to_do_next_ends_the_complaint(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    room = Room(ncp, case.fill)
    prepare(room, case, monkeypatch)
    watch = Watch(monkeypatch)
    said = room.type(case.line)
    assert said.code or case.about, said
    text = said.err + (said.out if case.about else "")
    assert {*case.sites.split()} <= watch.sites(said.err + said.out, KNOWN), (
        "it comes from elsewhere now"
    )
    what, advice = complaint(said, case.about)
    lines = case.then or ways(advice, what, case.line)
    assert lines, f"Say in `then` how to follow: {advice}"
    assert not unread(case.then, text), text
    assert case.says in text, text
    done = [room.type(room.filled(read(line, text))) for line in lines][-1]
    assert done.code in case.code, (lines, done)
    assert what not in done.err + done.out, (lines, done)


def test_every_next_step_of_the_source_is_followed_excused_or_owed() -> None:
    followed = {site for case in CASES for site in case.sites.split()}
    left = {
        site.name
        for site in KNOWN
        if site.name not in followed and not site.name.startswith(tuple(EXCUSED))
    }
    new, done = sorted(left - OWED), sorted(OWED - left)
    assert not new, f"Nobody follows what these say. Add a Case for each: {new}"
    assert not done, f"These are followed, or gone: take them out of OWED: {done}"


def test_an_excuse_is_for_something_and_no_case_needs_one() -> None:
    names = [site.name for site in KNOWN]
    followed = {site for case in CASES for site in case.sites.split()}
    assert all(any(name.startswith(excused) for name in names) for excused in EXCUSED)
    assert not [site for site in followed if site.startswith(tuple(EXCUSED))]
    assert all(case.sites for case in CASES)


def test_what_a_row_types_by_hand_was_read_in_the_advice() -> None:
    """So that an advice whose wording changes is noticed."""
    blind = [case.line for case in CASES if case.then and not case.says and not marked(case.then)]
    assert not blind, f"Put « » around what was read in the advice, or fill `says`: {blind}"
