"""The packet as Typst source."""

from __future__ import annotations

import json

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


def template(work: Work) -> str:
    """The whole packet as Typst source: what all forms need, a function per form, and a loop over the packets."""
    forms = "\n".join(_form(work, number, form) for number, form in enumerate(work.forms))
    called = "\n".join(f"  form{number}(p)" for number in range(len(work.forms)))
    return "\n".join((
        _PRELUDE,
        _furniture(work),
        forms,
        f"#let packet(p) = {{\n  counter(page).update(1)\n{called}\n}}",
        "#for p in json(bytes(sys.inputs.packets)) { packet(p) }",
    ))  # fmt: skip


# Typst's lines: from so much above the baseline to so much below, which together is the leading we set
_PRELUDE = f"""
#set text(font: "Noto Sans", lang: "en", ligatures: false)
#set par(leading: 0pt, spacing: 0pt, justify: false, linebreaks: "simple")
#set smartquote(enabled: false)
#set block(above: 0pt, below: 0pt)
#let ink = rgb(4%, 27%, 42%)
#let tint = rgb(92.5%, 94.9%, 96.5%)
#let hair = .6pt + luma(55%)
#let pen = .9pt + black
#let blank = box(width: {s.BLANK_WIDTH}pt, baseline: 2pt, line(length: 100%, stroke: pen))
#let style(size, leading, bold, body) = {{
  set text(size: size, weight: if bold {{ "bold" }} else {{ "regular" }},
           top-edge: leading - 4.5pt, bottom-edge: -4.5pt)
  body
}}
#let tickbox = box(width: {NORMAL.tick}pt, height: {NORMAL.tick}pt, stroke: 1pt)
#let writing = block(height: {s.WRITING_HEIGHT}pt, width: 100%, stroke: (bottom: pen))
"""


def _furniture(work: Work) -> str:
    name, address, phone = (json.dumps(line, ensure_ascii=False) for line in work.header)
    g = GEOMETRY
    code = f"{g.code}pt"
    left = g.edge + g.code + 4 * g.code / 29 + 3 * s.MM
    return f"""
#let code(p) = context {{
  let bits = p.codes.at(counter(page).get().first() - 1)
  image(bytes(bits), format: (encoding: "luma8", width: 29, height: 29), width: {code}, scaling: "pixelated")
}}
#let head = {{
  set text(top-edge: 10.5pt, bottom-edge: -4.5pt)
  place(top + left, dx: {g.side}pt, dy: {g.edge}pt, grid(columns: ({14 * s.MM}pt, auto), column-gutter: {4 * s.MM}pt,
    image("{LOGO_FILE.name}", height: {14 * s.MM}pt),
    [#strong({name}) \\ #{address} \\ #{phone}]))
}}
#let foot(p, name) = {{
  set text(top-edge: 10.5pt, bottom-edge: -4.5pt)
  place(bottom + left, dx: {left}pt, dy: -{g.edge}pt, block(width: {g.width - g.edge - left}pt, {{
    line(length: 100%, stroke: hair)
    v(8pt)
    {_text(work.identifiers)}
    linebreak()
    grid(columns: (1fr, auto), name, context strong("Page " + str(counter(page).get().first()) + " of {work.pages}"))
    text(size: 8pt, top-edge: 7pt, bottom-edge: -2.5pt, p.packet)
  }}))
}}
#let form(p, name, body) = page(width: {g.width}pt, height: {g.height}pt,
  margin: (x: {g.side}pt, top: {g.top}pt, bottom: {g.bottom}pt),
  header: none, footer: none,
  background: {{ head; place(top + right, dx: -{g.edge}pt, dy: {g.edge}pt, code(p)) }},
  foreground: {{ foot(p, name); place(bottom + left, dx: {g.edge}pt, dy: -{g.edge}pt, code(p)) }},
  body)
"""


