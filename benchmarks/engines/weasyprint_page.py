"""The packet as HTML with its style sheet."""

from __future__ import annotations

from html import escape
from pathlib import Path

from benchmarks.work import (
    GEOMETRY,
    LOGO_FILE,
    Work,
    column_widths,
    is_to_write,
    key_of,
    label_width,
)
from handouts.layout import style as s
from handouts.layout.forms import SPACE, introduces
from handouts.layout.style import NORMAL, Style
from handouts.library.document import (
    Block,
    Break,
    Callout,
    Details,
    Form,
    Heading,
    IconArray,
    Inlines,
    Items,
    Paragraph,
    Passage,
    Picture,
    Screening,
    Signature,
    Slot,
    Table,
    Text,
    WriteLines,
)


def _font(style: Style) -> str:
    weight = "bold" if style.bold else "normal"
    colour = "rgb(4%, 27%, 42%)" if style.colour else "black"
    return f"font: {weight} {style.size}pt/{style.leading}pt Noto; color: {colour}"


def style_sheet(fonts: dict[str, Path]) -> str:
    """All that decides how it looks. fonts: the files of both weights."""
    g, text = GEOMETRY, NORMAL
    left = g.edge + g.code + 4 * g.code / 29 + 3 * s.MM
    spaces = "\n".join(
        f".{kind.__name__.lower()} {{ margin: {before}pt 0 {after}pt }}" for kind, (before, after) in SPACE.items()
    )
    hair, pen = ".6pt solid #8c8c8c", ".9pt solid black"
    return f"""
@font-face {{ font-family: Noto; src: url({fonts["Regular"].as_uri()}) }}
@font-face {{ font-family: Noto; font-weight: bold; src: url({fonts["Bold"].as_uri()}) }}
@page {{
  size: {g.width}pt {g.height}pt; margin: {g.top}pt {g.side}pt {g.bottom}pt;
  background-size: {g.code}pt {g.code}pt; background-repeat: no-repeat; image-rendering: pixelated;
  background-position: right {g.edge - g.side}pt top {g.edge - g.top}pt, left {g.edge - g.side}pt bottom \
{g.edge - g.bottom}pt;
  @top-left {{ content: element(head); width: {g.frame_width}pt; vertical-align: top; padding-top: {g.edge}pt }}
  @bottom-left {{ content: element(foot); width: {g.frame_width}pt; vertical-align: bottom;
    padding-bottom: {g.edge}pt }}
}}
* {{ margin: 0; padding: 0; font-variant-ligatures: no-common-ligatures }}
html, body {{ {_font(text.body)} }}
.head {{ position: running(head); {_font(text.furniture)} }}
.head img {{ float: left; height: {14 * s.MM}pt; margin-right: {4 * s.MM}pt }}
.foot {{ position: running(foot); {_font(text.furniture)}; margin-left: {left - g.side}pt;
  margin-right: {g.edge - g.side}pt; border-top: {hair}; padding-top: 8pt }}
.foot .number {{ float: right; font-weight: bold }}
.foot .number::after {{ content: "Page " counter(page) " of " counter(pages) }}
.foot .small {{ {_font(s.SMALL_PRINT)} }}
section {{ break-before: page }}
section:first-of-type {{ break-before: auto }}
h1 {{ {_font(text.title)}; border-bottom: 2pt solid rgb(4%, 27%, 42%); padding-bottom: 1pt }}
h2 {{ {_font(text.section)} }}
h3 {{ {_font(text.subsection)} }}
h1, h2, h3, .stays {{ break-after: avoid }}
p {{ orphans: 2; widows: 2 }}
b.blank {{ display: inline-block; width: {s.BLANK_WIDTH}pt; height: 10pt; vertical-align: -2pt; border-bottom: {pen} }}
ul.bullet {{ list-style-type: "•"; list-style-position: outside }}
ul.bullet li {{ margin-left: {text.bullet}pt; list-style: none }}
ul.bullet li::before {{ content: "•"; display: inline-block; width: {text.bullet - 2}pt;
  margin-left: {2 - text.bullet}pt }}
ol {{ list-style: none; counter-reset: item }}
ol li {{ margin-left: {text.number}pt; counter-increment: item }}
ol li::before {{ content: counter(item) "."; display: inline-block; width: {text.number - 2}pt;
  margin-left: {2 - text.number}pt }}
li + li {{ margin-top: 3pt }}
ul.tick, .initial {{ list-style: none }}
ul.tick li {{ margin-left: {text.tick + 9}pt; break-inside: avoid }}
ul.tick li + li {{ margin-top: 5pt }}
ul.tick li::before {{ content: ""; display: inline-block; width: {text.tick - 1}pt; height: {text.tick - 1}pt;
  border: 1pt solid; margin: 0 9pt 0 {-text.tick - 9}pt; vertical-align: -2pt }}
table {{ width: 100%; table-layout: fixed; border-collapse: collapse }}
td, th {{ text-align: left; vertical-align: top; {_font(text.cell)} }}
th {{ font-weight: bold }}
.table td, .table th {{ padding: 5pt 6pt; border-bottom: {hair} }}
.table th {{ background: rgb(92.5%, 94.9%, 96.5%) }}
.ruled td + td, .ruled th + th {{ border-left: {hair} }}
.ruled tr {{ height: {s.WRITING_HEIGHT}pt }}
.left {{ text-align: left }} .right {{ text-align: right }} .center {{ text-align: center }}
.details td, .details th {{ padding: 4pt 0; border-bottom: {hair} }}
.details th {{ padding-right: 8pt }}
.details tr.write {{ height: {s.WRITING_HEIGHT}pt }}
.screening td {{ padding: 4pt 0; border-bottom: {hair}; white-space: nowrap }}
.screening td:first-child {{ white-space: normal; padding-right: 16pt }}
.screening td:nth-child(2) {{ width: 50pt }} .screening td:nth-child(3) {{ width: 38pt }}
.screening tr, .initial tr {{ break-inside: avoid }}
i.box {{ display: inline-block; width: {text.tick - 1}pt; height: {text.tick - 1}pt; border: 1pt solid;
  margin-right: 5pt; vertical-align: -1.5pt }}
.initial td {{ vertical-align: middle; padding: 2.5pt 0; {_font(text.body)} }}
.initial td:first-child {{ width: {s.INITIAL_WIDTH + 9}pt }}
.initial i {{ display: block; width: {s.INITIAL_WIDTH - 2}pt; height: {s.INITIAL_HEIGHT - 2}pt; border: 1pt solid }}
.whole, .table, .details, .callout, .writelines, .picture, .signature {{ break-inside: avoid }}
.callout {{ padding: 10pt 10pt 10pt 10pt; border-left: 4pt solid rgb(4%, 27%, 42%); \
background: rgb(92.5%, 94.9%, 96.5%) }}
.callout.emergency {{ border: 2pt solid black; border-left-width: 7pt; background: none; padding: 8pt 8pt 8pt 7pt }}
.callout .title {{ {_font(text.box_title)}; margin: 0 }}
.callout.emergency .title {{ color: black }}
.callout p {{ margin-top: 5pt }} .callout ul {{ margin-top: 3pt }}
.writelines div {{ height: {s.WRITING_HEIGHT}pt; box-sizing: border-box; border-bottom: {pen} }}
.picture img {{ display: block; margin: 0 auto 6pt }}
.signature p {{ margin-top: 3pt }}
.signing {{ margin-top: 2pt }}
.signing td {{ {_font(text.label)}; padding: 1pt {5 * s.MM}pt 0 0 }}
.signing .rule td {{ height: {s.SIGNATURE_HEIGHT}pt; padding-top: 0 }}
.signing .rule div {{ height: {s.SIGNATURE_HEIGHT}pt; box-sizing: border-box; border-bottom: {pen} }}
.signing td:last-child {{ padding-right: 0 }}
.line {{ {_font(text.label)}; margin-top: 5pt }}
.line.write {{ display: flex; align-items: flex-end; min-height: {s.WRITING_HEIGHT}pt; margin-top: 2pt }}
.line.write span {{ flex: 1; border-bottom: {pen}; margin-left: 8pt; height: 10pt }}
{spaces}
"""


