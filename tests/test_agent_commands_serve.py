"""`soundcheck serve` opens the room to this machine only, unless asked in every way to do otherwise."""

import socket

import pytest
from pydantic import SecretStr

from agent.commands.serve import _check_free, _doors
from agent.errors import SettingsError
from agent.settings import Settings

PASSWORD = SecretStr("correct horse battery")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_needs_no_password(settings: Settings, host: str) -> None:
    doors = _doors(settings, host, 8137, [], to_network=False)
    assert doors.password is None
    assert doors.hosts == {"localhost:8137", "127.0.0.1:8137", "[::1]:8137"}


def test_two_rooms_have_two_keys(settings: Settings) -> None:
    one, other = (_doors(settings, "127.0.0.1", port, [], to_network=False) for port in (8137, 8138))
    assert one.secret != other.secret
    assert one.cookie != other.cookie


@pytest.mark.parametrize(
    ("host", "to_network", "password", "names", "says"),
    [
        ("192.168.1.7", False, PASSWORD, [], "--open-to-network"),
        ("192.168.1.7", True, None, [], "SOUNDCHECK_ROOM_PASSWORD"),
        ("192.168.1.7", True, SecretStr("short"), [], "at least 12 characters"),
        ("0.0.0.0", True, PASSWORD, [], "--name"),
        ("room.example", True, PASSWORD, [], "an address"),
    ],
)
def test_others_are_let_in_only_with_flag_password_and_name(
    settings: Settings,
    host: str,
    to_network: bool,
    password: SecretStr | None,
    names: list[str],
    says: str,
) -> None:
    settings = settings.model_copy(update={"room_password": password})
    with pytest.raises(SettingsError, match=says):
        _doors(settings, host, 8137, names, to_network=to_network)


def test_a_room_for_others_has_its_names_and_its_password(settings: Settings) -> None:
    settings = settings.model_copy(update={"room_password": PASSWORD})
    doors = _doors(settings, "0.0.0.0", 8137, ["room.example"], to_network=True)
    assert doors.password == PASSWORD.get_secret_value()
    assert "room.example" in doors.hosts
    assert "https://room.example" in doors.origins


def test_a_port_that_is_taken_is_named_with_another_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"serve --port {port + 1}"):
            _check_free("127.0.0.1", port)
