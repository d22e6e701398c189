"""Targets that leak only after more than one step: what led there must be told, or nobody can see it again."""

import itertools
from typing import Any, ClassVar


def checked(user_id: object) -> str:
    if not isinstance(user_id, str) or not user_id.strip():
        msg = "user_id must be a text"
        raise ValueError(msg)
    return user_id


class Leaky:
    """A world with rows of (user, text); `cured` is the same one without its defect."""

    disposable = True
    cured = False

    def start(self) -> None:
        self.rows: list[tuple[str, str]] = []

    def of(self, user: str) -> list[str]:
        return [text for owner, text in self.rows if owner == user]


class CachedByQuestion(Leaky):
    """A cache by the question alone, filled by the owner's own search."""

    def start(self) -> None:
        super().start()
        self.kept: dict[tuple[str | None, str], list[str]] = {}

    def make_memory(self, user_id: object) -> Any:
        world, user = self, checked(user_id)

        class Memory:
            def add(self, text: str) -> None:
                world.rows.append((user, text))

            def search(self, query: str) -> list[str]:
                # Cured, nothing is kept: an old answer lacks what was stored since.
                key = (user if world.cured else None, query)
                if key not in world.kept or world.cured:
                    words = set(query.lower().split())
                    world.kept[key] = [text for text in world.of(user) if words & set(text.lower().split())]
                return world.kept[key]

            def get_all(self) -> list[str]:
                return world.of(user)

        return Memory()


class FirstCallerPinned(Leaky):
    """Everybody is answered for whoever came first."""

    def start(self) -> None:
        super().start()
        self.first: str | None = None

    def make_memory(self, user_id: object) -> Any:
        world, user = self, checked(user_id)
        world.first = world.first or user

        class Memory:
            def add(self, text: str) -> None:
                world.rows.append((user, text))

            def get_all(self) -> list[str]:
                return world.of(user if world.cured else world.first or user)

        return Memory()


class UploadsUnderOneName(Leaky):
    """Files lie under a name that all share: the reader sees whoever came last, once it has a file of that name."""

    def start(self) -> None:
        super().start()
        self.files: dict[str, str] = {}
        self.owned: dict[str, set[str]] = {}

    def make_memory(self, user_id: object) -> Any:
        world, user = self, checked(user_id)

        class Memory:
            def add(self, text: str) -> None:
                name = f"{user}/{text}" if world.cured else "-".join(text.split()[:3])
                world.files[name] = text
                world.owned.setdefault(user, set()).add(name)

            def get_all(self) -> list[str]:
                return [world.files[name] for name in sorted(world.owned.get(user, ()))]

        return Memory()


class LastThatWorked(Leaky):
    """Whose last add raised is answered from the last add that worked, anybody's."""

    def start(self) -> None:
        super().start()
        self.failed: set[str] = set()

    def make_memory(self, user_id: object) -> Any:
        world, user = self, checked(user_id)

        class Memory:
            def add(self, text: str, metadata: dict[str, object] | None = None) -> None:
                try:
                    "".join([text, *map(str, (metadata or {}).values())]).encode()
                except UnicodeEncodeError:
                    world.failed.add(user)
                    raise
                world.failed.discard(user)
                world.rows.append((user, text))

            def get_all(self) -> list[str]:
                leaks = user in world.failed and not world.cured
                return [text for _, text in world.rows[-1:]] if leaks else world.of(user)

            def search(self, query: str) -> list[str]:
                del query
                return self.get_all()

        return Memory()


class SideTable(Leaky):
    """`delete_all` leaves the row's side table; the next row with that number inherits it."""

    def start(self) -> None:
        self.table: dict[int, tuple[str, str]] = {}
        self.side: dict[int, str] = {}

    def make_memory(self, user_id: object) -> Any:
        world, user = self, checked(user_id)

        class Memory:
            def add(self, text: str) -> dict[str, object]:
                number = next(one for one in itertools.count(1) if one not in world.table)
                world.table[number] = (user, text)
                world.side.setdefault(number, text)
                return {"id": str(number), "memory": text}

            def get_all(self) -> list[dict[str, object]]:
                own = ((number, text) for number, (owner, text) in world.table.items() if owner == user)
                return [{"id": str(number), "memory": text, "source": world.side[number]} for number, text in own]

            def delete_all(self) -> None:
                for number in [number for number, (owner, _) in world.table.items() if owner == user]:
                    del world.table[number]
                    if world.cured:
                        del world.side[number]

        return Memory()


class KeptByTheClass(Leaky):
    """Each listing ends with the last texts of all; `start` does not empty these."""

    recent: ClassVar[list[str]] = []

    def make_memory(self, user_id: object) -> Any:
        world, user = self, checked(user_id)

        class Memory:
            def add(self, text: str) -> None:
                world.rows.append((user, text))
                world.recent[:] = [*world.recent[-2:], text]

            def get_all(self) -> list[str]:
                return [*world.of(user), *world.recent]

        return Memory()


ALL: tuple[type[Leaky], ...] = (CachedByQuestion, FirstCallerPinned, UploadsUnderOneName, LastThatWorked, SideTable)


def cured(kind: type[Leaky]) -> type[Leaky]:
    return type(f"Cured{kind.__name__}", (kind,), {"cured": True})
