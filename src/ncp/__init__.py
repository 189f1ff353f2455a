"""ncp: compiles schedules into the scheduler that the machine already has."""

__version__ = "0.1.0"
__all__ = ["Schedule", "__version__"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ncp.api import Schedule


def __getattr__(name: str) -> object:
    """Load the API when it is asked for: a firing imports this package too."""
    if name == "Schedule":
        from ncp.api import Schedule  # noqa: PLC0415  see above

        return Schedule
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
