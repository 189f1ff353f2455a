"""The Python API. The command line is a thin face on it.

from ncp import Schedule

schedule = Schedule()
created = schedule.create_task("weekdays at 9am", ["/usr/local/bin/backup", "/home"])
print(created.timing.id)  # weekdays-9am
"""

from ncp.api.answers import Created, Updated
from ncp.api.schedule import Schedule

__all__ = ["Created", "Schedule", "Updated"]
