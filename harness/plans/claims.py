"""Under which names another's user id is said beside one's own credential, and where."""

_NAMES = ("user_id", "user", "uid", "userId", "owner_id", "owner", "account_id", "tenant_id")
_HEADERS = ("X-User-Id", "X-User", "X-Forwarded-User", "X-Tenant-Id", "X-Remote-User")

READING = (
    *(("query", name) for name in _NAMES),
    *(("header", name) for name in _HEADERS),
    *(("cookie", name) for name in _NAMES[:3]),
    ("path", "user"),
)
WRITING = tuple(("body", name) for name in (*_NAMES, "metadata"))
