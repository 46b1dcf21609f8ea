"""The language model of grading and the interview, at any OpenAI-compatible endpoint; by default the embedded one."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from pydantic import SecretStr

from agent.endpoint import Endpoint, chat_client
from agent.errors import ServerError, SettingsError
from agent.models.store import Store
from agent.models.wheels import sha256_of
from agent.precedence import Precedence, Rank
from agent.prompt_slots import own_prompt_slot
from agent.settings import Settings
from rubrics.errors import LanguageModelUnavailable
from rubrics.language import LanguageModel, Message

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from langchain_openai import ChatOpenAI

    from agent.language_server import Lease

_TOP_LOGPROBS = 20
_YES, _NO = "yes", "no"
_AROUND_A_WORD = " \t\n\"'*_.,:;!`(▁Ġ"


@dataclass
class Tokens:
    """Of prompts: how many the model had to read, and how many it knew already."""

    read: int = 0
    known: int = 0


@dataclass(frozen=True)
class Lane:
    """Who goes first at the embedded server, and in which of its prompt caches."""

    precedence: Precedence
    slots_folder: Path
    """Where conversations claim a cache of their own."""
    rank: Rank = Rank.TURN
    slot: int | None = None
    """None for whichever suits best."""


class EndpointModel:
    """Implements `rubrics.language.LanguageModel`. Safe to call concurrently on one event loop.

    `lane` is where its calls stand beside others to the embedded server; None for any other endpoint.
    """

    def __init__(self, endpoint: Endpoint, *, lane: "Lane | None" = None, thinks_ahead: bool = False) -> None:
        self._endpoint = endpoint
        self._lane = lane
        self._thinks_ahead = thinks_ahead
        self.tokens = Tokens()

    @property
    def name(self) -> str:
        return self._endpoint.name

    @property
    def background(self) -> LanguageModel:
        """The same model for work that can wait, such as grading beside a conversation."""
        return self._in(self._lane and replace(self._lane, rank=Rank.LATER, slot=None))

    @property
    def ahead(self) -> LanguageModel | None:
        return self._in(self._lane and replace(self._lane, rank=Rank.AHEAD)) if self._thinks_ahead else None

    @contextmanager
    def for_conversation(self) -> "Iterator[EndpointModel]":
        """The same model with a prompt cache of its own, as long as there are not more conversations than slots."""
        if self._lane is None:
            yield self
            return
        with own_prompt_slot(self._lane.slots_folder) as slot:
            yield self._in(replace(self._lane, slot=slot))

    def _in(self, lane: "Lane | None") -> "EndpointModel":
        return EndpointModel(self._endpoint, lane=lane, thinks_ahead=self._thinks_ahead)

    async def read(self, messages: Sequence[Message]) -> None:
        await self._call(messages, {"max_tokens": 0 if self._lane else 1, "temperature": 0.0})

    async def ready(self) -> None:
        """Connect now; otherwise the first call does. Raises ServerError where the embedded server does not start."""
        await self._endpoint.connect()

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
                f"{self.name} returns no log-probabilities, and checks are read from them: choose a model or server "
                "that does (`logprobs` and `top_logprobs` of the chat completions interface)"
            )
        top = tokens[0]["top_logprobs"]
        odds = yes_log_odds([(str(t["token"]), float(t["logprob"])) for t in top])
        if odds is None:
            raise LanguageModelUnavailable(f"{self.name} answered a yes/no check with neither yes nor no")
        return odds

    def _check_schema(self, text: str, schema: Mapping[str, Any], *, cut_off: bool) -> None:
        from jsonschema import Draft202012Validator

        if cut_off:
            raise LanguageModelUnavailable(
                f"{self.name} did not finish its JSON within the tokens it was given"
            )
        try:
            fault = next(Draft202012Validator(dict(schema)).iter_errors(json.loads(text)), None)
        except json.JSONDecodeError as error:
            raise LanguageModelUnavailable(f"{self.name} did not answer in JSON") from error
        if fault is not None:
            where = fault.json_path
            raise LanguageModelUnavailable(
                f"{self.name} broke the JSON schema at {where} ({fault.validator})"
            )

    async def _call(self, messages: Sequence[Message], options: dict[str, Any]) -> "AIMessage":
        lane = self._lane
        if lane is None:
            reply = await self._endpoint.ask(messages, options)
        else:
            placed = options if lane.slot is None else {**options, "extra_body": {"id_slot": lane.slot}}
            reply = await lane.precedence.run(lane.rank, lambda: self._endpoint.ask(messages, placed))
        self._count(reply)
        return reply

    def _count(self, reply: "AIMessage") -> None:
        usage = reply.usage_metadata
        if usage is not None:
            known = usage.get("input_token_details", {}).get("cache_read", 0)
            self.tokens.known += known
            self.tokens.read += usage["input_tokens"] - known


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
async def open_language_model(settings: Settings, *, at_once: bool = True) -> AsyncIterator[EndpointModel]:
    """The language model that the settings name, ready to answer; the embedded server is started if need be.

    Without `at_once` it is only looked up, and whoever calls first, or `ready`, waits for the server.
    Raises SettingsError, ModelsError, and ServerError where it is started at once.
    """
    if settings.openai_base_url is not None:
        async with aclosing(_remote_endpoint(settings)) as endpoint:
            yield EndpointModel(endpoint, thinks_ahead=settings.openai_think_ahead)
        return
    name = await asyncio.to_thread(_embedded_name, settings)
    remedy = "its server ended twice in a row; try again, or soundcheck doctor"
    with _EmbeddedServer(settings) as server:
        async with aclosing(Endpoint(name, server.connect, remedy=remedy)) as endpoint:
            lane = Lane(Precedence(), settings.cache_dir / "run")
            model = EndpointModel(endpoint, lane=lane, thinks_ahead=True)
            if at_once:
                await model.ready()
            yield model


def _remote_endpoint(settings: Settings) -> Endpoint:
    name, address = settings.openai_model, settings.openai_base_url
    if name is None:
        raise SettingsError(
            "SOUNDCHECK_OPENAI_MODEL: missing; SOUNDCHECK_OPENAI_BASE_URL is set, so name the model to use there"
        )

    async def connect() -> "ChatOpenAI":
        return chat_client(name, str(address), settings.openai_api_key, retries=2, proxies=True)

    return Endpoint(
        name, connect, remedy=f"check SOUNDCHECK_OPENAI_BASE_URL ({address}), the key and the model"
    )


class _EmbeddedServer:
    """The claim on the embedded server, made when it is first needed and given back on leaving."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._lease: Lease | None = None
        self._left = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._left = True
            if self._lease is not None:
                self._lease.close()

    async def connect(self) -> "ChatOpenAI":
        """A client of the running server. Raises ServerError."""
        lease, _ = await asyncio.gather(asyncio.to_thread(self._running), asyncio.to_thread(import_client))
        return chat_client("embedded", lease.base_url, SecretStr(lease.api_key), retries=0, proxies=False)

    def _running(self) -> "Lease":
        from agent.language_server import ensure_server

        with self._lock:
            if self._left:
                raise ServerError("this claim on the language model server has been given back")
            if self._lease is None:
                self._lease = ensure_server(self._settings)
            else:
                self._lease.ensure_running()
            return self._lease


def _embedded_name(settings: Settings) -> str:
    """The file's name and the start of its sum, so that figures say which bytes they were measured with."""
    store = Store(settings)
    path = store.path(settings.language_model)
    entry = store.manifest.by_id.get(settings.language_model)
    sums = {file.name: file.sha256 for file in entry.files} if entry else {}
    return f"{path.stem}-{(sums.get(path.name) or sha256_of(path))[:8]}"


def import_client() -> None:
    """Takes seconds on a slow machine; the first call waits for it unless it was done before."""
    import langchain_openai  # noqa: F401 - loaded here so that the first call does not wait for it


def _finish_reason(reply: "AIMessage") -> str:
    return str(reply.response_metadata.get("finish_reason", ""))
