"""Namespaces of a LangGraph store below one user's segment: operations on the way there, results on the way back."""

from typing import Any, TypeAlias

from ..base.refusals import IsolationError, ScopeError
from .extras import library
from .keys import scoped_segment

Namespace: TypeAlias = tuple[str, ...]
# In no segment of a user: with it at its end none is the beginning of another, also for a store that compares texts.
_END = "-z"


class Namespaces:
    """The namespaces of one user in a store: each begins with one segment of its own."""

    __slots__ = ("_base", "segment")

    def __init__(self, user_id: str) -> None:
        """Bind the user; raises ScopeError or TypeError, ModuleNotFoundError without LangGraph's stores."""
        self.segment = scoped_segment(user_id) + _END
        self._base = library("langgraph.store.base", extra="kv")

    def scoped(self, operation: Any) -> Any:  # noqa: ANN401 - LangGraph's four operations
        """Return the operation on this user's namespaces; raises ScopeError for a namespace that is none."""
        base = self._base
        match operation:
            case base.GetOp() | base.PutOp():
                return operation._replace(namespace=self._whole(operation.namespace))
            case base.SearchOp():
                return operation._replace(namespace_prefix=self._whole(operation.namespace_prefix))
            case base.ListNamespacesOp():
                depth = operation.max_depth
                return operation._replace(
                    match_conditions=tuple(self._conditions(operation.match_conditions or ())),
                    max_depth=None if depth is None else depth + 1,
                )
        msg = f"{type(operation).__name__} is no operation that ScopedStore knows: it is not passed on"
        raise TypeError(msg)

    def own(self, operation: Any, result: Any) -> Any:  # noqa: ANN401 - as above
        """Return the result without the segment; raises IsolationError for anything of another namespace."""
        base = self._base
        match operation:
            case base.GetOp():
                if result is None:
                    return None
                item = self._stripped(result, "get")
                if item.namespace != tuple(operation.namespace) or item.key != operation.key:
                    # Another key's value is no answer, whoever it belongs to.
                    self._refuse("get")
                return item
            case base.SearchOp():
                prefix = tuple(operation.namespace_prefix)
                items = [self._stripped(item, "search") for item in result]
                return [item for item in items if item.namespace[: len(prefix)] == prefix]
            case base.ListNamespacesOp():
                found = [self._inner(namespace, "list_namespaces") for namespace in result]
                return [one for one in found if one and _may_be(one, operation)]
        return None

    def _whole(self, namespace: object) -> Namespace:
        if not isinstance(namespace, (tuple, list)):
            msg = f"a namespace must be a tuple such as ('notes',), got {type(namespace).__name__}"
            raise TypeError(msg)
        for label in namespace:
            if not isinstance(label, str):
                msg = f"each label of a namespace must be a str, got {type(label).__name__}"
                raise TypeError(msg)
            if not label or "." in label or "\x00" in label:
                msg = f"{label!a} is no label of a namespace: give a text without '.' and NUL, such as 'notes'"
                raise ScopeError(msg)
        return (self.segment, *[str.__str__(label) for label in namespace])

    def _conditions(self, given: tuple[Any, ...]) -> list[Any]:
        condition = self._base.MatchCondition
        found = [condition(match_type="prefix", path=(self.segment,))]
        for one in given:
            path = self._whole(one.path)
            if one.match_type == "prefix":
                found.append(condition(match_type="prefix", path=path))
            elif one.match_type == "suffix":
                # The segment itself must not count: before the suffix there are as many labels as it has, and one more.
                found.append(condition(match_type="prefix", path=(self.segment, *["*"] * (len(path) - 1))))
                found.append(condition(match_type="suffix", path=path[1:]))
            else:
                msg = f"match_type must be prefix or suffix, got {one.match_type!a}"
                raise ScopeError(msg)
        return found

    def _stripped(self, item: Any, operation: str) -> Any:  # noqa: ANN401 - an Item, or a SearchItem
        namespace = self._inner(item.namespace, operation)
        kept = {
            "namespace": namespace,
            "key": item.key,
            "value": item.value,
            "created_at": item.created_at,
            "updated_at": item.updated_at,
        }
        # A new one: the store may have given the one that it keeps.
        if isinstance(item, self._base.SearchItem):
            return self._base.SearchItem(**kept, score=item.score)
        return self._base.Item(**kept)

    def _inner(self, namespace: Namespace, operation: str) -> Namespace:
        if not namespace or namespace[0] != self.segment:
            self._refuse(operation)
        return tuple(namespace[1:])

    def _refuse(self, operation: str) -> None:
        raise IsolationError(operation)


def _may_be(namespace: Namespace, operation: Any) -> bool:  # noqa: ANN401 - a ListNamespacesOp
    """Tell whether a namespace is one that was asked for; one that was cut may be."""
    cut = operation.max_depth is not None and len(namespace) >= operation.max_depth
    for condition in operation.match_conditions or ():
        path = tuple(condition.path)
        part = namespace[: len(path)] if condition.match_type == "prefix" else namespace[-len(path) :]
        if cut and (condition.match_type == "suffix" or len(part) < len(path)):
            continue
        if len(part) != len(path) or any(wanted not in ("*", label) for wanted, label in zip(path, part, strict=True)):
            return False
    return True
