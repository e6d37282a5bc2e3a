"""Ctrl-C: the run ends at once, says what is safe and how to go on, and going on works."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from handouts.run.stopping import Stop, Stopped
from handouts.run.workers import CHUNK

from .making import MOMENTS, ROOT, Made, desk, started, strike, struck_at_moments


@MOMENTS
def test_ctrl_c_at_any_moment_tells_how_to_go_on_and_going_on_works(tmp_path: Path, every: int) -> None:
    place = desk(tmp_path, 3)
    assert place.generate().code == 0
    undisturbed = Made(place.out).digests()
    struck = struck_at_moments("SIGINT", every, tmp_path / "runs", place.wanted)
    assert len(struck) > 30 // every
    figures = []
    for each in struck:
        assert each.code == 130, (each.out.name, each.told)
        assert "Traceback" not in each.told
        if "--resume" in each.told:
            said = re.search(r"stopped; (\d) of 3 packets are safe", each.told)
            assert said
            figures.append(int(said[1]))
            assert str(each.out) in each.told
            done = place.generate("--resume", out=each.out)
            assert (done.code, done.err) == (0, "")
            # a packet's file may be there although the journal does not know it yet: never the other way round
            kept = re.search(r"\((\d) were there already\)", done.out)
            assert int(kept[1] if kept else 0) == figures[-1]
        else:
            assert "Run the same command again." in each.told
            assert place.generate(out=each.out).code == 0
        assert Made(each.out).digests() == undisturbed, each.out.name
    assert figures == sorted(figures)
    assert len(set(figures)) > 2
    if every == 1:
        assert {0, 2} <= set(figures)  # packets are made safe two at a time here


def test_ctrl_c_ends_the_workers_too(tmp_path: Path) -> None:
    place = desk(tmp_path, 2 * CHUNK + 6)
    assert place.generate().code == 0
    out = tmp_path / "stopped"
    done = started(strike("once", "SIGINT", 60, out, [*place.wanted, "--jobs", "2"]), cwd=ROOT)
    assert done.code == 130
    assert "packets are safe" in done.err
    assert "Traceback" not in done.err
    assert place.generate("--resume", "--jobs", "2", out=out).code == 0
    assert Made(out).digests() == Made(place.out).digests()


def test_ctrl_c_before_anything_began_is_told_plainly(tmp_path: Path) -> None:
    place = desk(tmp_path, 1)
    # the first step in the clinic's folder is reading clinic.yaml
    words = strike("once", "SIGINT", 1, tmp_path / "clinic.yaml", place.wanted)
    done = started(words, cwd=ROOT)
    assert (done.code, done.out) == (130, "")
    assert "stopped before anything was written" in done.err


def test_a_signal_is_noted_while_packets_are_made_and_a_second_one_ends_the_run_at_once() -> None:
    stop = Stop()
    with stop.heeded(), stop.between_packets():
        signal.raise_signal(signal.SIGINT)
        assert stop.asked
        with pytest.raises(Stopped):
            stop.check()
        with pytest.raises(KeyboardInterrupt) as raised:
            signal.raise_signal(signal.SIGTERM)
    assert raised.type is KeyboardInterrupt


def test_a_signal_ends_at_once_what_is_not_yet_making_packets() -> None:
    with Stop().heeded(), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
