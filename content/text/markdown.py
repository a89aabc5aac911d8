"""Markdown of an article to safe HTML.

CommonMark with tables, our boxes (`::: emergency` to `:::`; a fold, `::: fold Title`, may hold others), pictures (a
line `::: picture muscles`: one that comes with the site, or one that an editor uploaded; with words below it, up to
`:::`, it is `::: figure muscles`), all warning signs (a line `::: signs emergency`), words that several articles share
(a line `::: shared pain`, content/text/shared.py) and citations (`[@key; @key2]`). An emergency box names its signs
(content/text/signs.py). Raw HTML is shown as text. Rendering answers whatever the text
is: what it does not know stays as it was typed. What must be put right before a text is saved:
content/text/problems.py.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Any, NamedTuple
from urllib.parse import unquote

import nh3
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.container import container_plugin

from core.typed.mail_address import build_mail_link
from core.typed.telephone import build_short_number_link, build_telephone_link
from core.typed.tidy import tidy_markdown

from . import drawings, shared, signs

# Longer than any article; keeps one text from filling the memory.
LONGEST = 100_000
CARDS = {
    "emergency": "Call {number} or go to an emergency department now if you have back pain and:",
    "urgent": "Get medical advice today if:",
    "soon": "Book a visit in the next 2 weeks if:",
    "self-care": "You can usually look after this at home if:",
}
LISTS = {"do": "Do", "avoid": "Avoid"}
# What follows their name on the line: the title of a fold, the names of a figure's pictures.
NAMED = ("fold", "figure")
CONTAINERS = (*CARDS, *LISTS, "steps", "note", *NAMED)
# What a fold may hold. Signs that need help stay in sight.
FOLDED = (*LISTS, "steps", "note", "figure")
PICTURES = drawings.NAMES
# A line that stands for something: a picture, all warning signs of a level, or words that several articles share.
PLACED = re.compile(r":::[ \t]*(picture|signs|shared)[ \t]+([a-z0-9-]{1,50})[ \t]*$")
# The line that opens a box, with what stands on it, or closes one. What stands for something is a line alone.
BOX_LINE = re.compile(r"\s*:{3,}(?!\s*(?:picture|signs|shared)\b)\s*(.*?)\s*")
CITATION = re.compile(r"\[(@[a-z0-9_-]+(?:\s*;\s*@[a-z0-9_-]+)*)\]", re.IGNORECASE)


class UploadedPicture(NamedTuple):
    """An uploaded picture as a page shows it. widths: those of its files in pixels, smallest first."""

    name: str
    digest: str
    width: int
    height: int
    widths: tuple[int, ...]
    alt: str
    caption: str
    credit: str

    @property
    def files(self) -> list[tuple[str, int]]:
        """(address, width) of each of its files."""
        return [(reverse("picture", args=[self.digest, width]), width) for width in self.widths]

    @property
    def shown_height(self) -> int:
        """Height of its smallest file, in pixels."""
        return round(self.height * self.widths[0] / self.width)


class ArticleHtml(NamedTuple):
    """An article ready for a page: the part before the first heading, the rest, and its headings as (id, text)."""

    opening: SafeString
    rest: SafeString
    headings: list[tuple[str, str]]


def parse_citation(state: StateInline, silent: bool) -> bool:
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


def render_citation(
    self: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    numbers: list[SafeString] = []
    unknown: list[SafeString] = []
    for key in tokens[index].meta["keys"]:
        if key in env["sources"]:
            number = env["sources"].index(key) + 1
            numbers.append(format_html('<a href="#source-{0}" aria-label="source {0}">{0}</a>', number))
        else:
            unknown.append(format_html(" [@{}]", key))
    if not numbers:
        return "".join(unknown)
    # In one style, however it was typed: behind the sign that ends its words.
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    stop = after.content[:1] if after and after.type == "text" and after.content[:1] in tuple(".,;:") else ""
    if after and stop:
        after.content = after.content[1:]
    return f"{stop}<sup>{', '.join(numbers)}</sup>" + "".join(unknown)


def opens_box(token: Token) -> bool:
    return token.type.startswith("container_") and token.nesting == 1


def read_box(token: Token) -> tuple[str, str]:
    """(name, what follows it on its line) of a token that opens a box."""
    name, _, words = token.info.strip().partition(" ")
    return name, words.strip()


def render_container(
    self: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[index]
    name = token.type.removeprefix("container_").removesuffix("_open").removesuffix("_close")
    opening = token.nesting == 1
    if name in CARDS:
        if opening:
            title = CARDS[name].format(number=env["number"])
            return format_html('<div class="card {}"><h2>{}</h2><div>', name, title)
        return (render_emergency_end(env) if name == "emergency" else "") + "</div></div>\n"
    if name == "fold":
        if opening:
            # A link to an id inside it opens a fold; one to the fold itself would not.
            title = read_box(token)[1] or "More"
            return format_html(
                '<details class="fold"><summary>{}</summary><div id="{}" tabindex="-1">',
                title,
                token.meta.get("id", ""),
            )
        return "</div></details>\n"
    if name == "figure":
        return render_figure(read_box(token)[1].split(), env) if opening else "</figcaption></figure>\n"
    if not opening:
        return "</div>\n"
    if name in LISTS:
        return format_html('<div class="{0}"><h{1}>{2}</h{1}>', name, token.meta.get("level", 3), LISTS[name])
    return format_html('<div class="{}">', name)


def render_emergency_end(env: EnvType) -> SafeString:
    """What ends every emergency box: the button that calls, and the way to the signs that it does not show."""
    button = render_call_button(env["number"])
    if env["all_signs"]:
        return button
    link = format_html(
        '<p><a href="{}">All signs that need help now or today</a></p>', reverse("article", args=signs.PAGE)
    )
    return button + link


def render_placed_line(
    self: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """A line for which there are no signs or no shared words, as it was typed."""
    return format_html("<p>::: {} {}</p>\n", tokens[index].type, tokens[index].content)


def render_picture_line(
    self: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """A picture with the words that come with it; for an unknown one what was typed."""
    name = tokens[index].content
    picture = draw_picture(name, env)
    if picture is None:
        return format_html("<p>::: picture {}</p>\n", name)
    env["drawn"].append(picture)
    return SLOT


def render_figure(names: list[str], env: EnvType) -> str:
    """What begins a figure: its pictures alone, and the place for the words of the article below them."""
    found = [draw_picture(name, env) for name in names]
    pictures = [drawings.take_picture(figure) for figure in found if figure]
    if not pictures or len(pictures) < len(names):
        return format_html("<figure>::: figure {}<figcaption>", " ".join(names))
    env["drawn"] += pictures
    credits = [env["pictures"][name].credit for name in names if name in env["pictures"]]
    shown = format_html_join("", "<p>Picture: {}</p>", ([credit] for credit in credits if credit))
    return f"<figure>{SLOT * len(pictures)}<figcaption>{shown}"


def draw_picture(name: str, env: EnvType) -> SafeString | None:
    """A picture that was uploaded, or a drawing by its name of today or an earlier one; None for an unknown name."""
    drawn = drawings.RENAMED.get(name, name)
    drawing = drawings.render_drawing(drawn, lazy=env["lazy"]) if drawn in PICTURES else None
    return draw_uploaded_picture(name, env) or drawing


def draw_uploaded_picture(name: str, env: EnvType) -> SafeString | None:
    """An uploaded picture with its words. What is above the first heading is shown at once.

    These are looked for first, for the version was approved with them: the site may bring a new one of that name later.
    """
    if name not in env["pictures"]:
        return None
    context = {"picture": env["pictures"][name], "lazy": env["lazy"]}
    return render_to_string("content/pictures/upload.html", context)


def render_call_button(number: str) -> SafeString:
    return format_html('<p><a class="button call" href="{}">Call {}</a></p>', build_short_number_link(number), number)


def parse_placed(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """markdown-it block rule: a line `::: picture NAME`, `::: signs LEVEL` or `::: shared NAME` on its own. Whether
    there is such a one is asked later."""
    found = PLACED.match(state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]])
    if not found or state.is_code_block(start):
        return False
    if silent:
        return True
    if state.level:
        return False
    state.line = start + 1
    token = state.push(found.group(1), "", 0)
    token.map, token.content = [start, state.line], found.group(2)
    return True


def make_name_validator(name: str) -> Callable[[str, str], bool]:
    if name in NAMED:
        return lambda params, markup: params.split()[:1] == [name]
    return lambda params, markup: params.strip() == name


class Parser(MarkdownIt):
    def normalizeLink(self, url: str) -> str:  # noqa: N802 (as markdown-it calls it)
        """A link that calls or writes is built as everywhere on the site, to that one reader."""
        scheme, _, rest = url.partition(":")
        if scheme.lower() == "tel":
            return build_telephone_link(unquote(rest))
        if scheme.lower() == "mailto":
            return build_mail_link(unquote(rest.partition("?")[0]))
        return super().normalizeLink(url)


def make_parser() -> MarkdownIt:
    md = Parser("commonmark", {"html": False}).enable("table").disable(["image", "code"])
    md.inline.ruler.before("link", "citation", parse_citation)
    md.add_render_rule("citation", render_citation)
    md.add_render_rule("signs", render_placed_line)
    md.add_render_rule("shared", render_placed_line)
    md.add_render_rule("picture", render_picture_line)
    md.block.ruler.before("fence", "placed", parse_placed, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    for name in CONTAINERS:
        container_plugin(md, name, validate=make_name_validator(name), render=render_container)
    return md


MD = make_parser()

ATTRIBUTES: dict[str, set[str]] = {
    # Without this nh3 lets title and lang through everywhere.
    "*": set(),
    "a": {"href", "aria-label"},
    "div": {"id", "tabindex"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "ol": {"start"},
}
CLASSES = {"div": {"card", *CONTAINERS}, "a": {"button", "call"}, "details": {"fold"}, "strong": {"when"}}
# Where a picture stands until the text is cleaned. No text can hold it: it is HTML.
SLOT = "<img>"
TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "pre", "hr", "div"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary", "figure", "figcaption", "img"),
    *("a", "br", "code", "em", "strong", "sup"),
}


def sanitize_html(html: str) -> SafeString:
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


def render_tokens(tokens: Sequence[Token], env: EnvType) -> SafeString:
    """Tokens as HTML. The text is cleaned; pictures go in after that, where no text can reach them."""
    drawn: list[SafeString] = []
    cleaned = sanitize_html(MD.renderer.render(tokens, MD.options, {**env, "drawn": drawn}))
    parts = zip_longest(cleaned.split(SLOT), drawn, fillvalue="")
    return mark_safe("".join(chain.from_iterable(parts)))  # noqa: S308


def make_uploaded_pictures(pictures: Iterable[dict[str, Any]]) -> tuple[UploadedPicture, ...]:
    """Rows of Picture.objects.as_shown() as render_article() takes them."""
    return tuple(UploadedPicture(**{**picture, "widths": tuple(picture["widths"])}) for picture in pictures)


def lengthen_outer_boxes(text: str) -> str:
    """The text with a longer mark, ::::, around each box that holds another, whose ::: must not end the outer one."""
    lines = text.split("\n")
    opened: list[tuple[int, int]] = []
    for row, line in enumerate(lines):
        mark = BOX_LINE.fullmatch(line)
        if mark and mark[1]:
            opened.append((row, 3))
        elif mark and opened:
            first, length = opened.pop()
            if length > 3:
                lines[first], lines[row] = (lines[at].replace(":::", ":" * length, 1) for at in (first, row))
            if opened:
                opened[-1] = opened[-1][0], max(opened[-1][1], length + 1)
    return "\n".join(lines)


def parse_markdown(body: str) -> list[Token]:
    """Markdown as tokens, for who changes them. Tidied: older versions were saved as they were typed."""
    return MD.parse(lengthen_outer_boxes(tidy_markdown(body[:LONGEST])), {})


def get_rows(token: Token) -> tuple[int, int]:
    """The lines of the text that a block stands on, counted from 0: its first, and the one after its last."""
    first, end = token.map or (0, 0)
    return first, end


def show_placed(tokens: Sequence[Token]) -> list[Token]:
    """Tokens with the register's words in the place of what an emergency box, or a line `::: signs`, names, and with
    the words that a line `::: shared` stands for."""
    shown: list[Token] = []
    inside: list[Token] | None = None
    box = None
    for token in tokens:
        if token.type in ("signs", "shared"):
            draw = signs.draw_all_signs if token.type == "signs" else shared.WORDS.get
            drawn = draw(token.content)
            shown += [token] if drawn is None else parse_in_place(drawn, token)
        elif token.type == "container_emergency_open" and not token.level:
            shown.append(token)
            box, inside = token, []
        elif box and inside is not None and token.type == "container_emergency_close" and not token.level:
            drawn = signs.draw_card([part.content for part in inside if part.type == "inline"])
            shown += [*(inside if drawn is None else parse_in_place(drawn, box)), token]
            inside = None
        else:
            (shown if inside is None else inside).append(token)
    return shown


def parse_in_place(text: str, there: Token) -> list[Token]:
    """The tokens of a text that is shown where another token stands: on its lines."""
    tokens = MD.parse(text)
    for token in tokens:
        token.map = token.map and there.map
    return tokens


def parse_as_read(body: str) -> list[Token]:
    """Markdown as tokens, with the signs that it names and the words that articles share, as readers meet it."""
    return show_placed(parse_markdown(body))


# For who only looks: one text is looked at from many sides, one after the other.
parse_markdown_cached = lru_cache(maxsize=16)(parse_markdown)
parse_as_read_cached = lru_cache(maxsize=16)(parse_as_read)


@lru_cache(maxsize=256)
def find_citations(body: str) -> tuple[str, ...]:
    """Keys cited in the text as it is read, each once, in the order they first appear."""
    keys: dict[str, None] = {}
    for block in parse_as_read_cached(body):
        for token in block.children or []:
            if token.type == "citation":
                keys.update(dict.fromkeys(token.meta["keys"]))
    return tuple(keys)


@lru_cache(maxsize=256)
def find_uploaded_names(body: str) -> tuple[str, ...]:
    """Names of the pictures in the text that do not come with the site, each once."""
    names = (name for name, _ in locate_pictures(parse_markdown_cached(body)))
    return tuple(dict.fromkeys(name for name in names if name not in PICTURES))


def locate_pictures(tokens: Iterable[Token]) -> Iterator[tuple[str, Token]]:
    """(name, token) of each picture, those of figures too."""
    for token in tokens:
        if token.type == "picture":
            yield token.content, token
        elif token.type == "container_figure_open":
            yield from ((name, token) for name in read_box(token)[1].split())


# The ids that an article's page gives its own parts; those that begin so too, such as source-1 and feedback-text.
PAGE_IDS = ("about", "check", "figures", "main", "menu", "on-this-page", "related", "sources")
PAGE_PREFIXES = ("source", "feedback")


def make_heading_id(text: str, used: dict[str, int]) -> str:
    """An id for a heading: readable, unique on the page, and none of the page's own."""
    name = slugify(text) or "section"
    if name in PAGE_IDS or name.startswith(PAGE_PREFIXES):
        name += "-section"
    count = used[name] = used.get(name, 0) + 1
    return name if count == 1 else make_heading_id(f"{name}-{count}", used)


