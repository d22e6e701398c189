import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from memfence import (
    Add,
    Channel,
    Chat,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    History,
    Operation,
    Population,
    ReadStorage,
    RecordRef,
    Reopen,
    Reset,
    Search,
    Step,
    Update,
)
from memfence.campaigns.settings import AuditSettings
from memfence.judging.oracles.canary_leak import canary_leak
from memfence.model.channels import OF_A_MEMORY
from memfence.model.control_results import ControlResult
from memfence.model.findings import Finding, FindingClass, FindingGroup, Severity
from memfence.model.gaps import Gap
from memfence.model.observations import Crashed, Observation, Refused, Returned
from memfence.model.repeats import Repeats
from memfence.model.results import CampaignResult
from memfence.model.scenario_results import ScenarioResult
from memfence.reporting import story
from memfence.reporting.catalogue import write_catalogue
from memfence.reporting.console import verdict_line, write_console
from memfence.reporting.formats import write
from memfence.reporting.json_report import as_json
from memfence.reporting.progress import ProgressLines, progress_bar

ALICE, BOB, CAROL = Population(seed=1, size=3)
PLANTED = Add(BOB, BOB.facts[0])
PROBE = Search(ALICE, "home town", BOB.facts[0])
# Control characters and lone surrogates, which are no Unicode, come back from real stores too.
ANY_TEXT = st.text("a\n\r\x00\x1b[é\u2028\ud800\U0001f600", max_size=20)
CAUGHT = ControlResult("reroute", "canary_leak", negative_silent=True)


def finding(klass: FindingClass = FindingClass.LEAK, *, oracle: str = "canary_leak", shown: str = "") -> Finding:
    step = Step(4, PROBE, Returned())
    return Finding(
        oracle, klass, Severity.HIGH, ALICE, BOB, step, ("it is Bob's", "record 1 of 2"), (PLANTED, PROBE), shown
    )


def exercised(name: str = "cross_search", *found: Finding, control: ControlResult | None = CAUGHT) -> ScenarioResult:
    scenario = ScenarioResult(name, "Everybody searches.", control=control)
    scenario.count(Step(1, PLANTED, Returned()))
    scenario.count(Step(2, PROBE, Returned()))
    for one in found:
        scenario.note(one)
    return scenario


def campaign(*scenarios: ScenarioResult, required: tuple[Channel, ...] = (), **options: object) -> CampaignResult:
    settings = AuditSettings(seed=7, users=3, **options)  # type: ignore[arg-type]  # a test's own options
    return CampaignResult(
        target="fake",
        seed=7,
        settings=settings.as_dict(),
        versions={"python": "3"},
        repeat=settings.command("fake"),
        scenarios=list(scenarios),
        required=required,
        tenant_prefix="mf0",
    )


def printed(result: CampaignResult, *, width: int = 100) -> str:
    file = io.StringIO()
    write_console(result, Console(file=file, width=width, no_color=True))
    return file.getvalue()


def test_what_held_says_on_how_many_channels_and_names_those_that_were_not_attacked() -> None:
    result = campaign(exercised())
    result.possible = (Channel.SEARCH, Channel.GET)

    assert verdict_line(result).plain == "HELD on 1 of the 2 channels your memory has; get was not attacked (seed 7)"


def test_what_was_not_attacked_for_want_of_a_permission_says_so() -> None:
    kept = ScenarioResult("a", "", not_exercised="it deletes", gap=Gap(unpermitted=True))
    result = campaign(exercised(), kept)
    result.possible = (Channel.SEARCH, Channel.DELETE, Channel.ERRORS)

    told = "HELD on 1 of the 3 channels your memory has; delete, errors were not attacked: not disposable (seed 7)"
    assert verdict_line(result).plain == told


def test_of_a_memory_whose_every_channel_was_judged_the_line_is_short() -> None:
    result = campaign(exercised())
    result.possible = (Channel.SEARCH,)

    assert verdict_line(result).plain == "HELD on 1 of 1 channels (seed 7)"


def test_what_was_violated_says_on_how_many_channels() -> None:
    result = campaign(exercised("a", finding()), exercised("b"))

    assert verdict_line(result).plain == "VIOLATED on 1 of 11 channels (seed 7)"


