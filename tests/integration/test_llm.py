"""A mem0 config that names an LLM: a real HTTP server that speaks OpenAI's protocol, and forgets."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.model.results import CampaignResult
from memfence.real_mem0.extractor import RecordingExtractor
from memfence.reporting.json_report import as_json
from memfence.reporting.story import recall

# One in so many sentences is rephrased until its code is gone.
REPHRASED = 3
USERS, FACTS = 3, 2


class Forgetful(BaseHTTPRequestHandler):
    """Answers as our own extractor does, but for every third fact, which it tells in words of its own."""

    told = 0
    rephrased = REPHRASED

    def do_POST(self) -> None:
        """Answer a request for a chat completion."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        content = json.loads(RecordingExtractor().generate_response(asked["messages"]))
        for fact in content["memory"]:
            Forgetful.told += 1
            if Forgetful.told % Forgetful.rephrased == 0:
                fact["text"] = "There is something that the user likes."
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
    assert recall(result) == [f"The extraction step kept {kept} of {said} facts."]
    assert as_json(result)["scenarios"][0]["recall"] == {"looked_for": said, "found": kept}
