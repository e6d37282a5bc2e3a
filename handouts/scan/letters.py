"""The letters on a page whose codes cannot be read, recognised by RapidOCR where the extra `handouts[ocr]` is there."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec

import cv2
import numpy as np

from handouts.scan.pictures import Picture, gray, smaller

_SETTINGS = {
    "Global.log_level": "critical",  # what it logs is what it reads
    "Det.limit_type": "max",
    "Det.limit_side_len": 1280,  # pixels of the longer side at which lines are found, which takes longest
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}
_ENOUGH = 2400
"""Pixels of a page's longer side, some 200 dots per inch, at which the smallest print is read."""


class Illegible(Exception):
    """The extra is there, and fails."""


def letters(picture: Picture) -> str:
    """The lines of a page, however it lies, one below the other. Empty without the extra, and where there are none.

    Raises Illegible.
    """
    try:
        return _reader()(smaller(picture, max(picture.shape) / _ENOUGH))
    except Exception as fault:  # whatever a library raises: the page waits, as it does without letters
        raise Illegible from fault


@cache
def _reader() -> Callable[[Picture], str]:
    if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
        return lambda picture: ""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # or onnxruntime tells its maker that and where it was used
    socket.has_ipv6 = False  # or urllib3, which comes with RapidOCR, asks for a port to find out
    from rapidocr import RapidOCR  # takes seconds
    from rapidocr.utils.output import RapidOCROutput

    engine = RapidOCR(params=_SETTINGS)

    def read(picture: Picture, *, sideways: bool = False) -> str:
        found = engine(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))
        if not isinstance(found, RapidOCROutput) or found.txts is None or found.boxes is None:
            return ""
        width, height = np.ptp(np.asarray(found.boxes), axis=1).T
        if np.median(height) > np.median(width) and not sideways:
            return read(gray(cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE)), sideways=True)  # small lines are misread
        return "\n".join(found.txts)

    return read
