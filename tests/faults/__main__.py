"""bin/faults."""

import sys

from tests.faults.driver import main

sys.exit(main())
