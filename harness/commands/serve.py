"""The command line of `memfence serve`."""

from typing import Annotated

import typer

from ..real_mem0.environment import keep_to_ourselves, keep_warnings_off_the_screen
from .exits import errors_in_one_line
from .parameters import completing


def serve(
    *,
    store: Annotated[
        str, typer.Option(help="The store under mem0: memfence list stores.", autocompletion=completing("stores"))
    ] = "qdrant",
    store_url: Annotated[str | None, typer.Option(help="Use the server at this address.")] = None,
    embedder: Annotated[
        str, typer.Option(help="semantic or constant.", autocompletion=completing("embedders"))
    ] = "semantic",
    breakage: Annotated[
        str | None,
        typer.Option(help="Plant this defect of the application: memfence list breakages.", metavar="NAME"),
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 is a free one.", min=0, max=65535)] = 0,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Let others on the network reach it, by another --host.")
    ] = False,
    app_file: Annotated[
        bool, typer.Option("--app-file", help="Print the file that audit --app takes for it; serve nothing.")
    ] = False,
) -> None:
    """Serve a small web application, in which each user's assistant remembers, to look at and to attack.

    It runs on this machine alone, over a real mem0. Exit code: 0 after Ctrl-C, 2 set-up error.
    """
    from .serving import serve as run  # noqa: PLC0415 - --help needs none of it
    from .serving import told  # noqa: PLC0415 - as above

    if app_file:
        typer.echo(told(), nl=False)
        return
    with errors_in_one_line():
        keep_to_ourselves()
        keep_warnings_off_the_screen()
        run(
            store=store,
            store_url=store_url,
            embedder=embedder,
            breakage=breakage,
            host=host,
            port=port,
            allow_remote=allow_remote,
        )
