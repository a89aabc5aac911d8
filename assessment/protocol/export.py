"""The protocol as files for people and other programs: decision table, flow diagram, FHIR Questionnaire, version list.

Pure functions from protocol and words to text; `manage.py export_protocol` writes the files.
"""

from __future__ import annotations

import csv
import io
import json
import tomllib
import uuid
from collections.abc import Mapping
from typing import Any

from . import terms
from .model import AtLeast, Chosen, Condition, Level, Protocol, Question
from .wording import Words, digest_protocol

COLUMNS = (
    "Rule", "Asks for", "Level of the check", "Variant", "Answers", "Reason told", "Sources",
    "Approved (yes/no)", "Clinician", "Comment",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # noqa: RUF001 (the full-width ones start a formula too)
VERSIONS = "versions.toml"
VERSIONS_HEAD = """\
# Every version of the protocol that was exported, with the digest of its rules and words in each language.
# Written by manage.py export_protocol, which exports nothing that verify_protocol finds fault with.
"""


def escape_cell(text: str) -> str:
    """The text on one line, and never read as a formula: a leading ' makes it text in every spreadsheet (OWASP, CSV
    injection)."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(FORMULA) else line


# --- Decision table --------------------------------------------------------------------------------------------------


def make_decision_table(protocol: Protocol, words: Words) -> str:
    """CSV for a clinician to sign: what it is a table of, then a row for each rule and minimal set of answers."""
    rows = [
        ("Protocol", protocol.code),
        ("Version", protocol.version),
        ("Language", words["meta"]["language"]),
        ("Digest", digest_protocol(protocol, words)),
        COLUMNS,
        *list_table_rows(protocol, words),
    ]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([escape_cell(item) for item in row] for row in rows)
    return text.getvalue()


def list_table_rows(protocol: Protocol, words: Words) -> list[tuple[str, ...]]:
    """The rows below the columns. The last three cells are the clinician's."""
    labels = {level: words["levels"][level.code]["label"] for level in Level}
    rows: list[tuple[str, ...]] = []
    for rule in protocol.rules:
        cited = [protocol.sources[key] for key in rule.sources]
        sources = "; ".join(
            f"{key}: {source.title} ({source.year or 'no year'})"
            for key, source in zip(rule.sources, cited, strict=True)
        )
        for term, walk in terms.find_witnesses(protocol, rule):
            reached = walk[1].level if walk else None
            rows.append(
                (
                    rule.code,
                    labels[rule.level],
                    "cannot be reached" if reached is None else labels[reached],
                    rule.variant,
                    " AND ".join(pairs_in_words(protocol, words, term)),
                    words["rules"][rule.code]["reason"],
                    sources,
                    "", "", "",
                )
            )  # fmt: skip
    return rows


def pairs_in_words(protocol: Protocol, words: Words, term: terms.Term) -> list[str]:
    """ "Legs: Numb or tingling in one leg" for each pair, in the order asked."""
    return [
        f"{words['questions'][question.code]['short']}: {words['questions'][question.code]['options'][option]}"
        for question in protocol.questions
        for option in question.codes()
        if (question.code, option) in term
    ]


# --- Flow diagram ----------------------------------------------------------------------------------------------------


def draw_diagram(protocol: Protocol, words: Words) -> str:
    """A Mermaid flowchart: each question in order, what opens a follow-up, where an emergency stops the check."""
    lines = ["flowchart TD", f"  start([{quote_label(f'{protocol.code} {protocol.version}')}])"]
    before = ["start -->"]
    for number, question in enumerate(protocol.questions, start=1):
        text = words["questions"][question.code]
        here, gate = f"q_{question.code}", f"gate_{question.code}"
        after = [f"{here} -->"]
        if question.when is not None:
            lines += [f"  {gate}{{{quote_label('Ask about:', text['short'])}}}"]
            lines += [f"  {arrow} {gate}" for arrow in before]
            before = [f"{gate} -->|{quote_label(condition_in_words(protocol, words, question.when))}|"]
            after.append(f"{gate} -->|{quote_label('otherwise')}|")
        heading = f"Question {number}: {text['short']}"
        lines += [f"  {here}[{quote_label(heading, text['title'])}]"]
        lines += [f"  {arrow} {here}" for arrow in before]
        for variant, rules in find_stops(protocol, question).items():
            stop = f"stop_{question.code}_{variant}"
            why, where = quote_label(", ".join(rules)), quote_label("Emergency", variant)
            lines += [f"  {here} -.->|{why}| {stop}([{where}]):::emergency"]
        before = after
    lines += [f"  result{{{quote_label('The highest level that a met rule asks for')}}}"]
    lines += [f"  {arrow} result" for arrow in before]
    # Not from each stop: eighteen lines across the whole page hide all others.
    lines += [f"  result -.->|{quote_label('an emergency rule was met: the check stopped above')}| level_emergency"]
    for level, met in (
        (Level.URGENT, "an urgent rule is met, or an emergency rule by “not sure”"),
        (Level.SOON, "a soon rule is met, or an urgent rule by “not sure”"),
        (Level.SELF_CARE, "otherwise"),
    ):
        lines += [f"  result -->|{quote_label(met)}| level_{level.code}"]
    for level in reversed(Level):
        text = words["levels"][level.code]
        lines += [f"  level_{level.code}[[{quote_label(text['label'], text['time'])}]]:::{level.code}"]
    lines += [
        "  classDef emergency fill:#b3261e,color:#fff,stroke:#7a1a15",
        "  classDef urgent fill:#ffd9a8,color:#000,stroke:#8a5300",
        "  classDef soon fill:#fff3b0,color:#000,stroke:#7a6a00",
        "  classDef self_care fill:#cfeccf,color:#000,stroke:#2c6b2f",
    ]
    return "\n".join(lines) + "\n"


def quote_label(*lines: str) -> str:
    """A quoted Mermaid label; its own signs are written as entities."""
    signs = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;"}
    return '"' + "<br/>".join("".join(signs.get(sign, sign) for sign in line) for line in lines) + '"'


def find_stops(protocol: Protocol, question: Question) -> dict[str, list[str]]:
    """Variant -> the emergency rules that this question's answer can complete, which ends the check."""
    place = {asked.code: number for number, asked in enumerate(protocol.questions)}
    found: dict[str, list[str]] = {}
    for rule in protocol.rules:
        if rule.level == Level.EMERGENCY:
            last = {
                max((code for code, _ in term), key=place.__getitem__)
                for term in terms.find_minimal_terms(protocol, rule.when)
            }
            if question.code in last:
                found.setdefault(rule.variant, []).append(rule.code)
    return found


def condition_in_words(protocol: Protocol, words: Words, condition: Condition) -> str:
    """When a question is asked, in words; "I am not sure" is named, since it opens a question too."""
    if isinstance(condition, AtLeast):
        inner = [f"({condition_in_words(protocol, words, part)})" for part in condition.conditions]
        if condition.count == len(inner):
            return " and ".join(inner)
        if condition.count == 1:
            return " or ".join(inner)
        return f"at least {condition.count} of: {'; '.join(inner)}"
    question, text = protocol.by_code[condition.question], words["questions"][condition.question]

    def named(codes: list[str]) -> str:
        return " or ".join("“" + text["options"][code] + "”" for code in codes)

    opening = list_opening_options(question, condition)
    others = [code for code in question.codes() if code not in opening]
    if not question.many and len(others) < len(opening):
        return f"{text['short']}: any answer but {named(others)}"
    return f"{text['short']}: {named(opening)}"


def list_opening_options(question: Question, condition: Chosen) -> list[str]:
    """The options that meet it or leave it unsure."""
    return [code for code in question.codes() if code in condition.options or code in question.codes("unsure")]


# --- FHIR ------------------------------------------------------------------------------------------------------------

FHIR = "http://hl7.org/fhir"
EXCLUSIVE = f"{FHIR}/StructureDefinition/questionnaire-optionExclusive"
EXPRESSION = f"{FHIR}/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"


def make_urn(*names: str) -> str:
    """A stable identifier that needs no web address: urn:uuid of the names (RFC 9562, version 5)."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("back-spasm", *names))).urn


def make_coding(protocol: Protocol, words: Words, question: str, option: str) -> dict[str, str]:
    """An option; each question is a code system of its own, since option codes are unique only within it."""
    text = words["questions"][question]["options"][option]
    return {"system": make_urn(protocol.code, question), "code": option, "display": text}


def make_questionnaire(protocol: Protocol, words: Words) -> dict[str, Any]:
    """The questions as a FHIR R5 Questionnaire. It asks; it neither stops at an emergency nor gives a level."""
    return {
        "resourceType": "Questionnaire",
        "id": protocol.code.replace("_", "-"),
        "language": words["meta"]["language"],
        "url": make_urn(protocol.code),
        "version": protocol.version,
        "versionAlgorithmCoding": {"system": f"{FHIR}/version-algorithm", "code": "semver"},
        "name": "".join(part.capitalize() for part in protocol.code.split("_")),
        "title": f"Symptom check: {protocol.code.replace('_', ' ')}",
        "status": "draft",
        "subjectType": ["Patient"],
        "description": (
            f"The questions of protocol {protocol.code} {protocol.version}, digest {digest_protocol(protocol, words)}. "
            "The check itself stops at the first emergency answer; the levels are in the decision table."
        ),
        "item": [make_questionnaire_item(protocol, words, question) for question in protocol.questions],
    }


def make_questionnaire_item(protocol: Protocol, words: Words, question: Question) -> dict[str, Any]:
    text = words["questions"][question.code]
    options = []
    for option in question.options:
        answer: dict[str, Any] = {"valueCoding": make_coding(protocol, words, question.code, option.code)}
        if question.many and option.kind == "none":
            answer = {"extension": [{"url": EXCLUSIVE, "valueBoolean": True}], **answer}
        options.append(answer)
    notes = [
        {"linkId": f"{question.code}.{part}", "text": text[part], "type": "display"}
        for part in ("hint", "more", "why")
        if text.get(part)
    ]
    return {
        "linkId": question.code,
        **make_enable_when(protocol, words, question.when),
        "text": text["title"],
        "type": "coding",
        "required": True,
        "repeats": question.many,
        "answerConstraint": "optionsOnly",
        "answerOption": options,
        "item": notes,
    }


def make_enable_when(protocol: Protocol, words: Words, condition: Condition | None) -> dict[str, Any]:
    """When the item is shown: enableWhen where one "any" can say it, FHIRPath otherwise."""
    if condition is None:
        return {}
    choices = find_single_choices(condition)
    if choices is None:
        expression = {"language": "text/fhirpath", "expression": write_fhirpath(protocol, condition)}
        return {"extension": [{"url": EXPRESSION, "valueExpression": expression}]}
    when = [
        {"question": part.question, "operator": "=", "answerCoding": make_coding(protocol, words, part.question, code)}
        for part in choices
        for code in list_opening_options(protocol.by_code[part.question], part)
    ]
    return {"enableWhen": when, **({"enableBehavior": "any"} if len(when) > 1 else {})}


def find_single_choices(condition: Condition) -> list[Chosen] | None:
    """The choices of which one is enough; None where the condition asks for more than one."""
    if isinstance(condition, Chosen):
        return [condition]
    parts = [find_single_choices(part) for part in condition.conditions]
    if condition.count != 1 or None in parts:
        return None
    return [choice for part in parts if part for choice in part]


def write_fhirpath(protocol: Protocol, condition: Condition) -> str:
    """The condition over a QuestionnaireResponse, as FHIRPath that is true or false."""
    if isinstance(condition, Chosen):
        codes = list_opening_options(protocol.by_code[condition.question], condition)
        tests = " or ".join(f"code = '{code}'" for code in codes)
        return f"%resource.item.where(linkId = '{condition.question}').answer.value.where({tests}).exists()"
    parts = [write_fhirpath(protocol, part) for part in condition.conditions]
    if condition.count == len(parts):
        return f"({' and '.join(parts)})"
    if condition.count == 1:
        return f"({' or '.join(parts)})"
    return f"({' + '.join(f'iif({part}, 1, 0)' for part in parts)} >= {condition.count})"


# --- Versions and files ----------------------------------------------------------------------------------------------


class VersionError(ValueError):
    """The protocol is not the one that was exported under its version."""


def add_version(known: str, protocol: Protocol, words: Mapping[str, Words]) -> str:
    """The list of versions (TOML) with this one. Raises VersionError if it stands there with other digests."""
    table = tomllib.loads(known)
    digests = {language: digest_protocol(protocol, text) for language, text in sorted(words.items())}
    if protocol.version in table:
        if table[protocol.version] != digests:
            raise VersionError(
                "The protocol changed but its version did not: raise VERSION in back_pain/__init__.py (semantic "
                "versioning: the first number when a rule, question or option goes or a level changes, the second when "
                "one is added, the third for words and sources)."
            )
        return known
    lines = [f'["{protocol.version}"]', *(f'{language} = "{value}"' for language, value in digests.items())]
    return (known or VERSIONS_HEAD) + "\n" + "\n".join(lines) + "\n"


def make_flow_page(protocol: Protocol, words: Words) -> str:
    """The diagram as a Markdown page."""
    return (
        "# The flow of the check\n\n"
        f"Protocol {protocol.code} {protocol.version}, digest `{digest_protocol(protocol, words)}`. Written by "
        "`manage.py export_protocol`.\nDotted lines: the rules that stop the check at once. What each rule asks: "
        "[decision-table.csv](decision-table.csv).\n\n"
        f"```mermaid\n{draw_diagram(protocol, words)}```\n"
    )


def make_files(protocol: Protocol, words: Mapping[str, Words], known: str, language: str = "en") -> dict[str, str]:
    """Every exported file: name -> text. known: the present versions.toml, or nothing. Raises VersionError."""
    text = words[language]
    return {
        VERSIONS: add_version(known, protocol, words),
        "decision-table.csv": make_decision_table(protocol, text),
        "flow.md": make_flow_page(protocol, text),
        "questionnaire.json": json.dumps(make_questionnaire(protocol, text), indent=2, ensure_ascii=False) + "\n",
    }
