"""`python -m ncp` is `ncp`."""

import sys

from ncp.cli import main

sys.exit(main())
