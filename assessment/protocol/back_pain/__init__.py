"""The protocol for back pain and back spasm: questions in the order asked, rules by level. Data, no logic.

Where the published lists disagree, the choice made here and its reason are in docs/decisions/0003-protocol-choices.md.
No clinician has approved this protocol yet.
"""

from __future__ import annotations

from .. import sources
from ..model import Level, Protocol
from . import emergency, self_care, soon, urgent
from .acts import ACTS, ADVICE, ARTICLE_ACTS
from .conditions import SPORT_ARTICLES
from .plan import PLAN
from .questions import QUESTIONS

VERSION = "2.0.0"

RULES = emergency.RULES + urgent.RULES + soon.RULES + self_care.RULES

PROTOCOL = Protocol(
    code="back_pain",
    version=VERSION,
    questions=QUESTIONS,
    rules=RULES,
    sources=sources.select_cited_sources(RULES, sources.load_sources(), ACTS, PLAN),
    articles={
        Level.EMERGENCY: (),
        Level.URGENT: ("signs-that-need-help-now",),
        Level.SOON: ("without-surgery", "first-days-at-home"),
        Level.SELF_CARE: ("first-days-at-home", "stop-it-coming-back"),
    },
    # "Another sport" and "no sport" have none.
    sport_articles=SPORT_ARTICLES,
    acts=ACTS,
    advice=ADVICE,
    plan=PLAN,
    article_acts=ARTICLE_ACTS,
    parts={"now": "beginning", "saddle": "nerves", "pain": "health", "duration": "days"},
)
