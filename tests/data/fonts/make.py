"""Cuts the tests' East Asian fonts out of the collections of Noto Sans CJK in a folder, the only argument."""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from tests.layout.names import NAMES

HERE = Path(__file__).parent
REGIONS = {"jp": 0, "sc": 2}
TEXT = (
    "骨直誤今令のことを、。「」ー・々一二三四五六七八九十年月日時分請患者氏名同意書治"
    "療説明医師署名日付名前様生年月日診察予約手術検査危険利益費用質問答Ａ１ㄅ"
)


def main(folder: Path) -> None:
    wanted = {character for _, name in NAMES for character in name if ord(character) >= 0x1100} | set(TEXT)
    for weight in ("Regular", "Bold"):
        for region, index in REGIONS.items():
            options = subset.Options(layout_features=["kern", "locl"], hinting=False, name_IDs=[0, 1, 2, 5, 6, 13, 14])
            options.recalc_timestamp = False
            font = TTFont(folder / f"NotoSansCJK-{weight}.ttc", fontNumber=index, recalcTimestamp=False)
            chosen = subset.Subsetter(options)
            chosen.populate(text="".join(sorted(wanted if region == "jp" else set(TEXT[:5]))))
            chosen.subset(font)
            font.save(HERE / f"NotoSansCJK{region}-{weight}.otf")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