@pytest.mark.parametrize(
    ("scenarios", "line"),
    [
        ([], "INCONCLUSIVE held on 0 of 11 channels (seed 7)"),
        ([exercised(control=None)], "HELD on 1 of the 11 channels your memory has; add"),
        ([exercised(control=ControlResult("reroute", None, negative_silent=True))], "INCONCLUSIVE held on 0 of 11"),
        ([ScenarioResult("a", "", not_exercised="no search")], "INCONCLUSIVE held on 0 of 11 channels (seed 7)"),
    ],
)
def test_nothing_judged_and_a_missed_control_are_no_success(scenarios: list[ScenarioResult], line: str) -> None:
    assert verdict_line(campaign(*scenarios)).plain.startswith(line)


@pytest.mark.parametrize(
    ("scenario", "style"),
    [
        (exercised(), "bold yellow"),
        (exercised("a", finding()), "bold red"),
        (exercised("a", finding(FindingClass.AVAILABILITY)), "bold yellow"),
    ],
)
def test_the_verdict_has_its_colour(scenario: ScenarioResult, style: str) -> None:
    assert verdict_line(campaign(scenario)).style == style


def test_what_held_is_green_where_most_of_what_could_be_asked_was() -> None:
    whole = replace(campaign(exercised()), possible=(Channel.SEARCH,))

    assert verdict_line(whole).style == "bold green"
    assert "green light" not in printed(whole)
    told = "held only where it was tried: too much was left out for a green light; see memfence doctor"
    assert told in printed(campaign(exercised()))


@pytest.mark.parametrize(
    "result",
    [
        campaign(),
        campaign(exercised()),
        campaign(exercised("a", finding(shown="x" * 500)), required=(Channel.GET,)),
        campaign(exercised("a", finding(FindingClass.AVAILABILITY, oracle="lost"))),
    ],
)
@pytest.mark.parametrize("width", [20, 80])
def test_the_verdict_is_the_last_line_whatever_comes_before(result: CampaignResult, width: int) -> None:
    result.left_behind = 3

    assert printed(result, width=width).splitlines()[-1] == verdict_line(result).plain


def test_a_campaign_is_introduced_with_all_that_it_was_made_of() -> None:
    whole = printed(campaign(exercised())).splitlines()
    broken = printed(campaign(exercised(), breakage="drop_user_id")).splitlines()

    assert whole[0] == "memfence audit of fake: 3 users, 3 facts each, seed 7"
    assert broken[0] == "memfence audit of fake with breakage drop_user_id: 3 users, 3 facts each, seed 7"


def row(scenario: ScenarioResult) -> list[str]:
    """Return the scenario's row of the table, without its name."""
    lines = printed(campaign(scenario)).splitlines()
    return next(line.split()[1:] for line in lines if line.startswith(scenario.name + " "))


def test_a_row_tells_refused_and_crashed_probes_apart() -> None:
    scenario = exercised()
    scenario.count(Step(3, PROBE, Refused("ScopeError", "no")))
    scenario.count(Step(4, PROBE, Refused("ScopeError", "no")))
    scenario.count(Step(5, PROBE, Crashed("OSError", "full", "store.py:3 in search")))

    assert row(scenario) == ["4", "2", "1", "caught", "inconclusive"]


@pytest.mark.parametrize(
    ("control", "word"),
    [
        (CAUGHT, "caught"),
        (ControlResult("reroute", None, negative_silent=True), "missed"),
        (ControlResult("reroute", "canary_leak", negative_silent=False), "false alarm"),
        (None, "not run"),
    ],
)
def test_a_row_says_what_its_control_is_worth(control: ControlResult | None, word: str) -> None:
    assert word in " ".join(row(exercised(control=control)))


def test_a_scenario_that_was_not_exercised_has_no_numbers_and_its_reason_stands_below() -> None:
    result = campaign(exercised(), ScenarioResult("list_all", "", not_exercised="the target has no get_all"))

    text = printed(result)

    assert row(result.scenarios[1]) == ["not", "exercised"]
    assert "list all was not judged: the target has no get_all\n" in text


def test_each_reason_for_doubt_is_told_and_square_brackets_survive() -> None:
    scenario = exercised(control=ControlResult("reroute", None, negative_silent=True))
    scenario.count(Step(3, PROBE, Crashed("OSError", "[bold]full[/bold] [/]", "store.py:3 in search")))

    text = printed(campaign(scenario))

    assert "cross_search: inconclusive: 1 call crashed, the first at store.py:3 in search: OSError: [bold]full" in text
    assert "[/bold] [/]; The planted leak (reroute) was not noticed, so this scenario proves nothing. Mend" in text


def channel_rows(result: CampaignResult) -> dict[str, list[str]]:
    """Return the table of channels: the words of each row by the channel's name."""
    lines = printed(result, width=200).splitlines()
    start = next(number for number, line in enumerate(lines) if line.split()[:2] == ["channel", "probes"])
    end = lines.index(story.bound(result))
    rows = [line.split() for line in lines[start + 1 : end]]
    return {row[0]: row[1:] for row in rows}


