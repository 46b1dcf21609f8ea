"""Forms of the room in a real browser: it says where they come from as the door wants it, whatever test clients say."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from agent.desk.review import Review
from agent.room.house import House
from agent.settings import Settings
from knowledge.loader import Content
from tests.browser import find_chromium
from tests.desk import desk_at, reviewed
from tests.room import make_house, served
from tests.room_browser import chromium, new_context

pytestmark = pytest.mark.browser


@pytest.fixture
def review(content: Content, tmp_path: Path) -> Review:
    """Made before there is a browser: Playwright's loop runs in this thread then."""
    return reviewed(desk_at(tmp_path), content)


@pytest.fixture
def page() -> Iterator[Page]:
    if find_chromium() is None:
        lack = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        lack("no Chromium on this machine: apt install chromium")
    with sync_playwright() as playwright, chromium(playwright) as browser:
        yield new_context(browser).new_page()


def test_a_reviewer_names_themselves_rates_and_then_sees_the_machines_level(
    review: Review, page: Page, content: Content
) -> None:
    data = review.screening.session.folder.parents[1]
    house = make_house(Settings(data_dir=data, cache_dir=data.with_name("cache")), content)
    with served(house) as address:
        page.goto(f"{address}/desk")
        page.get_by_label("Your name").fill("Mika <b>Lund</b>")
        page.get_by_role("button", name="Begin").click()
        page.get_by_role("link", name=review.screening.info.candidate).click()
        expect(page.get_by_text("Mika <b>Lund</b>")).to_be_visible()
        expect(page.get_by_text("Machine: 4.0")).to_have_count(0)
        page.get_by_role("combobox").first.select_option("3")
        page.get_by_role("button", name="Rate, then see").first.click()
        expect(page.get_by_text("Machine: 4.0").first).to_be_visible()


def test_the_password_opens_the_door_and_a_wrong_one_does_not(
    page: Page, settings: Settings, content: Content
) -> None:
    house: House = make_house(settings, content, password="correct horse battery")
    with served(house) as address:
        page.goto(address)
        page.get_by_label("Password").fill("guess")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Password")).to_be_visible()
        page.get_by_label("Password").fill("correct horse battery")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Rehearse an interview out loud")).to_be_visible()
