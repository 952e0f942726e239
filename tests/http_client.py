"""A client of a server on this machine."""

import ssl
from typing import Any

import httpx

# httpx reads the certificates of the whole web for every client, which takes longer than most tests; ours speak HTTP.
_NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def open_client(address: str | httpx.URL, **options: Any) -> httpx.Client:
    """A client of the server at an address; to be closed. options: as `httpx.Client` has them"""
    return httpx.Client(base_url=address, verify=_NO_CERTIFICATES, **options)
