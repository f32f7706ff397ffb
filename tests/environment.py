"""Set the environment that the tests run in, before Django's settings are read."""

import os
import tempfile

os.environ["REDRESS_MODE"] = "test"
os.environ.setdefault("REDRESS_DATA", tempfile.mkdtemp(prefix="redress-test-"))
