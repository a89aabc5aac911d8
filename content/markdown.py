"""Markdown of an article to safe HTML.

CommonMark with tables, our callouts (`::: emergency` to `:::`), pictures (a line `::: picture muscles`: one that comes
with the site, or one that an editor uploaded) and citations (`[@key; @key2]`). Raw HTML is shown as text. Rendering
answers whatever the text is: what it does not know stays as it was typed. problems() says what must be put right before
a text is saved.
"""

import re
from functools import lru_cache
from typing import NamedTuple

import nh3
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from mdit_py_plugins.container import container_plugin

# Longer than any article; keeps one text from filling the memory.
LONGEST = 100_000
CARDS = {
    "emergency": "Call {number} or go to an emergency department now if you have back pain and:",
    "urgent": "Get medical advice today if:",
    "soon": "Book a visit in the next 2 weeks if:",
    "self-care": "You can usually look after this at home if:",
}
LISTS = {"do": "Do", "avoid": "Avoid"}
CONTAINERS = (*CARDS, *LISTS, "note")
# Each is a template of its own, content/pictures/<name>.html, with its words for those who do not see it.
PICTURES = (
    "muscles", "spasm", "recovery", "golf", "baseball", "tennis", "disc", "pars",
    "kneehug", "tilt", "kneeroll", "cat", "heels", "bridge", "walking",
    "cricket", "gymnastics", "rowing", "lifting", "running", "swimming", "blocking", "hockey", "cycling", "volleyball",
    "landing", "kick", "dance", "grappling", "skiing",
)  # fmt: skip
PICTURE = re.compile(r":::[ \t]*picture[ \t]+([a-z0-9-]{1,50})[ \t]*$")
CITATION = re.compile(r"\[(@[a-z0-9_-]+(?:\s*;\s*@[a-z0-9_-]+)*)\]", re.IGNORECASE)


class Upload(NamedTuple):
    """An uploaded picture as a page shows it. widths: those of its files in pixels, smallest first."""

    name: str
    digest: str
    width: int
    height: int
    widths: tuple
    alt: str
    caption: str
    credit: str

    @property
    def files(self):
        """(address, width) of each of its files."""
        return [(reverse("picture", args=[self.digest, width]), width) for width in self.widths]

    @property
    def shown_height(self):
        """Height of its smallest file, in pixels."""
        return round(self.height * self.widths[0] / self.width)


class Html(NamedTuple):
    """An article ready for a page: the part before the first heading, the rest, and its headings as (id, text)."""

    opening: SafeString
    rest: SafeString
    headings: list


def cite(state, silent):
    """markdown-it inline rule: `[@key; @key2]`."""
    found = CITATION.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        # The number stands at the end of its sentence, without a gap.
        state.pending = state.pending.rstrip(" ")
        token = state.push("citation", "", 0)
        token.content = found.group()
        token.meta = {"keys": [key.strip().lstrip("@") for key in found.group(1).split(";")]}
    state.pos = found.end()
    return True


def citation_html(self, tokens, index, options, env):
    numbers, unknown = [], []
    for key in tokens[index].meta["keys"]:
        if key in env["sources"]:
            number = env["sources"].index(key) + 1
            numbers.append(format_html('<a href="#source-{0}" aria-label="source {0}">{0}</a>', number))
        else:
            unknown.append(format_html(" [@{}]", key))
    marks = f"<sup>{', '.join(numbers)}</sup>" if numbers else ""
    return marks + "".join(unknown)


def container_html(self, tokens, index, options, env):
    token = tokens[index]
    name = token.type.removeprefix("container_").removesuffix("_open").removesuffix("_close")
    opening = token.nesting == 1
    if name in CARDS:
        if opening:
            title = CARDS[name].format(number=env["number"])
            return format_html('<div class="card {}"><h2>{}</h2><div>', name, title)
        return (call_button(env["number"]) if name == "emergency" else "") + "</div></div>\n"
    if not opening:
        return "</div>\n"
    if name in LISTS:
        return format_html('<div class="{}"><h3>{}</h3>', name, LISTS[name])
    return '<div class="note">'


def call_button(number):
    return format_html('<p><a class="button call" href="tel:{}">Call {}</a></p>', re.sub(r"[^\d+]", "", number), number)


