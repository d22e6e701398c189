import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from memfence.campaigns import resolve
from memfence.model.kills import Cell, Clean, Kill, Proof
from memfence.reporting.kill_matrix import legend, letters, marks, proof_line, write_kill_matrix
from memfence.reporting.progress import proof_bar
from memfence.reporting.proof_json import proof_as_json, write_proof_json
from memfence.reporting.proof_markdown import proof_as_markdown, write_proof_markdown

ORACLES = tuple(resolve.all_oracles())


def cells(**said: Cell) -> dict[str, Cell]:
    return {name: said.get(name, Cell.MISSED) for name in ORACLES}


def kill(name: str = "drops_id", **changes: Any) -> Kill:
    made: dict[str, Any] = {
        "breakage": name,
        "summary": "The id is dropped.",
        "layer": "wrapper",
        "caught_by": "canary_leak",
        "doubted": False,
        "fresh": cells(canary_leak=Cell.CAUGHT, lost=Cell.DOUBTED),
        "shared": cells(canary_leak=Cell.CAUGHT, noninterference=Cell.NOT_EXERCISED),
        "scenario": "alice_and_bob",
        "operations": (3, 9, 5, 4),
    }
    return Kill(**(made | changes))


def unseen(name: str = "hides") -> Kill:
    return kill(name, fresh=cells(), shared=cells(), scenario="", operations=(None, None), summary="It hides.")


def proof(*kills: Kill, **changes: Any) -> Proof:
    made: dict[str, Any] = {
        "on": "reference",
        "seed": 7,
        "seeds": 4,
        "known": 1,
        "oracles": ORACLES,
        "settings": {"users": 4, "facts": 2},
        "versions": {"memfence": "0.1.0", "mem0ai": "2.0.18"},
        "repeat": "memfence prove --on reference --seed 7 --seeds 4 --clean 20",
        "kills": list(kills),
        "cleans": [Clean("reference", 10, 16, 31), Clean("lossy", 10, 16, 31, inconclusive=3)],
        "seconds": 97.4,
    }
    return Proof(**(made | changes))


def printed(found: Proof) -> list[str]:
    console = Console(width=80, no_color=True, force_terminal=False)
    with console.capture() as capture:
        write_kill_matrix(found, console)
    return capture.get().splitlines()


def table(lines: list[str]) -> list[str]:
    first = next(number for number, line in enumerate(lines) if line.startswith("breakage"))
    return lines[first : next(number for number, line in enumerate(lines) if line.startswith("by: "))]


def rows(markdown: list[str]) -> list[str]:
    return [line for line in markdown if line.startswith("| ")][2:]


def test_no_line_of_the_table_is_wider_than_a_terminal_with_the_names_that_there_are() -> None:
    kills = [
        kill(name, layer=found.layer, caught_by=found.caught_by, operations=(1234, 1234))
        for name, found in resolve.all_breakages().items()
    ]

    lines = table(printed(proof(*sorted(kills, key=lambda one: one.layer))))

    assert [line for line in lines if len(line) > 80] == []
    # Nothing was cut to make it fit.
    assert [name for name in resolve.all_breakages() if not any(line.startswith(f" {name} ") for line in lines)] == []
    assert {line.rstrip()[-4:] for line in lines if line.startswith(" ")} == {"1234"}


def test_a_row_names_its_oracle_by_letter_and_shows_what_each_said_twice() -> None:
    lines = printed(proof(kill()))

    assert lines[0] == "memfence prove on reference: 1 breakages, 4 seeds from 7"
    assert lines[1].startswith("a accepted, b cacheable, c canary_leak, d contained, ")
    head, layer, row = table(lines)
    assert head.split() == ["breakage", "by", *letters(proof()).values(), "most"]
    assert layer.strip() == "wrapper"
    # Four oracles stand together; the second mark of the comparison is blank.
    said = {"canary_leak": "●●", "lost": "◐·", "noninterference": "· "}
    marked = [said.get(name, "··") for name in ORACLES]
    fours = ["".join(marked[at : at + 4]).rstrip() for at in range(0, len(marked), 4)]
    assert row.split() == ["drops_id", "c", *" ".join(fours).split(), "9"]


def test_each_layer_is_named_once_above_its_breakages() -> None:
    lines = table(printed(proof(kill("a"), kill("b"), kill("c", layer="store"))))

    assert [line.split()[0] for line in lines[1:]] == ["wrapper", "a", "b", "store", "c"]


