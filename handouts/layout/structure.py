"""The structure tree of a packet, grown piece by piece in reading order."""

from __future__ import annotations

from dataclasses import dataclass, field

from handouts.layout.pen import number
from handouts.layout.skeleton import Element, Marked
from handouts.layout.tags import ARTIFACT, Path, Tag

_BEGIN_ARTIFACT = b"/Artifact BMC\n"
_END = b"EMC\n"


@dataclass(slots=True)
class _Node:
    tag: Tag
    parent: int
    box: bytes
    kids: list[int | Marked] = field(default_factory=list)


class Structure:
    """Gives each piece its marks (ISO 32000-1, 14.7.4) and remembers where it belongs."""

    def __init__(self) -> None:
        self._nodes: list[_Node] = []
        self._numbers: dict[tuple[int, int, Tag], int] = {}
        self._page = -1
        self._marked: list[int] = []
        self._open: tuple[int, int, Path] | None = None

    def turn_page(self) -> None:
        """Begin the next page."""
        self._page += 1
        self._marked = []

    def mark(self, copy: int, block: int, path: Path, box: tuple[float, float, float, float]) -> bytes:
        """What is written before a piece of that block. box: its atom's left, bottom, right and top on the page."""
        key = copy, block, path
        if path == ARTIFACT:
            key = -1, -1, ARTIFACT
        if key == self._open:
            return b""
        closing = _END if self._open else b""
        self._open = key
        if path == ARTIFACT:
            return closing + _BEGIN_ARTIFACT
        mcid = len(self._marked)
        node = self.element(copy, block, path, box)
        self._marked.append(node)
        self._nodes[node].kids.append(Marked(self._page, mcid))
        return b"%s/%s<</MCID %d>>BDC\n" % (closing, path[-1].kind.encode(), mcid)

    def element(self, copy: int, block: int, path: Path, box: tuple[float, float, float, float]) -> int:
        """The element at `path`; it and those above it come to be when they are first asked for."""
        at = self._node(-1, copy, Tag("Part"), box)
        for depth, tag in enumerate(path):
            at = self._node(at, block if depth == 0 else 0, tag, box)
        return at

    def _node(self, parent: int, block: int, tag: Tag, box: tuple[float, float, float, float]) -> int:
        key = parent, block, tag
        if key not in self._numbers:
            self._numbers[key] = len(self._nodes)
            self._nodes.append(_Node(tag, parent, _layout(box) if tag.kind == "Figure" else b""))
            if parent >= 0:
                self._nodes[parent].kids.append(self._numbers[key])
        return self._numbers[key]

    def end_page(self) -> tuple[bytes, tuple[int, ...]]:
        """What closes the page's body, and the elements of its pieces by their MCID."""
        closing = _END if self._open else b""
        self._open = None
        return closing, tuple(self._marked)

    def elements(self) -> tuple[Element, ...]:
        """The whole tree."""
        return tuple(
            Element(node.tag.kind, node.tag.entries + node.box, node.parent, tuple(node.kids)) for node in self._nodes
        )


def _layout(box: tuple[float, float, float, float]) -> bytes:
    """Where a figure stands (14.8.5.4.3)."""
    return b"/A<</O/Layout/Placement/Block/BBox[%s]>>" % b" ".join(number(each) for each in box)
