"""Entries of other homes, and of homes that are gone: who has some, and how they are removed."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from ncp.applying import installing
from ncp.host import observe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.model import Host, Tenant

ELSEWHERE = {"darwin": ("launchd", "cron"), "windows": ("schtasks",)}
"""The targets that can hold entries, by the system; on any other it is `USUAL`."""
USUAL = ("systemd", "cron")


class Orphan(NamedTuple):
    """A home whose entries call a launcher that is not there."""

    target: str
    tenant: Tenant


def orphans(host: Host) -> Iterator[Orphan]:
    """List the homes, other than this one, whose entries fire for nothing."""
    for name in ELSEWHERE.get(host.system, USUAL):
        homes = import_module(f"ncp.targets.{name}.homes")
        for tenant in homes.tenants(observe(homes.survey(host))):
            if tenant.tag != host.tag and not os.path.lexists(tenant.launcher):
                yield Orphan(name, tenant)


def said(orphan: Orphan) -> str:
    """Say what stands there for nothing."""
    count, tenant = len(orphan.tenant.keys), orphan.tenant
    kind = "entry of" if count == 1 else "entries of"
    return (
        f"{count} {orphan.target} {kind} ncp ({', '.join(map(_short, tenant.keys[:3]))}"
        f"{', …' if count > 3 else ''}) {'calls' if count == 1 else 'call'} {tenant.launcher},"
        " which is gone, so they fire for nothing."
    )


def _short(key: str) -> str:
    return re.split(r"[/\\]", key)[-1]


def remove(orphan: Orphan, host: Host) -> None:
    """Remove the entries of a home that is gone; the user's lock must be held."""
    home = os.path.dirname(os.path.dirname(orphan.tenant.launcher))  # noqa: PTH120  it may be undecodable
    installing.install([], orphan.target, replace(host, home=home, tag=orphan.tenant.tag))
