"""Serve what FastAPI costs alone: validate an event and answer 201; give bytes from memory.

Arguments: the port, and a file with a target, a tab and the answer on each line.
"""

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request, Response

from treaty_contracts.envelope import ProposedEvent


def build(answers: dict[str, bytes]) -> FastAPI:
    """Return the application."""
    app = FastAPI()

    @app.get("/livez")
    async def live() -> Response:
        return Response()

    @app.post("/v1/events", status_code=201)
    async def validate(event: ProposedEvent) -> dict[str, str]:
        return {"treaty": event.subject}

    @app.get("/v1/treaties/{treaty}/members")
    async def remember(treaty: str, request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return Response(answers[f"/v1/treaties/{treaty}/members{query}"], media_type="application/json")

    return app


if __name__ == "__main__":
    given = (line.partition(b"\t") for line in Path(sys.argv[2]).read_bytes().splitlines())
    uvicorn.run(
        build({target.decode(): body for target, _, body in given}),
        port=int(sys.argv[1]),
        http="httptools",
        loop="uvloop",
        access_log=False,
        log_level="warning",
    )
