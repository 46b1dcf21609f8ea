"""Makes the README's picture of the room: `python -m tests.picture_of_the_room docs/room.png`.

A real page, in which the real models hold a real interview; nothing is drawn.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from agent.settings import Settings
from agent.voice.candidate_voice import CandidateVoice
from agent.voice.models import load_speech_models
from agent.voice.pcm import RATE_HZ
from graphs.manner import Manner, Spoken
from tests.room_browser import Visitor, chromium, new_context, serving

QUERY = "loop=practice&topics=mentorship&questions=1&minutes=10"
ANSWER = (
    "Last year I mentored a young engineer on our ranking team. We planned the next experiment together, she "
    "presented the results herself, and after three months she was leading the project. My own part was to review "
    "every design with her, and then to step back when she"
)


def main(target: Path) -> None:
    voice = CandidateVoice(load_speech_models(Settings()).piper)
    answer = asyncio.run(voice.render(Spoken(ANSWER, Manner(), 0.1)))
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as server,
        sync_playwright() as playwright,
        chromium(playwright) as browser,
    ):
        look = {"width": 1200, "height": 900}
        visitor = Visitor(new_context(browser, viewport=look, device_scale_factor=2), server)
        visitor.begin(QUERY)
        visitor.has_floor("Kim")
        visitor.type("Yes, let's begin.")
        visitor.page.locator("#question-box").wait_for(timeout=60_000)
        visitor.has_floor(visitor.page.inner_text("#question"))
        visitor.page.evaluate("() => document.activeElement.blur()")
        visitor.start_speaking(answer)
        visitor.page.wait_for_timeout(1000 * len(answer) / RATE_HZ - 400)
        visitor.page.screenshot(path=target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
