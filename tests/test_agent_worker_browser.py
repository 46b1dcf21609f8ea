"""An interview over a LiveKit room as a candidate meets it: Chromium, `serve --livekit`, a worker, a real server."""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from playwright.sync_api import Browser, sync_playwright

from agent.settings import Settings
from agent.voice.candidate_voice import CandidateVoice
from agent.voice.models import load_speech_models
from agent.voice.pcm import Pcm
from graphs.manner import Manner, Spoken
from tests.browser import find_chromium
from tests.livekit_server import (
    LiveKitServer,
    environment_of,
    running_server,
    worker_process,
    worker_settings,
)
from tests.room_browser import Server, Visitor, chromium, new_context, serving

pytestmark = [pytest.mark.browser, pytest.mark.livekit, pytest.mark.models]
READY = "Yes, I am ready."
ANSWER = "At my last company the ranking service was too slow, so I moved the features into a cache."


@pytest.fixture(scope="module")
def livekit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveKitServer]:
    with running_server(tmp_path_factory.mktemp("livekit")) as server:
        yield server


@pytest.fixture(scope="module")
def remote(livekit: LiveKitServer, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return worker_settings(livekit, tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def server(remote: Settings) -> Iterator[Server]:
    with serving(remote.data_dir, "--livekit", environment=environment_of(remote)) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if find_chromium() is None:
        lack = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        lack("no Chromium on this machine: apt install chromium")
    with sync_playwright() as playwright, chromium(playwright) as opened:
        yield opened


@pytest.fixture
def visitor(browser: Browser, server: Server) -> Iterator[Visitor]:
    context = new_context(browser)
    yield Visitor(context, server)
    context.close()


@pytest.fixture(scope="module")
def speech() -> dict[str, Pcm]:
    """Made in a thread: Playwright's loop runs in this one."""

    async def render() -> dict[str, Pcm]:
        voice = CandidateVoice(load_speech_models(Settings()).piper)
        return {text: await voice.render(Spoken(text, Manner(), 0.1)) for text in (READY, ANSWER)}

    with ThreadPoolExecutor() as threads:
        return threads.submit(lambda: asyncio.run(render())).result()


@pytest.fixture
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal() as portal:
        yield portal


def test_a_browser_holds_an_interview_over_a_room_up_to_its_report(
    visitor: Visitor, remote: Settings, speech: dict[str, Pcm], portal: BlockingPortal
) -> None:
    page = visitor.page
    with portal.wrap_async_context_manager(worker_process(remote)):
        visitor.begin()
        visitor.has_floor("Kim")
        visitor.speak(speech[READY])
        page.locator("#question-box").wait_for(timeout=120_000)
        visitor.wait_while("listening")
        visitor.has_floor(page.inner_text("#question"))
        visitor.speak(speech[ANSWER])
        page.locator("#over").wait_for(timeout=120_000)
        assert "ranking service" in visitor.said()
        page.click("#over-report")
        page.frame_locator("#report").locator("h1").wait_for(timeout=120_000)
    assert visitor.faults == []


def test_a_browser_calls_another_interviewer_when_its_own_is_killed(
    visitor: Visitor, remote: Settings, portal: BlockingPortal
) -> None:
    page = visitor.page
    with portal.wrap_async_context_manager(worker_process(remote)) as first:
        visitor.begin()
        visitor.has_floor("Kim")
        visitor.type(READY)
        page.locator("#question-box").wait_for(timeout=120_000)
        question = page.inner_text("#question")
        visitor.has_floor(question)
        with portal.wrap_async_context_manager(worker_process(remote)):
            portal.call(first.process.kill)
            visitor.has_floor("Welcome back|Hello again")
            visitor.type(ANSWER)
            page.locator("#over").wait_for(timeout=120_000)
    assert ANSWER in visitor.said()
