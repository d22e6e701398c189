"""A mem0 config that names an LLM: a real HTTP server that speaks OpenAI's protocol, and forgets."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.model.results import CampaignResult
from memfence.real_mem0.extractor import RecordingExtractor
from memfence.reporting.json_report import as_json
from memfence.reporting.story import recall

# One in so many sentences is rephrased until its code and its name are gone.
REPHRASED = 3
USERS, FACTS = 3, 2


Retell: TypeAlias = Callable[[str, str], str]
NAME = re.compile(r"[A-Z][a-z]+x [A-Z][a-z]+x")


def as_it_is(text: str, prompt: str) -> str:
    """Return what was said."""
    del prompt
    return text


def rewritten(text: str, prompt: str) -> str:
    """Return the fact in the third person, and no code, as an LLM does who takes codes for noise."""
    del prompt
    return "User mentioned: " + text.partition(";")[0].replace("I am", "is").replace("My", "their")


def shortened(text: str, prompt: str) -> str:
    """Return the name alone."""
    del prompt
    return f"Knows {NAME.findall(text)[0].upper()}"


def reordered(text: str, prompt: str) -> str:
    """Return the second half first, and the name as a directory has it."""
    del prompt
    said, _, code = text.rstrip(".").partition("; ")
    (name,) = NAME.findall(said)
    return f"{code}. {said.replace(name, ', '.join(reversed(name.split())))}"


def without_digits(text: str, prompt: str) -> str:
    """Return the fact with gaps in its code."""
    del prompt
    return re.sub(r"\d", "", text)


def merged(text: str, prompt: str) -> str:
    """Return one fact of all names that stand in the prompt: those of earlier messages and memories, too."""
    return f"{rewritten(text, prompt)}; see also {' and '.join(dict.fromkeys(NAME.findall(prompt)))}"


class Forgetful(BaseHTTPRequestHandler):
    """Answers as our own extractor does, but for every third fact, of which nothing is left; the others it retells."""

    told = 0
    rephrased = REPHRASED
    retell: Retell = staticmethod(as_it_is)

    def do_POST(self) -> None:
        """Answer a request for a chat completion."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        content = json.loads(RecordingExtractor().generate_response(asked["messages"]))
        for fact in content["memory"]:
            Forgetful.told += 1
            if Forgetful.told % Forgetful.rephrased == 0:
                fact["text"] = "There is something that the user likes."
            else:
                fact["text"] = Forgetful.retell(fact["text"], str(asked["messages"][-1]["content"]))
        message = {"role": "assistant", "content": json.dumps(content)}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        answer = {"id": "1", "object": "chat.completion", "created": 0, "model": "forgetful", "choices": [choice]}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Forgetful) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1"
        finally:
            server.shutdown()
            thread.join()


def audited(folder: Path, llm: str) -> CampaignResult:
    config = {
        "vector_store": {
            "provider": "qdrant",
            "config": {"path": str(folder / "store"), "collection_name": "theirs", "embedding_model_dims": 256},
        },
        "llm": {"provider": "openai", "config": {"model": "forgetful", "api_key": "none", "openai_base_url": llm}},
    }
    path = folder / "mem0.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    settings = AuditSettings(
        seed=7, users=USERS, facts=FACTS, crowd=20, scenarios=("extracted",), store_config=str(path)
    )
    target = resolve.target("mem0", **resolve.placed("mem0", **settings.place))
    chosen = resolve.scenarios(settings.scenarios)
    return Campaign(target, chosen, settings, resolve.all_oracles()).run()


def test_where_an_llm_keeps_nothing_the_question_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Forgetful, "rephrased", 1)

    with served() as address:
        result = audited(tmp_path, address)

    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.scenarios[0].reasons[0] == (
        f"of what {USERS} tenants said to the extraction LLM they found nothing again"
    )


def test_what_a_real_llm_keeps_is_judged_and_how_much_that_is_is_told(tmp_path: Path) -> None:
    with served() as address:
        result = audited(tmp_path, address)

    said = USERS * FACTS
    kept = said - said // REPHRASED
    assert result.verdict is Verdict.HELD, as_json(result)
    assert recall(result) == [f"Of {said} facts the extraction step kept {kept} codes and {kept} names."]
    told = {"looked_for": said, "found": kept, "codes": kept, "names": kept}
    assert as_json(result)["scenarios"][0]["recall"] == told


@pytest.mark.parametrize(
    ("retell", "codes", "names"),
    [
        (rewritten, 0, USERS * FACTS),
        (shortened, 0, USERS * FACTS),
        (reordered, USERS * FACTS, 0),
        (without_digits, 0, USERS * FACTS),
        (merged, 0, USERS * FACTS),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_however_an_llm_retells_a_fact_its_owner_finds_it_and_nobody_is_blamed(
    retell: Retell, codes: int, names: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Forgetful, "rephrased", 1_000_000)
    monkeypatch.setattr(Forgetful, "retell", staticmethod(retell))

    with served() as address:
        result = audited(tmp_path, address)

    assert result.verdict is Verdict.HELD, as_json(result)
    found = as_json(result)["scenarios"][0]["recall"]
    assert (found["codes"], found["names"], found["found"]) == (codes, names, USERS * FACTS)
