"""The register of warning signs as articles show it. Another part of the site keeps it and registers it here.

In an emergency box each line names a sign by its key, or all signs of a group by the group's name; the page shows the
register's words, so that no article can say less than another. The signs that every page needs come first, unless the
box says where they stand. What the box names stays in sight; of the signs of every page some may be folded inside it,
under a line that names each. Words that an editor typed into such a box before there was a register stay as they are.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

# The page that shows all signs: its topic and its slug.
PAGE = ("symptoms", "signs-that-need-help-now")
LEVELS = ("emergency", "urgent")
# What an article writes for the signs that are on every page.
ALWAYS = "always"
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
# So many signs of a box are in sight, where it names no more; and in any case so many of those of every page: numb
# between the legs, trouble peeing.
IN_SIGHT, FIRST = 5, 2
FIRST_CALL = " (call your maternity unit first)"
MATERNITY = "Call your maternity unit now, day or night, if:"


class Sign(NamedTuple):
    """A warning sign. such_as: an example that follows its words, where it may have one. short: in a line of many."""

    words: str
    such_as: str
    level: str
    variant: str
    groups: tuple[str, ...]
    always: bool
    short: str = ""


class Group(NamedTuple):
    """Whom signs concern. about: a pattern; an article whose title it fits needs all emergency signs of the group."""

    heading: str
    about: str


class Register(NamedTuple):
    """Signs and groups by their keys, in the order in which they are shown."""

    signs: Mapping[str, Sign]
    groups: Mapping[str, Group]

    def list_members(self, name: str, level: str = "emergency") -> list[str]:
        """The keys of this sign, of this group's signs, or of the signs on every page; none for an unknown name.

        Those that belong to the group before any other come first.
        """
        found = [
            key
            for key, sign in self.signs.items()
            if sign.level == level and (name == key or name in sign.groups or (name == ALWAYS and sign.always))
        ]
        return sorted(found, key=lambda key: name in self.signs[key].groups[1:])


# The register that another part of the site brought; none until then.
REGISTERED: list[Register] = []


def load_register() -> Register:
    """The register; an empty one where none was brought."""
    return REGISTERED[0] if REGISTERED else Register({}, {})


def read_line(line: str) -> tuple[str, str]:
    """(name, example) of a line of an emergency box: “accident: a fall from the bars”."""
    name, _, example = line.partition(":")
    return name.strip(), example.strip()


def list_always_words() -> list[str]:
    """The words of the signs that are on every page."""
    register = load_register()
    return [write_sign(register.signs[key]) for key in register.list_members(ALWAYS)]


def list_words(keys: Collection[str]) -> list[str]:
    """The words of these signs in the register's order, some with whom to call first."""
    found = [sign for key, sign in load_register().signs.items() if key in keys]
    return [write_sign(sign) + (FIRST_CALL if sign.variant == "maternity" else "") for sign in found]


def list_signs_in_short() -> str:
    """The signs that are on every page in one line: “Numb between your legs, trouble peeing, chest pain”."""
    register = load_register()
    short = [register.signs[key].short for key in register.list_members(ALWAYS)]
    line = ", ".join(filter(None, short))
    return line[:1].upper() + line[1:]


def write_sign(sign: Sign, example: str = "") -> str:
    example = example or sign.such_as
    return f"{sign.words}, such as {example}" if example else sign.words


def draw_card(lines: Sequence[str]) -> str | None:
    """The Markdown of an emergency box with these lines; None for one that names no sign and stays as it was typed."""
    register = load_register()
    named = [read_line(line) for line in lines]
    if not register.signs or (named and not any(register.list_members(name) for name, _ in named)):
        return None
    shown: dict[str, str] = {}
    for line, (name, example) in zip(lines, named, strict=True):
        members = register.list_members(name)
        for key in members:
            shown.setdefault(key, write_sign(register.signs[key], example))
        # Nothing that somebody typed is lost, but for a key that the register has no more.
        if not members and not KEY.fullmatch(name):
            shown[line] = line
    first = [key for key in register.list_members(ALWAYS) if key not in shown]
    whole = {**{key: write_sign(register.signs[key]) for key in first}, **shown}
    own = {key for name, _ in named if name != ALWAYS for key in register.list_members(name)}
    return write_lists(whole, register, choose_folded(list(whole), own, register))


