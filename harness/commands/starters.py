"""What memfence init writes: a target, a workflow and settings to begin with."""

TARGET = '''"""What memfence audits: your agents' memory, as a function from user id to memory.

Replace the client by your own, and ScopedMemory by whatever stands between your users and it.
"""

from memfence import ScopedMemory, offline_mem0

client = offline_mem0()  # a real mem0 without a key; yours: Memory.from_config(...)


def make_memory(user_id):
    return ScopedMemory(user_id, client=client)


# Only where the store may be wiped: then scenarios that delete, or pose under hostile ids, are run, too.
# make_memory.disposable = True
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
      - run: pip install memfence . # and what else your memory needs
      # What is audited, and the reports, [tool.memfence] in pyproject.toml says. The summary is on this job's page.
      - run: memfence audit
      - uses: github/codeql-action/upload-sarif@v3
        if: ${{ !cancelled() && hashFiles('memfence.sarif') != '' }}
        with:
          sarif_file: memfence.sarif
"""

SETTINGS = """[tool.memfence]
target = "{target}"
seed = 0 # the same seed is the same campaign: a gate says the same twice
report = ["memfence.json", "memfence.sarif", "memfence.xml"]
# require = ["search", "get_all"] # inconclusive, and so red, unless these were judged
# baseline = "memfence-baseline.json" # written by: memfence baseline update memfence.json
"""
