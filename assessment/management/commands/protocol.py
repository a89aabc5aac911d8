"""manage.py protocol: the whole protocol, for people and programs."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ...protocol import wording
from ...protocol.back_pain import PROTOCOL


class Command(BaseCommand):
    help = "Print the protocol: its questions with wording and options, its rules with condition, level and sources."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Everything, as JSON.")

    def handle(self, *args: Any, json: bool, **options: Any) -> None:
        words = wording.load_words()
        whole = {**wording.describe_protocol(PROTOCOL, words), "digest": wording.digest_protocol(PROTOCOL, words)}
        if json:
            self.stdout.write(dump_json(whole))
            return
        self.stdout.write(f"{whole['code']} {whole['version']} (digest {whole['digest']})")
        for question in whole["questions"]:
            self.stdout.write(f"\n{question['code']}: {question['title']}")
            for option in question["options"]:
                self.stdout.write(f"  {option['code']}: {option['text']}")
        self.stdout.write("")
        for rule in whole["rules"]:
            self.stdout.write(f"{rule['level']:>10}  {rule['code']}: {rule['reason']}")


def dump_json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)
