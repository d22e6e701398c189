"""What memfence init writes: a target, a workflow and settings to begin with."""

TARGET = '''"""What memfence audits: your agents' memory, behind a function from user id to memory.

Replace the client by your own, and ScopedMemory by whatever stands between your users and it.
"""

import re

from memfence import ScopedMemory, offline_mem0


class Target:
    # What `start` opens may be wiped. Say False where it holds anything that must stay.
    disposable = True
    # Remove this line once your own memory stands below: each report says it.
    foremost = ("this is the example that memfence init wrote: none of your own code was audited",)

    def start(self):
        """Open a fresh and empty store: many attacks begin with one."""
        self.client = offline_mem0()  # a real mem0 without a key; yours: Memory.from_config(...)

    def make_memory(self, user_id):
{check}
        return ScopedMemory(user_id, client=self.client)
'''

WORKFLOW = """name: memfence

on: [push, pull_request]

permissions:
  contents: read
  security-events: write # for the alerts under Security

jobs:
  isolation:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
{install}
      # What is audited, and the reports, [tool.memfence] in pyproject.toml says. The summary is on this job's page.
      - run: memfence audit
      - uses: github/codeql-action/upload-sarif@v3
        if: ${{{{ !cancelled() && hashFiles('memfence.sarif') != '' }}}}
        with:
          sarif_file: memfence.sarif
"""

# Of no index: somebody else could take the name there.
INSTALL = """      # memfence, and what else your memory needs.
      - run: pip install "{memfence}"{needs}
"""
UNKNOWN = """      # Where does memfence come from? Fill in the repository and the commit; then remove echo and exit.
      # Never install it by its bare name: on an index that name may be somebody else's.
      - run: |
          echo "::error::{sentence}"
          exit 1
          pip install "memfence @ git+https://HOST/OWNER/memfence@COMMIT"{needs}
"""
SENTENCE = ".github/workflows/memfence.yml does not say where memfence comes from: fill in its repository and a commit"

SETTINGS = """[tool.memfence]
target = "{target}"
seed = 0 # the same seed is the same campaign: a gate says the same twice
report = ["memfence.json", "memfence.sarif", "memfence.xml"]
{require} # inconclusive, and so red, unless these were judged
# baseline = "main.json" # the main branch's last report, or what memfence baseline update writes
"""
