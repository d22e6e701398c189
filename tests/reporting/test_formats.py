import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from audited import inconclusive, violated

from memfence.base.errors import HarnessError
from memfence.reporting import formats


def test_each_format_is_found_by_its_file() -> None:
    folder = Path(formats.__file__).parent

    assert {".json", ".md", ".sarif", ".xml"} <= set(formats.suffixes())
    assert formats.suffixes() == tuple(sorted(f".{path.stem[:-7]}" for path in folder.glob("*_report.py")))


@pytest.mark.parametrize("suffix", formats.suffixes())
@pytest.mark.parametrize(
    "hostile", ["\ud800", "\x1b[31m\x00\ufffe", "</details><script>alert(1)</script>", "``` ` ]]>"]
)
def test_hostile_texts_can_be_written_in_every_format(suffix: str, hostile: str, tmp_path: Path) -> None:
    report = violated()
    finding = report["scenarios"][0]["findings"][0]
    finding["shown"] = finding["told"][0]["text"] = finding["observer"] = hostile
    report["warnings"], report["target"], report["title"], report["notes"] = [hostile], hostile, hostile, [hostile]
    path = tmp_path / f"out{suffix}"

    formats.write(report, [path])

    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert not {"\x1b", "\x00", "\ufffe"} & set(text)


def test_a_report_that_cannot_be_written_is_an_error_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match="could not be written"):
        formats.write(violated(), [tmp_path / "nowhere" / "out.md"])


def test_a_job_of_github_gets_a_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# Before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    formats.summarise(violated())
    formats.summarise(inconclusive())

    before, first, second = summary.read_text(encoding="utf-8").split("## memfence: ")
    assert before == "# Before\n"
    assert first.startswith("VIOLATED on ")
    assert second.startswith("INCONCLUSIVE ")


def test_elsewhere_there_is_no_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.chdir(tmp_path)

    formats.summarise(violated())

    assert list(tmp_path.iterdir()) == []


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_the_report_that_was_there_and_no_part_of_another(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("before\n", encoding="utf-8")

    with files_of_at_most(1000), pytest.raises(HarnessError, match="could not be written"):
        formats.write(violated(), [path])

    assert path.read_text(encoding="utf-8") == "before\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link_to_the_new_report(tmp_path: Path) -> None:
    path, link = tmp_path / "out.md", tmp_path / "link.md"
    path.write_text("before\n", encoding="utf-8")
    link.symlink_to(path)

    formats.write(violated(), [link])

    assert link.is_symlink()
    assert path.read_text(encoding="utf-8").startswith("## memfence: VIOLATED")
