"""A person in a spasm."""

from ..bodies import Person
from ..drawing import Scene
from ..figures import figure
from ..geometry import turn_x
from ..grips import SIDES, measure_hips, plant, point, put_hips, swing_arm
from ..poses import Pose


@figure("sore-back", "A woman stands bent forward. One hand holds her low back, the other arm hangs down.")
def draw_sore_back() -> Scene:
    person = Person("kim", top=("#c95f6a", "#d67882"), bottom=("#3d5166", "#768fab"))
    pose = Pose(person).place(turn_x(24)).bend_spine(20, -4).bend_neck(-26)
    put_hips(pose, 0, 0.12, measure_hips(person) - 0.05)
    for side, g in SIDES:
        plant(pose, side, g * 0.11, -0.08 - g * 0.06, g * 8)
    hand = pose.at("spine04") + point(0.13, 0.1, 0.05)
    pose.reach_arm("L", hand, (0.5, 1, 0.5), hand=(-0.8, 0.2, -0.3), palm=(-0.2, -1, -0.1), curl=14)
    swing_arm(pose, "R", (0.02, -0.04, -0.46), (-0.6, 0.8, 0), hand=(0.1, 0.1, -1), palm=(0.3, 1, 0), curl=14)
    return Scene([pose], 72, 3, floor=0)
