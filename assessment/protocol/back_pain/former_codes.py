"""Option codes of earlier versions that mean the same as one of today, so that new rules can read saved answers.

A code that is neither here nor in the protocol has no equal: the answer is left out, and with it a question that has no
other answer. So nobody is taken to have said what they were not asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Protocol

# (question, code of before): the code of today. Since 2.0.0 drops of pee on a cough belong to what is as ever, and who
# had told of sickle cell counts with the lesser of the two that are told apart, the trait.
FORMER_CODES: Mapping[tuple[str, str], str] = {
    ("saddle", "pee_stress"): "old",
    ("aftermath", "sickle"): "trait",
}


def find_present_code(protocol: Protocol, question: str, option: str) -> str | None:
    """The code that this stored option has in the protocol now; None when it has no equal there."""
    asked = protocol.by_code.get(question)
    if asked is None:
        return None
    code = option if option in asked.by_code else FORMER_CODES.get((question, option))
    return code if code in asked.by_code else None
