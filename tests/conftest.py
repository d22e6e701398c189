"""What every test needs: a mem0 that sends nothing and writes nothing into the home folder, and Hypothesis' profile."""

import atexit
import os
import shutil
import tempfile

from hypothesis import settings

os.environ["MEM0_TELEMETRY"] = "False"
# In a job of GitHub, our own summary is no place for what the tests find.
os.environ.pop("GITHUB_STEP_SUMMARY", None)
# mem0 writes a config when it is imported; the tests leave the home folder alone.
os.environ["MEM0_DIR"] = tempfile.mkdtemp(prefix="memfence-tests-")
atexit.register(shutil.rmtree, os.environ["MEM0_DIR"], ignore_errors=True)

# Machines are shared and noisy: a slow example is no failing one. The files of a failing example are not kept.
settings.register_profile("memfence", deadline=None, database=None)
settings.load_profile("memfence")
