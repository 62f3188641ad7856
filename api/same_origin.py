"""Telling a request of our own pages from one of other sites."""

from fastapi import Request


def is_own(origin: str, scheme: str, host: str) -> bool:
    """Whether `origin` is that of the server itself, asked as `host` by `scheme`.

    Behind a proxy that ends TLS the server is asked by http while the browser says https: that counts as own.
    """
    return origin in (f"{scheme}://{host}", f"https://{host}")


def from_elsewhere(request: Request) -> bool:
    """Whether a browser says that a page of another site sent this: by `Sec-Fetch-Site`, by `Origin` where it does not
    send that. Clients that are no browsers send neither."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin")
    return origin is not None and not is_own(origin, request.url.scheme, request.headers.get("host", ""))
