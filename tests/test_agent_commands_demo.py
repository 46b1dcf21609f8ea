"""The demonstration as a user runs it, on a machine whose network is cut off."""

import json
import os
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from agent.settings import Settings
from graphs.models import Turn

UNSHARE = ["unshare", "--net", "--map-root-user", "sh", "-c"]
LOOPBACK_ONLY = 'ip link set lo up && exec "$@"'


@pytest.fixture
def cut_off() -> list[str]:
    """The beginning of a command that runs without any network but loopback."""
    lack = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    if not shutil.which("unshare") or not shutil.which("ip"):
        lack("needs `unshare` (util-linux) and `ip` (iproute2)")
    if subprocess.run([*UNSHARE, LOOPBACK_ONLY, "sh", "true"], check=False, capture_output=True).returncode:
        lack("this machine does not let a process cut itself off the network")
    return [*UNSHARE, LOOPBACK_ONLY, "sh"]


def seconds_of(path: Path) -> float:
    with wave.open(str(path)) as file:
        return float(file.getnframes() / file.getframerate())


@pytest.mark.models
@pytest.mark.timeout(900)
def test_a_demonstration_needs_no_network(cut_off: list[str], settings: Settings, tmp_path: Path) -> None:
    cache, out = tmp_path / "cache", tmp_path / "out"
    cache.mkdir()
    (cache / "models").symlink_to(settings.models_dir)
    command = [
        str(Path(sys.executable).with_name("soundcheck")),
        "demo",
        "--topics",
        "feedback",
        "--questions",
        "1",
    ]
    done = subprocess.run(
        [*cut_off, *command, "--candidate", "terse", "--speed", "2", "--out", str(out)],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "SOUNDCHECK_CACHE_DIR": str(cache), "SOUNDCHECK_DATA_DIR": str(tmp_path / "data")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["answers"]
    assert (out / "report.html").stat().st_size > 10_000
    lines = (out / "transcript.jsonl").read_text(encoding="utf-8").splitlines()
    turns = [
        Turn.model_validate({k: v for k, v in json.loads(line).items() if k in Turn.model_fields})
        for line in lines
    ]
    assert {turn.speaker for turn in turns} == {"interviewer", "candidate"}
    assert seconds_of(out / "candidate.wav") == seconds_of(out / "interviewer.wav") > 20.0
    assert json.loads((out / "latency.json").read_text(encoding="utf-8"))["turns"] >= 2
