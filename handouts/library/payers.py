"""What a list's words for the payer mean for the estimate: self-pay, insurance, Original Medicare, or not known."""

from __future__ import annotations

import re
from functools import lru_cache

from handouts.model import Flag

_SELF_PAY = re.compile(
    r"\b(self|selfpay|cash|uninsured|no insurance|not insured|private pay|out of pocket|patient pays?"
    r"|pago propio|pago particular|particular|efectivo|sin seguro|no asegurad[oa])\b|^patient$"
)
_MEDICARE = re.compile(r"\b(medicare|mcr|mcare)\b")
_ADVANTAGE = re.compile(r"\b(advantage|adv|part c|replacement|hmo|ppo|pffs|snp)\b")
_SUPPLEMENT = re.compile(r"\b(supplement|supplemental|supp|medigap)\b")
_ORIGINAL = frozenset(
    "medicare mcr mcare original traditional railroad cms fee for service ffs primary part a b ab and".split()
)


def payer_flags(payer: str | None) -> frozenset[Flag]:
    """The flags of a payer as the list words it; several payers are parted by `;` or `+`."""
    return frozenset(flag for part in _parts(payer) if (flag := _meaning(part)))


def is_unclear(payer: str | None) -> bool:
    """Whether Medicare is named in words that may mean Original Medicare or a plan that replaces it."""
    return any(_meaning(part) is Flag.MEDICARE and not _ORIGINAL.issuperset(part.split()) for part in _parts(payer))


@lru_cache(maxsize=4096)
def _parts(payer: str | None) -> tuple[str, ...]:
    return tuple(" ".join(re.findall(r"\w+", part.casefold())) for part in re.split("[;+]", payer or ""))


def _meaning(payer: str) -> Flag | None:
    if not payer:
        return None
    if _SELF_PAY.search(payer):
        return Flag.SELF_PAY
    original = _MEDICARE.search(payer) and not _ADVANTAGE.search(payer) and not _SUPPLEMENT.search(payer)
    return Flag.MEDICARE if original else Flag.INSURED