def choose_folded(shown: Sequence[str], own: Collection[str], register: Register) -> list[str]:
    """Which of the signs shown are folded: of those of every page that are not the page's own, what is left when
    IN_SIGHT are in sight. A single one is not, nor one that has no short words to name it by."""
    common = [key for key in register.list_members(ALWAYS) if key in shown and key not in own]
    free = max(FIRST, IN_SIGHT - (len(shown) - len(common)))
    folded = [key for key in common[free:] if register.signs[key].short]
    return folded if len(folded) > 1 else []


def write_lists(shown: Mapping[str, str], register: Register, folded: Collection[str] = ()) -> str:
    """Signs as a list, those folded under a line that names each; below it those about which one calls the maternity
    unit."""
    maternity = {key for key, sign in register.signs.items() if sign.variant == "maternity"}
    calls = [words for key, words in shown.items() if key in maternity]
    others = [words for key, words in shown.items() if key not in maternity and key not in folded]
    parts = ["\n".join(f"- {words}" for words in others)]
    if folded:
        short = ", ".join(register.signs[key].short for key in folded)
        parts += [
            f"::: fold {len(folded)} more signs: {short}",
            "\n".join(f"- {shown[key]}" for key in folded),
            ":::",
        ]
    if calls:
        parts += [MATERNITY, "\n".join(f"- {words}" for words in calls)]
    return "\n\n".join(filter(None, parts))


def draw_all_signs(level: str) -> str | None:
    """The Markdown of a box with every sign of a level under the headings of their groups; None without a register."""
    register = load_register()
    parts = []
    for name, group in register.groups.items():
        # A sign of several groups stands under its first.
        own = [key for key in register.list_members(name, level) if register.signs[key].groups[0] == name]
        if members := {key: write_sign(register.signs[key]) for key in own}:
            parts.append(f"### {group.heading}\n\n{write_lists(members, register)}")
    return "\n\n".join([f"::: {level}", *parts, ":::"]) if parts else None


def describe_line_problem(line: str) -> str | None:
    """What is wrong with a line of an emergency box."""
    register = load_register()
    name, example = read_line(line)
    members = register.list_members(name)
    if not register.signs or (members and not example):
        return None
    if members:
        with_example = [key for key in members if register.signs[key].such_as]
        if name in with_example:
            return None
        return f"The sign “{name}” takes no example of your own: write “- {name}” alone."
    if name in register.signs:
        return f"“{name}” is a sign that needs advice today, not an emergency. Take it out of this box."
    names = [*register.groups, *(key for key, sign in register.signs.items() if sign.level == "emergency")]
    close = get_close_matches(name, names, n=1)
    quoted = line if len(line) <= 40 else line[:37].rstrip() + "..."
    return (
        f"“{quoted}” is no sign of the register{f' (did you mean “{close[0]}”?)' if close else ''}. An emergency box "
        "shows the register's words, the same on every page: choose the sign at Sign ... above the text. Leave the box "
        "empty for the signs that every page needs. What only this page says stands below the box."
    )


def find_missing_groups(title: str, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(name, heading) of each group that this title is about, and whose emergency signs the box does not all have."""
    register = load_register()
    shown = {key for line in lines for key in register.list_members(read_line(line)[0])}
    shown.update(register.list_members(ALWAYS))
    for name, group in register.groups.items():
        needed = group.about and re.search(rf"\b(?:{group.about})", title, re.IGNORECASE)
        if needed and not shown.issuperset(register.list_members(name)):
            yield name, group.heading


def list_choices() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """[(group's name, its heading, [(key, words)])]: what an emergency box can name."""
    register = load_register()
    return [
        (name, group.heading, [(key, register.signs[key].words) for key in register.list_members(name)])
        for name, group in register.groups.items()
        if register.list_members(name)
    ]
