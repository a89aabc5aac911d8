"""The six exercises, each at its start and at its end, and their movements."""

import math
from functools import cache

import numpy as np

from ..bodies import ARM_LEFT, ARM_RIGHT, LEG_LEFT, LEG_RIGHT, Person
from ..drawing import Arrow, Scene
from ..figures import figure
from ..geometry import make_unit, turn_x, turn_y
from ..movements import find_steps
from ..poses import Pose, blend_poses
from ..positions import bend_knee, kneel_on_fours, lie_on_back, rest_arm
from ..things import make_box, make_cushion

MAT = (0.36, -1.05, 1.0)


@cache
def ana() -> Person:
    return Person("ana")


@cache
def ben() -> Person:
    return Person("ben", leg=0.62)


# -- knee to chest


def hug_knee(person: Person, share=1.0) -> Pose:
    """On the back, the right knee drawn to the chest with both hands (share 0: both feet on the floor)."""
    pose = lie_on_back(person, flex=4 + 16 * share)
    bend_knee(pose, "L", 0.50)
    if share == 0:
        bend_knee(pose, "R", 0.42)
        return rest_arm(rest_arm(pose, "L"), "R")
    pose.bend_leg("R", flex=70 + 58 * share, out=5, knee=95 + 32 * share, foot=-10)
    knee, ankle = pose.at("lowerleg01.R"), pose.at("foot.R")
    shin = make_unit(ankle - knee)
    front = make_unit(np.cross(shin, np.array([1.0, 0, 0])))
    front = front if front @ np.array([0, 0.5, 1]) > 0 else -front
    middle = knee + shin * 0.085 + front * 0.055
    for side, g, lower in (("R", -1, 0.0), ("L", 1, 0.06)):
        wrist = middle + np.array([g * 0.085, 0.01, -0.01]) + shin * lower
        pose.reach_arm(
            side, wrist, (g * 0.8, 0.1, -0.9), hand=make_unit(np.array([-g, -0.25, 0.25])),
            palm=-front - np.array([g * 0.5, 0, 0]), curl=34,
        )  # fmt: skip
    return pose


@figure(
    "knee-to-chest-1", "A woman lies on her back on a mat. Both knees are bent and both feet are flat on the floor."
)
def draw_knee_start():
    return Scene([hug_knee(ana(), 0)], far=(ARM_LEFT, LEG_LEFT), mat=MAT, around=264)


@figure(
    "knee-to-chest-2",
    "The woman holds one knee with both hands and draws it toward her chest. The other foot stays flat.",
)
def draw_knee_end():
    pose = hug_knee(ana())
    knee = pose.at("lowerleg01.R")
    arrow = Arrow([knee + [0, -0.22, 0.30], knee + [0, -0.02, 0.38], knee + [0, 0.24, 0.26]])
    return Scene([pose], far=(ARM_LEFT, LEG_LEFT), mat=MAT, around=264, arrows=[arrow])


# -- calves on a chair (a position of rest, drawn with the exercises' people)


# -- pelvic tilt


def tilt_pelvis(person: Person, share=1.0) -> Pose:
    """On the back, knees bent, arms beside the head; the low back hollow (share 0) or pressed flat (share 1)."""
    pose = lie_on_back(person, flex=-41 + 75 * share, shares=(0.45, 0.35, 0.2, 0, 0))
    bend_knee(pose, "L", 0.46)
    bend_knee(pose, "R", 0.42)
    for side, g in (("L", 1), ("R", -1)):
        shoulder = pose.at("upperarm01." + side)
        wrist = (shoulder[0] + g * 0.20, shoulder[1] + 0.26, 0.06)
        pose.reach_arm(side, wrist, (g, -0.6, -0.2), hand=(-g * 0.3, 1, 0.05), palm=(0, 0, 1), curl=22)
    return pose


def show_tilt(poses: list[Pose], **view) -> list[Scene]:
    """Straight from the side, on a thin mat: the gap under the back is seen against the page."""
    mat = make_box((-0.3, -0.72, -0.03), (0.3, 0.86, 0), "mat")
    view = {"far": (ARM_LEFT, LEG_LEFT), "around": 270, "above": 0, "things": [mat], **view}
    return [Scene([pose], **view) for pose in poses]


