import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from memfence.base.errors import HarnessError
from memfence.real_mem0.embedders import embedding, semantic
from memfence.scoped.wrappers import plain
from memfence.targets.configured import ConfiguredMem0, read_config


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("{", "is no JSON"),
        ("[]", "is no mem0 config"),
        (
            '{"store": {}}',
            r"is no mem0 config, as Memory\.from_config takes it: choose from .*vector_store",
        ),
        ('{"vectorstore": {}}', r"is no mem0 config, .*: did you mean 'vector_store'\?$"),
    ],
)
def test_what_is_no_config_is_told(tmp_path: Path, content: str | None, said: str) -> None:
    path = tmp_path / "mem0.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    with pytest.raises(HarnessError, match=said):
        read_config(path)


def test_a_config_without_a_store_would_be_the_one_that_all_share() -> None:
    with pytest.raises(HarnessError, match="names no vector_store"):
        ConfiguredMem0(plain.wrap, {"llm": {}}, embedding(semantic))


def test_any_store_of_mem0s_is_opened_and_its_prompts_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "mem0.json"
    where = {"path": str(tmp_path / "qdrant"), "embedding_model_dims": 256, "collection_name": "theirs"}
    path.write_text(json.dumps({"vector_store": {"provider": "qdrant", "config": where}}), encoding="utf-8")
    target = ConfiguredMem0(plain.wrap, read_config(path), embedding(semantic))

    before = target.prompts()
    memory = target.make_memory("u_alice")
    memory.add("I am vegetarian.", infer=True)
    seen = [record["memory"] for record in memory.get_all()]
    prompts = target.prompts()
    target.close()

    assert before == []
    assert seen == ["I am vegetarian."]
    assert any("I am vegetarian." in prompt for prompt in prompts)
    assert not target.disposable


@pytest.mark.long
def test_mem0s_own_folder_at_home_is_left_alone(tmp_path: Path) -> None:
    source = (
        "from memfence.targets.configured import ConfiguredMem0\n"
        "from memfence.real_mem0.embedders import embedding, semantic\n"
        "from memfence.scoped.wrappers import plain\n"
        f"where = {{'path': {str(tmp_path / 'qdrant')!r}, 'embedding_model_dims': 256, 'collection_name': 'theirs'}}\n"
        "config = {'vector_store': {'provider': 'qdrant', 'config': where}}\n"
        "target = ConfiguredMem0(plain.wrap, config, embedding(semantic))\n"
        "target.make_memory('u_alice').add('I am here.', infer=False); target.close()\n"
    )
    home = tmp_path / "home"
    home.mkdir()
    environment = {key: value for key, value in os.environ.items() if key != "MEM0_DIR"} | {"HOME": str(home)}

    done = subprocess.run([sys.executable, "-c", source], env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert not (home / ".mem0").exists()


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (
            {"vector_store": {"provider": "nonsense", "config": {}}},
            r"^mem0 cannot be opened by the config: vector_store: Unsupported vector store provider: nonsense$",
        ),
        (
            {"llm": {"provider": "opnai", "config": {}}},
            r"^mem0 cannot be opened by the config: llm\.config: Unsupported LLM provider: opnai$",
        ),
        (
            {"vector_store": {"provider": "qdrant", "config": {"colection_name": "theirs"}}},
            r"^mem0 cannot be opened by the config: vector_store: Extra fields not allowed: colection_name\.",
        ),
        (
            {"vector_store": {"provider": "qdrant", "config": {"embedding_model_dims": 99}}},
            r"^the store .* takes no record \(it names no embedder, .* embedding_model_dims 256\): ValueError: .*dim",
        ),
    ],
)
def test_what_mem0_does_not_take_is_told_in_its_own_words(tmp_path: Path, config: dict[str, Any], said: str) -> None:
    where = {"path": str(tmp_path / "qdrant"), "collection_name": "theirs"}
    config.setdefault("vector_store", {"provider": "qdrant", "config": {"embedding_model_dims": 256}})
    config["vector_store"]["config"] = where | config["vector_store"]["config"]
    target = ConfiguredMem0(plain.wrap, config, embedding(semantic))

    try:
        with pytest.raises(HarnessError, match=said):
            target.make_memory("u_alice")
    finally:
        target.close()
