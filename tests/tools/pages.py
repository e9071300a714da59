"""Pages that need nothing but a browser: Markdown with its formulas as MathML, in one HTML file of its own."""

import html
import pathlib
import re

import mistune
from latex2mathml.converter import convert

# Where a formula stands, and what it must be looked for before. Code is found first, so `$` in code is left alone.
RULES = (
    ("block", "shown", "list", r"^ {0,3}\$\$(?P<shown>[^$]+)\$\$[ \t]*$"),
    ("inline", "shown", "link", r"\$\$(?P<shown>[^$]+)\$\$"),
    ("inline", "formula", "link", r"\$(?P<formula>[^$]+)\$"),
)
# What the converter leaves undone: the space beside log, max and diag; ± is an operator; \Big| grows and has no space.
MENDED = (
    (r"<m[io]>([A-Za-z]{2,})</m[io]>(?=<mo[^>]*>&#x00028;)", r'<mo lspace="0.17em" rspace="0">\1</mo>'),
    (r"<m[io]>([A-Za-z]{2,})</m[io]>", r'<mo lspace="0.17em" rspace="0.17em">\1</mo>'),
    (r"<mi>&#x000B1;</mi>", "<mo>±</mo>"),
    (r"<mo([^>]*)>(\||&#x0007C;)</mo>", r'<mo lspace="0" rspace="0"\1>\2</mo>'),
)
SAFE = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"  # nothing runs, nothing is fetched
STYLE = (pathlib.Path(__file__).parent / "pages.css").read_text(encoding="utf-8")


def mathml(formula, display="inline"):
    """A TeX formula as MathML; a ValueError where a part of it would be lost."""
    tag = re.search(r"\\tag\{(.*?)\}", formula)
    bare = formula.replace(tag[0], "").strip() if tag else formula.strip()
    try:
        found = convert(bare, display=display)
    except Exception as error:
        raise ValueError(f"no MathML for the formula {formula!r}: {type(error).__name__}") from error
    lost = re.search(r">(\\[^<]*|&amp;|&)<|(mathvariant)", found)  # a name not known, a column, \mathbf without braces
    braces = re.sub(r"\\.", "", bare)
    if lost or braces.count("{") != braces.count("}"):
        raise ValueError(f"no MathML for the formula {formula!r}: {lost[1] or lost[2] if lost else 'braces'}")
    for pattern, better in MENDED:
        found = re.sub(pattern, better, found)
    number = f"<span>({tag[1]})</span>" if tag else ""
    return f'<span class="formula">{found}{number}</span>\n' if display == "block" else found


def formulas(md):
    """A plugin for mistune: formulas between dollar signs."""

    def found(kind):
        return lambda parser, match, state: state.append_token({"type": kind, "raw": match[kind]}) or match.end()

    for parser, kind, before, pattern in RULES:
        getattr(md, parser).register(f"{kind}_rule", pattern, found(kind), before=before)
    md.renderer.register("shown", lambda renderer, text: mathml(text, "block"))
    md.renderer.register("formula", lambda renderer, text: mathml(text))


to_html = mistune.create_markdown(escape=False, plugins=["table", formulas])


def markdown(text):
    """Markdown as HTML; no line ends between a formula and the punctuation beside it."""
    beside = r'\(?<math[^>]*display="inline".*?</math>[^\s<]*'
    return re.sub(beside, r'<span class="whole">\g<0></span>', to_html(text), flags=re.DOTALL)


def page(title, body):
    """One HTML file, with its style inside, for the screen (light or dark) and for paper."""
    title = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title>'
    )
    head = f'<head><meta http-equiv="Content-Security-Policy" content="{SAFE}">{title}<style>{STYLE}</style></head>'
    return f'<!DOCTYPE html>\n<html lang="en">{head}\n<body><main>\n{body}\n</main></body></html>\n'
