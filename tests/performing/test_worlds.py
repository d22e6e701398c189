from memfence import Add, Population
from memfence.performing.contract import adapt
from memfence.performing.worlds import Worlds

ALICE, BOB = Population(seed=1, size=2)


class Speaking:
    """A target that tells what was said to it since it was last asked, as an application does."""

    disposable = False

    def __init__(self) -> None:
        self.said: list[str] = []
        self.texts: dict[str, str] = {}

    def start(self) -> None:
        self.said.append("start")
        self.texts.clear()

    def told(self) -> list[str]:
        told, self.said = self.said, []
        return told

    def make_memory(self, user_id: str) -> "Speaking":
        del user_id
        return self

    def add(self, text: str) -> dict[str, str]:
        self.said.append("add")
        name = f"note-{len(self.texts)}"
        self.texts[name] = text
        return {"id": name}

    def get(self, name: str) -> str | None:
        self.said.append("get")
        return self.texts.get(name)

    def delete(self, name: str) -> None:
        self.said.append("delete")
        del self.texts[name]


def test_to_start_a_world_belongs_to_it_and_to_clean_up_the_one_before_does_not() -> None:
    worlds = Worlds(adapt(Speaking(), "speaking"), settle=0, top_k=None, keep=str, ours=lambda _: True)
    exchanges = []
    for tenant in (ALICE, BOB):
        with worlds.open([tenant]) as executor:
            exchanges.append(executor.perform(Add(tenant, tenant.facts[0]), 1).exchange)
    worlds.close()

    assert exchanges == [("start", "add"), ("start", "add")]
