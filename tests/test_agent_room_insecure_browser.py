"""The room at another machine's plain HTTP address, where browsers withhold what they give over HTTPS only."""

from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from agent.settings import Settings
from knowledge.loader import Content
from tests.browser import find_chromium
from tests.pad_room import KEY, pad_room
from tests.room_browser import chromium

pytestmark = pytest.mark.skipif(find_chromium() is None, reason="no Chromium here")
NAME = "room.example"
SAID = "The app calls the ranker, which answers within fifty milliseconds."


def test_without_https_one_reads_along_and_types(settings: Settings, content: Content) -> None:
    mapped = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
    with (
        pad_room(settings, content, stage="ml-system-design", name=NAME) as address,
        sync_playwright() as playwright,
        chromium(playwright, mapped) as browser,
    ):
        page = browser.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"http://{urlsplit(address).netloc}/enter?key={quote(KEY)}")
        page.goto(address.removesuffix("?typed"))
        assert page.evaluate("isSecureContext") is False
        expect(page.locator("#notice")).to_contain_text("only over HTTPS", timeout=60_000)
        expect(page.locator("#sketch-pad")).to_be_visible(timeout=60_000)
        page.fill("#answer", SAID)
        page.keyboard.press("Enter")
        expect(page.locator("#log .candidate").last).to_contain_text(SAID, timeout=60_000)
        expect(page.locator("#log .interviewer").last).to_contain_text("?", timeout=60_000)
        page.goto("about:blank")
    assert faults == []
