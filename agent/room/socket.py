"""One page's socket: sound and messages both ways, with limits.

Binary to the server: a frame number (4 bytes, little-endian), then 16-bit sound at 16 kHz in frames of 20 ms. Binary to
the page: 16-bit sound of the interviewer's voice at its own rate. Text both ways: `messages.py`; what is none of them
is passed over, as over LiveKit, because a page that is cut off comes back and says it again.
"""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.websockets import WebSocket, WebSocketDisconnect

from agent.room.faults import OURS
from agent.room.house import House
from agent.room.messages import Hello, Over, ToPage, Welcome, read_message
from agent.room.security import Bucket
from agent.sessions import Session

if TYPE_CHECKING:
    from agent.room.live import Live
    from agent.voice.pcm import Pcm

MOST_TEXT_BYTES = 64 * 1024
MOST_SOUND_BYTES = 64 * 1024
TAKEN_WITHIN_S = 10.0
"""A page that takes nothing for longer hangs, or its network is gone; it may connect again."""
HELLO_WITHIN_S = 10.0
REFUSED = 1008
DISMISSED = 4000


class SocketClient:
    """A page that is connected; see `Client`. Sends in a task of its own, so that nobody waits for a slow page."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._waiting: asyncio.Queue[str | bytes | None] = asyncio.Queue()

    def tell(self, message: ToPage) -> None:
        self._waiting.put_nowait(message.model_dump_json())
        if isinstance(message, Over):
            self._waiting.put_nowait(None)

    def play(self, pcm: "Pcm") -> None:
        self._waiting.put_nowait(pcm.astype("<i2").tobytes())

    async def send(self) -> None:
        """Until the page is dismissed or gone. Raises TimeoutError where it does not take what it is sent."""
        with suppress(WebSocketDisconnect, RuntimeError):
            while (item := await self._waiting.get()) is not None:
                async with asyncio.timeout(TAKEN_WITHIN_S):
                    if isinstance(item, str):
                        await self._socket.send_text(item)
                    else:
                        await self._socket.send_bytes(item)
            await self._socket.close(DISMISSED)


async def serve_page(socket: WebSocket, house: House) -> None:
    """From the page's hello until it is gone or hangs, or the sitting is over."""
    try:
        session = house.session(socket)
    except HTTPException:
        await socket.close(REFUSED)
        return
    await socket.accept()
    client = SocketClient(socket)
    tasks = [
        asyncio.create_task(client.send()),
        asyncio.create_task(_converse(socket, client, house, session)),
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    for task in tasks:
        with suppress(WebSocketDisconnect, TimeoutError, KeyError, asyncio.CancelledError):
            await task


async def _converse(socket: WebSocket, client: SocketClient, house: House, session: Session) -> None:
    hello = read_message(await asyncio.wait_for(socket.receive_text(), HELLO_WITHIN_S))
    if not isinstance(hello, Hello):
        await socket.close(REFUSED)
        return
    if house.opening.state == "loading":
        client.tell(_not_yet(hello))
    try:
        live = await house.floor.join(session, client, hello)
    except OURS as error:
        client.tell(Over(how="failed", why=str(error)))
        await socket.receive()
        return
    try:
        await _listen(socket, client, live)
    finally:
        live.leave(client)


async def _listen(socket: WebSocket, client: SocketClient, live: "Live") -> None:
    messages, sound = Bucket(size=400, per_s=100), Bucket(size=4e6, per_s=128e3)
    while True:
        event = await socket.receive()
        if event["type"] != "websocket.receive":
            return
        data, text = event.get("bytes"), event.get("text")
        fits = len(data) <= MOST_SOUND_BYTES if data else len(text or "") <= MOST_TEXT_BYTES
        if not (fits and messages.take() and sound.take(len(data or b""))):
            await socket.close(REFUSED)
            return
        if data:
            first = int.from_bytes(data[:4], "little")
            live.sound(client, first, data[4:])
        elif (message := read_message(text or "")) is not None:
            live.take(client, message)


def _not_yet(hello: Hello) -> Welcome:
    return Welcome(
        voice_rate_hz=None, next_frame=hello.captured, doing="loading", standing=None, transcript=[]
    )
