"""A page of the room without a browser: opens a session, speaks, and notes when captions and the voice come back."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from agent.voice.pcm import Pcm, silence
from agent.voice.words import Word

PIECE_S = 0.04
_THINK_S = 1.0


@dataclass(frozen=True)
class Saying:
    """Something to say, with the times of its words."""

    pcm: Pcm
    words: Sequence[Word]


@dataclass
class Noted:
    """Seconds, each since the page was opened where it is a moment."""

    caption_lags_s: list[float] = field(default_factory=list)
    """Of each word: from its last sound to the first caption that holds as many words."""
    replies_s: list[tuple[float, float]] = field(default_factory=list)
    """When an answer ended, and how long until the interviewer's first sound."""


class HeadlessPage:
    """Answers whenever the interviewer listens, `first` first, then `then` again and again."""

    def __init__(self, address: str, first: Saying, then: Saying) -> None:
        self.address = address
        self.noted = Noted()
        self._first, self._then = first, then
        self._began = time.monotonic()
        self._welcomed = asyncio.Event()
        """The models are there: sound is taken from now on."""
        self._doing = "loading"
        self._saying: Saying | None = None
        self._said_from_s = 0.0
        self._seen = 0
        self._final = 0
        self._ended_s: float | None = None
        self._over = False

    async def converse(self, wishes: dict[str, Any], seconds: float) -> float:
        """Returns how many seconds it lasted: fewer where the interview was over before."""
        cookie = await self._enter()
        async with httpx.AsyncClient(base_url=self.address, headers=self._headers(cookie)) as client:
            made = await client.post("/api/sessions", json={**wishes, "consent": True})
            made.raise_for_status()
        socket = f"{self.address.replace('http', 'ws')}{made.json()['room']}/line"
        async with connect(
            socket, additional_headers={"Cookie": cookie}, origin=Origin(self.address)
        ) as line:
            hello = {"type": "hello", "stream": "bench", "captured": 0, "microphone": True}
            await line.send(json.dumps(hello))
            listening = asyncio.create_task(self._listen(line))
            await self._welcomed.wait()
            await self._speak(line, seconds)
            lasted_s = self._now_s()
            if not self._over:
                await line.send(json.dumps({"type": "end"}))
            await listening
        return lasted_s

    async def _enter(self) -> str:
        """As somebody who types the address."""
        navigation = {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"}
        async with httpx.AsyncClient(base_url=self.address, headers=navigation) as client:
            answer = await client.get("/")
            answer.raise_for_status()
            return answer.headers["set-cookie"].partition(";")[0]

    def _headers(self, cookie: str) -> dict[str, str]:
        return {"Origin": self.address, "Cookie": cookie}

    def _now_s(self) -> float:
        return time.monotonic() - self._began

    async def _listen(self, line: ClientConnection) -> None:
        async for message in line:
            if isinstance(message, bytes):
                if self._ended_s is not None:
                    self.noted.replies_s.append((self._ended_s, self._now_s() - self._ended_s))
                    self._ended_s = None
                continue
            told = json.loads(message)
            if told["type"] == "welcome" and told["voice_rate_hz"]:
                self._welcomed.set()
            elif told["type"] == "now":
                self._doing = told["doing"]
            elif told["type"] == "spoken" and told["line"]["who"] == "candidate":
                self._final += len(told["line"]["text"].split())
                self._see(0)
            elif told["type"] == "hearing":
                self._see(len(told["text"].split()))
            elif told["type"] == "over":
                self._over = True
                return

    def _see(self, words: int) -> None:
        """So many words are shown behind those that are final."""
        if self._saying is None:
            return
        words += self._final
        for word in self._saying.words[self._seen : words]:
            self.noted.caption_lags_s.append(self._now_s() - self._said_from_s - word.end_s)
        self._seen = max(self._seen, min(words, len(self._saying.words)))

    async def _speak(self, line: ClientConnection, seconds: float) -> None:
        rest, frame, due = silence(0), 0, time.monotonic()
        listened_from_s: float | None = None
        next_ = self._first
        while self._now_s() < seconds and not self._over:
            if self._doing != "listening" or len(rest):
                listened_from_s = None
            elif listened_from_s is None:
                listened_from_s = self._now_s()
            elif self._now_s() - listened_from_s > _THINK_S:
                rest, self._saying, self._said_from_s = next_.pcm, next_, self._now_s()
                self._seen = self._final = 0
                next_, self._doing = self._then, "answered"
            piece, rest = rest[: round(PIECE_S * 16_000)], rest[round(PIECE_S * 16_000) :]
            if len(piece) and not len(rest):
                self._ended_s = self._now_s()
            sound = np.zeros(round(PIECE_S * 16_000), dtype="<i2")
            sound[: len(piece)] = piece
            await line.send(frame.to_bytes(4, "little") + sound.tobytes())
            frame += 2
            due += PIECE_S
            await asyncio.sleep(max(0.0, due - time.monotonic()))
