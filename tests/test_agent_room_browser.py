"""The room as a candidate meets it: a real Chromium, a real server process, the real models."""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from agent.sessions import Session, SessionStore, read_lines
from agent.settings import Settings
from agent.voice.candidate_voice import CandidateVoice
from agent.voice.models import load_speech_models
from agent.voice.pcm import RATE_HZ, Pcm, join, quietest_s, silence
from agent.voice.words import SpokenTurn
from graphs.manner import Manner, Spoken
from tests.browser import find_chromium
from tests.room_browser import Server, Visitor, chromium, new_context, serving, wav_file

pytestmark = [pytest.mark.browser, pytest.mark.models]
ANSWER = (
    "At my last company the ranking service was too slow. I profiled it, moved the features into a cache, "
    "and cut the latency by sixty percent in three weeks. The team still uses that cache."
)
ATTACK = '<img src=x onerror="window.hit=1"><script>window.hit=2</script> I led the migration of our ranking service.'
KNOWN = ("ranking", "cache", "latency", "weeks")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("room")) as running:
        yield running


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    if find_chromium() is None:
        lack = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        lack("no Chromium on this machine: apt install chromium")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with chromium(playwright) as opened:
        yield opened


@pytest.fixture
def visitor(browser: Browser, server: Server) -> Iterator[Visitor]:
    context = new_context(browser)
    yield Visitor(context, server)
    context.close()


@pytest.fixture(scope="module")
def speech() -> dict[str, Pcm]:
    """What the candidate can say. Made in a thread: Playwright's loop runs in this one."""

    async def render() -> dict[str, Pcm]:
        voice = CandidateVoice(load_speech_models(Settings()).piper)
        lines = {
            "yes": "Yes, I am ready.",
            "answer": ANSWER,
            "stop": "Wait, sorry, may I say something before you go on with that?",
        }
        return {name: await voice.render(Spoken(text, Manner(), 0.1)) for name, text in lines.items()}

    with ThreadPoolExecutor() as threads:
        return threads.submit(lambda: asyncio.run(render())).result()


def stored(server: Server, session: str) -> Session:
    return SessionStore(server.folder / "sessions").get(session)


def answered(server: Server, session: str) -> str:
    """What was kept of the candidate's words."""
    turns = read_lines(stored(server, session).folder / "words.jsonl", SpokenTurn)
    return " ".join(turn.text for turn in turns if turn.speaker == "candidate")


def test_a_spoken_interview_from_the_start_page_to_its_report(
    visitor: Visitor, server: Server, speech: dict[str, Pcm]
) -> None:
    page = visitor.page
    page.goto(server.address)
    page.check('input[name="loop"][value="short"]')
    page.click("#interview button")
    assert SessionStore(server.folder / "sessions").list() == []
    page.click("#agree")
    page.wait_for_url("**/room/*")
    visitor.has_floor("Kim")
    visitor.speak(speech["yes"])
    page.locator("#question-box").wait_for(timeout=60_000)
    visitor.wait_while("listening")
    visitor.has_floor(page.inner_text("#question"))
    visitor.start_speaking(speech["answer"])
    page.locator("#interim", has_text="ranking").wait_for(timeout=20_000)
    visitor.finish_speaking()
    page.locator("#over").wait_for(timeout=120_000)
    assert all(word in visitor.said() for word in KNOWN)
    page.click("#over-report")
    report = page.frame_locator("#report")
    report.locator("h1").wait_for(timeout=300_000)
    assert report.locator("button.play").count() > 0
    assert visitor.faults == []
    assert {
        urlsplit(address).hostname for address in visitor.requests if address.startswith(("http", "ws"))
    } == {"localhost"}


