"""The whole body from behind and from the front, for pointing at a place."""

import numpy as np

from ..bodies import Person
from ..drawing import Scene
from ..figures import figure
from ..poses import Pose

CALM = {"skin": ("#e7cdb6", "#cdb199"), "top": ("#a8cfc8", "#6fa59e"), "bottom": ("#86a5ad", "#6b8b94"),
        "locks": ("#8a766a", "#9a877b"), "foot": "bare", "sleeve": 0.3, "leg": 0.4, "hair": "bun"}  # fmt: skip


def stand_open() -> Pose:
    """Upright, arms a little off the body, palms forward."""
    person = Person("ana", **CALM)
    pose = Pose(person)
    for side, g in (("L", 1), ("R", -1)):
        wrist = pose.at("upperarm01." + side) + np.array([g * 0.27, 0.0, -person.arm_length * 0.85])
        pose.reach_arm(side, wrist, (g * 0.4, 1, -0.2), hand=(g * 0.25, 0, -1), palm=(0, -1, 0), curl=10)
        pose.bend_leg(side, out=-3)
    return pose.stand_on()


@figure("body-map-back", "A person from behind, from head to feet, arms a little away from the body.")
def draw_back():
    return Scene([stand_open()], around=180, above=0)


@figure("body-map-front", "A person from the front, from head to feet, arms a little away from the body.")
def draw_front():
    return Scene([stand_open()], around=0, above=0)
