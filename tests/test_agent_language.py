"""What the language model promises its callers, with a scripted endpoint and with the real embedded one."""

import json
import math
import os
import signal
from pathlib import Path
from typing import Any, cast

import httpx2
import openai
import pytest
from langchain_core.messages import AIMessage

from agent.endpoint import Endpoint
from agent.errors import SettingsError
from agent.language import EndpointModel, open_language_model, yes_log_odds
from agent.language_server import plan_server
from agent.language_server_process import ServerState
from agent.models.store import Store
from agent.settings import Settings
from rubrics.errors import LanguageModelUnavailable
from rubrics.language import Message

QUESTION: list[Message] = [{"role": "user", "content": "Is it so?"}]
SCHEMA = {
    "type": "object",
    "properties": {"colour": {"enum": ["red", "blue"]}, "count": {"type": "integer"}},
    "required": ["colour", "count"],
    "additionalProperties": False,
}
REQUEST = httpx2.Request("POST", "http://127.0.0.1:9/v1/chat/completions")


class ScriptedChat:
    """Stands where ChatOpenAI stands: gives each reply, or raises it, in turn."""

    def __init__(self, *script: AIMessage | openai.APIError) -> None:
        self.script = list(script)
        self.options: list[dict[str, Any]] = []
        self.root_async_client = self.root_client = self

    async def ainvoke(self, messages: object, **options: Any) -> AIMessage:
        self.options.append(options)
        reply = self.script.pop(0)
        if isinstance(reply, AIMessage):
            return reply
        raise reply

    def close(self) -> "Closed":
        return Closed()


class Closed:
    def __await__(self) -> Any:
        return iter(())


def model_on(*chats: ScriptedChat) -> EndpointModel:
    left = list(chats)

    async def connect() -> Any:
        return left.pop(0)

    return EndpointModel(Endpoint("tiny", cast(Any, connect), remedy="check SOUNDCHECK_OPENAI_BASE_URL"))


def first_token(*top: tuple[str, float]) -> AIMessage:
    tokens = [{"token": token, "logprob": logprob} for token, logprob in top]
    return AIMessage("", response_metadata={"logprobs": {"content": [{"top_logprobs": tokens}]}})


def test_every_spelling_of_yes_and_no_counts() -> None:
    top = [("Yes", math.log(0.4)), (" yes", math.log(0.2)), ("NO", math.log(0.1)), (" no", math.log(0.05))]
    assert yes_log_odds([*top, ("Maybe", math.log(0.25))]) == pytest.approx(math.log(0.6 / 0.15))


def test_a_word_that_only_begins_like_no_does_not_count() -> None:
    top = [("Yes", math.log(0.5)), ("Not", math.log(0.2)), ("None", math.log(0.2)), ("No", math.log(0.1))]
    assert yes_log_odds(top) == pytest.approx(math.log(5))


def test_a_side_that_is_missing_is_bounded_by_the_least_likely_token() -> None:
    assert yes_log_odds([("Yes", -0.01), ("The", -9.0)]) == pytest.approx(8.99)
    assert yes_log_odds([("No", -0.01), ("The", -9.0)]) == pytest.approx(-8.99)


async def test_neither_yes_nor_no_gives_no_number() -> None:
    with pytest.raises(LanguageModelUnavailable, match="neither yes nor no"):
        await model_on(ScriptedChat(first_token(("The", -0.1)))).yes_log_odds(QUESTION)


async def test_an_endpoint_without_log_probabilities_is_told() -> None:
    with pytest.raises(LanguageModelUnavailable, match="tiny returns no log-probabilities"):
        await model_on(ScriptedChat(AIMessage("Yes"))).yes_log_odds(QUESTION)


async def test_a_lost_connection_is_made_anew_once() -> None:
    gone = openai.APIConnectionError(request=REQUEST)
    model = model_on(ScriptedChat(gone), ScriptedChat(AIMessage("here")))
    assert await model.complete(QUESTION, max_tokens=5) == "here"


