"""What is said beside one's own credential, and where: another's user id under several names, or a wish for more."""

_NAMES = ("user_id", "user", "uid", "userId", "owner_id", "owner", "account_id", "tenant_id")
_HEADERS = (
    "X-User-Id",
    "X-User",
    "X-Forwarded-User",
    "X-Tenant-Id",
    "X-Remote-User",
    "X-Auth-Request-User",
    "X-Impersonate-User",
)

READING = (
    *(("query", name) for name in _NAMES),
    *(("header", name) for name in _HEADERS),
    *(("cookie", name) for name in _NAMES[:3]),
    ("path", "user"),
)
WRITING = tuple(("body", name) for name in (*_NAMES, "metadata"))
# What asks for more than one's own, and names nobody: filters that widen, and roles that are believed.
MORE = (
    ("query", "all", "true"),
    ("query", "scope", "all"),
    ("query", "is_admin", "true"),
    ("query", "role", "admin"),
    ("query", "user_id", "*"),
    ("header", "X-Admin", "true"),
    ("header", "X-Role", "admin"),
    ("cookie", "is_admin", "true"),
    ("cookie", "role", "admin"),
)
