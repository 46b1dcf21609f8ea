"""Before the first word: what is agreed to, and whether the microphone works."""

import secrets
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from agent.room.card import Card, read_card, write_card
from agent.room.house import House
from agent.room.pages import page, wanted
from agent.room.promises import promise_of
from agent.room.start import offered
from agent.starting import Wish, plan_for, title_of
from agent.voice.patience import Setting
from graphs.plan import Plan

MOST_CHECKED_S = 5
_RATE_HZ = 16_000


class Wishes(BaseModel):
    """What a candidate asks for. `loop` is the id of one that the start page offers: no file is ever opened by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    loop: str = "full"
    stages: list[str] = Field(default_factory=list, max_length=50)
    topics: list[str] = Field(default_factory=list, max_length=200)
    questions: int | None = Field(default=None, ge=1, le=50)
    minutes: float | None = Field(default=None, ge=1, le=600)
    patience: Setting = "normal"
    seed: int = Field(default_factory=lambda: secrets.randbelow(1_000_000), ge=0)


class Begin(Wishes):
    """Without `consent` nothing is made."""

    consent: Literal[True]


class Agreed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    consent: Literal[True]


def routes(house: House) -> list[BaseRoute]:
    async def show(request: Request) -> Response:
        wishes = _asked(request, house)
        plan = _plan(house, wishes)
        return page(
            "prepare",
            title=title_of(plan),
            stages=plan.stages,
            minutes=round(plan.budget_s / 60),
            address="/api/sessions",
            wishes=wishes.model_dump_json(),
            folder=str(house.settings.sessions_dir),
            promise=promise_of(house),
        )

    async def show_again(request: Request) -> Response:
        session = house.session(request)
        if read_card(session) is not None:
            return RedirectResponse(f"/room/{session.id}", status_code=303)
        return page(
            "prepare",
            title=session.info.title,
            stages=[],
            minutes=None,
            address=f"/api/sessions/{session.id}/consent",
            wishes="{}",
            folder=str(house.settings.sessions_dir),
            promise=promise_of(house),
        )

    async def begin(request: Request) -> Response:
        wishes = await wanted(request, Begin)
        plan = _plan(house, wishes)
        session = house.store.create(title=title_of(plan), mode="spoken")
        write_card(session, Card(consented=datetime.now(UTC), patience=wishes.patience, plan=plan))
        return JSONResponse({"session": session.id, "room": f"/room/{session.id}"}, status_code=201)

    async def agree(request: Request) -> Response:
        session = house.session(request)
        await wanted(request, Agreed)
        if read_card(session) is None:
            write_card(
                session, Card(consented=datetime.now(UTC), patience=house.settings.patience, plan=None)
            )
        return JSONResponse({"session": session.id, "room": f"/room/{session.id}"})

    async def check(request: Request) -> Response:
        return JSONResponse({"text": await _understood(house, await request.body())})

    return [
        Route("/prepare", show),
        Route("/prepare/{session}", show_again),
        Route("/api/sessions", begin, methods=["POST"]),
        Route("/api/sessions/{session}/consent", agree, methods=["POST"]),
        Route("/api/check", check, methods=["POST"]),
    ]


async def _understood(house: House, sound: bytes) -> str:
    """What the recogniser hears in a few seconds of 16-bit sound. Raises HTTPException 413."""
    if not 0 < len(sound) <= 2 * _RATE_HZ * MOST_CHECKED_S:
        raise HTTPException(413, f"At most {MOST_CHECKED_S} seconds are listened to.")
    studio = await house.opening.studio()
    import numpy as np

    pcm = np.frombuffer(sound[: len(sound) // 2 * 2], dtype="<i2").astype(np.int16)
    words = await studio.speech.whisper.transcribe(pcm)
    return " ".join(word.text for word in words)


def _asked(request: Request, house: House) -> Wishes:
    """The wishes in the page's address. Raises HTTPException 422."""
    given: dict[str, Any] = {}
    for name in request.query_params:
        many = request.query_params.getlist(name)
        given[name] = many if name in ("stages", "topics") else many[0]
    given = {name: value for name, value in given.items() if value}
    given.setdefault("patience", house.settings.patience)
    try:
        return Wishes.model_validate(given)
    except ValidationError as error:
        faults = "\n".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise HTTPException(422, faults) from error


def _plan(house: House, wishes: Wishes) -> Plan:
    """Raises LoopError where something is wished for that is not there."""
    names = dict(offered(house))
    if wishes.loop not in names:
        raise HTTPException(422, f"loop: there is no interview '{wishes.loop[:40]}' here")
    return plan_for(
        house.settings,
        house.content.guide,
        Wish(names[wishes.loop], wishes.stages, wishes.topics, wishes.questions, wishes.minutes, wishes.seed),
    )