def picture(state, start, end, silent):
    """markdown-it block rule: a line `::: picture NAME` on its own. Whether there is such a picture is asked later."""
    found = PICTURE.match(state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]])
    if not found or state.is_code_block(start):
        return False
    if silent:
        return True
    if state.level:
        return False
    state.line = start + 1
    token = state.push("picture", "", 0)
    token.map, token.content = [start, state.line], found.group(1)
    return True


def named(name):
    return lambda params, markup: params.strip() == name


def parser():
    md = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    md.inline.ruler.before("link", "citation", cite)
    md.add_render_rule("citation", citation_html)
    md.block.ruler.before("fence", "picture", picture, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    for name in CONTAINERS:
        container_plugin(md, name, validate=named(name), render=container_html)
    return md


MD = parser()

ATTRIBUTES = {
    # Without this nh3 lets title and lang through everywhere.
    "*": set(),
    "a": {"href", "aria-label"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "ol": {"start"},
}
CLASSES = {"div": {"card", *CONTAINERS}, "a": {"button", "call"}}
TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "pre", "hr", "div"),
    *("table", "thead", "tbody", "tr", "th", "td"),
    *("a", "br", "code", "em", "strong", "sup"),
}


def clean(html):
    """The last word: only what an article can be made of, whatever the renderer let through."""
    return mark_safe(  # noqa: S308
        nh3.clean(
            html,
            tags=TAGS,
            attributes=ATTRIBUTES,
            allowed_classes=CLASSES,
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel=None,
        )
    )


def page(tokens, env):
    """Tokens as HTML. The text is cleaned; pictures go in between, where no text can reach them."""
    parts, begin = [], 0
    for index, token in enumerate(tokens):
        if token.type == "picture":
            parts += [clean(MD.renderer.render(tokens[begin:index], MD.options, env)), picture_html(token.content, env)]
            begin = index + 1
    parts.append(clean(MD.renderer.render(tokens[begin:], MD.options, env)))
    return mark_safe("".join(parts))  # noqa: S308


def picture_html(name, env):
    """A picture of the site, an uploaded one, or what was typed. What is above the first heading is shown at once."""
    # First the uploaded ones, which the version was approved with: the site may bring a new one of that name later.
    if name in env["pictures"]:
        picture = env["pictures"][name]
        return render_to_string("content/pictures/upload.html", {"picture": picture, "lazy": env["lazy"]})
    if name in PICTURES:
        return drawing(name)
    return format_html("<p>::: picture {}</p>\n", name)


def shown(pictures):
    """Rows of Picture.objects.as_shown() as render() takes them."""
    return tuple(Upload(**{**picture, "widths": tuple(picture["widths"])}) for picture in pictures)


def drawing(name):
    if name not in PICTURES:
        raise LookupError(name)
    return render_to_string(f"content/pictures/{name}.html")


@lru_cache(maxsize=1)
def drawings():
    """[(name, what it shows in a few words)] of the pictures that come with the site."""
    return [(name, re.search(r"<title>([^<]+)</title>", drawing(name))[1]) for name in PICTURES]


def parse(body):
    """Markdown as tokens, for who changes them."""
    return MD.parse(body[:LONGEST], {})


# For who only looks: one text is looked at from many sides, one after the other.
parsed = lru_cache(maxsize=16)(parse)


@lru_cache(maxsize=256)
def citations(body):
    """Keys cited in the text, each once, in the order they first appear."""
    keys = {}
    for block in parsed(body):
        for token in block.children or []:
            if token.type == "citation":
                keys.update(dict.fromkeys(token.meta["keys"]))
    return tuple(keys)


@lru_cache(maxsize=256)
def pictures(body):
    """Names of the pictures in the text that do not come with the site, each once."""
    names = (token.content for token in parsed(body) if token.type == "picture")
    return tuple(dict.fromkeys(name for name in names if name not in PICTURES))


# The ids that an article's page gives its own parts; those that begin so too, such as source-1 and feedback-text.
PAGE_IDS = ("about", "check", "figures", "main", "on-this-page", "related", "sources")
PAGE_PREFIXES = ("source", "feedback")


def anchor(text, used):
    """An id for a heading: readable, unique on the page, and none of the page's own."""
    name = slugify(text) or "section"
    if name in PAGE_IDS or name.startswith(PAGE_PREFIXES):
        name += "-section"
    count = used[name] = used.get(name, 0) + 1
    return name if count == 1 else anchor(f"{name}-{count}", used)