def test_each_channel_tells_what_became_of_its_probes_or_that_there_were_none() -> None:
    first, second = exercised("a"), exercised("b")
    for observation in (Refused("ScopeError", "no"), Crashed("OSError", "full", "store.py:3 in search")):
        first.count(Step(3, PROBE, observation))
    second.count(Step(3, GetAll(ALICE, BOB.facts[0]), Returned()))

    result = campaign(first, second)
    rows = channel_rows(result)

    assert rows["search"] == ["4", "2", "1", "1", "1", "95", "%", "inconclusive"]
    assert rows["get_all"] == ["1", "1", "0", "0", "1", "95", "%", "held"]
    others = [channel.value for channel in OF_A_MEMORY if channel not in (Channel.SEARCH, Channel.GET_ALL)]
    assert list(rows) == ["search", "get_all"]
    assert f"channels not exercised: {', '.join(others)}\n" in printed(result, width=200)


def test_a_channel_on_which_every_probe_was_refused_says_so() -> None:
    scenario = replace(ScenarioResult("a", "", control=CAUGHT), may_refuse=True)
    scenario.count(Step(1, PROBE, Refused("ScopeError", "no")))

    assert channel_rows(campaign(scenario))["search"] == ["1", "0", "1", "0", "0", "held,", "all", "refused"]


def test_a_channel_that_leaked_without_a_probe_of_its_own_is_in_the_table() -> None:
    leaked = finding()
    error = replace(leaked, step=Step(4, PROBE, Refused("ScopeError", BOB.facts[0].text)))

    rows = channel_rows(campaign(exercised("a", error)))

    assert rows["errors"] == ["0", "0", "0", "0", "1", "violated"]


def test_each_channel_tells_how_many_pairs_were_answered_and_what_that_says_of_the_rate() -> None:
    several = exercised()
    several.count(Step(3, Search(CAROL, "x", BOB.facts[0]), Returned()))
    several.count(Step(4, Search(BOB, "x", CAROL.facts[0]), Refused("ScopeError", "no")))
    result = campaign(several)

    head = next(line for line in printed(result, width=200).splitlines() if line.startswith("channel  "))

    assert re.split(r"  +", head.strip())[-3:] == ["pairs", "rate <", "verdict"]
    # 1 - 0.05 ** (1 / 2) is 77.64 %.
    assert channel_rows(result)["search"][4:] == ["2", "78", "%", "held"]


def test_the_rate_of_leaks_is_told_in_a_plain_sentence() -> None:
    held, leaked = campaign(exercised("b")), campaign(exercised("a", finding()), exercised("b"))

    assert story.bound(held) == ("No leak in 1 pair of users: with 95 % confidence fewer than 95 % of such pairs leak.")
    assert story.bound(leaked) == "1 of 1 pair of users leaked."
    assert story.bound(held) in printed(held, width=200).splitlines()


@pytest.mark.parametrize(
    "result",
    [campaign(), campaign(ScenarioResult("a", "", not_exercised="no search"))],
    ids=["no scenario", "not exercised"],
)
def test_where_nothing_was_answered_no_rate_is_told(result: CampaignResult) -> None:
    text = printed(result, width=200)

    assert "No probe of another's records was answered: nothing is known of the rate of leaks.\n" in text
    assert "rate below 0" not in text


def test_a_required_channel_that_was_not_judged_is_named() -> None:
    text = printed(campaign(exercised(), required=(Channel.SEARCH, Channel.GET)), width=200)

    assert "required and not judged: get. Offer the method, or leave the channel out of `--require`.\n" in text


def test_what_the_target_says_of_itself_and_what_is_not_installed_is_noted() -> None:
    result = campaign(exercised())
    plain = printed(result, width=200)
    result.notes = ("Calls are [serialised] by a lock.", "forged\nHELD on 11 of 11 channels")
    result.versions = {"python": "3", "spacy": "absent", "fastembed": "absent"}
    result.mem0 = True

    lines = printed(result, width=200).splitlines()

    assert "note: " not in plain
    assert "note: Calls are [serialised] by a lock." in lines
    assert not [line for line in lines[:-1] if line.startswith("HELD")]
    assert "note: spacy absent, fastembed absent: with them mem0 extracts entities and ranks keywords" in lines


def test_what_was_left_behind_is_told_with_the_way_to_find_it() -> None:
    result = campaign(exercised())
    nothing_left = printed(result)
    result.left_behind = 3

    text = printed(result, width=200)

    assert "left behind" not in nothing_left
    assert "left behind: 3 records of tenants named mf0*" in text