def read_heading_text(inline: Token) -> str:
    """The text of a heading without its marks."""
    return "".join(token.content for token in inline.children or [] if token.type in ("text", "code_inline")).strip()


def locate_headings(tokens: Sequence[Token]) -> Iterator[tuple[int, str, str]]:
    """(number of its token, text, id) of each heading, and of each fold, which is a place that links lead to too."""
    used: dict[str, int] = {}
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            text = read_heading_text(tokens[index + 1])
        elif token.type == "container_fold_open":
            text = read_box(token)[1]
        else:
            continue
        yield index, text, make_heading_id(text, used)


def mark_boxes(tokens: Iterable[Token]) -> None:
    """Note in the tokens what depends on what stands around them: levels of headings, and labels of steps.

    The page has its h1, so one of the text is an h2. Do and Avoid stand below the heading before them, if there is one.
    Strong words that begin a step are its label.
    """
    headed = in_steps = False
    for token in tokens:
        name = token.type.removeprefix("container_").removesuffix("_open")
        if token.type.startswith("heading_"):
            token.tag = "h2" if token.tag == "h1" else token.tag
            headed = True
        elif name in CARDS:
            headed = True
        elif name in LISTS:
            token.meta["level"] = 3 if headed else 2
        elif token.type.startswith("container_steps_"):
            in_steps = opens_box(token)
        elif in_steps and token.type == "inline":
            begin = next((child for child in token.children or [] if child.type != "text" or child.content), None)
            if begin and begin.type == "strong_open":
                begin.attrSet("class", "when")


def render_article_uncached(
    body: str, sources: tuple[str, ...], emergency_number: str, pictures: Sequence[UploadedPicture] = ()
) -> ArticleHtml:
    """The article as HTML. sources: the known keys in the order of the list below; pictures: those of the version."""
    tokens = parse_markdown(body)
    env = {
        "sources": sources,
        "number": emergency_number,
        "pictures": {picture.name: picture for picture in pictures},
        "all_signs": any(token.type == "signs" and token.content == "emergency" for token in tokens),
    }
    tokens = show_placed(tokens)
    headings: list[tuple[str, str]] = []
    first = len(tokens)
    for index, text, place in locate_headings(tokens):
        token = tokens[index]
        if token.type == "heading_open":
            token.attrSet("id", place)
            if token.tag in ("h1", "h2") and token.level == 0:
                headings.append((place, text))
                first = min(first, index)
        else:
            token.meta["id"] = place
    mark_boxes(tokens)
    return ArticleHtml(
        render_tokens(tokens[:first], {**env, "lazy": False}),
        render_tokens(tokens[first:], {**env, "lazy": True}),
        headings,
    )


# Published words are drawn once; what is being written is drawn uncached and kept by nobody.
render_article = lru_cache(maxsize=256)(render_article_uncached)
