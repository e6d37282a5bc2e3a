"""Skeletons go to the parent process once; whatever was forgotten meanwhile, each packet gets its own."""

from __future__ import annotations

import random

import pytest

from handouts.layout.skeleton import Skeleton
from handouts.run import parcels
from handouts.run.parcels import Packing, Shared, Unpacking
from tests.press import making


@pytest.fixture(scope="module")
def skeletons() -> list[Skeleton]:
    using = making.layout([making.everything()])
    names = ("Testa Sampleson " * length for length in range(1, 40))
    found = {
        using.press(making.named(name.strip()), making.identifier(name)).skeleton for name in names if len(name) < 200
    }
    assert len(found) > 2
    return list(found)


@pytest.mark.parametrize("most", [1, 2, 3, 100])
@pytest.mark.parametrize("seed", range(5))
def test_each_packet_gets_its_own_skeleton(
    skeletons: list[Skeleton], monkeypatch: pytest.MonkeyPatch, most: int, seed: int
) -> None:
    monkeypatch.setattr(parcels, "_MOST_KEPT", most)
    chance = random.Random(seed)  # noqa: S311 - no secret
    shared: Shared = {}
    workers = [(Packing(), Unpacking(shared)) for _ in range(2)]
    for number in range(60):
        packing, unpacking = chance.choice(workers)
        sent = chance.choice(skeletons)
        received = unpacking.unpacked(packing.packed((number, sent)))
        assert isinstance(received, tuple)
        assert received[0] == number
        assert received[1].content == sent.content


def test_packets_of_one_kind_share_a_skeleton_whichever_worker_made_them(skeletons: list[Skeleton]) -> None:
    shared, came = Shared(), []
    for packing, unpacking in ((Packing(), Unpacking(shared)) for _ in range(2)):
        packed = [packing.packed(skeletons[0]) for _ in range(3)]
        assert len(packed[1]) < len(packed[0]) / 10
        came += [unpacking.unpacked(each) for each in packed]
    assert len({id(each) for each in came}) == 1
