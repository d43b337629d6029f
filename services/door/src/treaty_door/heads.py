"""Find what makes the head of a request ambiguous, beyond what the parser refuses (RFC 9112)."""

from collections.abc import Iterable

_ONCE = frozenset(
    {
        b"authorization",
        b"content-encoding",
        b"content-type",
        b"host",
        b"if-match",
        b"last-event-id",
        b"transfer-encoding",
    }
)


def fault_in(headers: Iterable[tuple[bytes, bytes]], *, version: str) -> str | None:
    """Return what two readers of these headers might read differently, if anything; names are in lower case."""
    if version not in {"1.0", "1.1"}:
        return "Ask in HTTP/1.1."
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in _ONCE:
            if name in found:
                return f"Give the header {name.decode()} only once."
            found[name] = value
    if b"host" not in found and version == "1.1":
        return "Give the header host."
    coding = found.get(b"transfer-encoding")
    if coding is not None and (coding.strip().lower() != b"chunked" or version != "1.1"):
        return "Give no transfer-encoding but chunked, and that in HTTP/1.1."
    return None
