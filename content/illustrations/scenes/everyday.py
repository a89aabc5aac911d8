"""Getting out of bed, walking, warmth and positions of rest."""

from functools import cache

import numpy as np

from ..bodies import ARM_LEFT, ARM_RIGHT, LEG_LEFT, LEG_RIGHT, Person
from ..drawing import Arrow, Scene
from ..dressing import wrap_waist
from ..figures import figure
from ..geometry import make_unit, turn_x, turn_y, turn_z
from ..poses import Pose
from ..positions import lie_on_back, lie_on_side, rest_arm, sit, stand
from ..things import make_bed, make_chair, make_cushion, number_of, turn_things


@cache
def rosa() -> Person:
    return Person("rosa")


@cache
def ben() -> Person:
    return Person("ben", leg=1.75, foot="shoe")


@cache
def ana() -> Person:
    return Person("ana")


# -- out of bed: head toward +y, out over the edge on the -x side

BED_VIEW = {"around": 290, "above": 16}
BED_FRAME = [(-0.5, -0.9, -0.5), (-0.5, 1.1, -0.5), (0.4, 1.1, 0.3), (-0.2, 0, 0.85)]


def make_bedroom() -> list:
    """The bed with its pillow."""
    return [
        *make_bed(x=(-0.42, 0.5), y=(-1.1, 1.15), top=0, floor=-0.5),
        make_cushion((0.05, 0.86, 0.05), (0.30, 0.2, 0.075)),
    ]


def turn_on_side() -> Pose:
    """On the right side at the edge of the bed, knees bent, the upper hand flat before the chest."""
    pose = lie_on_side(rosa(), hips=(62, 68), knees=80)
    pose.bend_neck(6, -2)
    shoulder = pose.at("upperarm01.L")
    wrist = (shoulder[0] - 0.30, shoulder[1] - 0.08, 0.07)
    pose.reach_arm("L", wrist, (-0.2, -1, 0.5), hand=(-0.6, 0.8, -0.1), palm=(0, 0, -1), curl=8, shoulder=(0, 10))
    shoulder = pose.at("upperarm01.R")
    wrist = (shoulder[0] - 0.30, shoulder[1] + 0.12, 0.05)
    return pose.reach_arm("R", wrist, (-1, -0.6, 0), hand=(0.2, 1, 0), palm=(0, 0, 1), curl=20, shoulder=(0, 20))


def push_up() -> Pose:
    """Half up: legs over the edge, the trunk leaning to the right on forearm and hand."""
    pose = Pose(rosa()).place(turn_z(-90) @ turn_y(-48) @ turn_x(8)).bend_spine(6, 16).bend_neck(6, 18)
    pose.rest_trunk(-0.02, high=0.1)
    pose.move(x=-0.12 - pose.at("upperleg01.L")[0])
    for side, y in (("L", -0.04), ("R", 0.02)):
        hip = pose.at("upperleg01." + side)
        pose.reach_leg(side, (hip[0] - 0.40, hip[1] + y - 0.06, -0.36), knee=(-1, 0, 0.5), toes=(-1, -0.1, -0.25))
    shoulder = pose.at("upperarm01.R")
    pose.reach_arm("R", (shoulder[0] - 0.26, shoulder[1] + 0.02, 0.05), (0.4, 1, -0.8), hand=(-1, 0.1, -0.05),
                   palm=(0, 0.1, -1), curl=6)  # fmt: skip
    shoulder = pose.at("upperarm01.L")
    return pose.reach_arm("L", (shoulder[0] - 0.24, shoulder[1] + 0.28, 0.06), (-0.5, -1, 0.4), hand=(-0.4, 0.9, -0.1),
                          palm=(0, 0, -1), curl=6)  # fmt: skip


