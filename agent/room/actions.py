"""What a page's messages make of a sitting, whichever way they came."""

from collections.abc import Callable

from agent.room.messages import Done, End, FromPage, Press, Request, Say
from agent.voice.session import Sitting

WORDS: dict[Request, str] = {
    "repeat": "Could you repeat the question, please?",
    "minute": "Give me a minute, please.",
    "time": "How much time is left?",
    "skip": "Let's skip this question.",
    "pause": "Can we take a short break?",
    "resume": "I'm back.",
    "written": "My code is done.",
}
"""What each key says: the interview understands them as it does when they are spoken."""


def act(sitting: Sitting, message: FromPage, *, end: Callable[[], None]) -> None:
    """`end` saves and leaves."""
    if isinstance(message, Say):
        sitting.write(message.text, turn=message.turn)
    elif isinstance(message, Press):
        sitting.write(WORDS[message.request], turn=message.turn, request=True)
    elif isinstance(message, Done):
        sitting.conclude()
    elif isinstance(message, End):
        end()
