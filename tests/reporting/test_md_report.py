from audited import held, inconclusive, violated

from memfence.reporting.baselines import compared, updated
from memfence.reporting.md_report import render
from memfence.reporting.reading import counted


def test_it_begins_with_the_verdict_and_how_much_was_exercised() -> None:
    report = violated()

    lines = render(report).splitlines()

    assert lines[0] == f"## memfence: {report['said']}"
    assert lines[2] == f"`{report['title']}`"
    assert "- scenarios: 3 violated, 1 not exercised" in lines
    assert "- channels violated: search, get_all, get" in lines
    assert any(line.startswith("- channels not exercised: add, ") for line in lines)
    assert f"- {report['bound']['said']}" in lines


def test_each_cause_has_the_calls_that_show_it_and_the_lines_that_mend_it() -> None:
    report = violated()
    text = render(report)

    assert [one["name"] for one in report["causes"]] == ["unscoped calls", "unchecked record ids"]
    assert text.count("Reproduce (2 calls of ") == len(report["causes"])
    for one in report["causes"]:
        assert f"### {one['name']} (leak, high, CWE-" in text
        assert "\n".join(["Mend:", "", "```python", *one["mend"]]) in text
    assert "Also in:\n\n- `cross_search`: canary_leak by search (high)\n" in text
    for call in counted(report)[0][1]["reproduce"]:
        assert f"\n{call}\n" in text


def test_what_held_is_short() -> None:
    text = render(held())

    assert text.startswith("## memfence: HELD on ")
    assert len(text.splitlines()) < 15
    assert "Reproduce" not in text


def test_what_is_left_open_says_why() -> None:
    text = render(inconclusive())

    assert "### Left open" in text
    assert "- `cross_search`: `" in text
    assert "- `required and not judged`: `` history. Offer the method" in text


def test_markup_in_texts_is_inert() -> None:
    report = violated()
    report["title"] = "a ``` <b>`"
    counted(report)[0][1]["told"][0]["text"] = "```\n</details><script>"

    text = render(report)

    assert "```` a ``` <b>` ````" in text
    fence = next(line for line in text.splitlines() if line.endswith("text") and line.startswith("`"))
    assert fence == "````text"
    assert "```\\n</details><script>" in text


def test_known_findings_say_so_plainly() -> None:
    report = violated()
    known = updated(report, ())

    text = render(compared(report, known))

    assert f"**{len(known)} findings known, accepted by baseline; 0 new**" in text
    assert "### unscoped calls (leak, high, CWE-668), known, accepted by baseline" in text


def test_many_kinds_are_folded() -> None:
    report = violated()
    (first, *_) = report["scenarios"]
    told = first["findings"][0]
    first["findings"] = [{**told, "cause": name, "oracle": name} for name in ("a", "b", "c", "d", "e")]
    report["causes"] = [{"name": name, "said": "", "mend": [], "ids": []} for name in ("a", "b", "c", "d", "e")]
    report["scenarios"] = [first]

    text = render(report)

    assert "<summary>2 further causes</summary>" in text
    assert text.index("### c ") < text.index("<details>") < text.index("### d ") < text.index("</details>")


def test_what_must_be_known_beside_the_verdict_is_told() -> None:
    report = {**held(), "notes": ["this was a stand-in"]}

    assert "\n- `note: this was a stand-in`\n" in render(report)


def test_a_command_that_is_the_whole_campaigns_stands_once_at_the_end() -> None:
    report = violated()
    for _, finding in counted(report):
        finding["repeat"] = report["repeat"]

    assert render(report).count("Repeat: ") == 1


def test_the_first_finding_is_told_in_plain_words_unless_it_is_known() -> None:
    report = violated()
    names = counted(report)[0][1]["names"]
    said = f"\n**{names['observer']} read {names['owner']}'s record by get_all**\n"

    assert said in render(report)
    assert said not in render(compared(report, updated(report, ())))
