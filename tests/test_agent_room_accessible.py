"""Every page can be used by everybody: axe finds nothing in light or dark, and nothing is wider than a phone."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from agent.desk.screenings import Desk
from agent.report.render_html import render_html
from agent.room.house import House
from agent.room.messages import Hearing, Line, Now, Standing, Welcome
from agent.settings import Settings
from knowledge.loader import Content
from tests.browser import find_chromium
from tests.desk import reviewed
from tests.report_sessions import practice_session, report_of
from tests.room import make_house, served
from tests.room_browser import chromium, new_context

pytestmark = pytest.mark.browser
QUESTION = "Tell me about a time when you changed how a whole team works."
STANDING = Standing(
    stage="Behavioural and collaboration",
    stage_number=6,
    stages=8,
    interviewer="Kim",
    role="an engineering manager",
    question=QUESTION,
    elapsed_s=100.0,
    budget_s=600.0,
    paused=False,
    finished=False,
)
TRANSCRIPT = [
    Line(turn="i1", who="interviewer", text="Hello, I'm Kim, an AI. Are you ready?", kind="greeting"),
    Line(turn="c1", who="candidate", text="Yes, I am."),
    Line(turn="i2", who="interviewer", text=QUESTION, kind="question"),
    *[
        Line(turn=f"c{n}", who="candidate", text="We moved the ranking service to a cache. " * 4)
        for n in range(2, 12)
    ],
]

PAGES = ["start", "prepare", "nothing", "report", "report itself", "room", "desk", "candidate"]


class Scene:
    """A floor on which every page finds itself amid an answer."""

    async def join(self, session: object, client: Any, hello: object) -> "Scene":
        client.tell(
            Welcome(
                voice_rate_hz=22_050,
                next_frame=0,
                doing="listening",
                standing=STANDING,
                transcript=TRANSCRIPT,
            )
        )
        client.tell(Now(doing="listening"))
        client.tell(Hearing(text="And then we measured the latency of"))
        return self

    def holds(self, session: object) -> bool:
        return False

    def take(self, client: object, message: object) -> None: ...

    def sound(self, client: object, first_frame: int, data: bytes) -> None: ...

    def leave(self, client: object) -> None: ...

    async def aclose(self) -> None: ...


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if find_chromium() is None:
        lack = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        lack("no Chromium on this machine: apt install chromium")
    with sync_playwright() as playwright, chromium(playwright) as opened:
        yield opened


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, content: Content) -> House:
    house = make_house(Settings(data_dir=tmp_path_factory.mktemp("data")), content)
    house.floor = Scene()  # type: ignore[assignment]  # stands in for a Floor
    return house


@pytest.fixture(scope="module")
def paths(house: House, content: Content) -> dict[str, str]:
    builder = practice_session(house.settings.sessions_dir)
    report = report_of(builder)
    folder = builder.session.folder
    (folder / "report.json").write_text(report.model_dump_json(), encoding="utf-8")
    (folder / "report.html").write_text(render_html(report), encoding="utf-8")
    with ThreadPoolExecutor() as threads:  # Playwright's loop runs in this one
        screening = threads.submit(reviewed, Desk(house.settings), content).result().screening
    return {
        "start": "/",
        "prepare": "/prepare?loop=full",
        "nothing": "/nowhere",
        "report": f"/sessions/{builder.session.id}",
        "report itself": f"/sessions/{builder.session.id}/report.html",
        "desk": "/desk",
        "candidate": f"/desk/{screening.id}",
        "room": "/prepare?loop=practice&topics=mentorship",
    }


@pytest.fixture(scope="module")
def address(house: House, paths: dict[str, str]) -> Iterator[str]:
    with served(house) as address:
        yield address


def opened(page: Page, address: str, paths: dict[str, str], name: str) -> None:
    page.goto(address)
    if name == "candidate":
        page.goto(address + paths["desk"])
        page.fill("input[name=name]", "Robin Vale")
        page.press("input[name=name]", "Enter")
    page.goto(address + paths[name])
    if name == "room":
        page.click("#agree")
        page.wait_for_url("**/room/*")
        page.locator("#interim", has_text="latency").wait_for()


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:120]} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    browser: Browser, address: str, paths: dict[str, str], name: str, scheme: Any
) -> None:
    context = new_context(browser, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    opened(page, address, paths, name)
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_is_wide_enough(browser: Browser, address: str, paths: dict[str, str], name: str) -> None:
    context = new_context(browser, viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    page = context.new_page()
    opened(page, address, paths, name)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    context.close()


def test_nothing_moves_for_whoever_wants_no_motion(
    browser: Browser, address: str, paths: dict[str, str]
) -> None:
    context = new_context(browser, reduced_motion="reduce")
    page = context.new_page()
    opened(page, address, paths, "room")
    page.evaluate("() => { document.getElementById('presence').dataset.doing = 'speaking'; }")
    assert page.evaluate("() => document.getAnimations().length") == 0
    context.close()


def test_single_keys_do_nothing_while_somebody_types_or_when_switched_off(
    browser: Browser, address: str, paths: dict[str, str]
) -> None:
    context = new_context(browser)
    page = context.new_page()
    opened(page, address, paths, "room")
    page.locator("#answer").fill("")
    page.locator("#answer").press("u")
    assert page.get_attribute("#press-mute", "aria-pressed") == "false"
    page.locator("#log").focus()
    page.keyboard.press("u")
    assert page.get_attribute("#press-mute", "aria-pressed") == "true"
    page.uncheck("#single-keys")
    page.keyboard.press("u")
    assert page.get_attribute("#press-mute", "aria-pressed") == "true"
    context.close()


def test_a_dialog_takes_the_focus_and_gives_it_back(
    browser: Browser, address: str, paths: dict[str, str]
) -> None:
    context = new_context(browser)
    page = context.new_page()
    opened(page, address, paths, "room")
    page.locator("#press-end").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.closest('dialog')?.id") == "leave"
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.activeElement.id") == "press-end"
    context.close()