def _form(work: Work, number: int, form: Form) -> str:
    parts: list[str] = []
    before = 0.0
    for index, block in enumerate(form.blocks):
        following = form.blocks[index + 1] if index + 1 < len(form.blocks) else None
        gap = max(SPACE[type(block)][0], before) if index else 0.0
        before = SPACE[type(block)][1]
        sticky = ", sticky: true" if isinstance(block, Heading) or introduces(block, following) else ""
        whole = ", breakable: false" if not isinstance(block, (Items, Paragraph, Screening)) else ""
        parts.append(f"  block(above: {gap}pt, width: 100%{sticky}{whole}, {_block(block, work)})")
    name = json.dumps(work.footer(form), ensure_ascii=False)
    body = "\n".join(parts)
    return f"#let form{number}(p) = form(p, {name}, style({_style(NORMAL.body)}, {{\n{body}\n}}))"


def _style(style: Style) -> str:
    return f"{style.size}pt, {style.leading}pt, {str(style.bold).lower()}"


def _styled(style: Style, content: str) -> str:
    return f"style({_style(style)}, {content})"


def _text(content: Inlines) -> str:
    """Inline content as a Typst expression."""
    parts: list[str] = []
    for part in content:
        match part:
            case Text(text, bold):
                quoted = json.dumps(text, ensure_ascii=False)
                parts.append(f"strong({quoted})" if bold else f"text({quoted})")
            case Slot(field, bold):
                value = f"p.{key_of(field)}"
                parts.append(f"strong({value})" if bold else f"text({value})")
            case Break():
                parts.append("linebreak()")
            case _:
                parts.append("blank")
    return " + ".join(parts) or "none"


def _block(block: Block, work: Work) -> str:
    match block:
        case Heading(level, content):
            inside = _styled(NORMAL.heading(level), f"text(fill: {'ink' if level < 3 else 'black'}, {_text(content)})")
            heading = f"heading(level: {level}, block({inside}))"
            line = "; v(1pt); line(length: 100%, stroke: 2pt + ink); v(4pt)" if level == 1 else ""
            return f"{{ {heading}{line} }}"
        case Paragraph(content):
            return f"par({_text(content)})"
        case Items():
            return _items(block)
        case Callout():
            return _callout(block)
        case Table():
            return _table(block)
        case Details(entries):
            first = label_width((label for label, _ in entries), GEOMETRY.frame_width)
            cells = ",\n".join(_detail(label, value) for label, value in entries)
            return f"grid(columns: ({first}pt, 1fr), stroke: (_, _) => (bottom: hair), inset: (y: 4pt),\n{cells})"
        case Screening(questions):
            rows = ",\n".join(f"{_styled(NORMAL.cell, _text(each))}, {_answer(work.labels.yes)}, "
                              f"{_answer(work.labels.no)}" for each in questions)  # fmt: skip
            return f"grid(columns: (1fr, auto, auto), column-gutter: 16pt, inset: (y: 4pt), \
stroke: (bottom: hair),\n{rows})"
        case WriteLines(count):
            return "{ " + "; ".join(["writing"] * count) + " }"
        case Picture(file=file, height=height, caption=caption):
            drawing = f'image("{file.name}", height: {height}mm, alt: {json.dumps(_plain(caption))})'
            return f"{{ align(center, {drawing}); v(6pt); {_text(caption)} }}"
        case Signature():
            return _signature(block, work)
        case Passage() | IconArray():
            raise TypeError(f"the packet that is compared holds no {type(block).__name__}")


def _plain(content: Inlines) -> str:
    return "".join(part.text for part in content if isinstance(part, Text))


def _answer(word: str) -> str:
    return _styled(NORMAL.cell, f'box(baseline: 1.5pt, tickbox) + h(5pt) + text("{word}")')


def _items(items: Items) -> str:
    match items.marker:
        case "bullet":
            each = ", ".join(_text(item) for item in items.items)
            return f"list(marker: box(width: {NORMAL.bullet - 2}pt, align(left, [•])), indent: 2pt, body-indent: 0pt, \
spacing: 3pt, {each})"
        case "number":
            each = ", ".join(_text(item) for item in items.items)
            return f"enum(numbering: n => box(width: {NORMAL.number - 2}pt, align(left, str(n) + [.])), indent: 2pt, \
body-indent: 0pt, number-align: start, spacing: 3pt, {each})"
        case "tick":
            each = ", ".join(_text(item) for item in items.items)
            return f"list(marker: box(baseline: 1.5pt, tickbox), body-indent: 9pt, spacing: 5pt, {each})"
        case "initial":
            box = f"box(width: {s.INITIAL_WIDTH}pt, height: {s.INITIAL_HEIGHT}pt, stroke: 1pt)"
            each = ", ".join(f"{box}, {_text(item)}" for item in items.items)
            return f"grid(columns: (auto, 1fr), column-gutter: 9pt, row-gutter: 5pt, align: horizon, {each})"


