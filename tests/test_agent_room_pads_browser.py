"""The pads in a real Chromium: written on by hand, by keyboard alone, and looked at by axe."""

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect, sync_playwright

from agent.settings import Settings
from knowledge.coding import starter_of
from knowledge.loader import Content
from tests.browser import find_chromium
from tests.pad_room import pad_room
from tests.pad_sittings import CACHE, solution_of

pytestmark = pytest.mark.skipif(find_chromium() is None, reason="no Chromium here")
SLOW_MS = 60_000
SCRIPT = "text/javascript"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that complains about nothing and leaves this machine for nothing."""
    faults: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(SLOW_MS)
    expect.set_options(timeout=SLOW_MS)
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: None if "//localhost:" in request.url else faults.append(request.url))
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def code_room(settings: Settings, content: Content, page: Page) -> Iterator[Page]:
    with pad_room(settings, content, stage="coding-applied-ml") as address:
        page.goto(address)
        expect(page.locator("#code-pad")).to_be_visible()
        yield page
        page.goto("about:blank")


@pytest.fixture
def sketch_room(settings: Settings, content: Content, page: Page) -> Iterator[Page]:
    with pad_room(settings, content, stage="ml-system-design") as address:
        page.goto(address)
        expect(page.locator("#sketch-pad")).to_be_visible()
        yield page
        page.goto("about:blank")


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {n['html'][:120]}" for v in found for n in v["nodes"]]


def written(page: Page) -> str:
    return "\n".join(page.locator("#editor .cm-line").all_inner_texts())


def named(page: Page, *names: str) -> None:
    for name in names:
        page.click("#sketch-add")
        page.keyboard.type(name)


@pytest.mark.models
def test_code_is_written_run_talked_about_and_there_again_after_a_reload(
    code_room: Page, content: Content
) -> None:
    page = code_room
    expect(page.locator("#editor .cm-content")).to_have_count(1)
    expect(page.locator("#editor .cm-line span").first).to_be_visible()  # coloured
    page.click("#run-tests")
    expect(page.locator(".test.failed")).to_have_count(4)
    expect(page.locator(".test-sides").filter(has_text="got None, expected 7")).to_be_visible()

    page.click("#editor .cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(solution_of(content, CACHE))
    expect(page.locator("#code-saved")).to_have_text("Saved")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".test.passed")).to_have_count(4)

    page.reload()
    expect(page.locator("#editor .cm-line").first).to_contain_text("Thread-safe LRU cache")
    expect(page.locator(".test.passed")).to_have_count(4)
    page.fill("#answer", "It keeps a dictionary in order and a heap of expiry times.")
    page.keyboard.press("Enter")
    expect(page.locator("#log .interviewer").last).to_contain_text("?")
    page.click("#code-done")
    expect(page.locator("#log .candidate").last).to_contain_text("My code is done.")
    assert violations(page) == []


@pytest.mark.models
def test_the_editor_is_left_by_keyboard(code_room: Page) -> None:
    page = code_room
    page.click("#editor .cm-content")
    page.keyboard.press("Control+Home")
    page.keyboard.press("Tab")
    assert written(page).startswith("    ")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#editor')") is None
    expect(page.locator("#editor-hint")).to_contain_text("press Escape, then Tab")


@pytest.mark.models
def test_the_code_pad_is_readable_in_the_dark_and_on_a_phone(code_room: Page) -> None:
    page = code_room
    expect(page.locator("#editor .cm-content")).to_be_visible()
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


class Wire:
    """The page's socket, which a test can cut, and what went over it from the page."""

    def __init__(self, page: Page) -> None:
        self.told: list[str] = []
        self._cut = False
        self._ends: list[WebSocketRoute] = []
        page.route_web_socket("**/line", self._open)

    def cut(self) -> None:
        self._cut = True
        self._ends[-1].close()

    def mend(self) -> None:
        self._cut = False

    def _open(self, end: WebSocketRoute) -> None:
        if self._cut:
            end.close()
            return
        self._ends.append(end)
        server = end.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            self.told.append(json.loads(message)["type"])
            server.send(message)

        end.on_message(pass_on)


@pytest.fixture
def wire(page: Page) -> Wire:
    return Wire(page)


@pytest.fixture
def field(settings: Settings, content: Content, wire: Wire, page: Page, tmp_path: Path) -> Iterator[Locator]:
    """The code pad where the editor's files are missing."""
    bare = settings.model_copy(update={"cache_dir": tmp_path / "empty"})
    with pad_room(bare, content, stage="coding-applied-ml") as address:
        page.route("**/editor/index.js", lambda route: route.fulfill(body="export {}", content_type=SCRIPT))
        page.goto(address)
        yield page.locator("textarea.plain-editor")
        page.goto("about:blank")


def test_without_the_editors_files_a_plain_field_does(field: Locator, content: Content, page: Page) -> None:
    starter = starter_of(content, "lru-cache-with-ttl")
    expect(field).to_have_value(starter)
    expect(page.locator("#editor-hint")).to_contain_text("plain text field")
    field.fill("class TTLCache:\n    pass\n")
    expect(page.locator("#code-saved")).to_have_text("Saved")
    field.press("Control+Enter")
    expect(page.locator(".test.failed")).to_have_count(4)
    assert violations(page) == []
    page.click("#start-over")
    expect(field).to_have_value(starter)
    field.press("Control+z")
    expect(field).to_have_value("class TTLCache:\n    pass\n")
    field.press("Control+End")
    field.press_sequentially("# mine")
    expect(field).to_have_value("class TTLCache:\n    pass\n# mine")


