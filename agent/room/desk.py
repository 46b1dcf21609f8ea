"""The recruiter's desk in the browser: candidates of a script, evidence beside anchors, ratings, decisions.

Pages without a script: every act is a form, and what may be shown is decided by `agent.desk.review`, not by a page.
"""

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from agent.desk.answers import Quoted, Shown, quotes, shown, view_of
from agent.desk.handing_out import as_csv, rated_rows
from agent.desk.retention import delete_all, delete_expired, export_all
from agent.desk.review import VERDICTS, Review, RowReview, ranked
from agent.desk.screenings import Desk, Screening
from agent.room.faults import OURS
from agent.room.house import House
from agent.room.pages import page

REVIEWER = "soundcheck_reviewer"
"""Cookie with the name of the person at the desk."""


def routes(house: House) -> list[BaseRoute]:
    at = _Desk(house)
    return [
        Route("/desk", at.candidates),
        Route("/desk/name", at.name, methods=["POST"]),
        Route("/desk/table.{ending}", at.table),
        Route("/desk/{session}", at.candidate),
        Route("/desk/{session}/candidate.wav", at.audio),
        Route("/desk/{session}/export", at.export, methods=["POST"]),
        Route("/desk/{session}/{act}", at.act, methods=["POST"]),
    ]


class _Desk:
    def __init__(self, house: House) -> None:
        self._settings = house.settings
        self._desk = Desk(house.settings)

    async def candidates(self, request: Request) -> Response:
        await asyncio.to_thread(delete_expired, self._desk)
        by = _reviewer(request)
        screenings = self._desk.all()
        versions: dict[str, list[Screening]] = {}
        for screening in screenings:
            versions.setdefault(screening.info.version, []).append(screening)
        reviews, faults = {}, {each.session.id: each.why for each in self._desk.damaged()}
        for screening in [s for s in screenings if by and s.consent]:
            try:
                reviews[screening.id] = await self._review(screening, by)
            except OURS as error:  # of one candidate; the others must still be seen
                faults[screening.id] = str(error)
        order = {
            version: ranked([reviews[s.id] for s in of if s.id in reviews])
            for version, of in versions.items()
        }
        return page(
            "desk",
            by=by,
            versions=versions,
            reviews=reviews,
            faults=faults,
            order=order,
            verdicts=VERDICTS,
        )

    async def name(self, request: Request) -> Response:
        response = RedirectResponse("/desk", status_code=303)
        name = (await _form(request)).get("name", "").strip()
        response.set_cookie(REVIEWER, quote(name[:80]), httponly=True, samesite="strict")
        return response

    async def candidate(self, request: Request) -> Response:
        review = await self._open(request)
        answers = [(each, self._rows(review, each)) for each in shown(review)]
        return page(
            "desk_candidate",
            review=review,
            script=review.screening.info.script,
            answers=answers,
            verdicts=VERDICTS,
            spoken=(review.screening.session.folder / "candidate.wav").exists(),
        )

    async def act(self, request: Request) -> Response:
        """rate, override, decide or delete."""
        review, form = await self._open(request), await _form(request)
        match request.path_params["act"]:
            case "rate":
                for field, value in form.items():
                    if field.startswith("level:") and value:
                        review.rate(form.get("question", ""), field.removeprefix("level:"), _number(value))
            case "override":
                given = (form.get(name, "") for name in ("question", "row", "level", "reason"))
                question, row, level, reason = given
                review.override(question, row, _number(level), reason)
            case "decide":
                verdict = next((known for known in VERDICTS if known == form.get("verdict")), None)
                if verdict is None:
                    raise HTTPException(422, "Choose a decision.")
                review.decide(verdict, form.get("reason", ""))
            case "delete":
                await asyncio.to_thread(delete_all, self._desk, review.screening, by=review.by)
                return RedirectResponse("/desk", status_code=303)
            case _:
                raise HTTPException(404)
        return RedirectResponse(f"/desk/{review.screening.id}", status_code=303)

    async def audio(self, request: Request) -> Response:
        review = await self._open(request)
        path = review.screening.session.folder / "candidate.wav"
        if not path.exists():
            raise HTTPException(404)
        return FileResponse(path, media_type="audio/wav")

    async def export(self, request: Request) -> Response:
        review = await self._open(request)
        folder = tempfile.TemporaryDirectory(prefix="soundcheck-")
        target = Path(folder.name) / f"soundcheck-{review.screening.id}.zip"
        await asyncio.to_thread(export_all, self._desk, review.screening, target, by=review.by)
        return FileResponse(target, filename=target.name, background=BackgroundTask(folder.cleanup))

    async def table(self, request: Request) -> Response:
        """All candidates of one version as CSV, JSON, or a page for printing."""
        by, version = _must_be_named(request), request.query_params.get("script", "")
        of = [s for s in self._desk.all() if s.info.version == version and s.consent]
        reviews = [await self._review(screening, by) for screening in of]
        rows = rated_rows(reviews)
        match request.path_params["ending"]:
            case "csv":
                headers = {"Content-Disposition": 'attachment; filename="screening.csv"'}
                return Response(as_csv(rows), media_type="text/csv", headers=headers)
            case "json":
                return JSONResponse({"script": version, "by": by, "rows": [row.model_dump() for row in rows]})
            case "html":
                return page(
                    "desk_print", version=version, by=by, reviews=reviews, rows=rows, verdicts=VERDICTS
                )
        raise HTTPException(404)

    async def _open(self, request: Request) -> Review:
        by, wanted = _must_be_named(request), request.path_params["session"]
        screening = next((each for each in self._desk.all() if each.id == wanted), None)
        if screening is None:
            raise HTTPException(404)
        return await self._review(screening, by)

    async def _review(self, screening: Screening, by: str) -> Review:
        return Review(self._desk, screening, await view_of(self._settings, screening), by=by)

    def _rows(self, review: Review, each: Shown) -> list[tuple[RowReview, list[Quoted]]]:
        """The rows of an answer; showing a machine's level is noted in the log."""
        found = []
        for row in review.rows(each.answer):
            grade = review.machine(row.question, row.row) if row.rating is not None else None
            found.append((row, quotes(review, each.answer, grade) if grade else []))
        return found


def _reviewer(request: Request) -> str:
    return unquote(request.cookies.get(REVIEWER, "")).strip()


def _must_be_named(request: Request) -> str:
    by = _reviewer(request)
    if not by:
        raise HTTPException(403, "Say who you are on the page /desk first: every rating has a name.")
    return by


async def _form(request: Request) -> Mapping[str, str]:
    return dict(parse_qsl((await request.body()).decode(errors="replace")))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