def test_a_reload_amid_an_answer_loses_nothing(
    visitor: Visitor, server: Server, speech: dict[str, Pcm]
) -> None:
    session = visitor.begin()
    visitor.has_floor("Kim")
    visitor.type("Yes, I am ready.")
    visitor.page.locator("#question-box").wait_for(timeout=60_000)
    visitor.has_floor(visitor.page.inner_text("#question"))
    answer = speech["answer"]
    half = round(RATE_HZ * quietest_s(answer[: len(answer) * 3 // 4], after_s=len(answer) / RATE_HZ / 4))
    visitor.speak(answer[:half])
    visitor.page.reload()
    visitor.page.wait_for_selector("main[data-ready=true]")
    asked = visitor.page.inner_text("#question")
    assert asked in visitor.said("interviewer")
    visitor.speak(answer[half:])
    visitor.page.locator("#over").wait_for(timeout=120_000)
    assert all(word in answered(server, session) for word in KNOWN)
    assert visitor.said("interviewer").count(asked) == 1


def test_what_is_said_while_the_connection_is_down_is_heard_when_it_is_back(
    visitor: Visitor, server: Server, speech: dict[str, Pcm]
) -> None:
    session = visitor.begin()
    visitor.has_floor("Kim")
    visitor.type("Yes, I am ready.")
    visitor.page.locator("#question-box").wait_for(timeout=60_000)
    visitor.has_floor(visitor.page.inner_text("#question"))
    visitor.start_speaking(speech["answer"])
    for _ in range(3):
        visitor.page.wait_for_timeout(1500)
        visitor.drop_connection()
    visitor.finish_speaking()
    visitor.page.locator("#over").wait_for(timeout=120_000)
    heard = answered(server, session)
    assert all(word in heard for word in KNOWN)
    assert "sixty percent" in heard or "60" in heard


def test_a_second_tab_takes_over_and_the_first_is_told(visitor: Visitor, server: Server) -> None:
    visitor.begin(typed=True)
    visitor.has_floor("Kim")
    second = Visitor(visitor.page.context, server)
    second.page.goto(visitor.page.url)
    second.page.wait_for_selector("main[data-ready=true]")
    visitor.page.locator("#over", has_text="Another tab took over").wait_for()
    second.type("Yes, I am ready.")
    second.page.locator("#question-box").wait_for(timeout=60_000)
    visitor.page.click("#over-again")
    visitor.page.wait_for_selector("main[data-ready=true]")
    assert visitor.page.inner_text("#question") == second.page.inner_text("#question")


def test_the_voice_stops_within_a_fifth_of_a_second_when_the_candidate_speaks(
    visitor: Visitor, speech: dict[str, Pcm]
) -> None:
    visitor.begin()
    visitor.wait_until("speaking", timeout_s=120)
    visitor.page.wait_for_timeout(1500)
    visitor.speak(speech["stop"])
    visitor.wait_until("listening")
    stops = visitor.page.evaluate(
        "() => performance.getEntriesByName('barge-in')"
        ".map(({ duration, detail }) => duration + 1000 * detail.latency)"
    )
    assert stops
    assert max(stops) <= 200


def test_an_interview_by_keyboard_alone_in_which_hostile_words_stay_words(
    visitor: Visitor, server: Server
) -> None:
    session = visitor.begin(typed=True)
    page = visitor.page
    visitor.has_floor("Kim")
    page.keyboard.type("Yes, I am ready.")
    page.keyboard.press("Enter")
    page.locator("#question-box").wait_for(timeout=60_000)
    visitor.has_floor(page.inner_text("#question"))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("r")
    page.locator("#log .candidate", has_text="repeat the question").wait_for()
    page.locator("#answer").focus()
    page.keyboard.type(ATTACK)
    assert page.input_value("#answer") == ATTACK
    page.keyboard.press("Enter")
    page.locator("#over").wait_for(timeout=120_000)
    assert ATTACK in visitor.said()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessions/*")
    report = page.frame_locator("#report")
    report.locator("h1").wait_for(timeout=300_000)
    page.click("#notes-title")
    page.fill("#notes", ATTACK)
    page.get_by_text("Saved", exact=True).wait_for()
    page.reload()
    report.locator("h1").wait_for()
    assert page.evaluate("() => window.hit") is None
    assert page.frames[-1].evaluate("() => window.hit") is None
    assert page.input_value("#notes") == ATTACK
    assert stored(server, session).folder.joinpath("notes.txt").read_text(encoding="utf-8") == ATTACK


def test_the_microphone_check_plays_back_and_shows_what_was_understood(
    playwright: Playwright, server: Server, speech: dict[str, Pcm], tmp_path: Path
) -> None:
    said = wav_file(tmp_path / "said.wav", join([silence(0.3), speech["yes"], silence(3.0)]))
    device = ("--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={said}")
    with chromium(playwright, *device) as browser:
        page = browser.new_context().new_page()
        page.goto(f"{server.address}/prepare?loop=short")
        page.click("#record")
        page.locator("#understood", has_text="Understood").wait_for(timeout=120_000)
        assert "ready" in page.inner_text("#understood")
        assert page.locator("#playback").evaluate("audio => audio.duration") == pytest.approx(2.0, abs=0.3)


def test_a_killed_server_carries_on_where_it_was_with_what_was_said_meanwhile(
    browser: Browser, tmp_path: Path, speech: dict[str, Pcm]
) -> None:
    with serving(tmp_path) as server:
        context = new_context(browser)
        visitor = Visitor(context, server)
        session = visitor.begin()
        visitor.has_floor("Kim")
        visitor.speak(speech["yes"])
        visitor.page.locator("#question-box").wait_for(timeout=60_000)
        asked = visitor.page.inner_text("#question")
        visitor.has_floor(asked)
        visitor.start_speaking(speech["answer"])
        visitor.page.wait_for_timeout(4000)
        server.kill()
        visitor.finish_speaking()
        server.start()
        visitor.page.wait_for_selector("main[data-ready=true]", timeout=120_000)
        visitor.has_floor("Please go on from there|Go on from there, please|Please carry on")
        assert visitor.page.inner_text("#question") == asked
        assert "ranking service was too slow" in visitor.said()
        visitor.type("That's my answer.")
        visitor.page.locator("#over").wait_for(timeout=120_000)
        heard = answered(server, session)
        assert all(word in heard for word in KNOWN)
        assert heard.count("cache") == ANSWER.count("cache")
        assert not visitor.faults
        context.close()