def test_the_first_finding_is_a_story_and_the_others_are_headlines() -> None:
    lost = finding(FindingClass.AVAILABILITY, oracle="lost")
    result = campaign(exercised("a", lost), exercised("b", finding(shown="I grew [up] in 'Ohio'."), lost))

    lines = printed(result, width=200).splitlines()

    start = lines.index("canary_leak (leak, high, CWE-668) in b by search: 1 finding, first at operation 4")
    what = [line.strip().split("  ")[0] for line in lines[start + 1 : start + 6]]
    assert what == [f"{BOB.handle} planted", f"{ALICE.handle} asked", "came back", "whose it is", "record 1 of 2"]
    assert "I grew [up] in 'Ohio'." in lines[start + 3]
    assert [line for line in lines[start + 6 :] if line.removeprefix("  ") not in canary_leak.advice][:5] == [
        "  reproduce, in short",
        f'    make_memory("{BOB.id}").add({BOB.facts[0].text!r})',
        f"    make_memory(\"{ALICE.id}\").search('home town')",
        "  repeat",
        "    memfence audit fake --seed 7 --users 3 --scenario b",
    ]
    assert [line for line in lines if line.startswith("also ")] == [
        "also in a: lost by search (high): 1 finding",
        "also in b: lost by search (high): 1 finding",
    ]


def test_lines_to_copy_are_whole_on_a_narrow_terminal() -> None:
    result = campaign(exercised("a", finding()))

    lines = printed(result, width=20).splitlines()

    assert f'    make_memory("{BOB.id}").add({BOB.facts[0].text!r})' in lines
    assert "    memfence audit fake --seed 7 --users 3 --scenario a" in lines


def test_what_was_not_shown_is_not_told_and_only_a_leak_has_an_owner() -> None:
    told = list(story.paragraphs(FindingGroup(finding(FindingClass.INTEGRITY), 4)))

    assert [what for what, _ in told] == [f"{BOB.handle} planted", f"{ALICE.handle} asked", "evidence", ""]


def test_a_headline_counts() -> None:
    group = FindingGroup(finding(), earliest=3, count=2)

    assert story.headline(exercised("a"), group) == (
        "canary_leak (leak, high, CWE-668) in a by search: 2 findings, first at operation 3"
    )


def test_a_campaign_of_chosen_scenarios_is_repeated_as_it_was() -> None:
    result = campaign(exercised("a"), exercised("b"), scenarios=("a", "b"))

    assert story.repeat(result, result.scenarios[0]) == (
        "memfence audit fake --seed 7 --users 3 --scenario a --scenario b"
    )


RECORD = RecordRef(4, BOB.index)


@pytest.mark.parametrize(
    ("operation", "method", "verb"),
    [
        (PLANTED, f"add({BOB.facts[0].text!r})", "planted"),
        (Search(BOB, "it's", BOB.facts[0]), 'search("it\'s")', "asked"),
        (GetAll(BOB, BOB.facts[0]), "get_all()", "asked"),
        (Get(BOB, RECORD), "get(<id of the record added at operation 4>)", "asked"),
        (History(BOB, RECORD), "history(<id of the record added at operation 4>)", "asked"),
        (Update(BOB, RECORD, "new\n"), "update(<id of the record added at operation 4>, 'new\\n')", "did"),
        (Delete(BOB, RECORD), "delete(<id of the record added at operation 4>)", "did"),
        (DeleteAll(BOB, ALICE.index), "delete_all()", "did"),
    ],
)
def test_each_operation_is_told_as_the_call_that_it_is(operation: Operation, method: str, verb: str) -> None:
    seen = Finding("o", FindingClass.LEAK, Severity.LOW, BOB, BOB, Step(1, operation, Returned()), (), (operation,))

    told = list(story.paragraphs(FindingGroup(seen, 1)))

    assert story.call(operation) == f'make_memory("{BOB.id}").{method}'
    assert told == [(f"{BOB.handle} {verb}", repr(BOB.facts[0].text) if operation is PLANTED else method)]


