"""What every answer says to the browser."""

from starlette.datastructures import MutableHeaders

_ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not "no-referrer": with that, browsers send "Origin: null" from our own forms.
    "referrer-policy": "same-origin",
    # Isolated pages have clocks of 5 µs in place of 100 µs, which the player needs.
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), usb=(), midi=()",
}


def guarded(headers: MutableHeaders, host: str) -> None:
    """Add to an answer's headers what guards the page. host: a ``Host`` header that was checked."""
    for name, value in _ALWAYS.items():
        headers[name] = value
    headers["content-security-policy"] = _policy(host)
    headers.setdefault("cache-control", "no-store")


def _policy(host: str) -> str:
    # Not every Firefox counts a WebSocket to the same host as 'self'.
    live = f" ws://{host} wss://{host}" if host else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
        f"font-src 'self'; worker-src 'self'; connect-src 'self'{live}; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
