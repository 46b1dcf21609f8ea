"""Doubles for fast tests: real subclasses or implementations of our own protocols, driven by a script."""

import asyncio
import hashlib
import http.server
import re
import shutil
import threading
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agent.errors import ModelsError
from agent.models.manifest import Wheel
from agent.models.wheels import wheel_name
from agent.voice.lines import Played
from agent.voice.pcm import Pcm
from graphs.models import Turn, Utterance, UtteranceKind, View
from knowledge.models import Passage
from rubrics.language import LanguageModel, Message


class FakeLanguageModel:
    """Answers from a list, and says yes as `judge` decides (log-odds of each prompt's last message).

    Never asked ahead of a turn, unless a test sets `ahead`.
    """

    name = "fake"
    ahead: LanguageModel | None = None

    def __init__(
        self, replies: Sequence[str] = (), *, judge: Callable[[Sequence[Message]], float] = lambda _: 0.0
    ) -> None:
        self.replies = list(replies)
        self.judge = judge
        self.calls: list[list[Message]] = []
        self.read_: list[list[Message]] = []

    async def read(self, messages: Sequence[Message]) -> None:
        self.read_.append(list(messages))

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        temperature: float = 0.0,
        seed: int = 0,
        stop: Sequence[str] = (),
        schema: Mapping[str, Any] | None = None,
    ) -> str:
        self.calls.append(list(messages))
        return self.replies.pop(0) if self.replies else ""

    async def yes_log_odds(self, messages: Sequence[Message]) -> float:
        self.calls.append(list(messages))
        return self.judge(messages)


class FakeSearch:
    """Finds the passages it was given; covers the points it was told are covered."""

    def __init__(self, passages: Sequence[Passage] = (), covered: Mapping[str, float] | None = None) -> None:
        self.passages = list(passages)
        self.covered = dict(covered or {})

    def search(self, text: str, *, limit: int = 5, topic: str | None = None) -> list[Passage]:
        found = [p for p in self.passages if topic in (None, p.topic)]
        return found[:limit]

    def coverage(self, answer: str, points: Sequence[str]) -> dict[str, float]:
        return {point: self.covered.get(point, 0.0) for point in points}


def make_wheel(folder: Path, package: str, members: Mapping[str, bytes], *, version: str = "1.0") -> Wheel:
    """A wheel that pip accepts, with the members as its data."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{package.replace('-', '_')}-{version}-py3-none-any.whl"
    info = f"{package.replace('-', '_')}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    data = path.read_bytes()
    return Wheel(version=version, size=len(data), sha256=hashlib.sha256(data).hexdigest())


class FakeFetch:
    """Takes wheels from a folder instead of an index, and remembers which were asked for."""

    def __init__(self, index: Path) -> None:
        self.index = index
        self.asked: list[str] = []
        self.interrupt_at: str | None = None
        """The package at which the user presses Ctrl-C."""

    def __call__(
        self,
        package: str,
        wheel: Wheel,
        folder: Path,
        *,
        advance: Callable[[int], None],
        stop: threading.Event,
    ) -> Path:
        self.asked.append(package)
        if package == self.interrupt_at:
            raise KeyboardInterrupt
        name = wheel_name(package, wheel)
        if not (self.index / name).exists():
            raise ModelsError(f"the index does not have {package}=={wheel.version}")
        advance(wheel.size)
        return Path(shutil.copy(self.index / name, folder / name))


class FileServer:
    """Serves bytes over HTTP with ranges, and can break a download off."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = dict(files)
        self.cut_after: int | None = None
        """The next answers end after so many bytes, until this is None."""
        self.requests: list[tuple[str, str | None]] = []
        """Path and Range header of each."""
        self.url = ""

    @contextmanager
    def running(self) -> Iterator["FileServer"]:
        files = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                files.answer(self)

            def log_message(self, *args: object) -> None: ...

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            self.url = f"http://127.0.0.1:{server.server_address[1]}"
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()

    def answer(self, request: http.server.BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range")
        self.requests.append((request.path, asked))
        data = self.files.get(request.path)
        if data is None:
            request.send_error(404)
            return
        start = int(re.findall(r"\d+", asked)[0]) if asked else 0
        request.send_response(206 if asked else 200)
        kind = "text/html" if request.path.endswith("/") else "application/octet-stream"
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(data) - start))
        request.end_headers()
        end = len(data) if self.cut_after is None else start + self.cut_after
        request.wfile.write(data[start:end])


