"""Pages and answers. Every value in a template is escaped; nothing that a person wrote is ever marked as safe."""

from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from evals.templating import templates_in

FOLDER = Path(__file__).parent
Wanted = TypeVar("Wanted", bound=BaseModel)


def page(name: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    return HTMLResponse(_environment().get_template(f"{name}.html.j2").render(**context), status_code=status)


def refusal(request: Request, status: int, why: str) -> Response:
    """`why` as a page, or as JSON for the pages' own scripts."""
    if "text/html" in request.headers.get("accept", ""):
        return page("refused", status=status, why=why)
    return JSONResponse({"error": why}, status_code=status)


async def wanted(request: Request, model: type[Wanted]) -> Wanted:
    """The JSON body as `model`. Raises HTTPException 422 naming each wrong field."""
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['msg']}" for e in error.errors())
        raise HTTPException(422, faults) from error


@cache
def _environment() -> Environment:
    return templates_in(FOLDER / "templates")
