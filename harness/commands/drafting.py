"""`memfence init --openapi`: drafts the file that says how an application is spoken to."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..base.errors import HarnessError
from ..reporting.console import open_console, print_line
from ..reporting.files import writing
from ..targets.web.addresses import check_address, is_address
from ..targets.web.drafted import GUESSED
from ..targets.web.drafting import draft
from ..targets.web.wire import Asked, WireError, needs

FILE = Path("app.toml")
# Where an application tells it, if the address is the application's own.
_USUAL = ("", "/openapi.json", "/api/openapi.json", "/swagger.json", "/v3/api-docs")


def write_draft(folder: Path, source: str) -> None:
    """Read an OpenAPI document by its address or its file, write `app.toml` and say what is next.

    What is there stays as it is. Raises HarnessError where the document cannot be had, or is none.
    """
    console, path = open_console(), folder / FILE
    if path.exists():
        print_line(console, f"kept: {FILE} is there already")
        return
    try:
        text = draft(_fetched(source) if is_address(source) else _parsed(_read(Path(source)), source))
    except ValueError as error:
        msg = f"{source} cannot be used: {error}"
        raise HarnessError(msg) from error
    with writing(path):
        path.write_text(text, encoding="utf-8", newline="\n")
    guessed = sum(GUESSED in line for line in text.splitlines())
    parts = urlsplit(source)
    target = f"{parts.scheme}://{parts.netloc}" if is_address(source) else "http://127.0.0.1:8000"
    print_line(console, f"written: {FILE}; {guessed} lines in it are marked as guessed: look at these")
    print_line(
        console, f"next: memfence doctor {target} --app {FILE}, then: memfence audit {target} --app {FILE} --fast"
    )


def _fetched(address: str) -> dict[str, Any]:
    """Return the document at an address of this machine, or where applications usually have it."""
    parts = urlsplit(address)
    base = check_address(f"{parts.scheme}://{parts.netloc}", (), allow_remote=False)
    try:
        from ..targets.web.over_http import OverHttp  # noqa: PLC0415 - httpx is an extra
    except ImportError as error:
        raise needs(str(error.name)) from error
    wire = OverHttp(base)
    try:
        for place in _USUAL:
            answer = wire.ask(
                Asked("GET", f"{parts.path.rstrip('/')}{place}" or "/", (("Accept", "application/json"),))
            )
            if answer.status == 200 and "html" not in answer.header("content-type"):  # noqa: PLR2004 - HTTP's own number
                return _parsed(answer.text, address)
    except WireError as error:
        raise HarnessError(str(error)) from error
    finally:
        wire.close()
    msg = f"no OpenAPI document is at {address}: name its address, or a file"
    raise HarnessError(msg)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise HarnessError(msg) from error


def _parsed(text: str, source: str) -> dict[str, Any]:
    """Return the document: JSON, or YAML where something can read that."""
    try:
        said = json.loads(text)
    except ValueError:
        said = _yaml(text, source)
    if not isinstance(said, dict):
        msg = "it is no OpenAPI document"
        raise ValueError(msg)  # noqa: TRY004 - the text is wrong, not a type
    return said


def _yaml(text: str, source: str) -> object:
    try:
        import yaml  # noqa: PLC0415 - many have it, and nothing else needs it
    except ImportError as error:
        msg = f"{source} is no JSON; for YAML: pip install pyyaml"
        raise HarnessError(msg) from error
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        msg = f"it is neither JSON nor YAML: {' '.join(str(error).split())}"
        raise ValueError(msg) from error
