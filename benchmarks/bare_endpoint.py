"""Serve what FastAPI costs alone: validate an event and answer 201; give bytes from memory, or files.

Arguments: the port, and a file with a target, a tab and the answer in base64 on each line; beside that file lies a
folder `files`. A third argument, `starlette`, has the bytes given by a plain route of Starlette's instead.
"""

import sys
from base64 import b64decode
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.applications import Starlette
from starlette.routing import Route

from treaty_contracts.envelope import ProposedEvent


def build(answers: dict[str, bytes], folder: Path) -> FastAPI:
    """Return the application."""
    app = FastAPI()
    app.mount("/files", StaticFiles(directory=folder))

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

    @app.get("/log/tile/{path:path}")
    async def give_tile(path: str) -> Response:
        return Response(answers[f"/log/tile/{path}"], media_type="application/octet-stream")

    return app


def build_plain(answers: dict[str, bytes]) -> Starlette:
    """Return an application of Starlette's that does nothing but give bytes from memory."""

    async def live(_request: Request) -> Response:
        return Response()

    async def remember(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return Response(answers[f"{request.url.path}{query}"], media_type="application/json")

    return Starlette(routes=[Route("/livez", live), Route("/v1/treaties/{treaty}/members", remember)])


if __name__ == "__main__":
    file = Path(sys.argv[2])
    given = (line.partition(b"\t") for line in file.read_bytes().splitlines())
    remembered = {target.decode(): b64decode(body) for target, _, body in given}
    uvicorn.run(
        build_plain(remembered) if sys.argv[3:] == ["starlette"] else build(remembered, file.parent / "files"),
        port=int(sys.argv[1]),
        http="httptools",
        loop="uvloop",
        access_log=False,
        log_level="warning",
    )
