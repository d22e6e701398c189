"""A stand-in for mem0's hosted platform: its wire contract on loopback, over a real `mem0.Memory`.

It shows what mem0's own clients send and what a wrapper makes of the answers. It is not the platform: what the service
does behind the contract nobody outside can see, and a verdict on the stand-in says nothing about it. Replies carry the
header `X-Memfence-Stand-In`.

From the contract (mem0's OpenAPI document): paths, statuses, shapes and pages; the key; entity ids in `filters` and
not beside them; `delete` by filter takes `*` for everybody. From the `mem0.Memory` underneath: how ids, filters and
`*` in them are read, what a search finds, what is kept when a record goes. The stand-in's own decisions:

- What the service queues is done before the reply; an add with extraction answers `PENDING` all the same.
- A listing is newest first. History entries hold no input. Categories are empty, and there are no apps: an `app_id`
  is refused, for `mem0.Memory` has none.
- Options that would narrow an answer, and that `mem0.Memory` does not have, are refused rather than passed over;
  those that only change how something is extracted or ranked are accepted and change nothing.
- Filters that name their entity only under `AND` have it lifted to the top, where `mem0.Memory` wants it.
- Deleting by filter, or an entity, also forgets the last messages of that scope. `mem0.Memory` would put them into the
  next extraction prompt; the contract says nothing of them. History stays, as in `mem0.Memory`, and is served.
- `*` in the path of an entity is a name like any other.
"""
