"""The language model of grading and the interview, at any OpenAI-compatible endpoint; by default the embedded one."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from agent.errors import ServerError, SettingsError
from agent.models.store import Store
from agent.models.wheels import sha256_of
from agent.settings import Settings
from rubrics.errors import LanguageModelUnavailable
from rubrics.language import Message

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from langchain_openai import ChatOpenAI

    from agent.language_server import Lease

_TOP_LOGPROBS = 20
_REPLY_TIMEOUT_S = 600.0
_CONNECT_TIMEOUT_S = 10.0
_YES, _NO = "yes", "no"
_AROUND_A_WORD = " \t\n\"'*_.,:;!`(▁Ġ"
_Connect = Callable[[], Awaitable["ChatOpenAI"]]


class EndpointModel:
    """Implements `rubrics.language.LanguageModel`. Safe to call concurrently on one event loop.

    `connect` is called for the first call, and once more when the server turns out to be gone.
    """

    def __init__(self, name: str, connect: _Connect, *, remedy: str) -> None:
        self._name = name
        self._connect = connect
        self._remedy = remedy
        self._client: ChatOpenAI | None = None
        self._connecting = asyncio.Lock()

    @property
    def name(self) -> str:
        return self._name

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
        options: dict[str, Any] = {"max_tokens": max_tokens, "temperature": temperature, "seed": seed}
        if stop:
            options["stop"] = list(stop)
        if schema is not None:
            options["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "reply", "schema": dict(schema), "strict": True},
            }
        reply = await self._call(messages, options)
        text = str(reply.text)
        if schema is not None:
            self._check_schema(text, schema, cut_off=_finish_reason(reply) == "length")
        return text

    async def yes_log_odds(self, messages: Sequence[Message]) -> float:
        options = {"max_tokens": 1, "temperature": 0.0, "logprobs": True, "top_logprobs": _TOP_LOGPROBS}
        reply = await self._call(messages, options)
        tokens = (reply.response_metadata.get("logprobs") or {}).get("content") or []
        if not tokens or not tokens[0].get("top_logprobs"):
            raise LanguageModelUnavailable(
                f"{self._name} returns no log-probabilities, and checks are read from them: choose a model or server "
                "that does (`logprobs` and `top_logprobs` of the chat completions interface)"
            )
        top = tokens[0]["top_logprobs"]
        odds = yes_log_odds([(str(t["token"]), float(t["logprob"])) for t in top])
        if odds is None:
            raise LanguageModelUnavailable(f"{self._name} answered a yes/no check with neither yes nor no")
        return odds

    def _check_schema(self, text: str, schema: Mapping[str, Any], *, cut_off: bool) -> None:
        from jsonschema import Draft202012Validator

        if cut_off:
            raise LanguageModelUnavailable(
                f"{self._name} did not finish its JSON within the tokens it was given"
            )
        try:
            fault = next(Draft202012Validator(dict(schema)).iter_errors(json.loads(text)), None)
        except json.JSONDecodeError as error:
            raise LanguageModelUnavailable(f"{self._name} did not answer in JSON") from error
        if fault is not None:
            where = fault.json_path
            raise LanguageModelUnavailable(
                f"{self._name} broke the JSON schema at {where} ({fault.validator})"
            )

    async def aclose(self) -> None:
        if self._client is not None:
            await _close(self._client)
        self._client = None

    async def _call(self, messages: Sequence[Message], options: dict[str, Any]) -> "AIMessage":
        """One call, and a second on a fresh connection where the server has gone."""
        import openai

        try:
            client = await self._connected()
            try:
                return await _ask(client, messages, options)
            except openai.APIConnectionError as error:
                if isinstance(error, openai.APITimeoutError):
                    raise
                return await _ask(await self._connected(instead_of=client), messages, options)
        except openai.APITimeoutError as error:
            raise LanguageModelUnavailable(
                f"{self._name} gave no answer for {_REPLY_TIMEOUT_S:.0f} s"
            ) from error
        except openai.APIConnectionError as error:
            raise LanguageModelUnavailable(f"cannot reach {self._name}: {self._remedy}") from error
        except openai.APIStatusError as error:
            raise LanguageModelUnavailable(
                f"{self._name} refused with status {error.status_code} ({_refusal(error.body)}): {self._remedy}"
            ) from error
        except ServerError as error:
            raise LanguageModelUnavailable(str(error)) from error

    async def _connected(self, *, instead_of: "ChatOpenAI | None" = None) -> "ChatOpenAI":
        """The shared client; a new one if it is still the one that failed."""
        async with self._connecting:
            if self._client is not None and self._client is instead_of:
                await self.aclose()
            if self._client is None:
                self._client = await self._connect()
            return self._client


async def _ask(client: "ChatOpenAI", messages: Sequence[Message], options: dict[str, Any]) -> "AIMessage":
    return await client.ainvoke([dict(m) for m in messages], **options)


async def _close(client: "ChatOpenAI") -> None:
    await client.root_async_client.close()
    client.root_client.close()


def yes_log_odds(top: Sequence[tuple[str, float]]) -> float | None:
    """ln(P(yes) / P(no)) over all spellings among the likeliest tokens; None where neither is among them.

    A side that is missing is at most as likely as the least likely token listed, so it is given that probability:
    the odds are then a bound that errs towards zero.
    """
    mass = {_YES: 0.0, _NO: 0.0}
    for token, logprob in top:
        word = token.strip(_AROUND_A_WORD).casefold()
        if word in mass:
            mass[word] += math.exp(logprob)
    if not any(mass.values()):
        return None
    floor = math.exp(min(logprob for _, logprob in top))
    return math.log(mass[_YES] or floor) - math.log(mass[_NO] or floor)


@asynccontextmanager
async def open_language_model(settings: Settings) -> AsyncIterator[EndpointModel]:
    """The language model that the settings name, ready to answer; the embedded server is started if need be.

    Raises SettingsError, ModelsError, ServerError.
    """
    if settings.openai_base_url is not None:
        async with aclosing(_remote_model(settings)) as model:
            yield model
        return
    from agent.language_server import ensure_server

    # The library takes seconds to import on a slow machine: as long as the server takes to load.
    lease, name, _ = await asyncio.gather(
        asyncio.to_thread(ensure_server, settings),
        asyncio.to_thread(_embedded_name, settings),
        asyncio.to_thread(_import_client),
    )
    embedded = EndpointModel(
        name,
        _embedded_connection(lease),
        remedy="its server ended twice in a row; try again, or soundcheck doctor",
    )
    with lease:
        async with aclosing(embedded) as model:
            yield model


def _remote_model(settings: Settings) -> EndpointModel:
    name = settings.openai_model
    if name is None:
        raise SettingsError(
            "SOUNDCHECK_OPENAI_MODEL: missing; SOUNDCHECK_OPENAI_BASE_URL is set, so name the model to use there"
        )

    async def connect() -> "ChatOpenAI":
        return _chat(name, str(settings.openai_base_url), settings.openai_api_key, retries=2, proxies=True)

    return EndpointModel(
        name,
        connect,
        remedy=f"check SOUNDCHECK_OPENAI_BASE_URL ({settings.openai_base_url}), the key and the model",
    )


def _embedded_connection(lease: "Lease") -> _Connect:
    async def connect() -> "ChatOpenAI":
        await asyncio.to_thread(lease.ensure_running)
        return _chat("embedded", lease.base_url, SecretStr(lease.api_key), retries=0, proxies=False)

    return connect


def _chat(model: str, base_url: str, key: SecretStr, *, retries: int, proxies: bool) -> "ChatOpenAI":
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


def _embedded_name(settings: Settings) -> str:
    """The file's name and the start of its sum, so that figures say which bytes they were measured with."""
    store = Store(settings)
    path = store.path(settings.language_model)
    entry = store.manifest.by_id.get(settings.language_model)
    sums = {file.name: file.sha256 for file in entry.files} if entry else {}
    return f"{path.stem}-{(sums.get(path.name) or sha256_of(path))[:8]}"


def _import_client() -> None:
    import langchain_openai  # noqa: F401 - loaded here so that the first call does not wait for it


def _finish_reason(reply: "AIMessage") -> str:
    return str(reply.response_metadata.get("finish_reason", ""))


def _refusal(body: object) -> str:
    """The server's own words, without the prompt that some servers repeat."""
    said = body.get("message") if isinstance(body, dict) else None
    return str(said)[:200] if said else "no reason given"
