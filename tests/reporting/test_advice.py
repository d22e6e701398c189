"""What to do is said in the words of what is audited, whatever form a report has."""

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from memfence import Channel
from memfence.model.audited import Audited
from memfence.model.results import CampaignResult
from memfence.model.scenario_results import ScenarioResult
from memfence.model.tallies import Tally
from memfence.reporting import md_report, plain, sarif_report, xml_report
from memfence.reporting.console import write_console
from memfence.reporting.json_report import as_json
from memfence.reporting.quiet import quiet_line


def on_screen(result: CampaignResult) -> str:
    screen = io.StringIO()
    write_console(result, Console(file=screen, width=300))
    return screen.getvalue()


FORMS: dict[str, Callable[[CampaignResult], str]] = {
    "console": on_screen,
    "plain": lambda result: "\n".join(plain.summary(result)),
    "quiet": lambda result: quiet_line(result, as_json(result)).plain,
    "md": lambda result: md_report.render(as_json(result)),
    "sarif": lambda result: sarif_report.render(as_json(result)),
    "xml": lambda result: xml_report.render(as_json(result)),
}
SAID = {
    Audited.MEMORY: "Offer the method, or leave the channel out of `--require`.",
    Audited.APPLICATION: "Write the line into the application's file, or leave the channel out of `--require`.",
}


@pytest.mark.parametrize("what", SAID)
@pytest.mark.parametrize("form", FORMS)
def test_a_required_channel_that_was_not_judged_has_what_to_do_in_its_own_words(form: str, what: Audited) -> None:
    scenario = ScenarioResult("a", "")
    scenario.tallies[Channel.SEARCH] = Tally(probes=1, returned=1)
    settings = {"wrapper": "scoped", "breakage": None, "users": 3, "facts": 1}
    result = CampaignResult("fake", 7, settings, {}, "", scenarios=[scenario], required=(Channel.GET,))
    result.by_file = what is Audited.APPLICATION

    text = FORMS[form](result)

    assert [one for one, said in SAID.items() if said in text] == [what]
