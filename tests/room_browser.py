"""A candidate for browser tests: a real server process, a real Chromium, a microphone that says what a test wants."""

import base64
import io
import os
import re
import socket
import subprocess
import sys
import time
import wave
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from agent.voice.pcm import RATE_HZ, Pcm
from tests.browser import find_chromium

SHORT_LOOP = """
id: short
title: One question
about: One behavioural question without follow-ups.
probes: 0
candidate_questions: false
stages:
  - id: behavioral
    minutes: 5
    interviewer: {name: Kim, role: an engineering manager, manner: "Attentive and unhurried."}
    patience_s: 1.4
    questions: 1
"""
_MICROPHONE = """
navigator.mediaDevices.getUserMedia = async () => {
  const context = new AudioContext();
  const target = context.createMediaStreamDestination();
  window.microphone = { context, target };
  return target.stream;
};
window.speak = async (sound) => {
  const { context, target } = window.microphone;
  await context.resume();
  const bytes = Uint8Array.from(atob(sound), (letter) => letter.charCodeAt(0));
  const source = context.createBufferSource();
  source.buffer = await context.decodeAudioData(bytes.buffer);
  source.connect(target);
  await new Promise((done) => { source.onended = done; source.start(); });
};
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...given) { super(...given); window.sockets.push(this); }
};
"""
_ARGUMENTS = ("--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--use-fake-ui-for-media-stream")


class Server:
    """`soundcheck serve` in a process of its own, which can be killed and started again at the same address."""

    def __init__(self, folder: Path, *options: str, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self._options = options
        self._environment = dict(environment or {})
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.address = f"http://localhost:{self.port}"
        self.started_s = 0.0
        """How long it took from the start of the process to its first answer."""
        (folder / "short.yaml").write_text(SHORT_LOOP, encoding="utf-8")

    def start(self) -> None:
        environment = {
            **os.environ,
            "SOUNDCHECK_DATA_DIR": str(self.folder),
            "SOUNDCHECK_LOOP": str(self.folder / "short.yaml"),
            "SOUNDCHECK_ROOM_PORT": str(self.port),
            **self._environment,
        }
        began_s = time.monotonic()
        self._log = (self.folder / "serve.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from agent.cli import main; main()", "serve", *self._options],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )
        while True:
            assert self.process.poll() is None, (self.folder / "serve.log").read_text()
            try:
                urlopen(f"{self.address}/health", timeout=1)
                break
            except URLError:
                time.sleep(0.02)
        self.started_s = time.monotonic() - began_s

    def kill(self) -> None:
        """Without a chance to save anything."""
        self.process.kill()
        self.process.wait()
        self._log.close()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)
        self._log.close()


@contextmanager
def serving(folder: Path, *options: str, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    server = Server(folder, *options, environment=environment)
    server.start()
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


@contextmanager
def chromium(playwright: Playwright, *more: str) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*_ARGUMENTS, *more])
    try:
        yield browser
    finally:
        browser.close()


class Visitor:
    """One tab of a candidate. Everything that the page asks for and complains of is kept."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.server = server
        self.requests: list[str] = []
        self.faults: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda message: self._note(message.type, message.text))

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and "WebSocket" not in text and "ERR_CONNECTION_REFUSED" not in text:
            self.faults.append(text)

    def begin(self, query: str = "loop=short", *, typed: bool = False) -> str:
        """Agree, and enter the room; the session's id."""
        self.page.goto(f"{self.server.address}/prepare?{query}")
        self.page.click("#agree")
        self.page.wait_for_url("**/room/*")
        session = self.page.url.rpartition("/")[2]
        if typed:
            self.page.goto(f"{self.page.url}?typed")
        return session

    def wait_while(self, doing: str, *, timeout_s: float = 90) -> None:
        self.page.wait_for_selector(
            f"#presence:not([data-doing={doing}])", state="attached", timeout=1000 * timeout_s
        )

    def wait_until(self, doing: str, *, timeout_s: float = 90) -> None:
        self.page.wait_for_selector(
            f"#presence[data-doing={doing}]", state="attached", timeout=1000 * timeout_s
        )

    def has_floor(self, words: str, *, timeout_s: float = 120) -> None:
        """Wait until the interviewer has said something with one of these words (`this|or that`), and listens."""
        pattern = re.compile("|".join(map(re.escape, words.split("|"))))
        said = self.page.locator("#log .interviewer", has_text=pattern)
        said.last.wait_for(timeout=1000 * timeout_s)
        self.wait_until("listening", timeout_s=timeout_s)

    def speak(self, sound: Pcm) -> None:
        """Say this, to its end."""
        self.page.evaluate("sound => speak(sound)", _wav(sound))

    def start_speaking(self, sound: Pcm) -> None:
        self.page.evaluate("sound => { window.spoken = speak(sound); }", _wav(sound))

    def finish_speaking(self) -> None:
        self.page.evaluate("() => window.spoken")

    def type(self, text: str) -> None:
        self.page.fill("#answer", text)
        self.page.press("#answer", "Enter")

    def said(self, who: str = "candidate") -> str:
        return " ".join(self.page.locator(f"#log .{who} span").all_inner_texts())

    def drop_connection(self) -> None:
        self.page.evaluate("() => window.sockets.at(-1).close()")


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    context = browser.new_context(**options)
    context.add_init_script(_MICROPHONE)
    return context


def wav_file(path: Path, sound: Pcm) -> Path:
    path.write_bytes(base64.b64decode(_wav(sound)))
    return path


def _wav(sound: Pcm) -> str:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE_HZ)
        writer.writeframes(sound.tobytes())
    return base64.b64encode(file.getvalue()).decode()
