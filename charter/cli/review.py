"""`charter review`: the artists' web application."""

import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from charter.cli.errors import told_to_user
from charter.errors import RequestError

review = typer.Typer(no_args_is_help=True, help="Review drafts on a web page: listen, look, fix, sign off.")

_MEGA = 1_000_000
_EXTRA = ("fastapi", "platformdirs", "sqlalchemy", "uvicorn", "websockets")


def _default_data() -> Path:
    """The folder of who gives none. Raises ModuleNotFoundError where the packages for the review are not there."""
    from platformdirs import user_data_dir  # noqa: PLC0415  # of the extra

    return Path(user_data_dir("charter", appauthor=False)) / "review"


def _data_help() -> str:
    try:
        return f"Where everything is kept; if not given, {_default_data()}"
    except ModuleNotFoundError:
        return "Where everything is kept."


@review.callback()
def _review() -> None:
    """So that ``serve`` is a command of its own, and others can stand beside it."""


@review.command()
def serve(
    pack: Annotated[Path | None, typer.Argument(metavar="[PACK]", help="A pack's folder to review.")] = None,
    *,
    host: Annotated[str, typer.Option(help="0.0.0.0: for other machines too.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0: any that is free.")] = 8765,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help=_data_help())] = None,
    database: Annotated[str, typer.Option(metavar="URL", help="PostgreSQL for a team; else SQLite in --data.")] = "",
    token: Annotated[str, typer.Option(envvar="CHARTER_TOKEN", help="What people need to sign in.")] = "",
    users: Annotated[Path | None, typer.Option(metavar="FILE", help="Lines of name: token, one a person.")] = None,
    site: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A proxy's name for this server.")] = None,
    certificate: Annotated[Path | None, typer.Option(metavar="FILE", help="Of TLS, with --key: https.")] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="The certificate's.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes that chart; else by cores and memory.")] = None,
    ray: Annotated[str, typer.Option(metavar="ADDRESS", help="Chart on this Ray cluster: auto, or its address.")] = "",
    most_upload: Annotated[int, typer.Option(metavar="MB", min=1, help="The largest music file taken.")] = 300,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
) -> None:
    """Serve the pages until Ctrl-C, and print their address.

    On this machine alone, unless --host or --site says otherwise; then people need a token, and one is made if none is
    given.
    """
    with told_to_user():
        if token and users:
            raise RequestError("--token is one for all, --users has one for each; leave one out")
        if (certificate is None) != (key is None):
            raise RequestError("--certificate and --key go together")
        if pack is not None and not pack.is_dir():
            raise RequestError(f"{pack}: is no folder; give a pack's, with a folder for each song in it")
        try:
            kept = data or _default_data()
            from charter.review.web.hosts import is_loopback  # noqa: PLC0415  # of the extra
            from charter.review.web.http_server import Certificate  # noqa: PLC0415  # of the extra
            from charter.review.web.serve import Serving, can_open_browser  # noqa: PLC0415  # of the extra
            from charter.review.web.serve import serve as serve_pages  # noqa: PLC0415  # of the extra
        except ModuleNotFoundError as error:
            if error.name is None or error.name.split(".")[0] not in _EXTRA:
                raise
            raise RequestError("the review needs more packages: pip install 'charter[review]'") from error
        wanted = Serving(
            data=kept,
            host=host,
            port=port,
            database=database,
            token=token,
            users=users,
            sites=tuple(site or ()),
            certificate=Certificate(certificate, key) if certificate and key else None,
            workers=workers,
            ray=ray,
            most_upload=most_upload * _MEGA,
        )

        def said(addresses: Sequence[str]) -> None:
            address, *others = addresses
            typer.echo(f"charter review is at {address} (Ctrl-C ends it)")
            for other in others:
                typer.echo(f"                  or {other}")
            if not is_loopback(host) and not certificate and not site:
                # Audio worklets, and clocks finer than 100 µs, are for pages over https or of the same machine.
                typer.echo("note: on other machines the player keeps better time over https: --certificate and --key")
            if open_page and can_open_browser():
                webbrowser.open(address)

        serve_pages(wanted, pack, said)