def test_the_legend_explains_every_mark() -> None:
    both, one = proof(kill()), proof(kill(shared=cells() | dict.fromkeys(ORACLES, Cell.NOT_EXERCISED)))

    assert legend(both) in printed(both)
    for found in (both, one):
        words = ("● caught", "◐ seen", "· silent", "blank: not exercised")
        assert [word for word in words if word not in legend(found)] == []
    assert ("First mark" in legend(both), "First mark" in legend(one)) == (True, False)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [(Cell.CAUGHT, "●"), (Cell.DOUBTED, "◐"), (Cell.MISSED, "·"), (Cell.NOT_EXERCISED, " ")],
)
def test_every_cell_has_a_mark_of_its_own(cell: Cell, shown: str) -> None:
    assert marks(kill(fresh=cells(lost=cell), shared=cells(lost=Cell.CAUGHT)), "lost") == f"{shown}●"


def test_a_proof_is_proven_on_its_last_line_and_says_what_that_rests_on() -> None:
    lines = printed(proof(kill()))

    assert (
        lines[-1] == "PROVEN: 1 of 1 breakages caught, 0 false alarms in 20 clean campaigns of up to 2 scenarios (97 s)"
    )
    assert lines[-2] == "repeat: memfence prove --on reference --seed 7 --seeds 4 --clean 20"
    assert "reference: 0 false alarms in 10 campaigns; each audits up to 2 of the 31 scenarios, in turn" in lines
    assert (
        "lossy: 0 false alarms in 10 campaigns, 3 inconclusive (it loses facts); each audits up to 2 of the 31 "
        "scenarios, in turn"
    ) in lines
    assert (
        "false alarms: 0 in 20 clean campaigns of up to 2 scenarios, below 14 % of such campaigns at 95 % (exact "
        "binomial), for tenants drawn as here, and for no others"
    ) in lines
    assert "as 1 audits of all scenarios: below 95 % of such audits" in lines


def test_what_is_missed_is_told_in_words() -> None:
    lines = printed(proof(kill("sometimes", operations=(3, None, 5, None)), unseen(), kill("always")))

    assert "MISSED sometimes by canary_leak: it spoke on 2 of 4 seeds. It is: The id is dropped." in lines
    assert "MISSED hides by canary_leak: no oracle spoke: no scenario shows the defect. It is: It hides." in lines
    assert not any("MISSED always" in line for line in lines)
    assert (
        lines[-1]
        == "NOT PROVEN: 1 of 3 breakages caught, 0 false alarms in 20 clean campaigns of up to 2 scenarios (97 s)"
    )
    sometimes, hides = (next(line for line in table(lines) if name in line) for name in ("sometimes", "hides"))
    # Where a seed missed it there is neither a median nor a worst one.
    assert {sometimes.split()[-1], hides.split()[-1]} == {"·" * 8}


def test_what_spoke_instead_and_what_crashed_is_told_of_a_missed_breakage() -> None:
    elsewhere = unseen("elsewhere")
    elsewhere = replace(elsewhere, fresh=cells(lost=Cell.CAUGHT), crash="AttributeError: no (mine.py:3 in find)")
    doubted = kill("doubted", fresh=cells(canary_leak=Cell.DOUBTED))

    lines = printed(proof(elsewhere, doubted))

    assert (
        "MISSED elsewhere by canary_leak: it was silent, and these spoke: lost; is caught_by right?; calls crashed, "
        "the first with AttributeError: no (mine.py:3 in find). It is: It hides."
    ) in lines
    assert (
        "MISSED doubted by canary_leak: it spoke, and left the verdict inconclusive. It is: The id is dropped." in lines
    )


def test_a_false_alarm_is_told_with_the_command_that_shows_it_on_one_line() -> None:
    alarm = "memfence audit reference --seed 3: canary_leak in list_all by get_all\nand \x1b[31mmore"
    lines = printed(proof(kill(), cleans=[Clean("reference", 10, 16, 31, (alarm,), 1)]))

    told = [line for line in lines if line.startswith("memfence audit reference --seed 3: ")]
    assert len(told) == 1
    assert "\x1b" not in told[0]
    assert (
        lines[-1]
        == "NOT PROVEN: 1 of 1 breakages caught, 1 false alarms in 10 clean campaigns of up to 2 scenarios (97 s)"
    )


def test_without_clean_campaigns_nothing_is_said_of_false_alarms() -> None:
    lines = printed(proof(kill(), cleans=[]))

    assert not any(line.startswith("false alarms") for line in lines)
    assert lines[-1].startswith("NOT PROVEN: 1 of 1 breakages caught, 0 false alarms in 0 clean campaigns")


