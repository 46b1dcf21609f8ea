"""The desk's pages: what a reviewer may see, when, is decided on the server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from agent.desk.retention import delete_all
from agent.desk.review import Review
from agent.errors import SessionError
from agent.room import desk as pages
from agent.room.house import House
from knowledge.loader import Content
from tests.desk import SECRET, desk_at, reviewed, script


class SettingsOnly:
    """All of the house that the desk's pages use."""

    def __init__(self, review: Review, folder: Path) -> None:
        from agent.settings import Settings

        self.settings = Settings(data_dir=folder / "data", cache_dir=folder / "cache")


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 409
    return PlainTextResponse(str(error), status_code=status)


@pytest.fixture(scope="module")
def review(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Review:
    return reviewed(desk_at(tmp_path_factory.mktemp("desk")), content)


@pytest.fixture
def client(review: Review) -> Iterator[TestClient]:
    folder = review.screening.session.folder.parents[2]
    house: House = SettingsOnly(review, folder)  # type: ignore[assignment]
    app = Starlette(
        routes=pages.routes(house), exception_handlers={HTTPException: _refused, SessionError: _refused}
    )
    with TestClient(app) as client:
        yield client


def test_the_machines_level_is_on_no_page_before_the_reviewers_own(
    client: TestClient, review: Review
) -> None:
    address = f"/desk/{review.screening.id}"
    assert client.get(address).status_code == 403
    client.post("/desk/name", data={"name": "Mika Lund"})
    before = client.get(address).text
    assert SECRET in before
    assert "Machine:" not in before
    assert "Machine" not in client.get("/desk").text
    table = client.get("/desk/table.json", params={"script": review.screening.info.version}).json()
    assert {row["machine"] for row in table["rows"]} == {None}
    first = review.core[0]
    client.post(f"{address}/rate", data={"question": first.question, f"level:{first.rows[0]}": "3"})
    after = client.get(address).text
    assert after.count("Machine:") == 1
    assert "Machine: 4.0" in after
    assert "No order" in client.get("/desk").text


def test_a_damaged_candidate_hides_no_other_and_a_hostile_name_is_only_text(
    client: TestClient, review: Review
) -> None:
    client.post("/desk/name", data={"name": "Ada Berg"})
    desk = desk_at(review.screening.session.folder.parents[2])
    invited = desk.invite(script(), "<img src=x onerror=alert(1)>", mode="typed", by="Robin Vale")
    records = review.screening.session.folder / "review.jsonl"
    kept = records.read_bytes()
    records.write_text("{damaged}\n")
    listed = client.get("/desk")
    records.write_bytes(kept)
    delete_all(desk, invited, by="Robin Vale")
    assert listed.status_code == 200
    assert "line 1 is damaged" in listed.text
    assert "&lt;img src=x onerror=alert(1)&gt;" in listed.text
    assert "<img" not in listed.text


def test_a_form_that_lacks_something_is_refused_with_a_reason(client: TestClient, review: Review) -> None:
    client.post("/desk/name", data={"name": "Kim Sand"})
    address, question = f"/desk/{review.screening.id}", review.core[0].question
    for act, form, why in (
        ("rate", {"level:screen.background": "3"}, "is no core question"),
        ("override", {"question": question}, "is not about"),
        ("rate", {"question": question, f"level:{review.core[0].rows[0]}": "²"}, "from 1 to 5"),
    ):
        refused = client.post(f"{address}/{act}", data=form)
        assert (refused.status_code, why in refused.text) == (409, True), refused.text


def test_a_decision_needs_all_ratings_and_a_reason(client: TestClient, review: Review) -> None:
    address = f"/desk/{review.screening.id}"
    client.post("/desk/name", data={"name": "Ada Berg"})
    refused = client.post(
        f"{address}/decide", data={"verdict": "go-on", "reason": "Strong on production systems"}
    )
    assert (refused.status_code, "rate every answer" in refused.text) == (409, True)
    for answer in review.core:
        client.post(
            f"{address}/rate", data={"question": answer.question, **{f"level:{r}": "4" for r in answer.rows}}
        )
    assert client.post(f"{address}/decide", data={"verdict": "hire", "reason": "x y z"}).status_code == 422
    page = client.post(
        f"{address}/decide", data={"verdict": "go-on", "reason": "Strong on <b>production</b>"}
    ).text
    assert "goes on to the next stage: Strong on &lt;b&gt;production&lt;/b&gt;" in page
    assert "C-017: 4.0" in client.get("/desk").text
    csv = client.get("/desk/table.csv", params={"script": review.screening.info.version}).text
    assert "Ada Berg" in csv
    assert (
        "No decision"
        not in client.get("/desk/table.html", params={"script": review.screening.info.version}).text
    )


def test_everything_can_be_exported_and_deleted_from_the_page(client: TestClient, review: Review) -> None:
    client.post("/desk/name", data={"name": "Ada Berg"})
    address = f"/desk/{review.screening.id}"
    assert client.post(f"{address}/export").headers["content-type"] == "application/zip"
    assert client.post(f"{address}/delete").status_code == 200
    assert not review.screening.session.folder.exists()
    assert client.get(address).status_code == 404
