"""One page's socket: sound and messages both ways, with limits.

Binary to the server: a frame number (4 bytes, little-endian), then 16-bit sound at 16 kHz in frames of 20 ms. Binary to
the page: 16-bit sound of the interviewer's voice at its own rate. Text both ways: `messages.py`.
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
MOST_WAITING = 1500
"""Messages that a page has not taken: 30 s of voice. More means that it hangs; it may connect again."""
HELLO_WITHIN_S = 10.0
REFUSED = 1008
GOING = 1001
DISMISSED = 4000


class SocketClient:
    """A page that is connected; see `Client`. Sends in a task of its own, so that nobody waits for a slow page."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._waiting: asyncio.Queue[str | bytes | None] = asyncio.Queue(MOST_WAITING)
        self._hangs = False

    def tell(self, message: ToPage) -> None:
        self._put(message.model_dump_json())
        if isinstance(message, Over):
            self._put(None)

    def play(self, pcm: "Pcm") -> None:
        self._put(pcm.astype("<i2").tobytes())

    def _put(self, item: str | bytes | None) -> None:
        if self._hangs:
            return
        try:
            self._waiting.put_nowait(item)
        except asyncio.QueueFull:
            self._hangs = True
            while not self._waiting.empty():
                self._waiting.get_nowait()
            self._waiting.put_nowait(None)

    async def send(self) -> None:
        """Until the page is dismissed or gone."""
        with suppress(WebSocketDisconnect, RuntimeError):
            while (item := await self._waiting.get()) is not None:
                if isinstance(item, str):
                    await self._socket.send_text(item)
                else:
                    await self._socket.send_bytes(item)
            await self._socket.close(GOING if self._hangs else DISMISSED)


async def serve_page(socket: WebSocket, house: House) -> None:
    """From the page's hello until it is gone, or the sitting over."""
    try:
        session = house.session(socket)
    except HTTPException:
        await socket.close(REFUSED)
        return
    await socket.accept()
    client = SocketClient(socket)
    sending = asyncio.create_task(client.send())
    with suppress(WebSocketDisconnect, TimeoutError, KeyError):
        await _converse(socket, client, house, session)
    sending.cancel()


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
        else:
            await socket.close(REFUSED)
            return


def _not_yet(hello: Hello) -> Welcome:
    return Welcome(
        voice_rate_hz=None, next_frame=hello.captured, doing="loading", standing=None, transcript=[]
    )