def test_code_that_is_too_long_is_not_kept_and_breaks_nothing(field: Locator, page: Page) -> None:
    field.fill("#" * 20_001)
    expect(page.locator("#code-saved")).to_contain_text("at most 20000")
    page.click("#run-tests")
    expect(page.locator("#tests")).to_contain_text("at most 20000")
    field.fill("# short")
    expect(page.locator("#code-saved")).to_have_text("Saved")


def test_what_is_written_without_a_connection_is_there_after_a_reload(
    field: Locator, wire: Wire, page: Page
) -> None:
    expect(field).to_be_editable()
    wire.cut()
    field.fill("# written in a tunnel")
    expect(page.locator("#code-saved")).to_contain_text("until the connection is back")
    page.reload()
    wire.mend()
    expect(field).to_have_value("# written in a tunnel")
    expect(page.locator("#code-saved")).to_have_text("Saved")


def test_tests_that_were_running_when_the_connection_broke_are_run_again(
    field: Locator, wire: Wire, page: Page
) -> None:
    field.fill("class TTLCache:\n    pass\n")
    page.click("#run-tests")
    expect(page.locator("#run-tests")).to_have_attribute("aria-disabled", "true")
    wire.cut()
    wire.mend()
    expect(page.locator(".test.failed")).to_have_count(4)
    expect(page.locator("#run-tests")).to_have_attribute("aria-disabled", "false")


def test_the_interviewer_reads_the_code_as_it_is_when_it_is_said_to_be_done(
    field: Locator, wire: Wire, page: Page
) -> None:
    field.fill("# the last line")
    page.click("#code-done")
    expect(page.locator("#log .candidate").last).to_contain_text("My code is done.")
    assert wire.told.index("write") < wire.told.index("press")


def test_a_sketch_is_drawn_with_the_pointer_and_asked_about(sketch_room: Page) -> None:
    page = sketch_room
    named(page, "Mobile app", "Ranker")
    boxes = page.locator(".sketch-box")
    boxes.nth(1).scroll_into_view_if_needed()
    before = boxes.nth(1).bounding_box()
    assert before is not None
    x, y = before["x"] + before["width"] / 2, before["y"] + before["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 120, steps=4)
    page.mouse.up()
    after = boxes.nth(1).bounding_box()
    assert after is not None
    assert after["y"] > before["y"] + 60

    boxes.nth(0).click()
    dot = page.locator(".sketch-box").nth(0).locator(".sketch-dot").bounding_box()
    assert dot is not None
    page.mouse.move(dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)
    page.mouse.down()
    page.mouse.move(after["x"] + 40, after["y"] + 20, steps=6)
    page.mouse.up()
    expect(page.locator("#sketch-arrows")).to_contain_text("Mobile app → Ranker")
    page.fill("#sketch-arrows input", "request <b>")
    expect(page.locator("#sketch-saved")).to_have_text("Saved")

    page.reload()
    expect(page.locator(".sketch-box")).to_have_count(2)
    expect(page.locator(".sketch-note")).to_have_text("request <b>")
    page.fill(
        "#answer", "The app calls the ranker, which answers within fifty milliseconds at the busiest hour."
    )
    page.keyboard.press("Enter")
    expect(page.locator("#log .interviewer").last).to_contain_text("?")


def test_a_sketch_is_saved_as_the_picture_that_is_seen(sketch_room: Page) -> None:
    page = sketch_room
    expect(page.locator("#sketch-save")).to_be_disabled()
    page.click("#sketch-add")
    page.keyboard.insert_text("<b>app</b>\t&")
    named(page, "Ranker")
    page.click("#sketch-connect")
    with page.expect_download() as saving:
        page.click("#sketch-save")
    assert saving.value.suggested_filename == "sketch.svg"
    text = saving.value.path().read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert ["".join(t.itertext()) for t in root.iter(f"{SVG}text")][:2] == ["<b>app</b> &", "service"]
    assert root.get("viewBox")
    frame, first = root.find(f"{SVG}rect"), root.find(f"{SVG}g/{SVG}rect")
    assert frame is not None
    assert first is not None
    assert frame.get("fill") == "rgb(251, 251, 249)"
    assert first.get("stroke") == "rgb(11, 102, 92)"
    assert "class=" not in text
    assert page.locator(".sketch-box.selected").count() == 1


def test_everything_on_the_board_can_be_done_by_keyboard(sketch_room: Page) -> None:
    page = sketch_room
    page.focus("#sketch-add")
    page.keyboard.press("Enter")
    page.keyboard.type("App")
    page.focus("#sketch-add")
    page.keyboard.press("Enter")
    page.keyboard.type("Store")
    first, second = page.locator(".sketch-box").nth(0), page.locator(".sketch-box").nth(1)
    first.focus()
    place = first.get_attribute("transform")
    page.keyboard.press("ArrowDown")
    assert page.locator(".sketch-box").nth(0).get_attribute("transform") != place
    page.keyboard.press("c")
    expect(page.locator("#sketch-told")).to_contain_text("Arrow from App")
    second.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sketch-arrows")).to_contain_text("App → Store")
    page.locator(".sketch-box").nth(1).focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Feature store")
    expect(page.locator(".sketch-box").nth(1)).to_have_attribute(
        "aria-label", "Feature store, service, 1 arrow"
    )
    page.locator(".sketch-box").nth(0).focus()
    page.keyboard.press("Delete")
    expect(page.locator(".sketch-box")).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(page.locator(".sketch-box")).to_have_count(2)
    expect(page.locator("#sketch-arrows")).to_contain_text("App → Feature store")
    page.click("#sketch-redo")
    expect(page.locator(".sketch-box")).to_have_count(1)


def test_the_sketch_pad_is_accessible_in_the_dark_and_on_a_phone(sketch_room: Page) -> None:
    page = sketch_room
    named(page, "App", "Ranker")
    page.click("#sketch-connect")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
