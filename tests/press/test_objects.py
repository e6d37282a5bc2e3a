"""Numbers of objects: each found where it was written, none promised that a reader could not find."""

from __future__ import annotations

import pytest

from handouts.errors import LayoutError
from handouts.press import packet
from handouts.press.objects import MOST_OBJECTS, Objects
from tests.press import making


def test_numbers_that_were_never_used_are_free() -> None:
    objects = Objects(offset=15)
    objects.reserve(2)
    objects.write(b"<<>>")
    objects.reserve()
    free, used = bytes(8), b"\x01" + (15).to_bytes(5, "big") + bytes(2)
    assert objects.entries() == free + free + used + free


def test_a_document_of_more_objects_than_pdf_a_allows_is_refused() -> None:
    objects = Objects()
    assert objects.reserve(MOST_OBJECTS) == 1
    with pytest.raises(LayoutError, match="8,388,607"):
        objects.reserve()


def test_a_press_that_has_forgotten_a_kind_of_packet_makes_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packet, "_MOST_HEADS", 1)
    using = making.layout([making.everything()])
    short, long = (
        using.press(making.named(name), making.identifier(name))
        for name in ("Testa Sampleson", "Testa Sampleson " * 12)
    )
    press = packet.PacketPress(making.about(), None)
    assert short.skeleton is not long.skeleton
    for pressed in (short, long, short):
        assert press.file(pressed) == making.file_of(pressed)
