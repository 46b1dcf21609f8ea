"""The connection to an OpenAI-compatible endpoint: made late, made again once when it is lost, errors told plainly."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from agent.errors import ServerError
from rubrics.errors import LanguageModelUnavailable
from rubrics.language import Message

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from langchain_openai import ChatOpenAI

_REPLY_TIMEOUT_S = 600.0
_CONNECT_TIMEOUT_S = 10.0
_WRONG_SETTING = {401, 403, 404}
"""Statuses that mean a wrong key, address or model name rather than a wrong request."""


class Endpoint:
    """`connect` is called for the first call, and once more for a call whose server turns out to be gone."""

    def __init__(self, name: str, connect: Callable[[], Awaitable["ChatOpenAI"]], *, remedy: str) -> None:
        self.name = name
        self._connect = connect
        self._remedy = remedy
        self._client: ChatOpenAI | None = None
        self._connecting = asyncio.Lock()

    async def ask(self, messages: Sequence[Message], options: dict[str, Any]) -> "AIMessage":
        """Raises LanguageModelUnavailable, and nothing else that a user could mend."""
        import openai

        try:
            return await self._ask_twice(messages, options)
        except openai.APITimeoutError as error:
            raise LanguageModelUnavailable(
                f"{self.name} gave no answer for {_REPLY_TIMEOUT_S:.0f} s"
            ) from error
        except openai.APIConnectionError as error:
            raise LanguageModelUnavailable(f"cannot reach {self.name}: {self._remedy}") from error
        except openai.APIStatusError as error:
            remedy = f": {self._remedy}" if error.status_code in _WRONG_SETTING else ""
            raise LanguageModelUnavailable(
                f"{self.name} refused with status {error.status_code} ({_refusal(error.body)}){remedy}"
            ) from error
        except ServerError as error:
            raise LanguageModelUnavailable(str(error)) from error

    async def connect(self) -> None:
        """Make the connection now rather than at the first call. Raises what making it raises."""
        await self._connected()

    async def aclose(self) -> None:
        if self._client is not None:
            await self._client.root_async_client.close()
            self._client.root_client.close()
        self._client = None

    async def _ask_twice(self, messages: Sequence[Message], options: dict[str, Any]) -> "AIMessage":
        import openai

        asked = [dict(message) for message in messages]
        client = await self._connected()
        try:
            return await client.ainvoke(asked, **options)
        except openai.APITimeoutError:
            raise
        except openai.APIConnectionError:
            return await (await self._connected(instead_of=client)).ainvoke(asked, **options)

    async def _connected(self, *, instead_of: "ChatOpenAI | None" = None) -> "ChatOpenAI":
        """The shared client; a new one if it is still the one that failed."""
        async with self._connecting:
            if self._client is not None and self._client is instead_of:
                await self.aclose()
            if self._client is None:
                self._client = await self._connect()
            return self._client


def chat_client(model: str, base_url: str, key: SecretStr, *, retries: int, proxies: bool) -> "ChatOpenAI":
    """With connections of its own, so that closing them closes nobody else's."""
    from langchain_openai import ChatOpenAI
    from openai import DefaultAsyncHttpxClient, DefaultHttpxClient, Timeout

    timeout = Timeout(_REPLY_TIMEOUT_S, connect=_CONNECT_TIMEOUT_S)
    return ChatOpenAI(
        model=model,
        base_url=base_url,
        api_key=key,
        timeout=timeout,
        max_retries=retries,
        http_client=DefaultHttpxClient(timeout=timeout, trust_env=proxies),
        http_async_client=DefaultAsyncHttpxClient(timeout=timeout, trust_env=proxies),
    )


def _refusal(body: object) -> str:
    """The server's own words, cut short because some servers repeat the prompt."""
    said = body.get("message") if isinstance(body, dict) else None
    return str(said)[:200] if said else "no reason given"
