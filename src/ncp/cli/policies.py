"""What people type to say when and whether a task starts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ncp.errors import InputError
from ncp.model import Retries

if TYPE_CHECKING:
    from collections.abc import Mapping


def retries(before: Retries | None, **given: Any) -> Retries | None:
    """Change retries by those fields that are given (not None); None where none are."""
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        return None
    if before is None and "attempts" not in changes:
        raise InputError(
            "How many times shall it be tried again?",
            where="--retries",
            next_step="Write for example: --retries 3",
        )
    return replace(before or Retries(changes["attempts"]), **changes)


def retries_said(found: Mapping[str, Any]) -> str:
    """Say in a line what `get --json` holds of retries."""
    one = Retries(found["attempts"])
    delay, factor = found.get("delaySeconds", one.delay_seconds), found.get("backoff", one.backoff)
    cause = found.get("on", one.on)
    after = "failure or timeout" if cause == "both" else cause
    return (
        f"{one.attempts} more after {after}, first {delay:g} s later, then {factor:g} times as long"
    )
