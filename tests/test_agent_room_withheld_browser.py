"""The room where the browser withholds the microphone, or what it gives over HTTPS only. Typing is always left."""

from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from agent.settings import Settings
from knowledge.loader import Content
from tests.browser import find_chromium
from tests.pad_room import KEY, pad_room
from tests.room_browser import chromium

pytestmark = pytest.mark.skipif(find_chromium() is None, reason="no Chromium here")
NAME = "room.example"
DENIED = """
if (navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("denied", "NotAllowedError"));
"""
SAID = "The app calls the ranker, which answers within fifty milliseconds."


@pytest.fixture
def page() -> Iterator[Page]:
    """A page in which no error is left to itself."""
    with (
        sync_playwright() as playwright,
        chromium(playwright, f"--host-resolver-rules=MAP {NAME} 127.0.0.1") as browser,
    ):
        expect.set_options(timeout=60_000)
        page = browser.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        yield page
        assert faults == []


def answer_in_writing(page: Page) -> None:
    page.fill("#answer", SAID)
    page.keyboard.press("Enter")
    expect(page.locator("#log .candidate").last).to_contain_text(SAID)
    expect(page.locator("#log .interviewer").last).to_contain_text("?")
    page.goto("about:blank")


def test_without_https_one_reads_along_and_types(settings: Settings, content: Content, page: Page) -> None:
    with pad_room(settings, content, stage="ml-system-design", name=NAME) as address:
        room = f"http://{urlsplit(address).netloc}"
        page.goto(f"{room}/enter?key={quote(KEY)}")
        assert page.evaluate("isSecureContext") is False
        page.goto(f"{room}/prepare?loop=practice&topics=mentorship")
        page.click("#record")
        expect(page.locator("#understood")).to_contain_text("only over HTTPS")
        page.goto(address.removesuffix("?typed"))
        expect(page.locator("#notice")).to_contain_text("only over HTTPS")
        expect(page.locator("#sketch-pad")).to_be_visible()
        answer_in_writing(page)


def test_whoever_denies_the_microphone_types(settings: Settings, content: Content, page: Page) -> None:
    page.add_init_script(DENIED)
    with pad_room(settings, content, stage="ml-system-design") as address:
        page.goto(address.removesuffix("?typed"))
        expect(page.locator("#notice")).to_contain_text("does not let this page use the microphone")
        expect(page.locator("#mic-words")).to_contain_text("No microphone")
        expect(page.locator("#press-mute")).to_be_hidden()
        answer_in_writing(page)
