"""Engines timed in turn, round after round, so that what else the machine does strikes all alike."""

from __future__ import annotations

import gc
import io
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from benchmarks.work import Engine, Patient


@dataclass
class Timing:
    """What an engine took, per packet and round, in seconds; size: of its last packet, in bytes."""

    name: str
    elapsed: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    size: int = 0

    @property
    def rate(self) -> float:
        """Packets a second of processor time, the median round."""
        return 1 / median(self.processor)

    @property
    def elapsed_rate(self) -> float:
        """Packets a second by the clock on the wall, the median round."""
        return 1 / median(self.elapsed)

    @property
    def spread(self) -> float:
        """How far the slowest round is from the quickest, as a part of the median."""
        return (max(self.processor) - min(self.processor)) / median(self.processor)


def pin_to_one_core() -> None:
    """Keep this process on the last of the cores it may use."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def packets(
    engines: Sequence[Engine], patients: Sequence[Patient], rounds: int, seconds: float, folder: Path
) -> list[Timing]:
    """Press packets into files in `folder`, about `seconds` an engine and round, each packet a file of its own.

    All begin warm: every engine has pressed a packet of every kind before. No round has a patient that the engine has
    pressed before. What the first engine wrote in the last round stays in the folder `timed`.
    """
    timings = [Timing(engine.name) for engine in engines]
    most = len(patients) // (rounds + 1)
    warming, timed = patients[: len(patients) - rounds * most], patients[len(patients) - rounds * most :]
    counts = [min(_calibrated(engine, warming, seconds), most) for engine in engines]
    for number in range(rounds):
        for engine, timing, count in zip(engines, timings, counts, strict=True):
            chosen = timed[number * count : (number + 1) * count]
            room = folder / "round"
            room.mkdir()
            _time(timing, count, partial(_press, engine, chosen, room))
            timing.size = (room / f"{chosen[-1].job.packet_id}.pdf").stat().st_size
            if number == rounds - 1 and engine is engines[0]:
                room.rename(folder / "timed")
            else:
                shutil.rmtree(room)
    return timings


def _press(engine: Engine, patients: Sequence[Patient], room: Path) -> None:
    for patient in patients:
        (room / f"{patient.job.packet_id}.pdf").write_bytes(engine.packet(patient))


def _calibrated(engine: Engine, patients: Sequence[Patient], seconds: float) -> int:
    for patient in patients[:3]:
        engine.packet(patient)
    start, done = perf_counter(), 0
    while not done or perf_counter() - start < seconds / 4:
        engine.packet(patients[done % len(patients)])
        done += 1
    return max(1, min(round(done * seconds / (perf_counter() - start)), len(patients)))


def _time(timing: Timing, count: int, work: Callable[[], None]) -> None:
    gc.collect()
    elapsed, processor = perf_counter(), process_time()
    work()
    timing.elapsed.append((perf_counter() - elapsed) / count)
    timing.processor.append((process_time() - processor) / count)


@dataclass(frozen=True)
class RunEngine:
    """An engine's print run of some packets: how it is made, of how many packets, and where the bytes are put."""

    name: str
    make: Callable[[list[Patient], io.BytesIO], None]
    count: int


def print_runs(engines: Sequence[RunEngine], patients: Sequence[Patient], rounds: int) -> list[Timing]:
    """Print runs as one document each; sizes are per packet."""
    timings = [Timing(engine.name) for engine in engines]
    for number in range(-1, rounds):
        for engine, timing in zip(engines, timings, strict=True):
            chosen = [patients[(number * engine.count + index) % len(patients)] for index in range(engine.count)]
            out = io.BytesIO()
            counted = timing if number >= 0 else Timing("the round that warms up")
            _time(counted, engine.count, partial(engine.make, chosen, out))
            timing.size = len(out.getvalue()) // engine.count
    return timings
