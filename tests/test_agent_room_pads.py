"""The pads of a sitting, from a page's message to the interview and back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import ValidationError

from agent.code_runs import CodeRuns, suites_in
from agent.room.messages import Kept, PadNote, Ran, RunTests, ToPage, Write, read_message
from agent.room.pads import PadDesk
from agent.settings import Settings
from graphs.board import Shown
from graphs.errors import StoreError
from knowledge.loader import Content
from rubrics.coderun import CodeRun
from rubrics.errors import SandboxError
from tests.pad_sittings import CACHE, PadSitting, solution_of
from tests.room import make_house, visiting


class Told:
    """What a page was told; `until` waits for a message of a kind."""

    def __init__(self) -> None:
        self.messages: list[ToPage] = []
        self._came = asyncio.Event()

    def __call__(self, message: ToPage) -> None:
        self.messages.append(message)
        self._came.set()

    async def until(self, wanted: Callable[[Any], bool]) -> Any:
        while not (found := [m for m in self.messages if wanted(m)]):
            self._came.clear()
            await asyncio.wait_for(self._came.wait(), 60)
        return found[-1]

    async def of(self, kind: type[Any]) -> Any:
        return await self.until(lambda message: isinstance(message, kind))


@asynccontextmanager
async def attended(content: Content, **options: Any) -> AsyncIterator[tuple[PadDesk, PadSitting, Told]]:
    sitting = await (await PadSitting.open(content, **options)).begin()
    told = Told()
    desk = PadDesk(told, CodeRuns(suites_in(content)))
    async with desk.attend(sitting.interview):
        yield desk, sitting, told


def write(number: int, code: str, question: str = CACHE) -> Write:
    return Write(type="write", number=number, shown=Shown(question=question, code=code))


async def test_a_page_is_told_the_problem_when_it_comes(content: Content) -> None:
    async with attended(content) as (_, _, told):
        note = await told.of(PadNote)
    assert (note.pad, note.question, note.code, note.tests) == ("code", CACHE, None, [])
    assert "class TTLCache" in note.problem.starter


async def test_what_is_written_is_kept_and_there_for_the_next_page(content: Content) -> None:
    async with attended(content) as (desk, sitting, told):
        desk.take(write(1, "one"))
        kept = await told.of(Kept)
        assert kept == Kept(number=1, stored=True)
        told.messages.clear()
        desk.greet()
        assert (await told.of(PadNote)).code == "one"
        board = (await sitting.view()).board
        assert board is not None
        assert board.code == "one"


async def test_of_many_changes_at_once_the_last_one_counts(content: Content) -> None:
    async with attended(content) as (desk, sitting, told):
        for number in range(1, 30):
            desk.take(write(number, f"# {number}"))
        await told.until(lambda m: isinstance(m, Kept) and m.number == 29)
        assert sum(isinstance(m, Kept) for m in told.messages) < 5
        board = (await sitting.view()).board
        assert board is not None
        assert board.code == "# 29"


async def test_what_belongs_to_another_question_is_said_not_to_be_kept(content: Content) -> None:
    async with attended(content) as (desk, _, told):
        desk.take(write(1, "x", question="other/one"))
        assert (await told.of(Kept)).stored is False


async def test_a_full_disk_is_no_end_of_the_pad(content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    async with attended(content) as (desk, sitting, told):

        async def full(shown: Shown) -> bool:
            raise StoreError("interview.sqlite: disk full\n  fix: free some disk space")

        with monkeypatch.context() as broken:
            broken.setattr(sitting.interview, "show", full)
            desk.take(write(1, "x"))
            assert (await told.of(Kept)).stored is False
        desk.take(write(2, "x"))
        assert (await told.until(lambda m: isinstance(m, Kept) and m.number == 2)).stored is True


async def test_the_tests_are_run_and_told_with_what_came_out(content: Content) -> None:
    async with attended(content) as (desk, sitting, told):
        desk.take(RunTests(type="run", question=CACHE, code="class TTLCache:\n    pass\n"))
        ran = await told.of(Ran)
        assert {test.status for test in ran.tests} == {"failed"}
        assert all(test.message for test in ran.tests)
        told.messages.clear()
        desk.take(RunTests(type="run", question=CACHE, code=solution_of(content, CACHE)))
        assert [test.status for test in (await told.of(Ran)).tests] == ["passed"] * 4
        board = (await sitting.view()).board
        assert board is not None
        assert board.runs == 2
        desk.greet()
        assert len((await told.of(PadNote)).tests) == 4


async def test_got_and_expected_are_told_apart(content: Content) -> None:
    starter = next(iter(content.problems))
    async with attended(content) as (desk, sitting, told):
        view = await sitting.view()
        assert starter
        assert view.problem is not None
        desk.take(RunTests(type="run", question=CACHE, code=view.problem.starter))
        ran = await told.of(Ran)
    sides = {test.name: (test.got, test.expected) for test in ran.tests}
    assert sides["test_a_missing_key_gives_the_default"] == ("None", "7")
    assert sides["test_a_capacity_below_one_is_refused"] == ("no error", "ValueError")


async def test_a_machine_that_cannot_run_code_says_so_and_keeps_the_code(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*args: object) -> CodeRun:
        raise SandboxError("tests: the sandbox could not run")

    monkeypatch.setattr("agent.code_runs.run_tests", broken)
    async with attended(content) as (desk, sitting, told):
        desk.take(RunTests(type="run", question=CACHE, code="x = 1"))
        assert "could not run" in (await told.of(Ran)).fault
        board = (await sitting.view()).board
        assert board is not None
        assert board.code == "x = 1"


async def test_another_question_brings_another_pad(content: Content) -> None:
    async with attended(content) as (desk, sitting, told):
        await told.of(PadNote)
        await sitting.say("skip")
        desk.viewed(await sitting.view())
        desk.viewed(await sitting.view())
        notes = [m for m in told.messages if isinstance(m, PadNote)]
        assert [note.pad for note in notes] == ["code", None]


async def test_what_was_written_as_the_sitting_ends_is_kept_and_later_words_are_not_taken(
    content: Content,
) -> None:
    async with attended(content) as (desk, sitting, told):
        desk.take(write(1, "last words"))
        desk.take(RunTests(type="run", question=CACHE, code="while True: pass"))
    board = (await sitting.view()).board
    assert board is not None
    assert board.code in ("last words", "while True: pass")
    told.messages.clear()
    desk.take(write(2, "too late"))
    assert told.messages == []


@pytest.mark.parametrize(
    "message",
    [
        '{"type": "write", "number": -1, "shown": {"question": "t/p", "code": ""}}',
        '{"type": "write", "number": 1, "shown": {"question": "t/p", "sketch": {"boxes": [{"id": "<svg>"}]}}}',
        '{"type": "write", "number": 1, "shown": {"question": "t/p", "html": "x"}}',
        '{"type": "run", "question": "t/p"}',
        '{"type": "run", "question": "t/p", "code": "' + "x" * 20_001 + '"}',
    ],
)
def test_a_page_that_writes_nonsense_is_not_understood(message: str) -> None:
    assert read_message(message) is None


def test_the_largest_code_fits_into_one_message() -> None:
    from agent.room.socket import MOST_TEXT_BYTES

    code = "\n" * 20_000
    message = Write(type="write", number=1, shown=Shown(question="t/p", code=code)).model_dump_json()
    assert len(message) < MOST_TEXT_BYTES
    assert read_message(message) is not None
    with pytest.raises(ValidationError):
        Shown(question="t/p", code=code + "\n")


def test_only_the_editors_own_files_are_served(settings: Settings, content: Content) -> None:
    folder = settings.models_dir / "editor"
    with visiting(make_house(settings, content), inside=False) as outside:
        assert outside.get("/editor/index.js").status_code == 403
    with visiting(make_house(settings, content)) as room:
        for path in (
            "/editor/../tts/en.onnx",
            "/editor/%2e%2e/language/x",
            "/editor//etc/passwd",
            "/editor/",
        ):
            assert room.get(path).status_code in (404, 405)
        if (folder / "index.js").is_file():
            assert room.get("/editor/index.js").headers["content-type"].startswith("text/javascript")


def test_the_rooms_page_lets_only_its_own_editor_bring_styles(settings: Settings, content: Content) -> None:
    from datetime import UTC, datetime

    from agent.room.card import Card, write_card

    house = make_house(settings, content)
    session = house.store.create(title="Coding", mode="spoken")
    write_card(session, Card(consented=datetime.now(UTC), patience="normal", plan=None))
    with visiting(house) as room:
        pages = [room.get(f"/room/{session.id}") for _ in range(2)]
        policies = [page.headers["content-security-policy"] for page in pages]
        assert policies[0] != policies[1]
        for page, policy in zip(pages, policies, strict=True):
            style = next(rule for rule in policy.split("; ") if rule.startswith("style-src"))
            nonce = style.split("'nonce-")[1].rstrip("'")
            assert f'data-nonce="{nonce}"' in page.text
            assert "unsafe" not in policy
            assert "script-src 'self';" in policy
