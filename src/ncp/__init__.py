"""ncp: compiles schedules into the scheduler that the machine already has."""

__version__ = "0.1.0"
