"""Another framework's side of the latency bench: its environment, and what its program says."""

import sys
from pathlib import Path
from typing import get_args

import pytest

from agent.benches.latency import PEERS
from agent.benches.peers import installing
from agent.benches.peers.installing import environment_of
from agent.benches.peers.talking import Over, Ready, Recognised, Replied, started
from agent.commands.bench import Peer
from agent.errors import SoundcheckError
from agent.settings import Settings

REPLIED = (
    '{"event": "replied", "delay": {"answer_s": 10.0, "first_sound_s": 3.5, "first_content_s": 3.5, '
    '"spent_s": {"wording": 1.0}, "cut_ins": 1}}'
)


def program(*lines: str, then: str = "") -> list[str]:
    """Reads its job, says the first line, waits to be let go, says the others, and does what comes `then`."""
    return [
        sys.executable,
        "-c",
        "import sys, time\n"
        "job = input()\n"
        f"first, *others = {list(lines)!r}\n"
        "print(first, flush=True)\n"
        "input()\n"
        "for line in others: print(line, flush=True)\n" + then,
    ]


async def test_a_conversation_is_heard_line_by_line(tmp_path: Path) -> None:
    lines = (
        '{"event": "ready"}',
        REPLIED,
        '{"event": "over"}',
        '{"event": "recognised", "processor_s": 2.5}',
    )
    async with started("pipecat", program(*lines), tmp_path) as peer:
        await peer.tell({"question": "Why?"})
        await peer.hear(Ready, within_s=30)
        await peer.tell()
        delay = (await peer.hear(Replied, within_s=30)).delay
        await peer.hear(Over, within_s=30)
        recognised = await peer.hear(Recognised, within_s=30)
    assert (delay.answer_s, delay.first_content_s, delay.cut_ins) == (10.0, 3.5, 1)
    assert recognised.processor_s == 2.5


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Loading the model ...", "said what is not one of its lines"),
        ('{"event": "replied", "delay": {"answer_s": "ten"}}', "said what is not one of its lines"),
        ('{"event": "over"}', "said `over` where another line was due"),
    ],
)
async def test_a_line_that_was_not_due_is_named(tmp_path: Path, line: str, fault: str) -> None:
    async with started("pipecat", program(line), tmp_path) as peer:
        await peer.tell({"question": "Why?"})
        with pytest.raises(SoundcheckError, match=f"pipecat side of the bench {fault}"):
            await peer.hear(Ready, within_s=30)


async def test_a_program_that_ends_early_is_quoted_with_its_last_words(tmp_path: Path) -> None:
    command = program('{"event": "ready"}', then="sys.exit('no voice found')")
    async with started("pipecat", command, tmp_path) as peer:
        await peer.tell({"question": "Why?"})
        await peer.hear(Ready, within_s=30)
        await peer.tell()
        with pytest.raises(SoundcheckError, match=r"ended early \(exit code 1\)\nno voice found"):
            await peer.hear(Replied, within_s=30)


async def test_a_program_that_says_nothing_is_given_up_and_ended(tmp_path: Path) -> None:
    async with started("pipecat", program("unsaid"), tmp_path) as peer:
        with pytest.raises(SoundcheckError, match="said nothing for 0 s"):
            await peer.hear(Ready, within_s=0.05)
    assert peer.exit_code is not None


class Installer:
    """An executable in place of uv: it notes its commands and makes a folder, or fails as it does offline."""

    def __init__(self, folder: Path, *, fails: bool = False) -> None:
        self.path, self._calls = folder / "uv", folder / "calls"
        end = "echo 'error: Failed to fetch' >&2; exit 2" if fails else ""
        self.path.write_text(
            f'#!/bin/sh\necho "$1 $2" >> {self._calls}\n{end}\n'
            'for last; do :; done\nif [ "$1" = venv ]; then mkdir -p "$last"; fi\n',
            encoding="utf-8",
        )
        self.path.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        return self._calls.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache")


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "pipecat.lock"
    path.write_text("pipecat-ai==1.14.0\n", encoding="utf-8")
    return path


def test_an_environment_is_installed_once_for_a_lock_file(
    tmp_path: Path, settings: Settings, lock: Path
) -> None:
    installer, told = Installer(tmp_path), list[str]()
    for _ in range(2):
        python = environment_of("pipecat", settings, lock=lock, uv=installer.path, progress=told.append)
    assert python.is_relative_to(settings.cache_dir / "peers")
    assert installer.calls == ["venv --clear", "pip sync"]
    assert len(told) == 1
    lock.write_text("pipecat-ai==1.15.0\n", encoding="utf-8")
    assert environment_of("pipecat", settings, lock=lock, uv=installer.path) != python


def test_offline_the_error_says_what_to_do_and_nothing_counts_as_installed(
    tmp_path: Path, settings: Settings, lock: Path
) -> None:
    installer = Installer(tmp_path, fails=True)
    for _ in range(2):
        with pytest.raises(
            SoundcheckError, match=r"check the network(?s:.)*--peer stock(?s:.)*Failed to fetch"
        ):
            environment_of("pipecat", settings, lock=lock, uv=installer.path)
    assert installer.calls == ["venv --clear"] * 2
    assert not list(settings.cache_dir.rglob("installed"))


def test_without_an_installer_the_error_names_what_brings_it(
    tmp_path: Path, settings: Settings, lock: Path
) -> None:
    with pytest.raises(
        SoundcheckError, match=r"uv does not start \(No such file or directory\); run make setup"
    ):
        environment_of("pipecat", settings, lock=lock, uv=tmp_path / "uv")


def test_what_a_peer_installs_is_pinned_with_sums_and_without_addresses() -> None:
    lines = Path(installing.__file__).with_name("pipecat.lock").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith(" ")]
    assert all("==" in pin and pin.endswith("\\") for pin in pins)
    assert not any("://" in line for line in lines)
    assert not any(pin.startswith(("torch", "livekit")) for pin in pins)


def test_every_choice_of_the_command_has_its_peers() -> None:
    assert set(get_args(Peer)) == set(PEERS)
