"""Proofs that an event is in the log, and that the log only grew."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from treaty_contracts.tlog.checkpoints import PortableProof, encode_hashes, write_proof
from treaty_ledger.errors import MalformedParameter, NotFound
from treaty_ledger.http.answered import ConsistencyProof, InclusionProof
from treaty_ledger.http.log import PLAIN_TEXT
from treaty_ledger.http.media_types import JSON_TYPE, wants_text
from treaty_ledger.http.openapi import problems
from treaty_ledger.http.parameters import MAX_POSITION, ConsistencyQuery, NumberInPath, ProofQuery
from treaty_ledger.http.resources import FromLog, FromReads, Log
from treaty_ledger.store.reads import Reads

_PATIENCE_SECONDS = 2.0

router = APIRouter(tags=["log"])


@router.get(
    "/v1/events/{position}/proof",
    response_class=Response,
    responses={
        200: {
            "model": InclusionProof,
            "description": "The proof; or, for Accept: text/plain, a tlog-proof that can be checked without the log.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        **problems(400, 404, 503),
    },
)
async def prove_inclusion(
    position: NumberInPath,
    query: Annotated[ProofQuery, Query()],
    log: FromLog,
    reads: FromReads,
    accept: Annotated[str | None, Header()] = None,
) -> Response:
    """Prove that an event is in the log: at its newest checkpoint, or at an earlier size."""
    event = await reads.event(position) if 0 <= position <= MAX_POSITION else None
    if event is None:
        raise NotFound(f"event at position {position}")
    size = await _size(log, reads, query.size, least=position + 1, names=("size", "size"))
    if wants_text(accept):
        note = (await log.tree.checkpoint(size)).note
        proof = PortableProof(position, tuple(await log.tree.inclusion(position, size)), note)
        return Response(write_proof(proof), headers={"Content-Type": PLAIN_TEXT, "Vary": "Accept"})
    answer = InclusionProof(
        index=position,
        size=size,
        root=encode_hashes([await log.tree.root(size)])[0],
        leaf_hash=encode_hashes([event.leaf_hash])[0],
        hashes=encode_hashes(await log.tree.inclusion(position, size)),
    )
    return Response(answer.model_dump_json(), media_type=JSON_TYPE, headers={"Vary": "Accept"})


@router.get("/v1/log/consistency", responses=problems(400, 503))
async def prove_consistency(
    query: Annotated[ConsistencyQuery, Query()], log: FromLog, reads: FromReads
) -> ConsistencyProof:
    """Prove that the log at one size only adds to what it was at another."""
    new = await _size(log, reads, query.to, least=query.from_, names=("from", "to"))
    return ConsistencyProof(hashes=encode_hashes(await log.tree.consistency(query.from_, new)))


async def _size(log: Log, reads: Reads, asked: int | None, *, least: int, names: tuple[str, str]) -> int:
    """Return the size a proof leads to; what was recorded this very moment is waited for."""
    wanted = least if asked is None else asked
    if wanted < least:
        raise MalformedParameter(names[1], f"give at least {least}")
    if wanted > log.published.size and wanted > (recorded := await reads.size()):
        raise MalformedParameter(names[asked is not None], f"give at most {recorded}, the size of the log")
    signed = await log.published.covering(wanted, patience=_PATIENCE_SECONDS)
    return signed.size if asked is None else asked