def test_an_interruption_is_told_on_the_last_line() -> None:
    line = proof_line(proof(kill(), interrupted=True)).plain

    assert line.startswith("NOT PROVEN: 1 of 1 breakages caught, 0 false alarms in 20 clean campaigns ")
    assert line.endswith(", interrupted (97 s)")


def test_nothing_planted_is_nothing_proven() -> None:
    assert printed(proof(cleans=[]))[-1].startswith("NOT PROVEN: 0 of 0 breakages caught")


def plain(value: object) -> bool:
    """Tell whether a value is made of nothing but what JSON has; an enum's member counts as the text that it is."""
    match value:
        case dict():
            return all(isinstance(key, str) and plain(inside) for key, inside in value.items())
        case list():
            return all(plain(inside) for inside in value)
        case None | bool() | int() | float() | str():
            return True
        case _:
            return False


def test_json_is_plain_values_that_survive_a_round_trip(tmp_path: Path) -> None:
    found = proof(kill(), unseen(), cleans=[Clean("reference", 10, 16, 31, ("ä",), 1)])

    write_proof_json(found, tmp_path / "out.json")

    report = proof_as_json(found)
    assert plain(report)
    text = (tmp_path / "out.json").read_text(encoding="ascii")
    assert json.loads(text) == report
    assert text.endswith("}\n")


def test_json_says_what_was_planted_and_what_became_of_it() -> None:
    report: Any = proof_as_json(proof(kill(), unseen()))

    assert (report["schema_version"], report["proven"], report["interrupted"]) == (1, False, False)
    assert (report["on"], report["seed"], report["seeds"]) == ("reference", 7, 4)
    assert report["missed"] == ["hides"]
    caught, missed = report["breakages"]
    assert (caught["name"], caught["caught_by"], caught["caught"]) == ("drops_id", "canary_leak", True)
    assert (caught["soonest_in"], caught["operations"]) == ("alice_and_bob", [3, 9, 5, 4])
    assert (caught["median"], caught["worst"]) == (4.5, 9)
    assert caught["with_start"]["lost"] == "doubted"
    assert caught["without_start"]["noninterference"] == "not exercised"
    assert list(caught["with_start"]) == list(ORACLES)
    assert (missed["caught"], missed["soonest_in"], missed["operations"]) == (False, None, [None, None])
    assert (missed["median"], missed["worst"]) == (None, None)
    assert report["clean"][1]["inconclusive"] == 3
    assert report["times"] == {"seconds": 97.4}


def test_json_bounds_the_rate_of_false_alarms() -> None:
    report: Any = proof_as_json(proof(kill()))
    without: Any = proof_as_json(proof(kill(), cleans=[]))

    bound = report["false_alarms"]
    assert (bound["trials"], bound["alarmed"], bound["confidence"]) == (20, 0, 0.95)
    assert bound["rate_below"] == pytest.approx(1 - 0.05 ** (1 / 20))
    assert without["false_alarms"]["rate_below"] is None


def test_markdown_has_one_row_for_each_breakage_and_as_many_cells_as_its_head(tmp_path: Path) -> None:
    found = proof(kill("a"), unseen("b"), kill("c", layer="store"))

    write_proof_markdown(found, tmp_path / "out.md")

    lines = (tmp_path / "out.md").read_text(encoding="utf-8").splitlines()
    assert lines == list(proof_as_markdown(found))
    assert [row.split(" | ")[0] for row in rows(lines)] == ["| `a`", "| **`b` MISSED**", "| `c`"]
    assert {line.count("|") for line in lines if line.startswith("| ")} == {len(ORACLES) + 8}
    assert lines[0] == "# memfence prove on reference"
    assert (
        lines[2]
        == "NOT PROVEN: 2 of 3 breakages caught, 0 false alarms in 20 clean campaigns of up to 2 scenarios (97 s)"
    )
    assert "- MISSED b by canary_leak: no oracle spoke: no scenario shows the defect. It is: It hides." in lines
    assert lines[-1] == "- repeat: `memfence prove --on reference --seed 7 --seeds 4 --clean 20`"


def test_a_pipe_in_a_summary_does_not_end_its_cell() -> None:
    (row,) = rows(list(proof_as_markdown(proof(kill(summary="Ids are joined: a|b.")))))

    assert "| Ids are joined: a\\|b. |" in row


def test_a_bar_counts_results_and_says_what_they_were() -> None:
    console = Console(width=100, force_terminal=True, color_system=None, legacy_windows=False)

    with console.capture() as capture, proof_bar(3, console) as show:
        show(proof(kill(), cleans=[]))
        show(proof(kill(), unseen()))

    assert "2 planted, 1 missed, 0 false alarms" in capture.get()
    assert "2/3" in capture.get()
