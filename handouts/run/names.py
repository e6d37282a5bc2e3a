"""What the files of a run are called."""

from __future__ import annotations

import re

PACKETS = "packets"
MANIFEST = "manifest.json"
PROBLEMS = "problems.csv"
JOURNAL = "journal.sqlite"
PASSWORDS = "passwords.csv"
CAME_BACK = "returned.sqlite"
"""Which pages of a run came back signed; `handouts scan` writes it."""

PASSING = re.compile(r".+\.[0-9a-f]{8}\.part")
"""A file that is being written."""
PACKET = re.compile(r"[0-9]+-[0-9A-Z]{20}\.pdf")
SHELF = re.compile(r"[0-9]+-[0-9]+")
"""A folder of packets, where there are many."""
PRINT_RUN = re.compile(r"print-run(-[0-9]+)?\.pdf")

_ON_ONE_SHELF = 1_000
_MOST_IN_ONE_FOLDER = 10_000
"""File browsers and network drives become slow with more files in one folder."""


def packet_file(position: int, packet_id: str, planned: int) -> str:
    """A packet's file within the run folder: its place in the day and its opaque id.

    A run of more packets than a folder should hold has a folder for each thousand.
    """
    if planned <= _MOST_IN_ONE_FOLDER:
        return f"{PACKETS}/{position:04}-{packet_id}.pdf"
    digits, first = len(str(planned)), position - (position - 1) % _ON_ONE_SHELF
    shelf = f"{first:0{digits}}-{first + _ON_ONE_SHELF - 1:0{digits}}"
    return f"{PACKETS}/{shelf}/{position:0{digits}}-{packet_id}.pdf"


def is_packet_file(name: str) -> bool:
    """Whether a packet's file may be called so: within the run folder and its folders for packets."""
    return re.fullmatch(rf"{PACKETS}/({SHELF.pattern}/)?{PACKET.pattern}", name) is not None


def print_run_file(number: int) -> str:
    """The print run's first file, or the one of this number where it needs several."""
    return "print-run.pdf" if number == 1 else f"print-run-{number}.pdf"
