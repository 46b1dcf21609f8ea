"""The room's door: who is let in, and what every answer carries."""

import re
from collections.abc import Iterator

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from agent.room.app import create_app
from agent.room.house import House
from agent.room.security import MOST_BODY_BYTES, Bucket
from agent.settings import Settings
from knowledge.loader import Content
from tests.fakes import FakeClock
from tests.room import NAVIGATION, make_house, visiting

NOBODY = "/api/sessions/20260101-000000-abcd"


@pytest.fixture
def outside(house: House) -> Iterator[TestClient]:
    with visiting(house, inside=False) as client:
        yield client


@pytest.fixture
def inside(house: House) -> Iterator[TestClient]:
    with visiting(house) as client:
        yield client


def test_whoever_types_the_address_on_this_machine_is_let_in_and_given_the_key(outside: TestClient) -> None:
    answer = outside.get("/", headers=NAVIGATION)
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**NAVIGATION, "sec-fetch-site": "cross-site"},
        {**NAVIGATION, "sec-fetch-site": "same-site"},
        {**NAVIGATION, "sec-fetch-mode": "cors"},
    ],
)
def test_other_pages_and_programs_are_not_given_the_key(outside: TestClient, headers: dict[str, str]) -> None:
    answer = outside.get("/", headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_the_printed_address_gives_the_key_once_and_leaves_the_address_bar(
    outside: TestClient, house: House
) -> None:
    answer = outside.get(f"/enter?key={house.doors.secret}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert outside.get("/").status_code == 200


def test_a_wrong_key_opens_nothing(outside: TestClient) -> None:
    answer = outside.get("/enter?key=guess")
    assert "set-cookie" not in answer.headers
    assert outside.get("/").status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:9999", "localhost", "127.0.0.1.evil.example:8137", ""]
)
def test_a_foreign_host_name_is_refused_even_with_the_key(inside: TestClient, host: str) -> None:
    assert inside.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:9999", "https://localhost", ""]
)
def test_a_change_from_a_foreign_page_is_refused_even_with_the_key(inside: TestClient, origin: str) -> None:
    assert inside.delete(NOBODY, headers={"origin": origin}).status_code == 403
    assert inside.delete(NOBODY).status_code == 404


def test_too_much_and_too_often_are_refused(inside: TestClient) -> None:
    assert inside.post("/enter", content=b"x" * (MOST_BODY_BYTES + 1)).status_code == 413
    codes = [inside.delete(NOBODY).status_code for _ in range(60)]
    assert codes[0] == 404
    assert codes[-1] == 429


def test_a_stranger_cannot_use_up_what_those_inside_may_do(inside: TestClient, outside: TestClient) -> None:
    assert {outside.delete(NOBODY).status_code for _ in range(60)} == {403}
    assert inside.delete(NOBODY).status_code == 404


def test_every_answer_carries_the_protecting_headers(inside: TestClient, outside: TestClient) -> None:
    for answer in (inside.get("/"), inside.get("/nowhere"), outside.get("/static/base.css")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "microphone=(self)" in answer.headers["permissions-policy"]
    assert inside.get("/").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static//etc/passwd",
        "/api/sessions/..%2f..%2fetc",
        "/api/sessions/%2e%2e",
    ],
)
def test_no_path_leads_out(inside: TestClient, path: str) -> None:
    assert inside.get(path).status_code in (404, 405)
    assert inside.delete(path).status_code in (404, 405)


def test_where_others_can_reach_the_room_only_the_password_opens_it(
    settings: Settings, content: Content
) -> None:
    house = make_house(settings, content, password="correct horse battery")
    with visiting(house, inside=False) as client:
        assert client.get("/", headers=NAVIGATION).headers["location"] == "/enter"
        wrong = client.post("/enter", content="password=guess")
        assert (wrong.status_code, "set-cookie" in wrong.headers) == (403, False)
        right = client.post("/enter", content="password=correct+horse+battery")
        assert right.status_code == 303
        assert client.get("/").status_code == 200


def test_passwords_cannot_be_tried_by_the_thousand(settings: Settings, content: Content) -> None:
    house = make_house(settings, content, password="correct horse battery")
    with visiting(house, inside=False) as client:
        codes = [client.post("/enter", content="password=guess").status_code for _ in range(6)]
        elsewhere = TestClient(client.app, base_url=str(client.base_url), client=("10.0.0.7", 5000))
        elsewhere.headers.update(client.headers)
        assert elsewhere.post("/enter", content="password=guess").status_code == 403
    assert codes == [403] * 5 + [429]


def test_a_bucket_fills_again_with_time() -> None:
    clock = FakeClock()
    bucket = Bucket(size=2, per_s=1, clock=clock)
    assert [bucket.take(), bucket.take(), bucket.take()] == [True, True, False]
    clock.now_s = 1.0
    assert [bucket.take(), bucket.take()] == [True, False]


def addresses(house: House) -> list[tuple[str, str]]:
    """Every method of every route, with a session that is there."""
    session = house.store.create(title="Behavioral", mode="spoken").id
    given = {"session": session, "answer": "a1", "ending": "html", "act": "delete"}
    found = []
    for route in create_app(house).routes:
        if isinstance(route, Route):
            path = re.sub(r"{(\w+)}", lambda name: given[name[1]], route.path)
            found += [(method, path) for method in sorted(route.methods or ())]
    return found


def test_no_route_answers_a_stranger_or_lets_a_foreign_page_change_something(
    house: House, inside: TestClient, outside: TestClient
) -> None:
    private = [(method, path) for method, path in addresses(house) if path not in ("/health", "/enter")]
    assert len(private) > 25
    evil = {"origin": "http://evil.example"}
    for method, path in private:
        assert outside.request(method, path).status_code == 403, (method, path)
        if method not in ("GET", "HEAD"):
            assert inside.request(method, path, headers=evil).status_code == 403, (method, path)
        assert inside.request(method, path, headers={"host": "evil.example"}).status_code == 421, (
            method,
            path,
        )
    assert len(house.store.list()) == 1