def test_a_json_report_is_plain_and_holds_what_the_console_tells(tmp_path: Path) -> None:
    result = campaign(exercised("a", finding(shown="Zoë's")), required=(Channel.GET,))
    result.scenarios.append(ScenarioResult("b", "", not_exercised="no search"))

    write(as_json(result), [tmp_path / "out.json"])

    text = (tmp_path / "out.json").read_text(encoding="utf-8")
    report = json.loads(text)
    first, second = report["scenarios"]
    assert report == json.loads(json.dumps(as_json(result)))
    assert text.endswith("}\n")
    assert (report["schema_version"], report["verdict"], report["seed"]) == (3, "violated", 7)
    assert list(report["channels"]) == list(OF_A_MEMORY)
    assert (report["channels"]["search"], report["channels"]["get"]) == ("violated", "not exercised")
    assert report["required_not_exercised"] == ["get"]
    assert first["channels"]["search"] == {
        "probes": 1,
        "returned": 1,
        "refused": 0,
        "crashed": 0,
        "refused_by_accident": 0,
        "distinct_pairs": 1,
        "verdict": "violated",
    }
    assert first["control"] == {"name": "reroute", "caught_by": "canary_leak", "unplanted_canary_silent": True}
    assert (second["verdict"], second["not_exercised"], second["control"]) == (None, "no search", None)
    assert (first["inconclusive_because"], second["inconclusive_because"]) == ([], [])


def test_a_json_finding_holds_the_story() -> None:
    result = campaign(exercised("a", finding(shown="Zoë's")))

    report = json.loads(json.dumps(as_json(result)))

    (found,) = report["scenarios"][0]["findings"]
    assert re.fullmatch("[0-9a-f]{32}", found.pop("fingerprint"))
    assert [step.pop("came_back") for step in found["story"]] == [None, {"as": "returned", "text": "Zoë's"}]
    assert [step["doing"] for step in found.pop("story")] == [f"{BOB.handle} planted", f"{ALICE.handle} asked"]
    assert found == {
        "played_again": None,
        "reproduce_as": "reproduce, in short",
        "headline": "canary_leak (leak, high, CWE-668) in a by search: 1 finding, first at operation 4",
        "names": {"observer": ALICE.handle, "owner": BOB.handle},
        "ids": {"observer": "", "owner": ""},
        "location": None,
        "cause": "canary_leak by search",
        "place": 1,
        "plainly": f"{ALICE.handle} read {BOB.handle}'s record by search",
        "oracle": "canary_leak",
        "class": "leak",
        "verdict": "violated",
        "known": False,
        "severity": "high",
        "cwe": 668,
        "channel": "search",
        "family": "",
        "count": 1,
        "observer": ALICE.id,
        "owner": BOB.id,
        "first_operation": 4,
        "operation": 4,
        "shown": "Zoë's",
        "evidence": ["it is Bob's", "record 1 of 2"],
        "told": [
            {"what": f"{BOB.handle} planted", "text": repr(BOB.facts[0].text)},
            {"what": f"{ALICE.handle} asked", "text": "search('home town')"},
            {"what": "came back", "text": repr("Zoë's")},
            {"what": "whose it is", "text": "it is Bob's"},
            {"what": "", "text": "record 1 of 2"},
        ],
        "reproduce": [story.call(PLANTED), story.call(PROBE)],
        "repeat": "memfence audit fake --seed 7 --users 3 --scenario a",
    }


def test_a_json_report_holds_the_bound_of_each_channel_and_of_all() -> None:
    first = exercised("a", finding())
    first.count(Step(3, GetAll(CAROL, BOB.facts[0]), Returned()))
    result = campaign(first)

    report = json.loads(json.dumps(as_json(result)))

    assert report["bounds"] == {
        "search": {"pairs": 1, "leaked": 1, "rate_below": 1.0, "confidence": 0.95},
        "get_all": {"pairs": 1, "leaked": 0, "rate_below": pytest.approx(0.95), "confidence": 0.95},
    }
    assert report["bound"] == {
        "pairs": 2,
        "leaked": 1,
        "rate_below": pytest.approx(0.95**0.5),
        "confidence": 0.95,
        "said": story.bound(result),
    }


def test_without_an_answer_a_json_report_holds_no_rate() -> None:
    report = as_json(campaign())

    assert report["bounds"] == {}
    assert report["bound"] == {
        "pairs": 0,
        "leaked": 0,
        "rate_below": None,
        "confidence": 0.95,
        "said": story.bound(campaign()),
    }


def test_a_doubtful_scenario_says_why_in_json_too() -> None:
    report = as_json(campaign(exercised("a", control=ControlResult("reroute", None, negative_silent=True))))

    assert json.loads(json.dumps(report))["scenarios"][0]["inconclusive_because"] == [
        "The planted leak (reroute) was not noticed, so this scenario proves nothing."
    ]