def sit_on_edge() -> Pose:
    """Upright on the edge of the bed, feet on the floor, hands on the bed at both sides."""
    pose = sit(rosa(), seat=0.5, turn=-90, feet=0.38, apart=0.14)
    pose.move(z=-0.5, x=-0.22 - pose.at("upperleg01.L")[0])
    for side, y in (("L", -0.07), ("R", 0.07)):
        hip = pose.at("upperleg01." + side)
        pose.reach_leg(side, (hip[0] - 0.42, y, -0.5 + 0.085), knee=(-1, y * 2, 0.6), toes=(-1, y * 2, 0))
        g = -1 if side == "L" else 1
        wrist = (pose.at("upperarm01." + side)[0] - 0.04, g * 0.32, 0.06)
        pose.reach_arm(side, wrist, (0.9, g * 0.6, 0), hand=(-0.9, g * 0.35, -0.1), palm=(0, 0, -1), curl=6)
    return pose


@figure("out-of-bed-1", "An older woman lies on her side at the edge of the bed. Her knees are bent.")
def draw_out_of_bed_1():
    arrow = Arrow([(0.4, 0.1, 0.2), (0.0, 0.05, 0.75), (-0.5, 0.05, 0.12)])
    return Scene([turn_on_side().move(x=-0.1)], things=make_bedroom(), arrows=[arrow], frame=BED_FRAME, **BED_VIEW)


@figure(
    "out-of-bed-2",
    "An older woman half up: her lower legs hang over the edge. She pushes up with both arms. Her back stays straight.",
)
def draw_out_of_bed_2():
    pose = push_up()
    head = pose.at("head")
    arrow = Arrow([head + [-0.1, 0.16, 0.22], head + [-0.1, -0.05, 0.42], head + [-0.1, -0.36, 0.44]])
    return Scene([pose], things=make_bedroom(), arrows=[arrow], frame=BED_FRAME, **BED_VIEW)


@figure(
    "out-of-bed-3",
    "The woman sits upright on the edge of the bed. Both feet are on the floor and both hands on the bed.",
)
def draw_out_of_bed_3():
    return Scene([sit_on_edge()], things=make_bedroom(), frame=BED_FRAME, **BED_VIEW)


# -- walking


def walk(person: Person) -> Pose:
    """A step toward -y."""
    pose = Pose(person).place(turn_x(3) @ turn_z(4)).bend_spine(1, 0, -10).bend_neck(-4, 0, 5)
    pose.bend_leg("L", flex=24, out=-5, knee=5, foot=6).bend_leg("R", flex=-15, out=-5, knee=26, foot=-10)
    for side, g, ahead in (("L", 1, False), ("R", -1, True)):
        shoulder = pose.at("upperarm01." + side)
        reach = np.array([g * 0.07, -0.21 if ahead else 0.17, -0.49 if ahead else -0.50]) * person.arm_length / 0.54
        hand = (0, -0.35 if ahead else 0.1, -1)
        pose.reach_arm(side, shoulder + reach, (g * 0.25, 1, -0.3), hand=hand, palm=(-g, 0.1, 0), curl=34)
    return pose.stand_on()


@figure("walking", "A man takes an easy walk. He stands tall, looks ahead and lets his arms swing.")
def draw_walking():
    pose = walk(ben())
    arrow = Arrow([(0, -0.50, 1.25), (0, -0.86, 1.25)])
    return Scene([pose], around=70, above=4, floor=0, far=(ARM_RIGHT, LEG_RIGHT), arrows=[arrow])


# -- warmth


@figure("heat-wrap", "A woman is seen from behind. A warm wrap goes round her low back, over her shirt.")
def draw_heat_wrap():
    pose = stand(ana(), arms=0.16, turn=0)
    wrap = wrap_waist(pose, 0.06, 0.38, number_of("warm"), off=0.034)
    low, back = pose.at("spine05")[2], pose.at("spine05")[1] + 0.13
    t = np.linspace(0, 1, 25)
    waves = [np.stack([x + 0.010 * np.sin(t * 9), t * 0 + back, low + 0.06 + t * 0.09], 1) for x in (-0.06, 0, 0.06)]
    return Scene([pose], around=200, above=3, things=[wrap], lines=waves, crop=(0.72, 1.75))


# -- positions of rest


