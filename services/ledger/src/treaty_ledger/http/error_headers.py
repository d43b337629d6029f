"""Add to an error what belongs into headers: when to come back, what is accepted, how to say who one is."""

from collections.abc import Mapping

from treaty_ledger import errors

_REALM = 'Bearer realm="treaty-ledger"'


def error_headers(error: Exception) -> dict[str, str]:
    """Return the headers that an answer with an error has."""
    match error.cause if isinstance(error, errors.RefusedInBatch) else error:
        case errors.Unavailable(retry_after_seconds=seconds):
            return {"Retry-After": str(seconds)}
        case errors.UnsupportedMediaType(accepted=accepted):
            return {"Accept-Post": ", ".join(accepted)}
        case errors.Unauthenticated(presented=presented):
            return {"WWW-Authenticate": f'{_REALM}, error="invalid_token"' if presented else _REALM}
        case errors.Forbidden(scope=scope):
            return {"WWW-Authenticate": f'{_REALM}, error="insufficient_scope", scope="{scope}"'}
        case errors.TooManyRequests() as too_many:
            return {"Retry-After": str(too_many.retry_after_seconds)} | dict(
                rate_limit_headers(
                    quota=too_many.quota,
                    window_seconds=too_many.window_seconds,
                    left=0,
                    whole_after_seconds=too_many.whole_after_seconds,
                )
            )
        case _:
            return {}


def rate_limit_headers(*, quota: int, window_seconds: int, left: int, whole_after_seconds: int) -> Mapping[str, str]:
    """Return the headers that tell what is left of an allowance (draft-ietf-httpapi-ratelimit-headers)."""
    return {
        "RateLimit-Policy": f'"events";q={quota};w={window_seconds}',
        "RateLimit": f'"events";r={left};t={whole_after_seconds}',
    }
