import pytest

from memfence import Add, Chat, DeleteAll, GetAll, Operation, Population, ReadStorage, Reset, Search, Step
from memfence.judging.attribution import CanaryAttributor
from memfence.judging.oracles.prompt_bleed import prompt_bleed
from memfence.model.channels import Channel
from memfence.model.findings import Finding, FindingClass, Severity, Verdict
from memfence.model.observations import Crashed, Observation, Outside, Returned

POPULATION = Population(seed=5, size=3)
ALICE, BOB, CAROL = POPULATION
SAID, EARLIER = ALICE.facts[0], ALICE.facts[1]
FOREIGN = BOB.facts[0]
CHAT = Chat(ALICE, SAID, seeks=FOREIGN)


def judged(*steps: Step) -> list[Finding]:
    judge = prompt_bleed(CanaryAttributor(POPULATION))
    return [finding for step in steps for finding in judge(step)]


def prompted(*prompts: str, index: int = 9, chat: Chat = CHAT, observation: Observation | None = None) -> Step:
    outside = tuple(Outside("the prompt to the extraction LLM", prompt) for prompt in prompts)
    return Step(index, chat, observation or Returned(), outside=outside)


def did(index: int, operation: Operation) -> Step:
    return Step(index, operation, Returned())


def test_another_tenants_fact_in_the_prompt_is_a_grave_leak() -> None:
    (finding,) = judged(did(1, Add(BOB, FOREIGN)), prompted(f"Known: {FOREIGN.text}\nNew: {SAID.text}"))

    assert (finding.klass, finding.severity) == (FindingClass.LEAK, Severity.HIGH)
    assert finding.verdict is Verdict.VIOLATED
    assert (finding.observer, finding.owner) == (ALICE, BOB)
    assert finding.channel is Channel.PROMPTS
    assert finding.witness == (Add(BOB, FOREIGN), CHAT)
    assert finding.shown == FOREIGN.text
    assert finding.evidence == (
        f"the prompt to the extraction LLM held {FOREIGN.canary}: {BOB.handle}'s fact 0, by its code",
    )


def test_a_foreign_canary_alone_is_enough() -> None:
    (finding,) = judged(prompted(f"codes: {FOREIGN.canary}"))

    assert finding.owner == BOB


def test_a_prompt_of_a_call_that_failed_was_sent_all_the_same() -> None:
    (finding,) = judged(prompted(FOREIGN.text, observation=Crashed("OSError", "down", "llm.py:3 in ask")))

    assert finding.owner == BOB


def test_what_the_tenant_says_and_what_it_said_before_is_no_bleed() -> None:
    told = [did(1, Add(ALICE, EARLIER)), prompted(f"Last messages: {EARLIER.text}\nNew message: {SAID.text}")]

    assert judged(*told) == []


def test_prompts_without_a_canary_are_no_bleed() -> None:
    assert judged(prompted("You extract facts.", SAID.text)) == []


@pytest.mark.parametrize("erase", [DeleteAll(ALICE, owner=ALICE.index), Reset(BOB)], ids=["delete_all", "reset"])
@pytest.mark.parametrize("plant", [Add(ALICE, EARLIER), Chat(ALICE, EARLIER, FOREIGN)], ids=["add", "chat"])
def test_a_fact_of_its_own_that_was_erased_is_a_leak(plant: Operation, erase: Operation) -> None:
    (finding,) = judged(did(1, plant), did(2, erase), prompted(f"Last: {EARLIER.text}"))

    assert (finding.klass, finding.severity) == (FindingClass.LEAK, Severity.MEDIUM)
    assert (finding.observer, finding.owner) == (ALICE, ALICE)
    assert "it was erased at operation 2" in finding.evidence[0]
    assert erase in finding.witness
    assert finding.witness[-1] == CHAT


def test_an_erased_fact_that_is_said_again_is_no_bleed() -> None:
    told = [did(1, Add(ALICE, SAID)), did(2, DeleteAll(ALICE, owner=ALICE.index))]

    assert judged(*told, prompted(SAID.text)) == []
    # And what was said again may stand among the last messages of the next call.
    again = [*told, did(3, Chat(ALICE, SAID, FOREIGN))]
    assert judged(*again, prompted(SAID.text, chat=Chat(ALICE, EARLIER, FOREIGN))) == []


def test_another_tenants_erased_fact_is_its_own_and_told_with_its_erasure() -> None:
    erase = DeleteAll(BOB, owner=BOB.index)

    (finding,) = judged(did(1, Add(BOB, FOREIGN)), did(2, erase), prompted(FOREIGN.text))

    assert finding.severity is Severity.HIGH
    assert finding.evidence[0].endswith("it was erased at operation 2 by delete_all")
    assert finding.witness == (Add(BOB, FOREIGN), erase, CHAT)


def test_one_call_tells_each_fact_once_over_all_of_its_prompts() -> None:
    other = CAROL.facts[0]

    found = judged(prompted(f"{FOREIGN.text} {FOREIGN.text}", f"{FOREIGN.text} {other.text}"))

    assert [finding.owner for finding in found] == [BOB, CAROL]


@pytest.mark.parametrize(
    "operation", [Add(ALICE, SAID), Search(ALICE, "x", FOREIGN), GetAll(ALICE, FOREIGN), ReadStorage(ALICE, FOREIGN)]
)
def test_only_what_a_chat_put_into_a_prompt_is_judged(operation: Operation) -> None:
    outside = (Outside("history.db", FOREIGN.text),)

    assert judged(Step(1, operation, Returned(), outside=outside)) == []


def test_the_witness_tells_what_really_planted_an_erased_fact() -> None:
    plant, erase = Chat(ALICE, EARLIER, FOREIGN), DeleteAll(ALICE, owner=ALICE.index)

    (finding,) = judged(did(1, plant), did(2, erase), prompted(EARLIER.text))

    assert finding.witness == (plant, erase, CHAT)
