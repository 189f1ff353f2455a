"""What keeps things from firing, and what can be mended of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncp import doctor
from ncp.doctor import mending
from ncp.errors import TASK_FAILED

if TYPE_CHECKING:
    from ncp.applying.site import Site
    from ncp.doctor import Diagnosis
    from ncp.doctor.mending import Mended
    from ncp.model import Finding


@dataclass(frozen=True, slots=True)
class Examined:
    """What was mended before (or would be), and what was found then."""

    mended: tuple[Mended, ...]
    diagnosis: Diagnosis

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything, in the order of looking; each has a `level`, a `message` and a `mend`."""
        return self.diagnosis.findings

    @property
    def code(self) -> int:
        """An exit code of `ncp.errors`: DONE where nothing is wrong any more."""
        failed = any(one.error for one in self.mended)
        return self.diagnosis.exit_code or (TASK_FAILED if failed else 0)


def examine(site: Site, *, fix: bool, dry_run: bool) -> Examined:
    """Check everything that a firing needs; with `fix` mend first what can be mended safely."""
    mended = mending.mend(site, dry_run=dry_run) if fix else []
    return Examined(tuple(mended), doctor.diagnose(site))
