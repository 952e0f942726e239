"""No network but this machine's own, for every Python process that has this folder on its PYTHONPATH.

Python imports a module of this name when it starts. What is tried is refused, and written to the file that
CHARTER_TRIED names, for whoever tries may take a refusal in silence.
"""

import os
import socket
import sys
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

_TRIED = Path(os.environ["CHARTER_TRIED"])
_NAMES = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_ADDRESSES = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_NEAR = {"", "localhost", socket.gethostname()}


def _is_near(host: object) -> bool:
    with suppress(ValueError):
        return ip_address(str(host)).is_loopback
    return host is None or str(host) in _NEAR


def _watch(event: str, args: tuple[object, ...]) -> None:
    host = None
    if event in _NAMES:
        host = args[0]
    elif event in _ADDRESSES and isinstance(args[1], tuple):  # others are paths of this machine
        host = args[1][0]
    if not _is_near(host):
        with _TRIED.open("a", encoding="utf-8") as file:
            file.write(f"{event} {host} by {sys.argv}\n")
        raise ConnectionRefusedError(f"{host}: there is no network here")


sys.addaudithook(_watch)
