"""The flow chart of an item, drawn from its data (B6): as SVG, and as text for Mermaid.

The SVG has classes and presentation attributes, no style and no script, so that it can be shown under a content policy
that allows neither. Inside and outside steps differ in outline and word, not in colour alone.
"""

import json
import re
from typing import Final
from unicodedata import east_asian_width
from xml.sax.saxutils import escape, quoteattr

from domain.catalogue.items import Item, StepRule
from domain.vocabulary import StepKind
from rulebook.catalogue.chart_layout import END, START, Box, arranged
from rulebook.catalogue.chart_words import Language, Wording

__all__ = ["Language", "Wording", "mermaid", "svg"]

_BOX_WIDTH: Final = 232
_PILL: Final = (104, 36)
_LINE: Final = 20
_PADDING: Final = 12
_FITS: Final = 27
"""Half-widths of a character that fit into a line of a box."""

_INK, _PAPER, _FRAME, _AWAY = "#1b2733", "#ffffff", "#2f6690", "#8a4b08"
_HEAD, _BODY = ' font-weight="600"', ' font-size="13"'
_FONT: Final = "system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"


def svg(item: Item, wording: Wording) -> str:
    """The chart as a document of its own, which can also stand within a page."""
    texts = {step.key: _wrapped(wording.lines(step, item)) for step in item.steps}
    sizes = {key: (_BOX_WIDTH, 2 * _PADDING + _LINE * len(lines)) for key, lines in texts.items()}
    drawing = arranged({step.key: step.after for step in item.steps}, {**sizes, START: _PILL, END: _PILL})
    name = "flow-" + re.sub(r"[^A-Za-z0-9]+", "-", item.code)
    arrows = "".join(_line(points, name) for points in drawing.lines)
    boxes = "".join(_step(step, drawing.boxes[step.key], texts[step.key]) for step in item.steps)
    ends = "".join(
        _pill(drawing.boxes[key], wording.word(word), word) for key, word in ((START, "start"), (END, "end"))
    )
    size = f'width="{drawing.width}" height="{drawing.height}" viewBox="0 0 {drawing.width} {drawing.height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" class="flow-chart" lang="{wording.language}" '
        f'aria-labelledby="{name}-title {name}-description" font-family="{_FONT}" font-size="14">'
        f'<title id="{name}-title">{_text(wording.title(item))}</title>'
        f'<desc id="{name}-description">{_text(wording.description(item))}</desc>'
        f'<defs><marker id="{name}-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        f'orient="auto"><path d="M0 0 8 4 0 8z" fill="{_INK}"/></marker></defs>'
        f'<rect class="flow-paper" width="100%" height="100%" fill="{_PAPER}"/>{arrows}{ends}{boxes}</svg>\n'
    )


def mermaid(item: Item, wording: Wording) -> str:
    """The chart as text of Mermaid. The keys of steps are numbered: not every code is a name there."""
    names = {step.key: f"s{number}" for number, step in enumerate(item.steps, start=1)}
    awaited = {key for step in item.steps for key in step.after}
    lines = ["---", f"title: {json.dumps(wording.title(item), ensure_ascii=False)}", "---", "flowchart TD"]
    lines.append(f"  start([{_quoted(wording.word('start'))}])")
    for step in item.steps:
        label = _quoted(*wording.lines(step, item))
        opening, closing = ("[", "]") if step.kind is StepKind.INSIDE else ("[/", "/]")
        lines.append(f"  {names[step.key]}{opening}{label}{closing}")
    lines.append(f"  finish([{_quoted(wording.word('end'))}])")
    for step in item.steps:
        lines += [f"  {names.get(before, 'start')} --> {names[step.key]}" for before in step.after or ("",)]
    lines += [f"  {last} --> finish" for last in [names[key] for key in names if key not in awaited] or ["start"]]
    return "\n".join(lines) + "\n"


def _step(step: StepRule, box: Box, lines: tuple[str, ...]) -> str:
    outside = step.kind is StepKind.OUTSIDE
    colour = _AWAY if outside else _FRAME
    dashes = ' stroke-dasharray="7 4"' if outside else ""
    frame = (
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="6" fill="{_PAPER}" '
        f'stroke="{colour}" stroke-width="2"{dashes}/>'
    )
    middle, top = box.x + box.width // 2, box.y + _PADDING + 14
    told = "".join(
        f'<text x="{middle}" y="{top + _LINE * number}" text-anchor="middle" fill="{_INK}"'
        f"{_BODY if number else _HEAD}>{_text(line)}</text>"
        for number, line in enumerate(lines)
    )
    return f'<g class="flow-step flow-{step.kind}" data-step={quoteattr(step.key)}>{frame}{told}</g>'


def _pill(box: Box, word: str, kind: str) -> str:
    x, y = box.x + box.width // 2, box.y + box.height // 2 + 5
    return (
        f'<g class="flow-{kind}"><rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" '
        f'rx="{box.height // 2}" fill="{_INK}"/>'
        f'<text x="{x}" y="{y}" text-anchor="middle" fill="{_PAPER}">{_text(word)}</text></g>'
    )


def _line(points: tuple[tuple[int, int], ...], name: str) -> str:
    (x, y), *rest = points
    path = [f"M{x} {y}"]
    for to_x, to_y in rest:
        middle = (y + to_y) // 2
        path.append(f"V{to_y}" if to_x == x else f"C{x} {middle} {to_x} {middle} {to_x} {to_y}")
        x, y = to_x, to_y
    return (
        f'<path class="flow-line" d="{"".join(path)}" fill="none" stroke="{_INK}" stroke-width="1.5" '
        f'marker-end="url(#{name}-arrow)"/>'
    )


def _wrapped(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for text in texts for line in _folded(text))


def _folded(text: str) -> list[str]:
    """The text in lines that fit; Chinese breaks anywhere, English between words."""
    lines, line = [], ""
    for piece in re.findall(r"[^\s\u2e80-\uffff]+\s*|\s+|.", text):
        if line and _width(line + piece.rstrip()) > _FITS:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _text(text: str) -> str:
    return escape("".join(character for character in text if character.isprintable()))


def _quoted(*lines: str) -> str:
    """A label of Mermaid, which reads some characters as its own."""
    marked = (re.sub(r"[\"#;<>&`\\]", lambda found: f"#{ord(found[0])};", line) for line in lines)
    return f'"{"<br/>".join(marked)}"'
