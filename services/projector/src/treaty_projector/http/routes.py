"""Answer each question of the API."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response

from treaty_contracts.canonical import JsonObject
from treaty_projector.http import answers
from treaty_projector.http.answered import said
from treaty_projector.http.openapi import ANSWER, FIGURES, LISTING
from treaty_projector.http.parameters import (
    AllMembersParameters,
    AnomaliesParameters,
    ChangesParameters,
    Clock,
    ExitsParameters,
    MembershipsParameters,
    MembersParameters,
    Page,
    ParticipantPath,
    ProjectionParameters,
    TreatiesOfParameters,
    TreatiesParameters,
    TreatyPath,
)
from treaty_projector.http.projection_answers import ProjectionAnswer
from treaty_projector.http.state import State, state_of

router = APIRouter(prefix="/v1")


@router.get("/treaties", response_model=answers.TreatiesAnswer, responses=LISTING)
async def list_treaties(request: Request, asked: Annotated[TreatiesParameters, Query()]) -> Response:
    """List the treaties on record, by id."""
    answer = await _state(request).questions.treaties(asked.asked(), asked.page(), q=asked.q, subject=asked.subject)
    return _answer(request, answer)


@router.get("/treaties/{treaty}", response_model=answers.TreatyAnswer, responses=ANSWER)
async def get_treaty(request: Request, treaty: TreatyPath, asked: Clock) -> Response:
    """Tell what is known of one treaty, with its clauses in force on the day."""
    return _answer(request, await _state(request).questions.treaty(treaty, asked.asked()))


@router.get("/treaties/{treaty}/members", response_model=answers.MembersAnswer, responses=LISTING)
async def list_members(request: Request, treaty: TreatyPath, asked: Annotated[MembersParameters, Query()]) -> Response:
    """List who is bound on a day, according to what was recorded by an instant."""
    answered, following = await _state(request).members.answer(treaty, asked)
    return answered.sent(request.scope, following=following).response()


@router.get("/treaties/{treaty}/members/{participant}", response_model=answers.StandingAnswer, responses=ANSWER)
async def get_member(request: Request, treaty: TreatyPath, participant: ParticipantPath, asked: Clock) -> Response:
    """Tell everything about one participant in one treaty."""
    return _answer(request, await _state(request).questions.member(treaty, participant, asked.asked()))


@router.get(
    "/treaties/{treaty}/members/{participant}/explanation", response_model=answers.ExplanationAnswer, responses=ANSWER
)
async def explain_member(request: Request, treaty: TreatyPath, participant: ParticipantPath, asked: Clock) -> Response:
    """Explain where a participant stands: from recorded facts, through named rules, to the conclusion."""
    return _answer(request, await _state(request).questions.explanation(treaty, participant, asked.asked()))


@router.get("/treaties/{treaty}/history", response_model=answers.HistoryAnswer, responses=LISTING)
async def get_history(request: Request, treaty: TreatyPath, asked: Page) -> Response:
    """Tell everything that happened, in legal order, with what it changed."""
    return _answer(request, await _state(request).questions.history(treaty, asked.asked(), asked.page()))


@router.get("/participants/{participant}/treaties", response_model=answers.TreatiesOfAnswer, responses=LISTING)
async def list_treaties_of(
    request: Request, participant: ParticipantPath, asked: Annotated[TreatiesOfParameters, Query()]
) -> Response:
    """List where one participant stands, treaty by treaty."""
    questions = _state(request).questions
    answer = await questions.treaties_of(participant, asked.asked(), asked.page(), consent=asked.consent)
    return _answer(request, answer)


@router.get("/pending-exits", response_model=answers.PendingExitsAnswer, responses=LISTING)
async def list_pending_exits(request: Request, asked: Annotated[ExitsParameters, Query()]) -> Response:
    """List formal notices that have not taken effect on the day, by day of effect."""
    answer = await _state(request).questions.pending_exits(
        asked.asked(),
        asked.page(),
        treaty_id=asked.treaty,
        participant=asked.participant,
        before=asked.before,
        stage=asked.stage,
    )
    return _answer(request, answer)


@router.get("/changes", response_model=answers.ChangesAnswer, responses=LISTING)
async def list_changes(request: Request, asked: Annotated[ChangesParameters, Query()]) -> Response:
    """List what membership changed in the record between two sizes of the log."""
    answer = await _state(request).questions.changes(
        asked.asked(),
        asked.page(),
        from_size=asked.from_size,
        treaty_id=asked.treaty,
        participant=asked.participant,
    )
    return _answer(request, answer)


@router.get("/members", response_model=answers.AllMembersAnswer, responses=LISTING)
async def list_all_members(request: Request, asked: Annotated[AllMembersParameters, Query()]) -> Response:
    """List who stands where in every treaty; a page may hold fewer than `limit` while `next` names another."""
    questions = _state(request).questions
    return _answer(request, await questions.all_members(asked.asked(), asked.page(), consent=asked.consent))


@router.get("/memberships", response_model=answers.MembershipsAnswer, responses=LISTING)
async def list_memberships(request: Request, asked: Annotated[MembershipsParameters, Query()]) -> Response:
    """List every membership ever known, with the days and the sizes of the log for which it holds."""
    questions = _state(request).questions
    return _answer(request, await questions.memberships(asked.asked(), asked.page(), treaty_id=asked.treaty))


@router.get("/anomalies", response_model=answers.AnomaliesAnswer, responses=LISTING)
async def list_anomalies(request: Request, asked: Annotated[AnomaliesParameters, Query()]) -> Response:
    """List facts without the legal effect one might expect, and why."""
    answer = await _state(request).questions.anomalies(asked.asked(), asked.page(), treaty_id=asked.treaty)
    return _answer(request, answer)


@router.get("/projection", response_model=ProjectionAnswer, responses=FIGURES)
async def get_projection(request: Request, asked: Annotated[ProjectionParameters, Query()]) -> Response:
    """Say how far the projection has come."""
    state = _state(request)
    answer = await state.questions.projection(
        now=dt.datetime.now(dt.UTC), trouble=state.trouble(), min_size=asked.min_size
    )
    return Response(
        orjson.dumps(answer), media_type="application/json", headers={"Treaty-Log-Size": str(answer["size"])}
    )


def _state(request: Request) -> State:
    return state_of(request.app)


def _answer(request: Request, answer: JsonObject) -> Response:
    answered, following = said(answer)
    return answered.sent(request.scope, following=following).response()