def page(work: Work) -> str:
    """The packet; `$` before a name stands for a value."""
    name, address, phone = (_quoted(line) for line in work.header)
    head = f'<div class="head"><img src="{LOGO_FILE.as_uri()}" alt=""><b>{name}</b><br>{address}<br>{phone}</div>'
    forms = "".join(_form(form, work) for form in work.forms)
    return f'<!doctype html><html lang="en"><title>Patient packet</title><body>{head}{forms}</body></html>'


def _form(form: Form, work: Work) -> str:
    foot = (
        f'<div class="foot">{_text(work.identifiers)}<br><span class="number"></span>{_quoted(work.footer(form))}'
        '<div class="small">${packet_line}</div></div>'
    )
    parts: list[str] = []
    for index, block in enumerate(form.blocks):
        following = form.blocks[index + 1] if index + 1 < len(form.blocks) else None
        stays = " stays" if introduces(block, following) else ""
        kind = type(block).__name__.lower()
        parts.append(_block(block, work).replace("class=X", f'class="{kind}{stays}"', 1))
    return f"<section>{foot}{''.join(parts)}</section>"


def _quoted(text: str) -> str:
    return escape(text).replace("$", "$$")


def _text(content: Inlines) -> str:
    parts: list[str] = []
    for part in content:
        match part:
            case Text(text, bold):
                parts.append(f"<b>{_quoted(text)}</b>" if bold else _quoted(text))
            case Slot(field, bold):
                value = f"${{{key_of(field)}}}"
                parts.append(f"<b>{value}</b>" if bold else value)
            case Break():
                parts.append("<br>")
            case _:
                parts.append('<b class="blank"></b>')
    return "".join(parts)


