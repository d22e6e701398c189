"""The samples in reports/ are what the commands write today."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from memfence.campaigns import resolve
from memfence.campaigns.trials import DEFAULT, host
from memfence.model.channels import OF_A_MEMORY

REPORTS = Path(__file__).parents[2] / "reports"
SAMPLES = ("broken", "tutorial", "scoped")
COMMAND = re.compile(r"^Repeat: `memfence (.*)`$", re.MULTILINE)
# mem0 lists in the order of random ids: what stands where, and how often a leak shows, differs from time to time.
CHANCE = re.compile(r"record \d+ of \d+|\b\d+ findings?\b")
# The page's data; around it is its code.
DATA = re.compile(r'<script[^>]* type="(?:application/json|text/plain)"[^>]*>.*?</script>', re.DOTALL)
FINGERPRINT = re.compile(r'"fingerprint": ?"([0-9a-f]{32})"')


def sample(name: str) -> str:
    return (REPORTS / name).read_text(encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize("name", SAMPLES)
def test_an_audit_writes_its_sample_again(name: str, tmp_path: Path) -> None:
    command = COMMAND.findall(sample(f"{name}.md"))[-1].split()
    written = [tmp_path / f"{name}.md", tmp_path / f"{name}.html"]

    options = [option for path in written for option in ("--report", str(path))]
    subprocess.run([sys.executable, "-m", "memfence", *command, "--quiet", *options], timeout=300, check=False)

    today, page = (path.read_text(encoding="utf-8") for path in written)
    assert CHANCE.sub("", today) == CHANCE.sub("", sample(f"{name}.md"))
    if (REPORTS / f"{name}.html").exists():
        known = sample(f"{name}.html")
        assert DATA.sub("", page) == DATA.sub("", known)
        assert set(FINGERPRINT.findall(page)) == set(FINGERPRINT.findall(known)) != set()


def test_what_is_broken_and_what_the_tutorial_leaves_open_is_violated_and_scoped_memory_holds() -> None:
    verdicts = {name: sample(f"{name}.md").split()[2] for name in SAMPLES}

    assert verdicts == {"broken": "VIOLATED", "tutorial": "VIOLATED", "scoped": "HELD"}


def test_the_proof_has_every_breakage_and_misses_none() -> None:
    for name, where in (("proof.md", DEFAULT), ("proof-app.md", "app")):
        page = sample(name)

        there = [one.name for one in resolve.all_breakages().values() if host(one, where) is not None]
        assert [one for one in there if f"| `{one}` |" not in page] == []
        assert "\nPROVEN: " in page


def test_the_table_of_the_machine_has_every_breakage_or_says_that_it_lacks_it() -> None:
    page = sample("machine.md")

    assert [name for name in resolve.all_breakages() if f"| {name} |" not in page and f"`{name}`" not in page] == []


def test_the_matrix_of_resources_has_every_quick_back_end_through_both_wrappers_and_ours_leaks_nowhere() -> None:
    page = sample("matrix-resources.md")
    kinds = ("files:", "cache:", "store:", "vectors:")
    # LanceDB takes many minutes.
    stores = [name for name in resolve.back_ends() if name.startswith(kinds) and name != "vectors:lancedb"]

    lines = {name: [line for line in page.splitlines() if line.startswith(f"| {name} |")] for name in stores}
    assert {name: len(found) for name, found in lines.items()} == dict.fromkeys(stores, 2)
    assert [line for found in lines.values() for line in found if "| scoped |" in line and "**" in line] == []


def test_the_matrix_has_every_store_that_needs_no_server_and_every_channel_and_attack_or_says_what_it_lacks() -> None:
    page = sample("matrix.md")

    assert [name for name in resolve.modules("stores") if f"| {name} |" not in page and name != "redis"] == []
    assert [channel for channel in OF_A_MEMORY if f" {channel} |" not in page] == []
    assert [name for name in resolve.all_scenarios() if f"| {name} |" not in page and f"`{name}`" not in page] == []
