"""manage.py assess: what the protocol says to a file of answers, for tests, clinicians and other programs."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...protocol import wording
from ...protocol.back_pain import PROTOCOL
from ...protocol.engine import AnswerError, Outcome, assess_answers, validate_answer
from ...protocol.model import Question


class Command(BaseCommand):
    help = "Assess answers from a JSON file {question code: option code or list} and print the outcome as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--answers", required=True, metavar="FILE", help="The file; - reads from standard input.")

    def handle(self, *args: Any, answers: str, **options: Any) -> None:
        outcome = assess_answers(PROTOCOL, self.read_answers(answers))
        self.stdout.write(json.dumps(describe_outcome(outcome, wording.load_words()), indent=2, ensure_ascii=False))

    def read_answers(self, name: str) -> dict[str, tuple[str, ...]]:
        """The answers in the file, each checked against its question. Raises CommandError (exit 2)."""
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
            given = json.loads(text)
        except OSError as error:
            raise CommandError(f"The file of answers cannot be read: {error}", returncode=2) from error
        except (ValueError, RecursionError) as error:
            raise CommandError(f"{name} is not JSON: {error}", returncode=2) from error
        if not isinstance(given, dict):
            raise CommandError('Answers are a JSON object: {"question code": "option code" or [...]}.', returncode=2)
        answers = {}
        for code, value in given.items():
            question = PROTOCOL.question(code)
            if question is None:
                known = ", ".join(question.code for question in PROTOCOL.questions)
                raise CommandError(f"There is no question {code!r}. Questions: {known}", returncode=2)
            chosen = [value] if isinstance(value, str) else value
            if not isinstance(chosen, list) or not all(isinstance(item, str) for item in chosen):
                raise CommandError(f"The answer to {code!r} must be an option code or a list of them.", returncode=2)
            try:
                answers[code] = validate_answer(question, chosen)
            except AnswerError as error:
                raise CommandError(self.explain_error(error, question), returncode=2) from error
        return answers

    @staticmethod
    def explain_error(error: AnswerError, question: Question) -> str:
        options = ", ".join(question.codes())
        problem = {
            "unknown": f"{', '.join(map(repr, error.options))} is not an option of {question.code!r}.",
            "required": f"The answer to {question.code!r} is empty.",
            "several": f"{question.code!r} takes one option, not {len(error.options)}.",
            "none_with_others": f"In {question.code!r}, 'none' cannot stand beside other options.",
        }[error.code]
        return f"{problem} Options: {options}"


def describe_outcome(outcome: Outcome, words: wording.Words) -> dict[str, Any]:
    """Level, rules, path and what would be asked next, as JSON data."""
    following = outcome.path.next
    return {
        "level": outcome.level.code if outcome.level is not None else None,
        "complete": outcome.level is not None,
        "stopped_early": outcome.path.stopped,
        "variant": outcome.variant,
        "heading": find_heading(outcome, words),
        "rules": [
            {
                "code": item.rule.code,
                "level": item.level.code,
                "unsure": item.unsure,
                "reason": words["rules"][item.rule.code]["reason"],
                "because": [{"question": question, "option": option} for question, option in item.because],
                "sources": list(item.rule.sources),
            }
            for item in outcome.fired
        ],
        "deciding_answers": [{"question": question, "option": option} for question, option in outcome.deciding],
        "path": [{"question": step.question.code, "answer": list(step.answer)} for step in outcome.path.steps],
        "next_question": describe_question(following, words["questions"][following.code]) if following else None,
        "protocol": {
            "code": PROTOCOL.code,
            "version": PROTOCOL.version,
            "digest": wording.digest_protocol(PROTOCOL, words),
        },
    }


def find_heading(outcome: Outcome, words: wording.Words) -> str | None:
    """The heading of the result page; None while the level is open."""
    if outcome.level is None:
        return None
    level = words["levels"][outcome.level.code]
    found: str = level[outcome.variant]["heading"] if outcome.variant else level["heading"]
    return found


def describe_question(question: Question, words: wording.Words) -> dict[str, Any]:
    return {
        "code": question.code,
        "title": words["title"],
        "many": question.many,
        "options": {option.code: words["options"][option.code] for option in question.options},
    }
