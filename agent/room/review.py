"""A session afterwards: its report, notes, another try at a question, export, and getting rid of it."""

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from agent.desk.retention import delete_session, export_session
from agent.room.attempts import attempts_at, question_of, read_summary
from agent.room.card import Card, read_card, write_card
from agent.room.house import House
from agent.room.pages import page, wanted
from agent.sessions import Session, write_atomically
from graphs.plan import Plan

NOTES = "notes.txt"
_REPORT_FILES = {"html": "text/html", "json": "application/json", "md": "text/markdown"}
_REPORT_POLICY = "sandbox allow-scripts allow-downloads; frame-ancestors 'self'"
"""The report stands apart from the room: nothing in it could reach a session. Its own policy allows its one script."""


class Notes(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(max_length=100_000)


def routes(house: House) -> list[BaseRoute]:
    return [*_report_routes(house), *_keeping_routes(house)]


def _report_routes(house: House) -> list[BaseRoute]:
    async def show(request: Request) -> Response:
        session = house.session(request)
        summary = await asyncio.to_thread(read_summary, session)
        return page(
            "report",
            session=session.info,
            summary=summary,
            attempts=await asyncio.to_thread(attempts_at, house.store, session),
            notes=read_notes(session),
            resumable=session.info.mode != "demo" and not (summary and summary.finished),
            state=house.reports.progress(session).state,
        )

    async def file(request: Request) -> Response:
        session, ending = house.session(request), request.path_params["ending"]
        path = session.folder / f"report.{ending}"
        if ending not in _REPORT_FILES or not path.exists():
            raise HTTPException(404)
        headers = {"Content-Security-Policy": _REPORT_POLICY}
        if ending != "html" or "download" in request.query_params:
            headers["Content-Disposition"] = f'attachment; filename="soundcheck-{session.id}.{ending}"'
        return FileResponse(path, media_type=_REPORT_FILES[ending], headers=headers)

    async def progress(request: Request) -> Response:
        found = house.reports.progress(house.session(request))
        return JSONResponse({"state": found.state, "left": found.left, "why": found.why})

    async def order(request: Request) -> Response:
        session = house.session(request)
        if house.floor.holds(session):
            raise HTTPException(409, "The interview is under way: end it first.")
        house.reports.order(session)
        return await progress(request)

    async def retry(request: Request) -> Response:
        session, answer = house.session(request), request.path_params["answer"]
        wanted_again = await asyncio.to_thread(question_of, house, session, answer)
        again = house.store.create(title=wanted_again.title, mode="spoken")
        write_card(again, _card_like(session, house, wanted_again.plan, f"{session.id}/{answer}"))
        return JSONResponse({"session": again.id, "room": f"/room/{again.id}"}, status_code=201)

    return [
        Route("/sessions/{session}", show),
        Route("/sessions/{session}/report.{ending}", file),
        Route("/api/sessions/{session}/report", progress, methods=["GET"]),
        Route("/api/sessions/{session}/report", order, methods=["POST"]),
        Route("/api/sessions/{session}/answers/{answer}/retry", retry, methods=["POST"]),
    ]


def _keeping_routes(house: House) -> list[BaseRoute]:
    async def note(request: Request) -> Response:
        session = house.session(request)
        notes = await wanted(request, Notes)
        await asyncio.to_thread(write_atomically, session.folder / NOTES, notes.text)
        return Response(status_code=204)

    async def export(request: Request) -> Response:
        session = house.session(request)
        folder = tempfile.TemporaryDirectory(prefix="soundcheck-")
        target = Path(folder.name) / f"soundcheck-{session.id}.zip"
        await asyncio.to_thread(export_session, house.store, session, target)
        return FileResponse(target, filename=target.name, background=BackgroundTask(folder.cleanup))

    async def delete(request: Request) -> Response:
        session = house.session(request)
        await house.reports.give_up(session)
        await asyncio.to_thread(delete_session, house.settings, session, by="the room")
        return Response(status_code=204)

    return [
        Route("/api/sessions/{session}/notes", note, methods=["PUT"]),
        Route("/sessions/{session}/export", export),
        Route("/api/sessions/{session}", delete, methods=["DELETE"]),
    ]


def read_notes(session: Session) -> str:
    try:
        return (session.folder / NOTES).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _card_like(session: Session, house: House, plan: Plan, retries: str) -> Card:
    """A session that follows from another one has the same consent and patience."""
    before = read_card(session)
    consented = before.consented if before is not None else datetime.now(UTC)
    patience = before.patience if before is not None else house.settings.patience
    return Card(consented=consented, patience=patience, plan=plan, retries=retries)
