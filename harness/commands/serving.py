"""`memfence serve`: the reference application, for people who look at it in a browser."""

from textwrap import fill
from typing import TYPE_CHECKING

import typer

from ..campaigns import resolve
from ..real_mem0.client import Client
from ..real_mem0.embedders import embedding, semantic
from ..targets.application.listening import Listener, need_server
from ..targets.application.opened import opened
from ..targets.application.whole import APP_FILE, Application

if TYPE_CHECKING:
    from ..breakages.planted import Breakage

# It is a demonstration: the sign-in page shows them.
DEMO = (("alice", "vegetarian"), ("bob", "window-seat"))
# The built-in target that is this application.
_TARGET = "app"
_WIDTH = 100


def serve(
    *,
    store: str,
    store_url: str | None,
    embedder: str,
    breakage: str | None,
    host: str,
    port: int,
    allow_remote: bool,
) -> None:
    """Serve until Ctrl-C; raises HarnessError where that cannot be."""
    need_server()
    broken = _planted(breakage)
    place = resolve.placed("mem0", store=store, store_url=store_url, store_config=None, embedder=embedder)
    listener = Listener(host, port, allow_remote=allow_remote)
    under = (
        place.get("store") or resolve.modules("stores")[store].open_store(store_url),
        place.get("embedding") or embedding(semantic),
    )
    with opened(lambda client: demonstration(client, broken), *under) as app:
        typer.echo(f"memfence serve: the reference application over mem0 on {store}, at {listener.address}")
        for name, password in DEMO:
            typer.echo(f"  sign in as {name} with the password {password}")
        if broken is not None:
            typer.echo(fill(f"  broken on purpose: {broken.summary}", _WIDTH, subsequent_indent="    "))
        typer.echo("Ctrl-C ends it and removes what was stored.")
        listener.serve(app)


def told() -> str:
    """Return the file that says how the application is spoken to."""
    return APP_FILE.read_text(encoding="utf-8")


def demonstration(client: Client, broken: "Breakage | None" = None) -> Application:
    """Return the application with its demo users, with a defect in it where one is given."""
    app = Application(client) if broken is None else broken.wrap(client)
    assert isinstance(app, Application)  # noqa: S101 - what applies to this target returns one
    for name, password in DEMO:
        app.accounts.sign_up(name, password)
    app.demo = DEMO
    if broken is not None:
        app.banner = broken.summary
    return app


def _planted(name: str | None) -> "Breakage | None":
    if name is None:
        return None
    resolve.check_target(_TARGET, breakage=name)
    return resolve.all_breakages()[name]