# Over the belly; both pictures have room for it, so that they are of one size.
PRESS = [(0, 0.20, 0.50), (0, 0.20, 0.25)]


@figure(
    "pelvic-tilt-1",
    "A woman lies on her back with bent knees. There is a gap between the small of her back and the mat.",
)
def draw_tilt_start():
    return show_tilt([tilt_pelvis(ana(), 0)], frame=PRESS)[0]


@figure("pelvic-tilt-2", "The woman presses the small of her back down flat onto the mat. The gap is gone.")
def draw_tilt_end():
    return show_tilt([tilt_pelvis(ana())], arrows=[Arrow(PRESS, head=34)])[0]


# -- knee rolls


def roll_knees(person: Person, share=1.0) -> Pose:
    """On the back, head on a pillow, arms out, both knees together sunk to the right (share 1) or upright (share 0).
    The pelvis turns with the knees; the spine turns back, so that both shoulders stay down."""
    pose = lie_on_back(person, flex=6)
    feet = pose.at("upperleg01.R")[1] - 0.44
    pose.place(turn_y(-45 * share) @ pose.root_turn, pose.position)
    pose.bend_spine(6, twist=48 * share, shares=(0.3, 0.3, 0.2, 0.1, 0.1))
    pose.rest_trunk(-0.012).rest_head(0.04)
    angle = math.radians(78 * share)
    for side, g in (("L", 1), ("R", -1)):
        above = share if side == "L" else 0
        ankle = (g * 0.06 - share * 0.05 - above * 0.1, feet, ANKLE_HEIGHT + above * 0.08)
        knee = (-math.sin(angle) - g * 0.12 * (1 - share), -0.1, math.cos(angle))
        up = (-math.sin(angle) * 0.8, 0, math.cos(angle * 0.8))
        pose.reach_leg(side, ankle, knee=knee, toes=(0, -1, 0), up=up)
        shoulder = pose.at("upperarm01." + side)
        wrist = (shoulder[0] + g * 0.48, shoulder[1] - 0.06, 0.045)
        pose.reach_arm(side, wrist, (0, -1, -0.3), hand=(g, -0.1, 0), palm=(0, 0, -1), curl=6)
    return pose


ANKLE_HEIGHT = 0.085


def show_roll(poses: list[Pose], **view) -> list[Scene]:
    """From above and beside: the body lies across the picture, its head on a pillow, both arms in sight."""
    head = poses[0].at("head")
    pillow = make_cushion((head[0], head[1] + 0.1, 0), (0.26, 0.18, 0.05))
    view = {"around": 288, "above": 42, "mat": (0.62, -0.62, 0.85), "things": [pillow], **view}
    return [Scene([pose], **view) for pose in poses]


@figure(
    "knee-rolls-1",
    "A man lies on his back on a mat, his head on a pillow, his arms out to the sides. "
    "His knees are bent and close together.",
)
def draw_roll_start():
    return show_roll([roll_knees(ben(), 0)])[0]


@figure("knee-rolls-2", "The man lets both knees sink to one side together. Both shoulders stay on the mat.")
def draw_roll_end():
    arrow = Arrow([(0.22, -0.24, 0.56), (0.02, -0.2, 0.68), (-0.3, -0.2, 0.43)])
    return show_roll([roll_knees(ben())], arrows=[arrow])[0]


# -- cat and camel


@cache
def hands_on_fours() -> float:
    return float(kneel_on_fours(ana(), (2, 2, 2, 2, 2), -8).at("upperarm01.L")[1]) - 0.02


def make_cat(share=1.0) -> Pose:
    """On hands and knees: the back round like a cat's (1), level (0), sunk like a camel's (-1)."""
    cat, level, camel = np.array((16, 26, 30, 22, 6)), np.array((2, 2, 2, 2, 2)), np.array((-13, -12, -9, -6, -3))
    other, neck = (cat, 34) if share > 0 else (camel, -34)
    k = abs(share)
    return kneel_on_fours(ana(), level * (1 - k) + other * k, -8 * (1 - k) + neck * k, hands=hands_on_fours())


FOURS_FRAME = [(0, -0.55, 0.95), (0, -0.55, 0.02)]
FOURS_MAT = (0.34, -0.95, 0.68)


