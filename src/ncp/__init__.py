"""ncp: compiles schedules into the scheduler that the machine already has."""

__version__ = "0.1.0"
__all__ = [
    "AbsentError",
    "ActiveHours",
    "After",
    "BusyError",
    "Created",
    "DocumentError",
    "ExpressionError",
    "HomeError",
    "Hook",
    "InputError",
    "Limits",
    "McpError",
    "MovedError",
    "NcpError",
    "NotFoundError",
    "PhraseError",
    "Retries",
    "Schedule",
    "SchedulerError",
    "Stage",
    "TogetherError",
    "Updated",
    "ZoneError",
    "__version__",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ncp.api import Created, Schedule, Updated
    from ncp.errors import (
        AbsentError,
        BusyError,
        DocumentError,
        ExpressionError,
        HomeError,
        InputError,
        McpError,
        MovedError,
        NcpError,
        NotFoundError,
        PhraseError,
        SchedulerError,
        TogetherError,
        ZoneError,
    )
    from ncp.model import ActiveHours, After, Hook, Limits, Retries, Stage


def __getattr__(name: str) -> object:
    """Load the API when it is asked for: a firing imports this package too."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415  see above

    modules = ("ncp.errors",) if name.endswith("Error") else ("ncp.api", "ncp.model")
    loaded = (import_module(module) for module in modules)
    return next(getattr(module, name) for module in loaded if hasattr(module, name))
