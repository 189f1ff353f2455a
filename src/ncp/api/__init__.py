"""The Python API. The command line is a thin face on it.

from ncp import Schedule

schedule = Schedule()
created = schedule.create_task("weekdays at 9am", ["/usr/local/bin/backup", "/home"])
print(created.timing.id)  # weekdays-9am
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ncp.api.answers import Created, Updated
    from ncp.api.catching_up import CaughtUp
    from ncp.api.cleaning import Cleaned
    from ncp.api.compiling import Compiled
    from ncp.api.examining import Examined
    from ncp.api.exporting.exported import Exported
    from ncp.api.imports import Applied, Imported
    from ncp.api.looking import Coming, Explained
    from ncp.api.removing import Left
    from ncp.api.running import Ran
    from ncp.api.schedule import Schedule
    from ncp.api.servers import Argument, Offers, Servers
    from ncp.api.upkeep import Waiting
    from ncp.applying.changing import Outcome
    from ncp.intake.items import Line, Report
    from ncp.mcp.catalog import Catalog
    from ncp.mcp.definition import Server
    from ncp.mcp.exchange import Result
    from ncp.mcp.importing import Offer

MODULES = {
    "Applied": "ncp.api.imports",
    "Argument": "ncp.api.servers",
    "Catalog": "ncp.mcp.catalog",
    "CaughtUp": "ncp.api.catching_up",
    "Cleaned": "ncp.api.cleaning",
    "Coming": "ncp.api.looking",
    "Compiled": "ncp.api.compiling",
    "Created": "ncp.api.answers",
    "Examined": "ncp.api.examining",
    "Explained": "ncp.api.looking",
    "Exported": "ncp.api.exporting.exported",
    "Imported": "ncp.api.imports",
    "Left": "ncp.api.removing",
    "Line": "ncp.intake.items",
    "Offer": "ncp.mcp.importing",
    "Offers": "ncp.api.servers",
    "Outcome": "ncp.applying.changing",
    "Ran": "ncp.api.running",
    "Report": "ncp.intake.items",
    "Result": "ncp.mcp.exchange",
    "Schedule": "ncp.api.schedule",
    "Server": "ncp.mcp.definition",
    "Servers": "ncp.api.servers",
    "Updated": "ncp.api.answers",
    "Waiting": "ncp.api.upkeep",
}
"""Where each name is; loaded when it is asked for."""
__all__ = [
    "Applied",
    "Argument",
    "Catalog",
    "CaughtUp",
    "Cleaned",
    "Coming",
    "Compiled",
    "Created",
    "Examined",
    "Explained",
    "Exported",
    "Imported",
    "Left",
    "Line",
    "Offer",
    "Offers",
    "Outcome",
    "Ran",
    "Report",
    "Result",
    "Schedule",
    "Server",
    "Servers",
    "Updated",
    "Waiting",
]


def __getattr__(name: str) -> object:
    """Load a class when it is asked for: what is answered at once needs none of them."""
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415  see above

    return getattr(import_module(MODULES[name]), name)