@figure("cat-camel-1", "A woman is on her hands and knees. She rounds her back up like a cat. Her head hangs down.")
def draw_cat():
    pose = make_cat(1)
    top = pose.at("spine03") + [0, 0, 0.16]
    arrow = Arrow([top + [0, 0, 0.03], top + [0, 0, 0.24]])
    return Scene([pose], far=(ARM_RIGHT, LEG_RIGHT), mat=FOURS_MAT, frame=FOURS_FRAME, arrows=[arrow])


@figure("cat-camel-2", "The woman lets her belly sink toward the floor and lifts her head a little.")
def draw_camel():
    pose = make_cat(-1)
    top = pose.at("spine04") + [0, 0, 0.13]
    arrow = Arrow([top + [0, 0, 0.28], top + [0, 0, 0.05]])
    return Scene([pose], far=(ARM_RIGHT, LEG_RIGHT), mat=FOURS_MAT, frame=FOURS_FRAME, arrows=[arrow])


# -- bottom to heels


def sit_back(person: Person) -> Pose:
    """Kneeling, bottom on the heels, arms stretched forward on the floor (child's pose)."""
    pose = Pose(person).bend_each(9, 11, 12, 10, 6)
    low, high = 45.0, 95.0
    for _ in range(16):
        middle = (low + high) / 2
        pose.place(turn_x(middle))
        hip = pose.at("upperleg01.L")
        pose.move(y=-hip[1], z=0.222 - hip[2])
        a, b = -60.0, 60.0
        for _ in range(14):  # the face toward the floor
            neck = (a + b) / 2
            face = pose.bend_neck(neck).turn_of("head") @ np.array([0, -1, 0])
            if math.degrees(math.atan2(face[1], -face[2])) < 2:
                a = neck
            else:
                b = neck
        if pose.find_lowest(pose.head()) < 0.004:
            high = middle
        else:
            low = middle
    for side, g in (("L", 1), ("R", -1)):
        hip = pose.at("upperleg01." + side)
        pose.reach_leg(side, (g * 0.10, hip[1] + 0.06, 0.075), knee=(g * 0.08, -1, -0.12))
        pose.turn_foot(side, (0, 1, -0.10), (0, -0.10, -1))
        pose.lift_shoulder(side, 20, 0)
        wrist = (g * 0.24, pose.at("upperarm01." + side)[1] - 0.40, 0.045)
        pose.reach_arm(side, wrist, (g * 0.8, 0, -0.8), hand=(-g * 0.1, -1, -0.02), palm=(0, 0, -1), curl=3)
    return pose


HEELS_MAT = (0.34, -1.3, 0.62)


@figure("bottom-to-heels-1", "A woman is on her hands and knees. Her back is level, like a table.")
def draw_heels_start():
    return Scene([make_cat(0)], far=(ARM_RIGHT, LEG_RIGHT), mat=FOURS_MAT, frame=FOURS_FRAME)


@figure(
    "bottom-to-heels-2", "The woman sits back toward her heels. Her arms stay stretched out in front, hands on the mat."
)
def draw_heels_end():
    pose = sit_back(ana())
    hip = pose.at("upperleg01.L")
    arrow = Arrow([hip + [0, -0.45, 0.34], hip + [0, -0.2, 0.42], hip + [0, 0.12, 0.32]])
    return Scene([pose], far=(ARM_RIGHT, LEG_RIGHT), mat=HEELS_MAT, arrows=[arrow])


# -- bridge


def make_bridge(person: Person, share=1.0) -> Pose:
    """On the back, knees bent; hips on the floor (share 0) or lifted in line with knees and shoulders (share 1).
    Shoulders and feet stay where they are."""
    feet = _place_feet(person)
    pose = _lift_hips(person, share)
    for side, g in (("L", 1), ("R", -1)):
        pose.reach_leg(side, (g * 0.11, feet, ANKLE_HEIGHT), knee=(0, -0.2, 1), toes=(0, -1, 0))
        shoulder = pose.at("upperarm01." + side)
        wrist = (shoulder[0] + g * 0.10, shoulder[1] - 0.48, 0.045)
        pose.reach_arm(side, wrist, (g, 0.2, -0.35), hand=(g * 0.1, -1, 0.03), palm=(0, 0, -1), curl=5)
    return pose


