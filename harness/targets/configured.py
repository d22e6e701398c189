"""A mem0 of the user's, by a config from a file: any store, embedder and LLM that mem0 knows."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from ..base.errors import HarnessError, nearest
from ..base.wording import in_one_line, printable
from ..performing.contract import Memory
from ..real_mem0.client import Client, records
from ..real_mem0.embedders import Embedding
from ..real_mem0.memory import open_configured
from ..real_mem0.private_home import private_home
from ..real_mem0.store import EXTRACTOR
from ..scoped.wrappers import Wrap, given

# What mem0's own config has at the top.
_PARTS = frozenset({"vector_store", "llm", "embedder", "history_db_path", "reranker", "version", "custom_instructions"})


def read_config(path: Path) -> Mapping[str, Any]:
    """Return what the file says, as `Memory.from_config` takes it; raises HarnessError where it is no mem0 config."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"the mem0 config {path} cannot be read: {error.strerror}"
        raise HarnessError(msg) from error
    except ValueError as error:
        msg = f"the mem0 config {path} is no JSON: {error}"
        raise HarnessError(msg) from error
    if not isinstance(said, dict) or not _PARTS & set(said):
        meant = nearest(str(next(iter(said), "")), _PARTS) if isinstance(said, dict) else "write an object"
        msg = f"{path} is no mem0 config, as Memory.from_config takes it: {meant}"
        raise HarnessError(msg)
    return said


class ConfiguredMem0:
    """A `mem0.Memory` as a config says: what is in its store already is not ours, so nothing is wiped.

    What the config does not say, other than the store, is ours: the embedder, the recording extractor, a history in
    memory. Where an LLM answers, `prompts` tells what it was sent.
    """

    disposable = False

    def __init__(self, wrap: Wrap, config: Mapping[str, Any], embedding: Embedding) -> None:
        """Take the config; raises HarnessError where it names no store. Nothing is opened yet."""
        if "vector_store" not in config:
            msg = "the mem0 config names no vector_store; without one mem0 would take a Qdrant folder that all share"
            raise HarnessError(msg)
        self._wrap = wrap
        self._config = config
        self._embedding = embedding
        self._client: Client | None = None
        self._make: Any = None
        self._ending = ExitStack()

    def make_memory(self, user_id: str | None, *, agent_id: str | None = None, run_id: str | None = None) -> Memory:
        """Return this user's memory; opens the store where it is not open."""
        if self._client is None:
            self._open()
        return self._make(user_id, **given(agent_id=agent_id, run_id=run_id))

    def prompts(self) -> list[str]:
        """Return what the extraction LLM was sent, oldest first."""
        return [] if self._client is None else list(self._client.llm.prompts)

    def close(self) -> None:
        """Let go of the store."""
        client, self._client = self._client, None
        with self._ending:
            if client is not None and hasattr(client, "close"):
                client.close()

    def _open(self) -> None:
        self._ending.enter_context(private_home())
        with _told("mem0 cannot be opened by the config"):
            client = open_configured(
                self._config, embedder=self._embedding.path, extractor=EXTRACTOR, history=":memory:"
            )
        # Here, and not as a crash of each scenario: what the embedder makes must fit the collection. A search in an
        # empty one says nothing, so a record is stored and removed.
        with _told(f"the store that the mem0 config names takes no record{self._whose_embedder()}"):
            for record in records(client.add("memfence is there", user_id="memfence-is-there", infer=False)):
                client.delete(record["id"])
        if not hasattr(client.llm, "prompts"):
            client.llm = _Recorded(client.llm)
        self._client, self._make = client, self._wrap(client)

    def _whose_embedder(self) -> str:
        if "embedder" in self._config:
            return ""
        size = self._embedding.dimensions
        return f" (it names no embedder, so memfence's own is used, which needs embedding_model_dims {size})"


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Tell what goes wrong in one line: raises HarnessError. Of mem0's validation each field and its words."""
    from pydantic import ValidationError  # noqa: PLC0415 - comes with mem0, which is imported here first

    try:
        yield
    except ValidationError as error:
        fields = [
            f"{'.'.join(map(str, one['loc']))}: {one['msg'].removeprefix('Value error, ')}" for one in error.errors()
        ]
        msg = f"{what}: {printable('; '.join(fields))}"
        raise HarnessError(msg) from error
    except Exception as error:
        msg = f"{what}: {in_one_line(error, frozenset())}"
        raise HarnessError(msg) from error


class _Recorded:
    """An LLM of mem0's that remembers what it was sent."""

    def __init__(self, llm: Any) -> None:  # noqa: ANN401 - mem0's own object
        self._llm = llm
        self.prompts: list[str] = []

    def generate_response(self, messages: Iterable[Mapping[str, object]], *rest: Any, **options: Any) -> Any:  # noqa: ANN401 - as above
        said = list(messages)
        self.prompts.append("\n\n".join(str(message.get("content")) for message in said))
        return self._llm.generate_response(said, *rest, **options)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as above
        return getattr(self._llm, name)