def plain(inline):
    """The text of a heading without its marks."""
    return "".join(token.content for token in inline.children or [] if token.type in ("text", "code_inline")).strip()


def draw(body, sources, emergency_number, pictures=()):
    """The article as Html. sources: a tuple of the known keys in the order of the list below; pictures: of Uploads."""
    tokens = parse(body)
    env = {"sources": sources, "number": emergency_number, "pictures": {picture.name: picture for picture in pictures}}
    headings, used, first = [], {}, len(tokens)
    for index, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        if token.tag == "h1":
            # The page has its h1 already.
            token.tag = "h2"
        if token.type == "heading_open":
            text = plain(tokens[index + 1])
            token.attrSet("id", anchor(text, used))
            if token.tag == "h2" and token.level == 0:
                headings.append((token.attrGet("id"), text))
                first = min(first, index)
    return Html(
        page(tokens[:first], {**env, "lazy": False}),
        page(tokens[first:], {**env, "lazy": True}),
        headings,
    )


# Published words are drawn once; what is being written is drawn with draw() and kept by nobody.
render = lru_cache(maxsize=256)(draw)


class Problem(NamedTuple):
    """What must be put right before a text is saved: the line it is about (the first is 1; None: the whole text)."""

    line: int | None
    message: str

    def __str__(self):
        return f"Line {self.line}: {self.message}" if self.line else self.message


# A line of a list: its mark, or a second line of the same thing, set in.
LISTED = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+\S|\s{2,}\S")
# The line below the first row of a table: |---|---|
RULER = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")


def problems(body, known, uploads=()):
    """What must be put right before the text is saved, as Problems.

    known: the keys of all sources there are; uploads: the names of all uploaded pictures.
    """
    if len(body) > LONGEST:
        return [Problem(None, f"The text has {len(body):,} characters; an article can have {LONGEST:,}.")]
    found = []
    # The line ends that markdown-it knows, so that its line numbers fit.
    lines = re.split(r"\r\n?|\n", body)
    cards, pictures, unopened = [], [], 0
    for token in parsed(body):
        line = token.map[0] + 1 if token.map else None
        if token.type.startswith("container_") and token.nesting == 1:
            name = token.info.strip()
            cards.append((name, line))
            found += box_problems(token, name, lines)
        elif token.type == "picture":
            pictures.append((token.content, line))
            if token.content not in PICTURES and token.content not in uploads:
                found.append(Problem(line, f"There is no picture “{token.content}”. {pictures_there_are(uploads)}"))
        elif token.type == "heading_open" and token.tag == "h1":
            found.append(
                Problem(line, "A heading inside the text starts with ## (the page has its main heading already).")
            )
        elif token.type == "table_open":
            first = cells(lines[token.map[0]])
        elif token.type == "tr_open" and token.map[0] < len(lines):
            found += row_problems(token.map[0], first, lines)
        elif token.type == "inline" and line:
            found += no_table(token)
            inline, unopened = inline_problems(token, known, uploads, unopened)
            found += inline
    found += repeated(cards, CARDS, "There is more than one “::: {}” box; an article has one.")
    found += repeated(pictures, {name for name, _ in pictures}, "The picture “{}” is there more than once.")
    return list(dict.fromkeys(found))


def pictures_there_are(uploads):
    return f"The pictures are: {', '.join([*PICTURES, *sorted(uploads)])}."


def repeated(named, once, message):
    """A Problem at the second place of each of these names that an article has once."""
    seen = set()
    for name, line in named:
        if name in once and name in seen:
            yield Problem(line, message.format(name))
        seen.add(name)


def box_problems(token, name, lines):
    """Problems of one box: not closed, inside something else, or without the list its heading asks for."""
    begin, end = token.map
    if end >= len(lines) or lines[end].strip(": ") or ":::" not in lines[end]:
        yield Problem(begin + 1, f"The box “::: {name}” is not closed: put ::: on a line of its own after it.")
        return
    if token.level:
        yield Problem(begin + 1, f"The box “::: {name}” stands inside something else; a box stands on its own.")
        return
    if name == "note":
        return
    # Two lines without a dash would be read as one sentence: "lying in bed" and "lifting" as "lying in bed lifting".
    rows = [(number, row) for number, row in enumerate(lines[begin + 1 : end], start=begin + 2) if row.strip()]
    if not rows:
        yield Problem(begin + 1, f"The box “::: {name}” is empty: write one thing on each line, after a dash: “- ...”.")
    for number, row in rows:
        if not LISTED.match(row):
            yield Problem(
                number,
                f"The box “{name}” holds a list: start each line in it with a dash and a space, “- {brief(row)}”. "
                "What is no list stands after the box.",
            )