def _lift_hips(person: Person, share: float) -> Pose:
    if share == 0:
        pose = lie_on_back(person)
    else:
        pose = Pose(person).place(turn_x(-90 - 33 * share))
        pose.bend_each(2 * share, 2 * share, 4 * share, 8 * share, 10 * share)
    pose.rest_trunk(-0.014)
    pose.move(y=0.50 - pose.at("spine01")[1])
    return pose.rest_head(-0.006)


@cache
def _place_feet(person: Person) -> float:
    return float(_lift_hips(person, 1).at("upperleg01.R")[1]) - 0.47


@figure("bridge-1", "A man lies on his back. His knees are bent, his feet are flat and hip-wide apart.")
def draw_bridge_start():
    return Scene([make_bridge(ben(), 0)], far=(ARM_LEFT, LEG_LEFT), mat=(0.36, -0.95, 0.95), around=262, above=7)


@figure("bridge-2", "The man lifts his hips. Knees, hips and shoulders make one straight line.")
def draw_bridge_end():
    pose = make_bridge(ben())
    hip = pose.at("upperleg01.R")
    arrow = Arrow([hip + [0, 0.05, 0.16], hip + [0, 0.05, 0.42]])
    return Scene([pose], far=(ARM_LEFT, LEG_LEFT), mat=(0.36, -0.95, 0.95), around=262, above=7, arrows=[arrow])


# -- the movements, each from its first picture to its second


def make_frames(poses: list[Pose], **view) -> list[Scene]:
    """One frame a pose, all seen alike; outlines a little coarser than in a still."""
    return [Scene([pose], detail=1.8, **view) for pose in poses]


@figure(
    "knee-to-chest-moving", "Moving picture: a woman on her back draws one knee to her chest and lets it down again."
)
def move_knee():
    start, end = hug_knee(ana(), 0), hug_knee(ana())
    poses = [blend_poses(start, end, share) for share in find_steps(7)]
    return make_frames(poses, far=(ARM_LEFT, LEG_LEFT), mat=MAT, around=264)


@figure(
    "pelvic-tilt-moving", "Moving picture: a woman on her back presses the small of her back down and lets go again."
)
def move_tilt():
    poses = [tilt_pelvis(ana(), share) for share in find_steps(5)]
    return show_tilt(poses, detail=1.8)


@figure("knee-rolls-moving", "Moving picture: a man on his back lets both knees sink to one side and brings them back.")
def move_roll():
    return show_roll([roll_knees(ben(), share) for share in find_steps(7)], detail=1.8)


@figure("cat-camel-moving", "Moving picture: a woman on hands and knees rounds her back up, then lets her belly sink.")
def move_cat():
    poses = [make_cat(1 - 2 * share) for share in find_steps(9)]
    return make_frames(poses, far=(ARM_RIGHT, LEG_RIGHT), mat=FOURS_MAT)


@figure(
    "bottom-to-heels-moving", "Moving picture: a woman on hands and knees slides back toward her heels and returns."
)
def move_heels():
    start, end = make_cat(0), sit_back(ana())
    shift = start.at("lowerleg01.L")[1] - end.at("lowerleg01.L")[1]
    end.place(end.root_turn, tuple(end.position + [0, shift, 0]))
    poses = [blend_poses(start, end, share) for share in find_steps(7)]
    for pose in poses:
        for side, g in (("L", 1), ("R", -1)):
            wrist = (g * 0.2, start.at("wrist." + side)[1], 0.062)
            pose.reach_arm(side, wrist, (g * 0.6, 0.6, -0.4), hand=(0, -1, -0.06), palm=(0, 0.05, -1), curl=2)
    return make_frames(poses, far=(ARM_RIGHT, LEG_RIGHT), mat=FOURS_MAT)


@figure("bridge-moving", "Moving picture: a man on his back lifts his hips and rolls down again.")
def move_bridge():
    poses = [make_bridge(ben(), share) for share in find_steps(7)]
    return make_frames(poses, far=(ARM_LEFT, LEG_LEFT), mat=(0.36, -0.95, 0.95), around=262, above=7)
