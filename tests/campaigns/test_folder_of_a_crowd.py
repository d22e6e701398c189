"""The folder of a crowd: what is begun there is removed, and nothing that is somebody else's."""

import os
import subprocess
from pathlib import Path

import pytest
from crowded import command, small

from memfence.campaigns.scale.kept import Kept
from memfence.commands.scaling import How, scale
from memfence.model.findings import Verdict
from memfence.plans.shards import Phase, Shard
from memfence.targets.crowded_store import Where

THEIRS = {
    "report.json": "{}",
    "package.json": "{}",
    ".notes.part": "mine",
    "extent-a b.json": "{}",
    "plan.json.bak": "",
}


def test_of_a_folder_that_others_use_only_what_was_begun_there_is_forgotten(tmp_path: Path) -> None:
    for name, text in THEIRS.items():
        (tmp_path / name).write_text(text)
    settings = small()
    kept = Kept(tmp_path)
    kept.begin(settings, Where("reference", "", "crowd"))
    kept.keep(Shard(Phase.PLANT, 0, 50, settings.digest), {"seconds": 0.0})
    assert kept.once(f"extent-{Phase.SWEEP_AGAIN}", lambda: 7) == 7
    (tmp_path / f".plan.json.{os.getpid()}.part").write_text("{")

    kept.forget()

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(THEIRS)


@pytest.mark.long
def test_discard_leaves_a_report_that_lies_in_the_folder(tmp_path: Path) -> None:
    report, folder = tmp_path / "report.json", str(tmp_path)
    said = ["--users", "20", "--store", "reference", "--pairs", "1", "--seed", "7", "-q", "-n", "1"]
    subprocess.run(command(*said, "--folder", folder, "--report", str(report)), check=True)
    assert len(list(tmp_path.iterdir())) > 1

    subprocess.run(command("--resume", folder, "--discard"), check=True)

    assert list(tmp_path.iterdir()) == [report]


@pytest.mark.long
def test_a_file_beside_a_store_that_lies_elsewhere_is_not_the_stores(tmp_path: Path) -> None:
    folder, theirs = tmp_path / "crowd", tmp_path / "crowd" / "reference.sqlite"
    folder.mkdir()
    theirs.write_text("theirs")
    settings = small(users=20, pairs=1, store_url=str(tmp_path / "elsewhere.sqlite"))

    verdict = scale(settings, How(1, None, folder, 60.0, (), quiet=True))

    assert (verdict, theirs.read_text()) == (Verdict.HELD, "theirs")
