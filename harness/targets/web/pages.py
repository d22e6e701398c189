"""A page for people as records: each element of one kind is a record."""

from html.parser import HTMLParser
from typing import Any

# Where an element may have the id of its record, if the file does not say it.
_IDS = ("data-id", "id")


def page_records(html: str, tag: str, id_in: str = "") -> dict[str, Any]:
    """Return what a page shows as a reply: `tag` elements are its records, what stands outside of them is beside.

    A record's id is the attribute `id_in` of the element or of one inside it; left out, `data-id` or `id`. Without a
    tag there are no records. Texts of attributes and comments are kept, too: what is hidden is sent all the same.
    """
    reader = _Reader(tag.lower(), id_in.lower())
    reader.feed(html)
    reader.close()
    return {"results": reader.records, "beside": " ".join(reader.outside)}


class _Reader(HTMLParser):
    def __init__(self, tag: str, id_in: str) -> None:
        super().__init__(convert_charrefs=True)
        self.records: list[dict[str, str]] = []
        self.outside: list[str] = []
        self._tag = tag
        self._ids = (id_in,) if id_in else _IDS
        self._depth = 0
        self._inside: list[str] = []
        self._id: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == self._tag and not self._depth:
            self._depth, self._inside, self._id = 1, [], None
        elif self._depth and tag == self._tag:
            self._depth += 1
        said = dict(attrs)
        if self._depth and self._id is None:
            self._id = next((said[name] for name in self._ids if said.get(name)), None)
        self._take(*(value for name, value in attrs if value and name not in ("class", "style", *self._ids)))

    def handle_endtag(self, tag: str) -> None:
        if self._depth and tag == self._tag:
            self._depth -= 1
            if not self._depth:
                record = {"text": " ".join(self._inside)}
                self.records.append(record if self._id is None else {"id": self._id, **record})

    def handle_data(self, data: str) -> None:
        self._take(data)

    def handle_comment(self, data: str) -> None:
        self._take(data)

    def _take(self, *texts: str) -> None:
        kept = [" ".join(text.split()) for text in texts if text.strip()]
        (self._inside if self._depth else self.outside).extend(kept)