def row_problems(row, first, lines):
    """A row of a table with more cells than its first row: the page would leave them out without a word; or fewer."""
    here = cells(lines[row])
    if here != first:
        yield Problem(
            row + 1,
            f"This row of the table has {counted(here)}, the first row has {first}. "
            + ("Leave an empty line after the table." if here == 1 else "Every row needs as many as the first."),
        )


def cells(row):
    """How many cells a row of a table has. A bar that is a sign of the text is written \\|."""
    found = escapedSplit(row.strip())
    return len(found) - (found[:1] == [""]) - (len(found) > 1 and found[-1:] == [""])


def no_table(token):
    """A paragraph that was meant as a table, and is read as one run of words and bars."""
    rows = token.content.split("\n")
    first = token.map[0] + 1
    ruler = next((at for at, row in enumerate(rows) if "|" in row and RULER.match(row)), None)
    if ruler:
        above, below = cells(rows[ruler - 1]), cells(rows[ruler])
        if above != below:
            yield Problem(
                first + ruler - 1,
                f"This table has {counted(above)} in the first row and {below} in the line below it. Both need the "
                f"same number: write {'|---' * above}| below the first row.",
            )
    elif ruler == 0:
        yield Problem(first, "A table starts with the names of its columns, above the line |---|---|.")
    else:
        bars = next((at for at, row in enumerate(rows) if row.strip().startswith("|") and cells(row) > 1), None)
        if bars is not None:
            yield Problem(
                first + bars,
                f"This table lacks its second line: write {'|---' * cells(rows[bars])}| below the first row.",
            )


def counted(number):
    return f"{number} cell" if number == 1 else f"{number} cells"


def brief(words):
    words = words.strip()
    return words if len(words) <= 40 else words[:37].rstrip() + "..."


def inline_problems(token, known, uploads, unopened):
    """([Problem], how many boxes were meant and not opened so far) of the words of one paragraph, item or cell."""
    found, line = [], token.map[0] + 1
    for child in token.children or []:
        words = child.content
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        elif child.type == "citation":
            found += [
                Problem(
                    line,
                    f"There is no source “{key}” in the list. Choose one in the field Source above the text, or add it "
                    "to the list first (New: source).",
                )
                for key in child.meta["keys"]
                if key not in known
            ]
        elif child.type != "text":
            continue
        elif "[@" in words:
            start = words.index("[@")
            found.append(
                Problem(
                    line,
                    f"“{brief(words[start:].partition(']')[0])}]” is no source of the list. Take it out; choose one in "
                    "the field Source above the text, and press Add source.",
                )
            )
        elif (shown := re.match(r":::\s*picture\s+([a-z0-9-]+)", words)) and (
            shown[1] in PICTURES or shown[1] in uploads
        ):
            found.append(
                Problem(
                    line,
                    f"The picture “{shown[1]}” needs a line of its own, outside of boxes and lists, with nothing "
                    "else on it.",
                )
            )
        elif re.match(r":::\s*picture", words):
            found.append(
                Problem(
                    line,
                    f"“{brief(words)}” is not a picture this site has. {pictures_there_are(uploads)}",
                )
            )
        elif named := re.match(rf":::\s*({'|'.join(CONTAINERS)})\s+\S", words):
            unopened += 1
            found.append(
                Problem(
                    line, f"The box “{named[1]}” brings its own heading. Write “::: {named[1]}” and nothing after it."
                )
            )
        elif re.match(r":::\s*\w", words):
            unopened += 1
            found.append(
                Problem(line, f"“{brief(words)}” is not a box this site knows. The boxes are: {', '.join(CONTAINERS)}.")
            )
        elif words.startswith(":::"):
            if unopened:
                # It closes what was named already.
                unopened -= 1
            else:
                found.append(Problem(line, "This ::: closes no box. Take it out, or open a box above it."))
    return found, unopened