def _block(block: Block, work: Work) -> str:
    """A block as HTML; `class=X` stands for its class."""
    match block:
        case Heading(level, content):
            return f"<h{level} class=X>{_text(content)}</h{level}>"
        case Paragraph(content):
            return f"<p class=X>{_text(content)}</p>"
        case Items():
            return f"<div class=X>{_items(block)}</div>"
        case Callout(kind, title, blocks):
            inside = "".join(
                f"<p>{_text(each.content)}</p>" if isinstance(each, Paragraph) else _items(each) for each in blocks
            )
            name = f'<h3 class="title">{_text(title)}</h3>' if title else ""
            return f'<div class="callout {kind}">{name}{inside}</div>'
        case Table():
            return _table(block)
        case Details(entries):
            first = label_width((label for label, _ in entries), GEOMETRY.frame_width)
            rows = "".join(
                f'<tr{" class=write" if is_to_write(value) else ""}><th scope="row">{_text(label)}</th>'
                f"<td>{'' if is_to_write(value) else _text(value)}</td></tr>"
                for label, value in entries
            )
            return f'<table class=X><col style="width: {first}pt"><col>{rows}</table>'
        case Screening(questions):
            rows = "".join(
                f"<tr><td>{_text(each)}</td><td><i class=box></i>{work.labels.yes}</td>"
                f"<td><i class=box></i>{work.labels.no}</td></tr>"
                for each in questions
            )
            columns = f'<col style="width: {GEOMETRY.frame_width - 92}pt"><col style="width: 54pt"><col>'
            return f"<table class=X>{columns}{rows}</table>"
        case WriteLines(count):
            return f"<div class=X>{'<div></div>' * count}</div>"
        case Picture(file=file, height=height, caption=caption):
            drawing = f'<img src="{file.as_uri()}" style="height: {height}mm" alt="{_text(caption)}">'
            return f"<div class=X>{drawing}{_text(caption)}</div>"
        case Signature():
            return _signature(block, work)
        case Passage() | IconArray():
            raise TypeError(f"the packet that is compared holds no {type(block).__name__}")


def _items(items: Items) -> str:
    if items.marker == "initial":
        rows = "".join(f"<tr><td><i></i></td><td>{_text(item)}</td></tr>" for item in items.items)
        return f"<table class=initial>{rows}</table>"
    tag = "ol" if items.marker == "number" else "ul"
    each = "".join(f"<li>{_text(item)}</li>" for item in items.items)
    return f"<{tag} class={items.marker}>{each}</{tag}>"


def _table(table: Table) -> str:
    columns = "".join(f'<col style="width: {each}pt">' for each in column_widths(table, GEOMETRY.frame_width))
    ruled = " ruled" if any(not cell for row in table.rows for cell in row) else ""
    head, *rows = (
        "".join(
            f"<{tag} class={align}>{_text(cell)}</{tag}>" for cell, align in zip(row, table.aligns, strict=True)
        )
        for tag, row in (("th", table.header), *(("td", row) for row in table.rows))
    )  # fmt: skip
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table class="table{ruled}">{columns}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _signature(signature: Signature, work: Work) -> str:
    labels = work.labels
    statements = "".join(f"<p>{_text(each.content)}</p>" for each in signature.statements)
    widths = (s.SIGNATURE_WIDTH + 5 * s.MM, s.DATE_WIDTH + 5 * s.MM)
    columns = "".join(f'<col style="width: {each}pt">' for each in widths) + "<col>"
    words = "".join(f"<td>{word}</td>" for word in (labels.signature, labels.date, labels.time))
    signing = f"<table class=signing>{columns}<tr class=rule>{'<td><div></div></td>' * 3}</tr><tr>{words}</tr></table>"
    lines = "".join(
        f'<div class="line write">{_text(name)}<span></span></div>'
        if is_to_write(value)
        else f"<div class=line>{_text(name)}&ensp;{_text(value)}</div>"
        for name, value in signature.lines
    )
    return f"<div class=X><h3>{_quoted(labels.roles[signature.role])}</h3>{statements}{signing}{lines}</div>"
