"""Style sheets as old engines read them: what they do not know they leave out, with all that belongs to it."""

import re

# What an engine does not know, as regular expressions: at-rules, selectors, and declarations (with their values).
IOS_15 = {
    "at-rules": ["@layer", "@container"],
    "selectors": [r":has\(", ":focus-visible", "&"],
    "declarations": [
        r"color-mix\(", r"light-dark\(", r"\d[dsl]v[hw]\b", "^text-wrap", r'^content: .*" /', "overflow-wrap: anywhere",
        "^accent-color",
    ],
}  # fmt: skip
IOS_12 = {
    "at-rules": IOS_15["at-rules"],
    "selectors": [*IOS_15["selectors"], r":is\(", r":where\(", r":not\([^)]*,"],
    "declarations": [
        *IOS_15["declarations"], r"clamp\(", "^aspect-ratio", "^inset", "^(margin|padding|border)-(inline|block):",
        "^scroll-margin", "^appearance",
    ],
}  # fmt: skip
BEFORE_2017 = {
    "at-rules": IOS_15["at-rules"],
    "selectors": IOS_12["selectors"],
    "declarations": [
        *IOS_12["declarations"], r"var\(", "^--", "-(inline|block)(-|:)", "^((min|max)-)?(inline|block)-size", "^grid",
        r"\b(min|max)\(", ": grid", "^gap",
    ],
}  # fmt: skip
ENGINES = {"iOS 15.3": IOS_15, "iOS 12": IOS_12, "before 2017": BEFORE_2017}


def split_rules(css):
    """(what stands before the brace or the semicolon, what is in the braces or None), of each rule."""
    start = depth = 0
    head = ""
    for place, mark in enumerate(css):
        if mark == "{":
            depth += 1
            if depth == 1:
                head, start = css[start:place].strip(), place + 1
        elif mark == "}":
            depth -= 1
            if depth == 0:
                yield head, css[start:place]
                start = place + 1
        elif mark == ";" and depth == 0:
            yield css[start:place].strip(), None
            start = place + 1


def is_unknown(engine, kind, words):
    return any(re.search(pattern, words) for pattern in engine[kind])


def read_as(engine, css, lost=None):
    """The style sheet that is left. What is left out of it is added to `lost`: selectors and declarations."""
    lost = [] if lost is None else lost
    left = []
    for head, body in split_rules(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        if is_unknown(engine, "at-rules", head):
            lost.append(head)
        elif head.startswith("@supports"):
            condition = head.removeprefix("@supports").strip()
            asked = re.sub(r"^not ", "", condition).strip("() ")
            if is_unknown(engine, "declarations", asked) == condition.startswith("not "):
                left.append(read_as(engine, body, lost))
        elif head.startswith("@media"):
            left.append(f"{head} {{ {read_as(engine, body, lost)} }}")
        elif is_unknown(engine, "selectors", head):
            lost.append(head)
        else:
            declarations = [declaration.strip() for declaration in (body or "").split(";") if declaration.strip()]
            known = [each for each in declarations if not is_unknown(engine, "declarations", each)]
            # No gap between what stands in a row, before 2021.
            if engine is not IOS_15 and any("flex" in each for each in known):
                known = [each for each in known if not each.startswith("gap")]
            lost += [f"{head} {{ {each} }}" for each in declarations if each not in known]
            left.append(f"{head} {{ {'; '.join(known)} }}")
    return "\n".join(left)
