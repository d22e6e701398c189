"""What stands around an answer: what its request carried, and what it tells caches and browsers."""

from dataclasses import dataclass, replace

# The origin of a page that no application has heard of (RFC 2606 keeps `.invalid` for what is nowhere).
ELSEWHERE = "https://elsewhere.invalid"
# The fields of an answer by which caches and browsers decide who is shown it; what else it says is not kept.
FIELDS = frozenset(
    {
        "access-control-allow-credentials",
        "access-control-allow-origin",
        "age",
        "cache-control",
        "date",
        "etag",
        "expires",
        "last-modified",
        "vary",
    }
)


@dataclass(frozen=True, slots=True)
class Around:
    """One request and its answer; nothing secret stands in it.

    `target` is path and query, without a credential. `by` are the fields of the request that told whose it is, in small
    letters, with `query` for an address that carries a credential; `scheme` is that of its `Authorization`. `fields`
    are the answer's, of those in `FIELDS`, one pair for each line. `sets` are the cookies that the answer sets, `own`
    those of them that are the client's credential. `cross_site`: browsers send the credential along when a page of
    another site asks. `origin` is that of the page that asks, where one was named. `kept`: a shared cache gave the
    answer, not the application.
    """

    method: str
    target: str
    status: int
    fields: tuple[tuple[str, str], ...] = ()
    by: frozenset[str] = frozenset()
    scheme: str = ""
    sets: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    cross_site: bool = False
    origin: str = ""
    kept: bool = False

    def field(self, name: str) -> str:
        """Return a field of the answer, its lines joined as one list (RFC 9110, 5.3); empty where it is not there."""
        return ", ".join(value for key, value in self.fields if key == name)

    def saying(self, **fields: str) -> "Around":
        """Return it with these fields in the place of all others; `_` stands for a hyphen."""
        return replace(self, fields=tuple((name.replace("_", "-"), value) for name, value in fields.items()))
