"""The program never asks for the network, and no test of it could: sockets are refused in all of them."""

from __future__ import annotations

import multiprocessing
import socket
import sys
import urllib.request
from pathlib import Path

import pytest
from lxml import etree

from tests.offline.sitecustomize import NetworkRefused
from tests.run.making import desk, started

# a worker of pytest-xdist has loaded the file as `sitecustomize` already
REFUSED: type[BaseException] = getattr(sys.modules.get("sitecustomize"), "NetworkRefused", NetworkRefused)
ASKING = "import socket; socket.create_connection(('127.0.0.1', 9))"


def test_the_tests_can_reach_no_address_and_ask_for_no_name() -> None:
    with pytest.raises(REFUSED):
        socket.getaddrinfo("example.org", 443)
    with socket.socket() as made, pytest.raises(REFUSED):
        made.connect(("127.0.0.1", 9))
    with socket.socket(type=socket.SOCK_DGRAM) as made, pytest.raises(REFUSED):
        made.sendto(b"x", ("127.0.0.1", 9))
    with pytest.raises(REFUSED):
        urllib.request.urlopen("http://example.org")


def test_neither_can_the_processes_that_they_start() -> None:
    done = started([sys.executable, "-c", ASKING])
    assert done.code != 0
    assert "NetworkRefused" in done.err


def _ask() -> None:
    try:
        socket.create_connection(("127.0.0.1", 9))
    except BaseException as refused:  # a worker may know the class from a file of its own
        sys.exit(7 if type(refused).__name__ == NetworkRefused.__name__ else 8)


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_neither_can_their_workers(method: str) -> None:
    worker = multiprocessing.get_context(method).Process(target=_ask)  # type: ignore[attr-defined]  # of any method
    worker.start()
    worker.join(60)
    assert worker.exitcode == 7


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_packets_are_printed_all_the_same(tmp_path: Path, jobs: str) -> None:
    done = desk(tmp_path, 70).generate("--jobs", jobs)
    assert done.code == 0, done.err


def test_the_parser_of_drawings_was_built_without_a_network() -> None:
    """It opens its own sockets, which no Python sees."""
    assert not {"http", "ftp"} & etree.LIBXML_FEATURES
