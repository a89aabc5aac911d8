"""The plan after a result: what to do on later days, for whom, and for whom not. Today is the advice of acts.py.

Days count from the result. A block is left out where an answer forbids its acts, and in doubt (see Block).
"""

from __future__ import annotations

from ..model import Block, Level, any_of, chosen
from .acts import EXERCISE, KEEP_MOVING, SPORT
from .conditions import FALL, FRAGILE, PLAYS_SPORT

URGENT, SOON, SELF_CARE = Level.URGENT, Level.SOON, Level.SELF_CARE
AT_HOME = (SOON, SELF_CARE)

# Who asks the midwife, the surgeon or a doctor first: what suits them is no matter for a page.
ASK_FIRST = any_of(FRAGILE, chosen("history", "fused", "procedure", "operation", "pregnant", "birth", "period"))
# Where each step or each breath is the trouble, more of them are none of the cure.
BAD_WALKS = any_of(chosen("load", "impact"), chosen("legs", "calf"), chosen("also", "winded"))

PLAN = (
    Block("nobody_yet", (), levels=(URGENT,), day="day_1", sources=("nhs-back-pain",)),
    Block(
        "walk_more",
        (KEEP_MOVING,),
        levels=AT_HOME,
        day="day_3",
        unless=BAD_WALKS,
        article="keep-moving",
        section="walking",
        picture="walking",
        sources=("dahm-2010",),
    ),
    Block(
        "pacing",
        (KEEP_MOVING,),
        levels=AT_HOME,
        day="day_3",
        when=chosen("duration", "3_months"),
        article="living-with-long-lasting-pain",
        sources=("sheffield-pacing",),
    ),
    Block(
        "nights",
        (),
        levels=AT_HOME,
        day="day_3",
        when=any_of(chosen("life", "stops_day"), chosen("pain", "wakes")),
        article="sleep-and-recovery",
        sources=("nhs-borders",),
    ),
    Block(
        "fear",
        (),
        levels=AT_HOME,
        day="day_3",
        when=chosen("life", "afraid", "worried"),
        article="myths",
        sources=("osullivan-2020",),
    ),
    Block(
        "mood",
        (),
        levels=(SOON,),
        day="day_3",
        when=chosen("life", "low"),
        article="stress-and-sleep",
        sources=("henschke-2008", "wong-2021"),
    ),
    Block(
        "exercises",
        (EXERCISE,),
        levels=AT_HOME,
        day="week_1",
        # Two of the six arch the back.
        unless=any_of(ASK_FIRST, FALL, chosen("load", "arching")),
        article="exercises-at-home",
        picture="knee-to-chest-1",
        sources=("ijzelenberg-2023", "nhs-inform-exercises"),
    ),
    Block(
        "sport",
        (SPORT,),
        levels=AT_HOME,
        day="week_1",
        when=PLAYS_SPORT,
        # A blood thinner: no blows before a doctor has said so.
        unless=any_of(ASK_FIRST, chosen("medicines", "thinner"), chosen("history", "sickle")),
        article="planning-your-load",
        own_sport=True,
        sources=("wilson-2021",),
    ),
    Block(
        "midwife",
        (),
        levels=AT_HOME,
        day="week_1",
        when=chosen("history", "pregnant", "birth"),
        article="back-pain-in-pregnancy",
        sources=("mkuh-pelvic", "nhs-pregnancy-back"),
    ),
    Block(
        "leg",
        (),
        levels=AT_HOME,
        day="week_1",
        when=chosen("legs", "one_pain"),
        article="leg-pain",
        sources=("ctm-sciatica",),
    ),
    Block("check_again", (), levels=(SELF_CARE,), day="week_2", sources=("nice-ng59",)),
    Block("young", (), levels=(SELF_CARE,), day="week_2", rules=("young",), sources=("perth-children",)),
    Block("seen", (), levels=(SOON,), day="week_2", sources=("nice-ng59",)),
    Block("still_there", (), levels=(SELF_CARE,), day="week_6", sources=("menezes-costa-2012", "acp-2017")),
    Block(
        "keep_going",
        (KEEP_MOVING, EXERCISE),
        levels=AT_HOME,
        day="week_6",
        unless=any_of(ASK_FIRST, BAD_WALKS),
        article="stop-it-coming-back",
        sources=("steffens-2016", "pocovi-2024"),
    ),
    Block("once_seen", (), levels=(URGENT,), day="seen", sources=("nice-ng59",)),
)
