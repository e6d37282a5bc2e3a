"""A clinic that does not exist, for looking at forms and comparing them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from handouts.model import Clinic, Offer, Package, Phone, Practitioner

CLINIC = Clinic(
    folder=Path(),
    name="Preview Clinic (made up)",
    address=("1 Nowhere Street", "Sampletown, ST 00000"),
    phones=(Phone(label="Front desk", number="(555) 555-0100"), Phone(label="Nurse", number="(555) 555-0101")),
    emergency_phone="911",
    website="www.preview.example",
    tax_id="00-0000000",
    state="Sample State",
    practitioners=(Practitioner(name="Dr. Sample Signwell", licence="XX-000000", npi="0000000000"),),
    time_zone="UTC",
)
OFFER = Offer(
    price_per_session=Decimal(100), packages=(Package(name="Sample package", sessions=10, price=Decimal(900)),)
)
