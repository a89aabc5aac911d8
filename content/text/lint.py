"""What could be better about the text of one article: for the editor while writing, and for lint_articles.

problems.py names what keeps a text from being saved. What stands here does not: each finding is a stable code, the line
it is about (None: the whole text), and what to do in plain words. Nothing here looks into the database or at files, so
a draft is looked at as a published text is.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from core import readability

from . import markdown, prose, signs
from .problems import find_problems

HIGHEST_GRADE = 7.0
FEWEST_WORDS, MOST_WORDS = 500, 1400
LONGEST_SENTENCE = 30
# What fits across a phone of 390 pixels: the longest words of all columns, with two characters between columns.
TABLE_WIDTH = 42
VAGUE = re.compile(
    r"(?:click |tap |see |read )?(?:here|this|this (?:page|link|article)|link|(?:read |find out |learn )?more|page)",
    re.IGNORECASE,
)
# Signs that must not be named without saying whom to call. In a text these words mean the sign itself.
RED_FLAGS = re.compile(
    r"\bbladder\b|\bbowel (?:control|trouble)|\bnumb\w* (?:or tingling )?(?:between your legs|around your bottom)"
    r"|between your legs|\btrouble (?:peeing|breathing)|\b(?:cannot|can't|hard to) pee\b|\bchest pain\b"
    r"|\bcauda equina\b|\btearing pain\b|\b(?:tea|cola)-colou?red\b",
    re.IGNORECASE,
)
NUMBER = r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|half|most|third|quarter|thirds)"
PEOPLE = (
    r"people|persons?|adults?|patients?|children|teen\w*|men|women|boys|girls|athletes?|players?|golfers?|bowlers?|"
    r"pitchers?|rowers?|gymnasts?|runners?|swimmers?|dancers?|cyclists?|lifters?|skiers?|soldiers?|"
    r"studies|trials?|reviews?|groups|injuries|teams|games|cases|visits|calls|scans"
)
# A figure that somebody counted: a share, one number out of another, or a number of people or studies. How long to do
# something, an age or a step's number is none.
STATISTICS = re.compile(
    rf"\d\s?%|\bpercent\b|\b{NUMBER}(?: \w+){{0,2}} (?:out of|in|of) (?:every |the )?(?:\d[\d,]*|ten|five|four|three)\b"
    rf"|\b\d[\d,]*(?: \w+){{0,3}} (?:{PEOPLE})\b"
    r"|\b\d[\d,.]* (?:mg|points?|times (?:as|more|less|higher|lower|the))\b|\b\d+,\d{3}\b"
    r"|(?<!\bage )\bof (?:the )?\d"
    rf"|\b(?:half|thirds?|quarters?) of (?:them|those|these|all|(?:the )?(?:group|{PEOPLE}))\b",
    re.IGNORECASE,
)
# A table of these holds figures in its bare numbers too; a table of minutes or weeks holds a plan.
SHARES = re.compile(r"%|\bpercent\b|\b(?:every|of|in|per) \d|\bpeople\b", re.IGNORECASE)
# Numbers to call. The same digits count people too ("112 men"), so what stands before decides.
EMERGENCY_NUMBERS = re.compile(
    r"\b(?:call|dial|phone|ring|text|on) (?:911|999|112|111|000|988)\b(?![,.]\d)", re.IGNORECASE
)

# Meant as a link, and read as brackets: no address has a space in it.
SPACED_LINK = re.compile(r"\[([^\[\]]+)\]\(([^()]*\s[^()]*)\)")
# What the buttons of static/desk.js put in, to be typed over.
PLACEHOLDERS = re.compile(
    r"one thing on each line|title of the fold|Words that only some people need\.|what to see in the picture"
    r"|\| (?:column|row) \d+|\[name of the page\]|^##+ (?:Smaller h|H)eading$"
)


# A text as it is read, for the lints that look at it from one side each.
Passages = Sequence[prose.Passage]


class LintFinding(NamedTuple):
    """One thing to look at: a stable code, the line (the first is 1) or None, and what to do in plain words."""

    code: str
    line: int | None
    message: str


def find_statistics(body: str) -> list[tuple[int, str, bool]]:
    """Each sentence, item or cell that states a figure somebody counted, as (line, its words, whether it has a source).

    In a paragraph or item that cites, a source stands for its own sentence and for those before it, not for what comes
    after. A list or table is one with the paragraph before it and the one after: any of them may name the source of
    all that cites none itself.
    """
    found = prose.read_passages(body)
    cited = {passage.group for passage in found if passage.cites}
    lists = {passage.group for passage in found if passage.kind in ("item", "cell", "head")}
    near = {group: {group - 1, group, group + 1} if group in lists else {group} for group in lists | cited}
    sourced = {group for around in near.values() if around & cited for group in around} | cited
    shares = {
        group
        for group in lists
        for passage in found
        if passage.group in (group - 1, group) and passage.kind in ("paragraph", "head") and SHARES.search(passage.text)
    }
    stated = []
    for passage in found:
        last = passage.cites[-1][0] if passage.cites else None
        # What leads over to a list that cites: "Of 80 men:"
        leads_over = passage.group + 1 in lists & cited and passage.text.endswith(":")
        for start, sentence in [] if passage.kind == "heading" else prose.locate_sentences(passage.text):
            if STATISTICS.search(sentence) or (
                passage.kind == "cell" and passage.group in shares and re.fullmatch(r"[\d.,]+", sentence)
            ):
                covered = passage.group in sourced if last is None else last > start or not start or leads_over
                stated.append((passage.line, sentence, covered))
    return stated


def lint_article(
    body: str,
    *,
    title: str = "",
    summary: str = "",
    known: Collection[str] = (),
    addresses: Mapping[str, Collection[str] | None] | None = None,
) -> list[LintFinding]:
    """What to look at in a text, in the order of its lines.

    known: the keys of all sources there are. addresses: {path: its ids, or None where they are not known}
    of every page a link may lead to (content.starter.lint.map_link_targets); None checks no link to other pages.
    """
    found = [LintFinding("form", *problem) for problem in find_problems(body, known)]
    if len(body) > markdown.LONGEST:
        return found
    parts = prose.read_passages(body)
    for lint in (
        *(lint_reading_grade, lint_length, lint_long_sentences, lint_vague_links, lint_bare_addresses),
        *(lint_headings, lint_tables, lint_boxes, lint_phone_numbers, lint_unsourced_statistics),
    ):
        found += lint(body, parts)
    found += lint_emergency_card(parts, title, summary)
    found += lint_broken_links(body, parts, addresses)
    return sorted(dict.fromkeys(found), key=lambda finding: finding.line or 0)


def lint_reading_grade(body: str, parts: Passages) -> Iterator[LintFinding]:
    grade = readability.compute_reading_grade(prose.extract_running_text(body))
    if grade > HIGHEST_GRADE:
        yield LintFinding(
            "hard_to_read",
            None,
            f"The text reads at school grade {grade}; aim for {HIGHEST_GRADE:g} or less. Shorter sentences and "
            "shorter words bring it down.",
        )


def lint_length(body: str, parts: Passages) -> Iterator[LintFinding]:
    # Signs are as many as the register has.
    words = sum(len(part.text.split()) for part in parts if part.box not in signs.LEVELS)
    if words < FEWEST_WORDS:
        yield LintFinding(
            "too_short",
            None,
            f"The text has {words} words; a page that answers its question has {FEWEST_WORDS} or more.",
        )
    elif words > MOST_WORDS:
        yield LintFinding(
            "too_long", None, f"The text has {words:,} words, more than {MOST_WORDS:,}. Cut it, or make it two pages."
        )


def lint_long_sentences(body: str, parts: Passages) -> Iterator[LintFinding]:
    for part in parts:
        if part.box in markdown.CARDS:
            # A sign is said in the same words on every page, and those are set.
            continue
        for sentence in re.split(r"(?<=[.!?:;])\s+", part.text):
            if len(sentence.split()) > LONGEST_SENTENCE:
                yield LintFinding(
                    "long_sentence",
                    part.line,
                    f"This sentence has {len(sentence.split())} words. Make two of it: “{shorten_text(sentence)}”",
                )


def lint_vague_links(body: str, parts: Passages) -> Iterator[LintFinding]:
    for part in parts:
        for shown, _address in part.links:
            if VAGUE.fullmatch(shown.strip(" .!>")) or not shown:
                yield LintFinding(
                    "vague_link",
                    part.line,
                    f"The link “{shown}” does not say where it leads. Use the name of the page as the link.",
                )


def lint_bare_addresses(body: str, parts: Passages) -> Iterator[LintFinding]:
    for part in parts:
        for shown, _address in part.links:
            if re.match(r"(?:https?://|www\.|mailto:|/\S*/$)", shown, re.IGNORECASE):
                yield LintFinding(
                    "bare_address",
                    part.line,
                    f"The link “{shorten_text(shown)}” shows an address. Write the name of the page as the link.",
                )


def lint_headings(body: str, parts: Passages) -> Iterator[LintFinding]:
    level = 1
    for token in markdown.parse_markdown_cached(body):
        if token.type == "heading_open":
            new = max(2, int(token.tag[1]))
            if new > level + 1:
                yield LintFinding(
                    "heading_jump",
                    markdown.get_rows(token)[0] + 1,
                    f"This heading has {new} # signs, but the one before it has {level}. Go down one step at a time.",
                )
            level = new
        elif token.type.startswith("container_") and token.info.strip() in markdown.CARDS:
            # A card brings its own heading of the second level.
            level = 2


def lint_tables(body: str, parts: Passages) -> Iterator[LintFinding]:
    """Tables with a column that has no heading, and those whose words do not fit side by side on a phone."""
    widths: dict[int, tuple[int, dict[int, int]]] = {}
    for part in parts:
        if not part.column:
            continue
        if part.kind == "head" and not part.text:
            yield LintFinding(
                "empty_head",
                part.line,
                "A column of this table has no heading. Say in a word what stands below it: people who hear the page "
                "are told the heading with each cell.",
            )
        line, columns = widths.setdefault(part.group, (part.line, {}))
        longest = max(map(len, part.text.split()), default=0)
        columns[part.column] = max(columns.get(part.column, 0), longest)
    for line, columns in widths.values():
        if sum(columns.values()) + 2 * (len(columns) - 1) > TABLE_WIDTH:
            yield LintFinding(
                "wide_table",
                line,
                "This table is too wide for a phone. Give it fewer columns or shorter words, or make a list of it.",
            )


def lint_boxes(body: str, parts: Passages) -> Iterator[LintFinding]:
    for part in parts:
        if part.box == "avoid" and re.match(r"(?:do not|don.t|never|avoid|no)\b", part.text, re.IGNORECASE):
            yield LintFinding(
                "double_no",
                part.line,
                f"The box says “Avoid” already, so this says it twice: “{shorten_text(part.text)}”",
            )


def lint_phone_numbers(body: str, parts: Passages) -> Iterator[LintFinding]:
    for part in parts:
        if found := EMERGENCY_NUMBERS.search(part.text):
            yield LintFinding(
                "own_number",
                part.line,
                f"“{found.group()}” gives a number to call. The clinic sets it for the whole site: write "
                "“the emergency number”, or use the emergency box.",
            )


def lint_unsourced_statistics(body: str, parts: Passages) -> Iterator[LintFinding]:
    for line, words in find_unsourced_statistics(body):
        yield LintFinding(
            "unsourced_figure",
            line,
            f"“{shorten_text(words)}” has no source of its own. Add the source after the sentence. Without one, "
            "whoever approves the text has to write down why.",
        )


def find_unsourced_statistics(body: str) -> list[tuple[int, str]]:
    """(line, words) of each sentence, item or cell that states a figure and has no source."""
    return [(line, words) for line, words, sourced in find_statistics(body) if not sourced]


def lint_placeholders(body: str) -> list[LintFinding]:
    """Words that a button of the desk put in, to be typed over, and that are still there."""
    return [
        LintFinding("placeholder", number, f"“{words}” came from a button. Type your own words over it.")
        for number, line in enumerate(body.split("\n"), start=1)
        for words in PLACEHOLDERS.findall(line)[:1]
    ]


def lint_emergency_card(parts: Passages, title: str, summary: str) -> Iterator[LintFinding]:
    """Where red flags are named, the card that says whom to call is there too."""
    if any(part.box == "emergency" for part in parts):
        return
    named = next((part for part in parts if RED_FLAGS.search(part.text)), None)
    if named or RED_FLAGS.search(f"{title} {summary}"):
        yield LintFinding(
            "no_emergency_card",
            named.line if named else None,
            "The text names a sign that needs help at once, so it needs an emergency box (::: emergency) too.",
        )


def lint_broken_links(
    body: str, parts: Passages, addresses: Mapping[str, Collection[str] | None] | None
) -> Iterator[LintFinding]:
    """Links to a place on this page or to a page of this site that is not there."""
    own = prose.list_page_ids(body)
    for part in parts:
        for shown, address in SPACED_LINK.findall(part.text):
            yield LintFinding(
                "broken_link",
                part.line,
                f"The link “{shown}” leads nowhere: “{address}” is no address, for it has a space in it. Choose the "
                "page in the field Page above the text, and press Add link.",
            )
        for shown, address in part.links:
            path, _, place = address.partition("#")
            if not path:
                if place not in own:
                    yield LintFinding(
                        "broken_link", part.line, f"The link “{shown}” leads to #{place}, not on this page."
                    )
            elif path.startswith("/") and not path.startswith("//") and addresses is not None:
                places = addresses.get(path)
                if path not in addresses:
                    yield LintFinding(
                        "broken_link", part.line, f"The link “{shown}” leads to {path}, which is no page."
                    )
                elif place and places is not None and place not in places:
                    yield LintFinding(
                        "broken_link", part.line, f"The link “{shown}” leads to {path}, which has no place #{place}."
                    )
            elif not re.match(r"(?:https?://|mailto:|tel:|/(?!/))", address):
                yield LintFinding(
                    "broken_link",
                    part.line,
                    f"The link “{shown}” leads to “{address}”, which is no whole address. The address of another site "
                    "starts with https://, that of a page of this site with /.",
                )


def shorten_text(text: str) -> str:
    return text if len(text) <= 80 else text[:77].rstrip() + "..."
