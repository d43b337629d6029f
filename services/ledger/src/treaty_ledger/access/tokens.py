"""Check access tokens: JWTs that one issuer signed for this ledger (RFC 9068, RFC 8725)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeAlias

import jwt
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from treaty_contracts.names import Line
from treaty_ledger.access.principals import Principal
from treaty_ledger.access.scopes import known_scopes
from treaty_ledger.errors import Unauthenticated

ALGORITHMS = ("ES256", "EdDSA", "RS256")
"""The algorithms of signatures that count, whatever a token or a key set says."""

LEEWAY_SECONDS = 30
"""How far the issuer's clock may be from ours."""

_REQUIRED = ("exp", "iat", "iss", "aud", "sub")
_TYPES = frozenset({"at+jwt", "application/at+jwt", "jwt", "application/jwt"})
_WRONG = (jwt.PyJWTError, ValueError, OverflowError, RecursionError)

Keys: TypeAlias = Mapping[str, jwt.PyJWK]
"""Keys that verify tokens, by their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRules:
    """Say whose tokens count, for whom they are, and how long one may live."""

    issuer: str
    audience: str
    lifetime_seconds: int


def key_id(token: str) -> str:
    """Return which key a token says it is signed with; raise Unauthenticated for what cannot be one of ours."""
    try:
        header = jwt.get_unverified_header(token)
    except _WRONG as error:
        raise Unauthenticated("The access token is not a JWT") from error
    if header.get("alg") not in ALGORITHMS:
        raise Unauthenticated(f"The access token must be signed with one of {', '.join(ALGORITHMS)}")
    if header.get("crit") is not None:
        raise Unauthenticated("The access token has critical headers that are not known here")
    if str(header.get("typ", "JWT")).lower() not in _TYPES:
        raise Unauthenticated("The token is not an access token")
    kid = header.get("kid")
    if not isinstance(kid, str):
        raise Unauthenticated("The access token does not name its key")
    return kid


def usable_keys(document: object) -> Keys:
    """Return those keys of a JSON Web Key Set that may verify tokens; raise ValueError for what is none."""
    found = {}
    for described in _KeySet.model_validate(document).keys:
        try:
            key = jwt.PyJWK(described)
        except (jwt.PyJWTError, TypeError, ValueError, AttributeError):
            continue  # keys of other kinds, for others
        if key.algorithm_name in ALGORITHMS and key.public_key_use in {None, "sig"} and isinstance(key.key_id, str):
            found[key.key_id] = key
    return found


def principal_of(token: str, key: jwt.PyJWK, rules: TokenRules) -> Principal:
    """Return whom a token names; raise Unauthenticated unless the issuer signed it, for us, and it is valid now."""
    try:
        payload = jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            audience=rules.audience,
            issuer=rules.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": list(_REQUIRED), "enforce_minimum_key_length": True},
        )
        claims = _Claims.model_validate(payload)
    except jwt.ExpiredSignatureError as error:
        raise Unauthenticated("The access token has expired") from error
    except ValidationError as error:
        names = ", ".join(str(one["loc"][0]) for one in error.errors())
        raise Unauthenticated(f"The access token has claims that are not understood: {names}") from error
    except _WRONG as error:
        raise Unauthenticated(f"The access token is not valid here: {error}") from error
    if claims.exp - claims.iat > rules.lifetime_seconds:
        raise Unauthenticated(f"The access token lives longer than {rules.lifetime_seconds} seconds")
    return Principal(f"oidc:{claims.sub}", known_scopes(claims.scope.split()))


class _KeySet(BaseModel):
    """Read a JSON Web Key Set (RFC 7517) as far as it is a list."""

    keys: list[dict[str, object]]


class _Claims(BaseModel):
    """Read the claims that are used beyond those that the library checks."""

    model_config = ConfigDict(strict=True, frozen=True)

    sub: Annotated[Line, StringConstraints(max_length=255)]
    iat: Annotated[int | float, Field(allow_inf_nan=False)]
    exp: Annotated[int | float, Field(allow_inf_nan=False)]
    scope: str = ""
