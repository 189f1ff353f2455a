"""The compiled artifacts of a target, as the files of one folder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ncp.api import compiling
from ncp.api.exporting.exported import Exported

if TYPE_CHECKING:
    from ncp.applying.site import Site
    from ncp.model import Artifact, File


def export(site: Site, target: str) -> Exported:
    """Compile every timing that has an active task; files that several share are there once."""
    found = compiling.artifacts(site.document.schedule, target, site.host)
    files = {
        _name(file, one): file.text.encode(file.encoding) for one in found for file in one.files
    }
    return Exported(files, folder=True)


def _name(file: File, artifact: Artifact) -> str:
    """A file's own name; a table, such as the crontab, has none, and one for each timing."""
    name = re.split(r"[/\\]", file.path)[-1]
    return name if name != file.path else f"{artifact.timing.id}.{name}"
