"""What people type and paste, put into one form before it is checked, compared, stored or drawn.

tidy_text and tidy_line are for words, tidy_value is for numbers, dates, addresses and telephone numbers, read_code is
for codes. None of them refuses anything: that is for who reads the result. Each leaves its own result as it is.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import combinations

# Seen by nobody, so that two texts which look the same are not: controls, marks of width nothing, and those that turn
# what stands round them (U+202A to U+202E, U+2066 to U+2069). Persian, Hindi and emoji need the two joiners, and
# right-to-left writing its plain marks: they stay.
INVISIBLE = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
# Letters of width nothing that a flag of a region is written with; anywhere else they hide words.
TAGS = re.compile("(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007f]{2,7})|[\U000e0000-\U000e007f]")
# No letters at all: halves of a sign, and numbers that Unicode gives to none.
BROKEN = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\uffa0]")
JOINERS = re.compile("([^\u200c\u200d]?)([\u200c\u200d]+)")
DASHES = re.compile("[\u058a\u1806\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\u30fc]")
MARKS = "".join(chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in ("Mn", "Me"))
# No writing stacks more marks on one letter.
FLOOD = re.compile(f"([{MARKS}]{{8}})[{MARKS}]+")
# What an office program puts before the lines of a list; a lone dash only before a blank.
BULLET = re.compile(
    r"^([ \t>]*)[\u200e\u200f\u061c]*"
    r"(?:[\u00b7\u2022\u2023\u2043\u2219\u25a0\u25a1\u25aa\u25ab\u25cb\u25cf\u25e6\u27a2\uf0a7\uf0b7\uf0d8][ \t]*"
    r"|[\u2010-\u2015\u2212-][ \t]+)"
    r"(?=\S)",
    re.MULTILINE,
)
ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+\S")
HEADING = re.compile(r"^([ \t]*)[\u200e\u200f\u061c]*(#{2,6})(?=[^#\s])", re.MULTILINE)

DIGITS = "0123456789"
# Longer than any code with the words around it.
LONGEST_CODE = 200
# Greek and Cyrillic capitals that look like Latin ones.
ALIKE = str.maketrans(
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408",
    "ABEZHIKMNOPTYXABEKMHOPCTYXSIJ",
)
# Letters that are taken for digits, and digits and letters that are taken for one of the letters in keys.
FOR_DIGITS = str.maketrans("ODQIL|SZB", "000111528")
FOR_LETTERS = str.maketrans("8526I1|U", "BSZGLLLV")


def tidy_text(text: str) -> str:
    """Words of several lines: one way to write each letter (NFC), each blank and each end of a line."""
    text = LINE_ENDS.sub("\n", text)
    text = BLANKS.sub(" ", INVISIBLE.sub("", text))
    if text.isascii():
        return text
    text = JOINERS.sub(keep_needed_joiner, BROKEN.sub("\ufffd", TAGS.sub(r"\1", text)))
    return FLOOD.sub(r"\1", unicodedata.normalize("NFC", text))


def keep_needed_joiner(found: re.Match[str]) -> str:
    """One joiner after a letter of a writing that joins, or after a picture; none anywhere else."""
    before, joiners = found.groups()
    kind = unicodedata.category(before) if before else ""
    joins = (kind[:1] in ("L", "M") and before >= "\u0590") or kind in ("So", "Sk")
    return before + joiners[0] if joins else before


def tidy_line(text: str) -> str:
    """Words of one line: as tidy_text, with single blanks."""
    return " ".join(tidy_text(text).split())


def tidy_markdown(text: str) -> str:
    """The text of an article: as tidy_text, with lists and headings marked as Markdown marks them. Lines stay lines."""
    return "\n".join(move_lists_out(HEADING.sub(r"\1\2 ", BULLET.sub(r"\1- ", tidy_text(text))).split("\n")))


def move_lists_out(lines: list[str]) -> Iterator[str]:
    """The lines, with a list that was pasted far in moved to the margin as a whole."""
    shift: int | None = None
    empty = True
    for line in lines:
        bare = line.lstrip(" \t")
        indent = len(line.expandtabs(4)) - len(bare.expandtabs(4))
        if shift is None and ITEM.match(bare):
            shift = indent if indent >= 4 else 0
        elif bare and empty and indent < 2 and not ITEM.match(bare):
            shift = None  # a line right below an item goes on with it
        empty = not bare
        yield " " * (indent - shift) + bare if shift and bare else line


def tidy_name(text: str) -> str:
    """The name of an account: no marks that nobody sees and no blanks round it. Its letters and digits stay."""
    return INVISIBLE.sub("", BLANKS.sub(" ", BROKEN.sub("", text))).strip()


def tidy_value(text: str) -> str:
    """What has no words in it: the digits, dashes, blanks and signs of a keyboard, whichever were typed."""
    text = INVISIBLE.sub("", BLANKS.sub(" ", BROKEN.sub("", text)))
    seen = (sign for sign in text if sign.isspace() or unicodedata.category(sign) not in ("Cf", "Cc"))
    text = DASHES.sub("-", unicodedata.normalize("NFKC", "".join(seen)))
    return " ".join("".join(str(unicodedata.decimal(sign, sign)) for sign in text).split())


def read_code(typed: str, alphabet: str, length: int, slips: Mapping[int, int]) -> str:
    """The code meant by what was typed: that many signs of the alphabet; "" when there is none.

    Words before it, gaps, dashes, quotes, full stops, and capitals or small letters do not count. slips: what is taken
    for what, of capitals.
    """
    capitals = tidy_value(typed[:LONGEST_CODE]).upper().translate(ALIKE)
    parts = re.findall(r"(?:[^\W_]|\|)+", capitals)
    # What stands last is the code: "code: abcd efgh" has two runs of eight letters.
    for first, end in reversed(list(combinations(range(len(parts) + 1), 2))):
        whole = "".join(parts[first:end])
        meant = whole.translate(slips)
        if len(meant) != length or not set(meant) <= set(alphabet.upper()):
            continue
        if alphabet.isdigit():
            # With more digits beside it, it is a longer number.
            fits = not re.search(r"\d", "".join(parts[:first] + parts[end:]))
        else:
            # A telephone number made of slips alone is no code of letters.
            fits = 2 * sum(sign in alphabet.upper() for sign in whole) >= length
        if fits:
            return meant.lower() if alphabet.islower() else meant
    return ""
