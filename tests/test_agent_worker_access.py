from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.doctor import examine
from agent.errors import LiveKitError
from agent.settings import Settings
from agent.worker.access import Access, access_of, check
from tests.livekit_server import KEY, SECRET, free_port, running_server


def test_what_is_not_set_is_named_with_values_to_begin_with(settings: Settings) -> None:
    with pytest.raises(LiveKitError, match=r"LIVEKIT_URL.*LIVEKIT_KEY.*LIVEKIT_SECRET.*devkey"):
        access_of(settings)
    given = settings.model_copy(update={"livekit_url": "ws://localhost:7880", "livekit_key": "devkey"})
    with pytest.raises(LiveKitError, match=r"^not set: SOUNDCHECK_LIVEKIT_SECRET;"):
        access_of(given)
    wrong = given.model_copy(update={"livekit_url": "localhost", "livekit_secret": SecretStr("secret")})
    with pytest.raises(LiveKitError, match="localhost is no address"):
        access_of(wrong)


def test_the_secret_is_never_shown() -> None:
    assert "a-secret" not in repr(Access("ws://localhost:7880", "devkey", "a-secret"))


async def test_a_server_that_is_not_there_is_named_with_what_starts_one() -> None:
    url = f"ws://127.0.0.1:{free_port()}"
    with pytest.raises(LiveKitError, match=f"no LiveKit server answers at {url}.*livekit-server --dev"):
        await check(Access(url, KEY, SECRET))


def test_the_doctor_says_what_a_livekit_server_lacks_and_how_to_mend_it(settings: Settings) -> None:
    (unset,) = (finding for finding in examine(settings) if finding.name == "livekit")
    assert (unset.status, "SOUNDCHECK_LIVEKIT_URL" in unset.mend) == ("optional", True)
    url = f"ws://127.0.0.1:{free_port()}"
    given = {"livekit_url": url, "livekit_key": KEY, "livekit_secret": SecretStr(SECRET)}
    (gone,) = (finding for finding in examine(settings.model_copy(update=given)) if finding.name == "livekit")
    assert (gone.status, url in gone.detail, "livekit-server --dev" in gone.mend) == ("missing", True, True)


@pytest.mark.livekit
async def test_a_wrong_key_is_named_with_its_settings(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        await check(Access(server.url, KEY, SECRET))
        for key, secret in (("nobody", SECRET), (KEY, "another-secret-of-at-least-32-chars")):
            with pytest.raises(LiveKitError, match=f"refuses the key '{key}'.*SOUNDCHECK_LIVEKIT_SECRET"):
                await check(Access(server.url, key, secret))
