"""What workers send: every skeleton once, and what comes in is what was sent, however many there are."""

from __future__ import annotations

import random
from dataclasses import replace

from handouts.layout.skeleton import Pressed, Skeleton
from handouts.run.parcels import Packing, Shared, Unpacking
from tests.press.making import everything, facts, identifier, layout, values_of

MANY = 300
"""Skeletons; more than either end keeps."""


def skeletons() -> list[Skeleton]:
    """As many, each of its own language."""
    one = layout([everything()]).press(values_of(facts()), identifier("x")).skeleton
    return [replace(one, language=f"x-{number}") for number in range(MANY)]


def test_packets_come_in_as_they_were_sent_however_many_kinds_there_are() -> None:
    chance, kinds = random.Random(1), skeletons()  # noqa: S311
    shared: Shared = {}
    pipes = [(Packing(), Unpacking(shared)) for _ in range(3)]
    for number in range(4 * MANY):
        packing, unpacking = chance.choice(pipes)
        sent = Pressed(kinds[min(number, chance.randrange(MANY))], (b"%d" % number,), frozenset({"R1"}))
        came = unpacking.unpacked(packing.packed(sent))
        assert isinstance(came, Pressed)
        assert came.skeleton.content == sent.skeleton.content
        assert (came.parts, came.fonts) == (sent.parts, sent.fonts)


def test_packets_of_one_kind_share_a_skeleton_whichever_worker_made_them() -> None:
    (kind, *_), shared = skeletons(), Shared()
    came = []
    for packing, unpacking in ((Packing(), Unpacking(shared)) for _ in range(2)):
        packed = [packing.packed(Pressed(kind, (b"%d" % number,), frozenset())) for number in range(3)]
        assert len(packed[1]) < len(packed[0]) / 10
        came += [unpacking.unpacked(each) for each in packed]
    assert len({id(each.skeleton) for each in came if isinstance(each, Pressed)}) == 1
