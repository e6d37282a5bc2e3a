"""Files that programs other than a scanner's write, or scanners of another make: what is kept is what was judged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.scan.paper import BOTH, DPI, Paper, settled


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw"])
@pytest.mark.parametrize(("orientation", "quarters"), [(1, 0), (3, 2), (6, 1), (8, 3)])
def test_a_page_that_its_file_says_to_turn_is_read_and_kept_upright(
    paper: Paper, tmp_path: Path, orientation: int, quarters: int, compression: str
) -> None:
    lying = Image.fromarray(np.rot90(paper.page(0, 2, BOTH), quarters))
    file = tmp_path / "lying.tif"
    lying.save(file, dpi=(DPI, DPI), compression=compression, tiffinfo={274: orientation})
    assert paper.scan(settled(file)).code == 0
    assert paper.standing(0)["state"] == "complete"
    assert paper.bound(0) == [2]