class ScriptedInterview:
    """Asks its questions one after the other, whatever is said, and remembers what it was told."""

    understood_after_s = 0.0

    def __init__(self, questions: Sequence[str], *, patience_s: float = 1.2, think_s: float = 0.0) -> None:
        self.questions = list(questions)
        self.patience_s = patience_s
        self.think_s = think_s
        """How long it takes to come up with a question."""
        self.told: list[tuple[str, str]] = []
        """`hear`, `amend` or `silence`, with the words or the seconds."""
        self.foreseen: list[str] = []
        self.turns: list[Turn] = []
        self.next = 0
        self.finished = False

    async def begin(self) -> AsyncIterator[Utterance]:
        yield self._say("greeting", "Hello, I am an A I interviewer.")
        yield self._ask()

    async def hear(self, text: str, *, turn: str, waited_s: float = 0.0) -> AsyncIterator[Utterance]:
        self._note("hear", text, turn)
        self.next += 1
        yield self._say("acknowledgement", "Okay, thank you.")
        await asyncio.sleep(self.think_s)
        yield self._ask()

    async def amend(self, text: str, *, turn: str, waited_s: float = 0.0) -> AsyncIterator[Utterance]:
        self._note("amend", text, turn)
        yield self._ask()

    async def keep(self, text: str, *, turn: str) -> None:
        self._note("keep", text, turn)

    async def foresee(self, partial: str) -> list[str]:
        self.foreseen.append(partial)
        return []

    async def silence(self, seconds: float) -> AsyncIterator[Utterance]:
        self.told.append(("silence", f"{seconds:.0f}"))
        yield self._say("nudge", "Take your time.")

    async def view(self) -> View:
        return View(
            session="scripted",
            loop="scripted",
            stages=["talk"],
            stage="talk",
            question=None,
            question_text=None,
            turns=self.turns,
            answers=[],
            paused=False,
            finished=self.finished,
            elapsed_s=0.0,
            budget_s=600.0,
            patience_s=self.patience_s,
        )

    def _ask(self) -> Utterance:
        if self.next < len(self.questions):
            return self._say("question", self.questions[self.next])
        self.finished = True
        return self._say("closing", "That was all from my side. Goodbye.")

    def _note(self, kind: str, text: str, turn: str) -> None:
        self.told.append((kind, text))
        self.turns.append(Turn(id=turn, speaker="candidate", kind="answer", text=text, stage="talk"))

    def _say(self, kind: UtteranceKind, text: str) -> Utterance:
        utterance = Utterance(turn=f"i{len(self.turns)}", kind=kind, text=text)
        self.turns.append(Turn(id=utterance.turn, speaker="interviewer", kind=kind, text=text, stage="talk"))
        return utterance


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Notebook:
    """A witness that writes everything down."""

    def __init__(self) -> None:
        self.candidate: list[tuple[float, Pcm]] = []
        self.interviewer: list[tuple[float, Pcm]] = []
        self.started: list[str] = []
        self.ended: list[Played] = []

    def candidate_sound(self, pcm: Pcm, at_s: float) -> None:
        self.candidate.append((at_s, pcm))

    def interviewer_sound(self, pcm: Pcm, at_s: float, rate_hz: int) -> None:
        self.interviewer.append((at_s, pcm))

    def utterance_started(self, turn: str, at_s: float) -> None:
        self.started.append(turn)

    def utterance_ended(self, played: Played) -> None:
        self.ended.append(played)