def _callout(callout: Callout) -> str:
    inside = []
    if callout.title:
        colour = "black" if callout.kind == "emergency" else "ink"
        inside.append(f"block({_styled(NORMAL.box_title, f'text(fill: {colour}, {_text(callout.title)})')})")
    for block in callout.blocks:
        gap = 5 if isinstance(block, Paragraph) else 3
        inner = f"par({_text(block.content)})" if isinstance(block, Paragraph) else _items(block)
        inside.append(f"block(above: {gap}pt, {inner})")
    look = "stroke: (rest: 2pt, left: 7pt)" if callout.kind == "emergency" else "fill: tint, stroke: (left: 4pt + ink)"
    return f"block(width: 100%, inset: (left: 14pt, rest: 10pt), {look}, {{ {'; '.join(inside)} }})"


def _table(table: Table) -> str:
    widths = ", ".join(f"{each}pt" for each in column_widths(table, GEOMETRY.frame_width))
    ruled = any(not cell for row in table.rows for cell in row)
    stroke = "(x, y) => (bottom: hair, left: if x > 0 { hair })" if ruled else "(_, _) => (bottom: hair)"
    head = ", ".join(_styled(NORMAL.head_cell, _text(each)) for each in table.header)
    rows = []
    for row in table.rows:
        cells = [_styled(NORMAL.cell, _text(each)) for each in row]
        rows.append(
            ", ".join(cells)
            if all(row)
            else ", ".join(
                [
                    f"block(height: {s.WRITING_HEIGHT - 10}pt, \
{cells[0]})",
                    *cells[1:],
                ]
            )
        )
    return f"table(columns: ({widths}), align: ({', '.join(table.aligns)}), stroke: {stroke}, \
inset: (x: 6pt, y: 5pt), fill: (_, y) => if y == 0 {{ tint }},\n\
table.header({head}),\n{', '.join(rows)})"


def _detail(label: Inlines, value: Inlines) -> str:
    name = _styled(NORMAL.head_cell, _text(label))
    if is_to_write(value):
        return f"{name} + v({s.WRITING_HEIGHT - 8 - NORMAL.cell.leading}pt), none"
    return f"{name}, {_styled(NORMAL.cell, _text(value))}"


def _signature(signature: Signature, work: Work) -> str:
    labels = work.labels
    role = json.dumps(labels.roles[signature.role], ensure_ascii=False)
    parts = [f"heading(level: 3, block({_styled(NORMAL.subsection, f'text({role})')}))"]
    parts += [f"block(above: 3pt, par({_text(each.content)}))" for each in signature.statements]
    line = f"block(height: {s.SIGNATURE_HEIGHT}pt, width: 100%, stroke: (bottom: pen))"
    lines = ", ".join([line] * 3)
    words = ", ".join(_styled(NORMAL.label, f'text("{word}")') for word in (labels.signature, labels.date, labels.time))
    parts.append(
        f"block(above: 2pt, grid(columns: ({s.SIGNATURE_WIDTH}pt, {s.DATE_WIDTH}pt, 1fr), \
column-gutter: 5mm, row-gutter: 1pt, {lines}, {words}))"
    )
    for name, value in signature.lines:
        label = _styled(NORMAL.label, _text(name))
        if is_to_write(value):
            parts.append(
                f"block(above: 2pt, grid(columns: (auto, 1fr), column-gutter: 8pt, rows: \
{s.WRITING_HEIGHT}pt, align: bottom, {label}, line(length: 100%, stroke: pen)))"
            )
        else:
            parts.append(f"block(above: 5pt, {label} + h(8pt) + {_styled(NORMAL.label, _text(value))})")
    return "{ " + "; ".join(parts) + " }"
