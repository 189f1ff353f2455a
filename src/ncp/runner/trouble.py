"""A ledger that cannot be written while tasks run: a full disk, a lock, a home gone read-only.

The tasks go on, what is to be recorded waits and is tried again. Where that does
not help, the rows stay open, and whoever looks next closes them.
"""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ncp.daylog import Daylog

RETRY_SECONDS = 0.5
QUIET_SECONDS = 2
"""Another process may hold the lock for a moment: nothing to talk about."""
PATIENCE_SECONDS = 30
"""How long a runner with nothing else to do waits for a ledger to be writable again."""


class Trouble:
    """Since when it has been so, when to try again, and when to give up."""

    __slots__ = ("_log", "_said", "_since", "_words", "next_try")

    def __init__(self, log: Daylog, error: Exception) -> None:
        self._log, self._words, self._said = log, str(error), False
        self._since = time.monotonic()
        self.next_try = 0.0
        """When (monotonic) to try again."""

    def again(self, error: Exception) -> None:
        """Put it off; say once what is wrong."""
        self._words, now = str(error), time.monotonic()
        self.next_try = now + RETRY_SECONDS
        if not self._said and ("locked" not in self._words or now - self._since > QUIET_SECONDS):
            self._said = True
            self._log.alarm(
                f"The ledger cannot be written ({self._words}): tasks go on, and what becomes of"
                " them is recorded as soon as it can be."
            )

    def over(self) -> None:
        """Say that it is written again, where there was talk of it."""
        if self._said:
            took = time.monotonic() - self._since
            self._log.note(f"The ledger could be written again after {took:.1f}s.")

    def hopeless(self) -> bool:
        """Tell whether it has lasted too long to wait for."""
        return time.monotonic() - self._since > PATIENCE_SECONDS

    def give_up(self, count: int) -> None:
        """Say what is left behind."""
        self._log.alarm(
            f"What became of {count} executions could not be recorded ({self._words}); the next"
            " command or firing closes them as interrupted. See that the disk has room, and that"
            " the home may be written."
        )