async def test_an_endpoint_that_stays_away_is_told_with_the_setting() -> None:
    gone = openai.APIConnectionError(request=REQUEST)
    with pytest.raises(LanguageModelUnavailable, match="cannot reach tiny: check SOUNDCHECK_OPENAI_BASE_URL"):
        await model_on(ScriptedChat(gone), ScriptedChat(gone)).complete(QUESTION, max_tokens=5)


async def test_a_refusal_carries_the_servers_reason() -> None:
    answer = httpx2.Response(400, request=REQUEST)
    refusal = openai.BadRequestError("", response=answer, body={"message": "exceeds the context size"})
    with pytest.raises(LanguageModelUnavailable, match=r"status 400 \(exceeds the context size\)"):
        await model_on(ScriptedChat(refusal)).complete(QUESTION, max_tokens=5)


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (
            AIMessage('{"colour": "gr', response_metadata={"finish_reason": "length"}),
            "did not finish its JSON",
        ),
        (AIMessage("red"), "did not answer in JSON"),
        (AIMessage('{"colour": "green", "count": 1}'), r"broke the JSON schema at \$\.colour"),
    ],
)
async def test_json_that_breaks_its_schema_is_never_returned(reply: AIMessage, fault: str) -> None:
    with pytest.raises(LanguageModelUnavailable, match=fault):
        await model_on(ScriptedChat(reply)).complete(QUESTION, max_tokens=5, schema=SCHEMA)


async def test_what_the_caller_asks_reaches_the_endpoint() -> None:
    chat = ScriptedChat(AIMessage("one"))
    await model_on(chat).complete(QUESTION, max_tokens=5, temperature=0.7, seed=11, stop=["\n"])
    assert chat.options == [{"max_tokens": 5, "temperature": 0.7, "seed": 11, "stop": ["\n"]}]


async def test_an_endpoint_without_a_model_name_is_a_wrong_setting(tmp_path: Path) -> None:
    settings = Settings(cache_dir=tmp_path, openai_base_url="http://127.0.0.1:9/v1")
    with pytest.raises(SettingsError, match="SOUNDCHECK_OPENAI_MODEL: missing"):
        async with open_language_model(settings):
            pass


async def test_an_endpoint_that_is_down_is_told_with_its_address(tmp_path: Path) -> None:
    settings = Settings(cache_dir=tmp_path, openai_base_url="http://127.0.0.1:9/v1", openai_model="any")
    async with open_language_model(settings) as model:
        with pytest.raises(
            LanguageModelUnavailable, match=r"SOUNDCHECK_OPENAI_BASE_URL \(http://127.0.0.1:9/v1\)"
        ):
            await model.complete(QUESTION, max_tokens=5)


@pytest.mark.models
async def test_the_embedded_model_judges_obeys_schemas_and_survives_its_server(
    settings: Settings, tmp_path: Path
) -> None:
    """On a server of its own, which it may kill."""
    path = Store(settings).path("language")
    alone = settings.model_copy(update={"cache_dir": tmp_path, "language_model": str(path)})
    async with open_language_model(alone) as model:
        assert model.name == "qwen2.5-coder-1.5b-instruct-q4_k_m-cc324af0"
        assert await model.yes_log_odds(yes_or_no("Is Paris the capital of France?")) > 1
        assert await model.yes_log_odds(yes_or_no("Is Paris the capital of Japan?")) < -1
        asked: list[Message] = [{"role": "user", "content": "Name a colour and a count."}]
        reply = json.loads(await model.complete(asked, max_tokens=60, schema=SCHEMA))
        assert reply["colour"] in {"red", "blue"}
        state = ServerState.model_validate_json(plan_server(alone).state.read_text("utf-8"))
        os.kill(state.pid, signal.SIGKILL)
        counted: list[Message] = [{"role": "user", "content": "Count from one to ten in words."}]
        assert "four" not in (await model.complete(counted, max_tokens=30, stop=["four"])).casefold()


def yes_or_no(question: str) -> list[Message]:
    return [
        {"role": "system", "content": "Answer with yes or no only."},
        {"role": "user", "content": question},
    ]
