"""What is packed comes back as it was, wherever it stands and however much there is of it."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from handouts.model import Appointment, Patient
from handouts.packed import Packed

ANYTHING = st.one_of(st.text(max_size=50), st.binary(max_size=5000), st.integers(), st.dates(), st.none())


@given(items=st.lists(ANYTHING), more=st.lists(ANYTHING))
def test_items_come_back_in_their_order(items: list[object], more: list[object]) -> None:
    packed: Packed[object] = Packed(items)
    before = packed.copy()
    packed.extend(more)
    together = [*items, *more]
    assert (list(packed), list(before)) == (together, items)
    assert [packed[index] for index in range(len(packed))] == together
    assert packed[1:-1] == together[1:-1]
    assert [*reversed(packed)] == together[::-1]


def test_ten_thousand_appointments_take_less_than_three_megabytes() -> None:
    patient = Patient(name="Testa Sampleson", birth_date=datetime(1970, 1, 1, tzinfo=UTC).date())
    visit = Appointment(appointment_id="A", source="l:1", start=datetime(2026, 12, 1, 9, tzinfo=UTC), patient=patient)
    tracemalloc.start()
    packed = Packed(
        visit.model_copy(update={"appointment_id": f"A-{number}", "source": f"list.csv:{number}"})
        for number in range(10_000)
    )
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(packed) == 10_000
    assert held < 3_000_000
