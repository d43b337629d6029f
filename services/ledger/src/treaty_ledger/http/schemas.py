"""GET /v1/schemas: what an event looks like (JSON Schema 2020-12)."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from treaty_contracts.canonical import JsonObject
from treaty_contracts.schemas import ENVELOPE_ID, data_schema, envelope_schema, schema_id
from treaty_contracts.upcast import NEWEST
from treaty_ledger.http.answered import SchemaList
from treaty_ledger.http.openapi import Responses, problems
from treaty_ledger.http.parameters import NoQuery, NumberInPath

SCHEMA_JSON = "application/schema+json"
"""The media type of JSON Schema."""

router = APIRouter(tags=["schemas"])

_CONTENT: Responses = {200: {"content": {SCHEMA_JSON: {"schema": {"type": "object"}}}, "description": "The schema."}}


@router.get("/v1/schemas", response_class=Response, responses={200: {"model": SchemaList}, **problems(400)})
async def list_schemas(_query: Annotated[NoQuery, Query()]) -> Response:
    """List the schemas of every type's data, and that of the envelope."""
    schemas = [
        {"type": type_, "version": version, "href": schema_id(type_, version)}
        for type_, newest in sorted(NEWEST.items())
        for version in range(1, newest + 1)
    ]
    return Response(orjson.dumps({"envelope": ENVELOPE_ID, "schemas": schemas}), media_type="application/json")


@router.get("/v1/schemas/envelope", response_class=Response, responses={**_CONTENT, **problems(400)})
async def show_envelope_schema(_query: Annotated[NoQuery, Query()]) -> Response:
    """Show the schema of a whole event."""
    return _schema(envelope_schema())


@router.get("/v1/schemas/{type_}/{version}", response_class=Response, responses={**_CONTENT, **problems(400, 404)})
async def show_schema(type_: str, version: NumberInPath, _query: Annotated[NoQuery, Query()]) -> Response:
    """Show the schema of one type's data."""
    return _schema(data_schema(type_, version))


def _schema(schema: JsonObject) -> Response:
    return Response(orjson.dumps(schema), media_type=SCHEMA_JSON)
