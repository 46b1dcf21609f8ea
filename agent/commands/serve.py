"""`soundcheck serve`: the interview room, in the browser."""

import asyncio
import ipaddress
import socket
import webbrowser
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console

from agent.errors import SettingsError
from agent.settings import Settings, load_settings

if TYPE_CHECKING:
    from agent.room.security import Doors
    from agent.worker.reception import Reception

SHORTEST_PASSWORD = 12
OPEN_WARNING = (
    "Whoever can reach {host}:{port} and knows the password can hold interviews here and read all sessions.\n"
    "What they say travels unencrypted unless a proxy in front of this server adds HTTPS; without HTTPS, browsers on "
    "other machines refuse to open the microphone."
)


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The port; SOUNDCHECK_ROOM_PORT otherwise.")
    ] = None,
    open_it: Annotated[
        bool, typer.Option("--open/--no-open", help="Show the room in the browser once it is there.")
    ] = False,
    to_network: Annotated[
        bool,
        typer.Option(
            "--open-to-network", help="Allow another address than this machine's own; needs a password."
        ),
    ] = False,
    livekit: Annotated[
        bool, typer.Option("--livekit", help="Hold interviews over the LiveKit server of the settings.")
    ] = False,
    name: Annotated[
        list[str] | None,
        typer.Option(
            help="With --open-to-network: a name by which browsers reach the room, e.g. room.example:443."
        ),
    ] = None,
) -> None:
    """Open the interview room at http://localhost:8137. Only this machine can reach it; Ctrl-C closes it."""
    settings = load_settings()
    port = port or settings.room_port
    doors = _doors(settings, host, port, name or [], to_network=to_network)
    _check_free(host, port)
    reception = _reception(settings, Console(stderr=True)) if livekit else None
    if reception is not None:
        doors = replace(doors, connect=_addresses(reception.url))

    from agent.room.serving import run

    address = f"http://{'localhost' if _is_local(host) else host}:{port}"
    console = Console(highlight=False)
    if doors.password is None:
        console.print(f"The room is open: [bold]{address}[/bold]")
        console.print(
            f"Should the browser not be let in: {address}/enter?key={doors.secret}",
            style="dim",
            soft_wrap=True,
        )
    else:
        console.print(OPEN_WARNING.format(host=host, port=port), style="yellow")
        console.print(f"The room is open: [bold]{address}[/bold]")
    if open_it:
        webbrowser.open(f"{address}/enter?key={doors.secret}")
    run(settings, doors, host=host, port=port, reception=reception)


def _doors(settings: Settings, host: str, port: int, names: list[str], *, to_network: bool) -> "Doors":
    from agent.room.security import Doors

    hosts = {f"{name}:{port}" for name in ("localhost", "127.0.0.1", "[::1]")}
    cookie = f"soundcheck_{port}"
    if _is_local(host):
        return Doors(frozenset(hosts), cookie)
    if not to_network:
        raise SettingsError(
            f"--host {host}: others could reach the room: add --open-to-network if that is what you want"
        )
    try:
        unspecified = ipaddress.ip_address(host).is_unspecified
    except ValueError as error:
        raise SettingsError(f"--host {host}: not an address; give names with --name") from error
    if unspecified and not names:
        raise SettingsError(f"--host {host}: add --name HOST:PORT, by which browsers reach the room")
    password = settings.room_password.get_secret_value() if settings.room_password is not None else ""
    if len(password) < SHORTEST_PASSWORD:
        raise SettingsError(
            f"SOUNDCHECK_ROOM_PASSWORD: at least {SHORTEST_PASSWORD} characters, as others can reach the room"
        )
    return Doors(frozenset({*hosts, f"{host}:{port}", *names}), cookie, password=password)


def _reception(settings: Settings, console: Console) -> "Reception":
    """Raises LiveKitError where the server cannot be used, or the page's library cannot be had."""
    from agent.room.client_library import fetch_library
    from agent.worker.access import access_of, check
    from agent.worker.reception import Reception

    access = access_of(settings)
    asyncio.run(check(access))
    with console.status("fetching LiveKit's library for browsers"):
        fetch_library(settings)
    console.print(f"Interviews are held over {access.url}: soundcheck worker holds them", highlight=False)
    return Reception(settings, access)


def _addresses(url: str) -> tuple[str, ...]:
    """What the page must be allowed to reach: the server's socket, and its own interface at the same address."""
    place = urlsplit(url)
    secure = "s" if place.scheme in ("wss", "https") else ""
    return f"ws{secure}://{place.netloc}", f"http{secure}://{place.netloc}"


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_free(host: str, port: int) -> None:
    """Raises SettingsError where something else listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"{host}:{port}: {error.strerror}: is the room open already? "
                f"For another one: soundcheck serve --port {port + 1}"
            ) from error