@figure("rest-calves-on-chair", "A man lies on his back. His lower legs rest on the seat of a chair, knees over hips.")
def draw_calves_on_chair():
    pose = lie_on_back(Person("ben", foot="sock", leg=0.62))
    for side in "LR":
        pose.bend_leg(side, flex=90, out=-2, knee=88, foot=-6)
        rest_arm(pose, side, 0.26, 0.40, palm=(0, 0, 1), height=0.05)
    knee, ankle = pose.at("lowerleg01.R"), pose.at("foot.R")
    seat, middle = min(knee[2], ankle[2]) - 0.062, (knee[1] + ankle[1]) / 2 - 0.03
    chair = turn_things(make_chair(seat=seat, y=middle - 0.07, back=-1), turn_z(90), (0, middle, 0))
    return Scene([pose], around=268, above=7, far=(ARM_LEFT, LEG_LEFT), things=chair, mat=(0.36, -0.85, 0.95))


@figure(
    "rest-side-pillow", "A woman lies on her side with bent knees. One pillow is under her head, one between her knees."
)
def draw_side_pillow():
    pose = lie_on_side(rosa(), hips=(48, 48), knees=84, apart=0.17)
    pose.bend_neck(6, 2)
    shoulder = pose.at("upperarm01.L")
    wrist = (shoulder[0] - 0.28, shoulder[1] - 0.16, 0.07)
    pose.reach_arm("L", wrist, (-0.2, -1, 0.5), hand=(-0.6, 0.8, -0.1), palm=(0, 0, -1), curl=10, shoulder=(0, 10))
    shoulder = pose.at("upperarm01.R")
    wrist = (shoulder[0] - 0.30, shoulder[1] + 0.14, 0.05)
    pose.reach_arm("R", wrist, (-1, -0.6, 0), hand=(0.2, 1, 0), palm=(0, 0, 1), curl=20, shoulder=(0, 20))
    low, high = pose.at("lowerleg01.R"), pose.at("lowerleg01.L")
    middle = (low + high + pose.at("foot.R") + pose.at("foot.L")) / 4
    pillow = make_cushion(middle + [-0.0, 0.06, 0.0], (0.2, 0.30, 0.075), roundness=0.6)
    head = pose.at("head")
    things = [*make_bed(x=(-0.62, 0.4), y=(-1.05, 1.1), top=0, floor=-0.3), pillow]
    things.append(make_cushion((head[0] - 0.02, head[1] + 0.08, 0.045), (0.32, 0.2, 0.075)))
    return Scene([pose], around=286, above=24, things=things)


@figure(
    "rest-face-down", "A man lies on his belly with a pillow under it. His head is turned to one side, arms beside it."
)
def draw_face_down():
    pose = Pose(Person("ben", foot="sock", leg=1.75)).place(turn_x(92)).bend_spine(-2)
    pose.rest_trunk(0.02)
    for side, g in (("L", 1), ("R", -1)):
        hip = pose.at("upperleg01." + side)
        ankle = hip + np.array([g * 0.04, 0.95, 0])
        ankle[2] = 0.09
        pose.reach_leg(side, ankle, knee=(0, 0, -1))
        pose.turn_foot(side, (0, 0.9, -0.4), (0, -0.4, -0.9))
    pose.rest_head(0.0, twist=68)
    for side, g in (("L", 1), ("R", -1)):
        shoulder = pose.at("upperarm01." + side)
        wrist = (shoulder[0] + g * 0.10, shoulder[1] - 0.30, 0.05)
        pose.reach_arm(side, wrist, (g, 0.2, 0), hand=make_unit(np.array([-g * 0.4, -1, 0])), palm=(0, 0, -1), curl=6)
    belly = (pose.at("spine04") + pose.at("spine05")) / 2
    pillow = make_cushion((0, belly[1], 0.05), (0.3, 0.17, 0.07), roundness=0.6)
    return Scene([pose], around=78, above=14, far=(ARM_RIGHT,), things=[pillow], mat=(0.4, -1.05, 1.1))
