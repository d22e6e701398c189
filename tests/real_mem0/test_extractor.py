import json
from typing import Any

import pytest
from mem0.configs.prompts import generate_additive_extraction_prompt, get_update_memory_messages

from memfence.real_mem0.extractor import RecordingExtractor

CODE = "My locker code is 7QK2-M9XD-04TV."
OLD = [{"id": "0", "text": "I prefer a window seat."}]


def ask(*contents: str) -> dict[str, Any]:
    messages = [{"role": "user", "content": content} for content in contents]
    found: dict[str, Any] = json.loads(RecordingExtractor().generate_response(messages, response_format={}))
    return found


def prompt_of_2(new: str) -> str:
    """Return mem0's own prompt, with records and messages of before in it."""
    earlier = [{"role": "user", "content": "I am vegetarian."}]
    return str(generate_additive_extraction_prompt(existing_memories=OLD, new_messages=new, last_k_messages=earlier))


def test_of_mem0_2s_prompt_the_new_message_of_the_user_is_the_fact() -> None:
    assert ask("system words", prompt_of_2(f"user: {CODE}\n"))["memory"] == [{"text": CODE}]


def test_of_mem0_1s_first_prompt_the_new_message_of_the_user_is_the_fact() -> None:
    assert ask("system words", f"Input:\nuser: {CODE}\n")["facts"] == [CODE]


@pytest.mark.parametrize("fact", [CODE, 'It\'s "quoted", with ```ticks``` and a ] in it.', "Two\nlines."])
def test_of_mem0_1s_second_prompt_each_retrieved_fact_is_added_and_no_old_record_is(fact: str) -> None:
    answer = ask(get_update_memory_messages(OLD, [fact, "I am Bob."]))

    assert [(one["text"], one["event"]) for one in answer["memory"]] == [(fact, "ADD"), ("I am Bob.", "ADD")]


def test_each_message_of_the_user_is_a_fact_of_its_own_and_nobody_elses_is_one() -> None:
    said = "system: be kind\nuser: first\nline two\nassistant: user: what?\nuser: second\n"

    assert ask(prompt_of_2(said))["memory"] == [{"text": "first\nline two"}, {"text": "second"}]


@pytest.mark.parametrize("contents", [(), ("Describe this image.",), (prompt_of_2("assistant: hello\n"),)])
def test_where_the_user_says_nothing_new_there_is_no_fact(contents: tuple[str, ...]) -> None:
    assert ask(*contents) == {"facts": [], "memory": []}


def test_every_prompt_is_kept_whole_and_in_order() -> None:
    extractor = RecordingExtractor()

    extractor.generate_response([{"role": "system", "content": "rules"}, {"role": "user", "content": "one"}])
    extractor.generate_response([{"role": "user", "content": "two"}])

    assert extractor.prompts == ["rules\n\none", "two"]
