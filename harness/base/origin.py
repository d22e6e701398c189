"""Where the installed memfence comes from, as pip takes it: an index may hold somebody else's under its name."""

import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from urllib.parse import urlsplit

_COMMIT = re.compile(r"[0-9a-f]{7,64}").fullmatch
# It stands in a workflow: nothing that a shell or YAML reads otherwise.
_ADDRESS = re.compile(r"(?:https?|ssh)://[\w.~@:/+-]+").fullmatch


def origin() -> str | None:
    """Return `memfence @ git+https://...@<commit>` where it was installed from a repository, None where it was not."""
    try:
        return requirement(distribution("memfence").read_text("direct_url.json"))
    except (PackageNotFoundError, OSError):
        return None


def requirement(direct_url: str | None) -> str | None:
    """Return it for what pip has noted (PEP 610); nobody's password stands in it."""
    try:
        said = json.loads(direct_url or "")
        kind, commit, url = said["vcs_info"]["vcs"], said["vcs_info"]["commit_id"], urlsplit(said["url"])
        user, _, host = url.netloc.rpartition("@")
        # By ssh the name is the server's, git@, and no secret.
        address = url._replace(netloc=f"{user.partition(':')[0]}@{host}" if url.scheme == "ssh" else host).geturl()
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    written = kind == "git" and _ADDRESS(address) and _COMMIT(str(commit))
    return f"memfence @ git+{address}@{commit}" if written else None