@given(shown=ANY_TEXT)
def test_any_text_that_a_target_shows_can_be_written(shown: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("report") / "out.json"

    write(as_json(campaign(exercised("a", finding(shown=shown)))), [path])

    report = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(report["scenarios"][0]["findings"][0]["shown"], str)


@given(shown=ANY_TEXT)
def test_any_text_that_a_target_shows_can_be_printed_and_is_no_command_to_the_terminal(shown: str) -> None:
    text = printed(campaign(exercised("a", finding(shown=shown))))

    assert text.encode("utf-8")
    assert "\x1b" not in text
    assert text.splitlines()[-1] == "VIOLATED on 1 of 11 channels (seed 7)"


def test_an_errors_text_is_no_command_to_the_terminal_and_forges_no_line() -> None:
    scenario = exercised()
    scenario.count(Step(3, PROBE, Crashed("OSError", "no\nHELD on 11 of 11 channels\n\x1b[2J\ud800", "a.py:3 in f")))

    text = printed(campaign(scenario))

    assert text.encode("utf-8")
    assert "\x1b" not in text
    assert [line for line in text.splitlines() if line.startswith("HELD")] == []


def test_a_catalogue_lists_each_kind_with_its_names_and_their_meanings() -> None:
    file = io.StringIO()

    write_catalogue(
        Console(file=file, width=40),
        {"scenarios": {"list_all": "Everybody [lists] all they have."}, "targets": {"mem0": "Real."}, "others": {}},
    )

    lines = [line.rstrip() for line in file.getvalue().splitlines()]
    assert lines == [
        "scenarios",
        "  list_all  Everybody [lists] all they",
        "            have.",
        "targets",
        "  mem0      Real.",
        "others",
    ]


def test_progress_counts_the_operations_of_all_scenarios() -> None:
    file = io.StringIO()
    console = Console(file=file, width=100, force_terminal=True, force_interactive=True, no_color=True)
    first, second = ScenarioResult("a", ""), ScenarioResult("b", "")

    with progress_bar([("a", 10), ("b", 20)], console) as bar:
        # The first has stopped short of its plan.
        first.operations, second.operations = 4, 5
        bar(first)
        bar(second)

    last = file.getvalue().rsplit("\n", 1)[0]
    assert "b " in last
    assert "15/30" in last


def test_progress_says_what_is_played_again_and_how_often_at_most() -> None:
    file = io.StringIO()
    console = Console(file=file, width=80, force_terminal=True, force_interactive=True, no_color=True)
    again = ScenarioResult("scope_override_by_metadata", "", operations=4)

    with progress_bar([(again.name, 10)], console) as bar:
        again.repeats = Repeats("settling 20 suspicions", made=1, at_most=144)
        bar(again)
        again.repeats.made = 12
        bar(again)
        meanwhile = file.getvalue()
        again.repeats.doing = ""
        bar(again)

    assert "settling 20 suspicions, replay 1 of at most 144" in meanwhile
    assert ", replay 0" not in file.getvalue()
    assert "settling" not in file.getvalue().rsplit(again.name, 1)[1]


def test_progress_leaves_nothing_on_what_is_no_terminal() -> None:
    file = io.StringIO()

    with progress_bar([("a", 10)], Console(file=file, width=100)) as bar:
        bar(ScenarioResult("a", "", operations=4, repeats=Repeats("settling 1 suspicion", made=1, at_most=18)))

    assert file.getvalue().strip() == ""


def test_where_there_is_no_terminal_a_line_comes_each_minute() -> None:
    file = io.StringIO()
    clock = iter([0.0, 10.0, 61.0, 70.0, 122.0])
    lines = ProgressLines(3, Console(file=file, width=100), clock=lambda: next(clock))

    for name in ("a", "a", "b", "c"):
        lines(ScenarioResult(name, ""))

    assert file.getvalue().splitlines() == ["memfence: 61 s, 1 of 3, the last a", "memfence: 122 s, 3 of 3, the last c"]


@pytest.mark.parametrize(
    ("operations", "told"),
    [(30, ["memfence: this takes about 4 minutes"]), (300, ["memfence: this takes about 1 minute"]), (3000, [])],
    ids=["slow", "quicker", "soon done"],
)
def test_a_log_is_told_once_about_how_long_it_takes_where_that_is_more_than_a_minute(
    operations: int, told: list[str]
) -> None:
    file, clock = io.StringIO(), iter((0.0, 2.0, 16.0, 22.0, 23.0))
    planned = [("a", 10), ("b", 1000), ("c", 100)]
    lines = ProgressLines(3, Console(file=file, width=100), lambda: planned, clock=lambda: next(clock))

    lines(ScenarioResult("a", "", operations=10))
    for done in (1, operations, operations):
        lines(ScenarioResult("b", "", operations=done))

    assert file.getvalue().splitlines() == told


def test_further_findings_of_one_oracle_are_one_entry_with_their_channels() -> None:
    listing = replace(finding(), step=Step(5, GetAll(ALICE, BOB.facts[0]), Returned()))
    scenario = exercised("a", finding(), listing, listing, replace(finding(oracle="residue"), severity=Severity.LOW))

    assert story.in_short(scenario, scenario.findings) == (
        "a: canary_leak by search, get_all (high, CWE-668): 3 findings; residue by search (low, CWE-212): 1 finding"
    )


CHAT = Chat(BOB, BOB.facts[0], ALICE.facts[0])
HOSTILE: dict[str, object] = {"user_id": ALICE.id}


@pytest.mark.parametrize(
    ("operation", "call", "what"),
    [
        (CHAT, f'make_memory("{BOB.id}").add({BOB.facts[0].text!r}, infer=True)', f"{BOB.handle} said"),
        (ReadStorage(BOB, ALICE.facts[0]), f"# search storage() for {ALICE.facts[0].canary!r}", "somebody read"),
        (Reopen(BOB), "# the store is closed and opened again: reopen()", "then"),
        (Reset(BOB), "# the store is reset: target.reset()", "then"),
        (Reset(BOB.through_async()), "# the store is reset: awaited(target.async_reset())", "then"),
        (
            Search(BOB, "x", BOB.facts[0], HOSTILE),
            f"make_memory(\"{BOB.id}\").search('x', filters={HOSTILE!r})",
            "asked",
        ),
        (GetAll(BOB, BOB.facts[0], HOSTILE), f'make_memory("{BOB.id}").get_all(filters={HOSTILE!r})', "asked"),
        (
            Add(BOB, BOB.facts[0], text="other", metadata=HOSTILE),
            f"make_memory(\"{BOB.id}\").add('other', metadata={HOSTILE!r})",
            "planted",
        ),
        (
            Update(BOB, RECORD, "new", HOSTILE),
            f"make_memory(\"{BOB.id}\").update(<id of the record added at operation 4>, 'new', metadata={HOSTILE!r})",
            "did",
        ),
        (Get(BOB, RecordRef(0, BOB.index)), f'make_memory("{BOB.id}").get(<an id that no record has>)', "asked"),
        (GetAll(BOB.through_async(), BOB.facts[0]), f'make_async_memory("{BOB.id}").get_all()', "asked"),
        (
            GetAll(BOB.in_scope(agent_id="cook", run_id="1"), BOB.facts[0]),
            f"make_memory(\"{BOB.id}\", agent_id='cook', run_id='1').get_all()",
            "asked",
        ),
        (GetAll(BOB.posing_as(None), BOB.facts[0]), "make_memory(None).get_all()", "(id None) asked"),
        (
            GetAll(BOB.posing_as([BOB.id]), BOB.facts[0]),
            f"make_memory(['{BOB.id}']).get_all()",
            f"(id ['{BOB.id}']) asked",
        ),
        (GetAll(BOB.posing_as(7), BOB.facts[0]), "make_memory(7).get_all()", "(id 7) asked"),
        (GetAll(BOB.posing_as("7"), BOB.facts[0]), 'make_memory("7").get_all()', '(id "7") asked'),
    ],
)
def test_whatever_is_done_is_told_as_the_call_that_it_is(operation: Operation, call: str, what: str) -> None:
    seen = Finding("o", FindingClass.LEAK, Severity.LOW, BOB, BOB, Step(1, operation, Returned()), (), (operation,))

    ((told, deed),) = story.paragraphs(FindingGroup(seen, 1))

    assert story.call(operation) == call
    assert told in (what, f"{BOB.handle} {what}")
    assert deed


def test_a_chat_is_not_told_with_the_options_of_an_add() -> None:
    result = campaign(exercised("a", replace(finding(), witness=(PLANTED, CHAT))))
    result.passed = {Channel.ADD: {"infer": False}, Channel.PROMPTS: {"infer": False}}

    planted, said = story.calls(result, result.scenarios[0].findings[0])

    assert planted.endswith("infer=False)")
    assert said.endswith("infer=True)")


def test_an_erasure_is_a_story_of_who_planted_erased_and_was_still_served() -> None:
    gone = BOB.after_erasure()
    witness = (PLANTED, DeleteAll(BOB, owner=BOB.index), History(gone, RECORD))
    told = replace(finding(oracle="residue"), observer=gone, witness=witness, step=Step(4, witness[-1], Returned()))

    whats = [what for what, _ in story.paragraphs(FindingGroup(told, 4))]

    assert whats[:3] == [f"{BOB.handle} planted", f"{BOB.handle} did", f"{BOB.handle} asked"]
    assert "CWE-212" in story.headline(exercised("a"), FindingGroup(told, 4))


def test_the_scenarios_own_weakness_goes_before_the_oracles_in_every_report() -> None:
    scenario = replace(exercised("interleaved"), cwe=488)
    scenario.note(finding())
    scenario.note(finding(FindingClass.INTERFERENCE, oracle="lost"))
    result = campaign(scenario)

    text = printed(result, width=200)

    assert text.count("CWE-488") == 2
    assert "CWE-668" not in text
    assert {found["cwe"] for found in as_json(result)["scenarios"][0]["findings"]} == {488}  # type: ignore[index]  # plain values


def test_residue_that_leaves_the_verdict_is_told_and_is_no_violation() -> None:
    look = ReadStorage(ALICE, BOB.facts[0])
    residue = replace(
        finding(FindingClass.RESIDUE, oracle="residue", shown="I grew up"),
        severity=Severity.LOW,
        step=Step(4, look, Returned()),
        evidence=("it was erased", "it lies in: history.db"),
    )
    result = campaign(exercised("erasure", residue))

    text = printed(result, width=200)

    assert text.splitlines()[-1].startswith("HELD on ")
    assert (
        "Deleted text is still in history.db (1 finding). No call returns it. `--fail-on residue` makes this fail."
    ) in text


def test_a_json_report_holds_notes_tallies_and_what_is_absent() -> None:
    result = campaign(exercised("a"), exercised("b"), fail_on=(FindingClass.RESIDUE,), wildcard_ids="allow")
    result.notes = ("Calls are serialised.",)
    result.versions = {"python": "3", "spacy": "absent"}

    report = json.loads(json.dumps(as_json(result)))

    assert report["notes"] == ["Calls are serialised."]
    assert report["versions"]["spacy"] == "absent"
    counted = {"returned": 2, "refused": 0, "crashed": 0, "refused_by_accident": 0}
    assert report["probes"] == {"search": {"probes": 2, **counted, "distinct_pairs": 1}}
    assert (report["settings"]["fail_on"], report["settings"]["wildcard_ids"]) == (["residue"], "allow")


@pytest.mark.parametrize(
    ("user_id", "plain"), [(7, 7), (None, None), (True, True), ([], "[]"), ({"ne": "x"}, "{'ne': 'x'}")]
)
def test_an_id_that_is_no_text_is_as_json_has_it(user_id: object, plain: object) -> None:
    hostile = replace(finding(), observer=ALICE.posing_as(user_id))

    report = json.loads(json.dumps(as_json(campaign(exercised("a", hostile)))))

    (found,) = report["scenarios"][0]["findings"]
    assert found["observer"] == plain
    assert type(found["observer"]) is type(plain)


def test_a_line_to_copy_names_the_same_id() -> None:
    for user_id in ("ann", 'a\\b"c\n', "\ud800", "Zoë", "\U0001f600"):
        line = story.call(GetAll(BOB.posing_as(user_id), BOB.facts[0]))

        assert eval(line.removeprefix("make_memory").removesuffix(".get_all()")) == user_id  # noqa: S307 - our own line


def posing(*fates: tuple[str, Observation]) -> ScenarioResult:
    result = exercised("wildcard_ids")
    for hostile_id, observation in fates:
        step = Step(5, GetAll(ALICE.posing_as(hostile_id), BOB.facts[0]), observation)
        result.pairs.note(step, BOB, ())
    return result


def test_what_became_of_each_hostile_id_is_told_where_one_fared_badly() -> None:
    bad = posing(
        ("*", Crashed("OSError", "full", "store.py:3")), ("%", Returned()), (".*", Refused("ScopeError", "no"))
    )

    told = "hostile ids in wildcard_ids: crashed: '*'; isolated: '%'; refused: '.*'"
    assert told + "\n" in printed(campaign(bad), width=200)
    assert as_json(campaign(bad))["scenarios"][0]["ids"] == {  # type: ignore[index]  # a list
        "'*'": {"crashed": 1},
        "'%'": {"isolated": 1},
        "'.*'": {"refused": 1},
    }


def test_hostile_ids_that_were_refused_or_isolated_take_no_line() -> None:
    assert "hostile ids in" not in printed(
        campaign(posing(("%", Returned()), (".*", Refused("ScopeError", "no")))), width=200
    )
