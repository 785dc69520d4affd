"""What `make run` says and does around the server: the port, and the demo sign-ins."""

import socket
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from knowledgebase import demo


@pytest.fixture
def taken():
    """The number of a port that something listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_taken_port_that_was_asked_for_ends_in_one_sentence(taken: int):
    with pytest.raises(SystemExit, match=f"^Port {taken} cannot be used here: something else has it"):
        demo.listen(str(taken))


def test_a_taken_default_port_gives_way_to_the_next_free_one(taken: int, monkeypatch, capsys):
    monkeypatch.setattr(demo, "DEFAULT_PORT", taken)
    with demo.listen("") as found:
        port = found.getsockname()[1]
    assert taken < port < taken + demo.PORTS_TRIED
    assert capsys.readouterr().out == f"Port {taken} is taken, using {port}.\n"


@pytest.mark.parametrize("wanted", ["http", "0", "65536", "-1", "٣"])
def test_what_is_no_port_is_refused(wanted: str):
    with pytest.raises(SystemExit, match="must be a number from 1 to 65535"):
        demo.listen(wanted)


def test_the_port_is_open_on_this_machine_only():
    with demo.listen("") as found:
        assert found.getsockname()[0] == "127.0.0.1"


def create_demo_users() -> str:
    said = StringIO()
    call_command("create_demo_users", stdout=said)
    return said.getvalue()


def test_demo_passwords_are_random_work_and_are_shown_once(db):
    first = create_demo_users()
    shown = {}
    for line in first.splitlines():
        name, _, password = line.partition(": ")[2].partition(" (")[0].partition(", password ")
        shown[name] = password
    assert set(shown) == {"curator", "reviewer"}
    assert shown["curator"] != shown["reviewer"]
    for name, password in shown.items():
        user = authenticate(username=name, password=password)
        assert user.is_staff
        assert not user.is_superuser
        assert [group.name for group in user.groups.all()] == [name]
        assert password not in create_demo_users()


def test_production_has_no_demo_sign_ins(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="development machines only"):
        create_demo_users()
