"""Opens the target behind an address, or behind an ASGI application of this process."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...base.errors import TargetError
from .addresses import check_address, is_address
from .app_file import read_app_file
from .wire import Wire, needs

if TYPE_CHECKING:
    from .target import WebTarget


def check_said(name: str, app: str | None, asgi: str | None) -> None:
    """Raise TargetError where a target's name, the file and the name of an application do not go together."""
    over_http = is_address(name) or asgi is not None
    if over_http and app is None:
        msg = f"{name} needs a file that says how it is spoken to: --app app.toml; memfence init --openapi drafts one"
        raise TargetError(msg)
    if app is not None and not over_http:
        msg = f"--app is for an application: name its address, or say --asgi {name if ':' in name else 'myapp.web:app'}"
        raise TargetError(msg)


def open_address(address: str, app: Path, *, allow_remote: bool) -> "WebTarget":
    """Return the application at an address; raises TargetError where it must not be attacked, or the file is wrong."""
    file = read_app_file(app)
    base = check_address(address, file.hosts, allow_remote=allow_remote)
    try:
        from .over_http import OverHttp  # noqa: PLC0415 - httpx is an extra
        from .target import WebTarget  # noqa: PLC0415 - as above
    except ImportError as error:
        raise needs(str(error.name)) from error
    return WebTarget(file, lambda: OverHttp(base))


def open_application(application: Any, app: Path, *, fresh: bool) -> "WebTarget":  # noqa: ANN401 - the user's own object
    """Return an application of this process, or with `fresh` what a function makes anew for each world."""
    try:
        from .target import WebTarget  # noqa: PLC0415 - httpx is an extra
    except ImportError as error:
        raise needs(str(error.name)) from error
    return WebTarget(read_app_file(app), in_process(application, fresh=fresh), fresh=fresh)


def in_process(application: Any, *, fresh: bool) -> Callable[[], Wire]:  # noqa: ANN401 - as above
    """Return what opens the way to it."""
    from .in_process import InProcess  # noqa: PLC0415 - each needs only its own way

    if not callable(application):
        msg = f"an ASGI application can be called, and {type(application).__name__} cannot: --asgi myapp.web:app"
        raise TargetError(msg)
    return lambda: InProcess(application() if fresh else application)
