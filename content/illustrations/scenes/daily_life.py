"""Getting up from a chair and out of a car, lifting, sitting, sleeping, and people of all ages."""

import numpy as np

from ..bodies import ARM_RIGHT, LEG_RIGHT, Person
from ..drawing import Arrow, Scene
from ..dressing import Piece
from ..figures import figure
from ..gear import make_hull
from ..geometry import make_unit, turn_x, turn_z
from ..grips import grip, put_hips
from ..poses import Pose, sign_of
from ..positions import ANKLE, lie_on_back, rest_arm, rest_hands_on_thighs, sit, stand
from ..things import make_bed, make_box, make_chair, make_cushion, make_path, make_tube
from .everyday import walk


def reach_low_back(pose: Pose, side: str) -> Pose:
    """Puts a hand on the small of the back (front toward -y, turned with the pelvis)."""
    g, turn = sign_of(side), pose.turn_of("spine05")
    wrist = pose.at("spine04") + turn @ np.array([g * 0.17, 0.10, -0.02])
    hand = turn @ make_unit(np.array([-g, 0.15, -0.35]))
    return pose.reach_arm(
        side, wrist, turn @ np.array([g, 0.7, 0]), hand=hand, palm=turn @ np.array([0, -1, 0.1]), curl=14
    )


# -- out of a chair


@figure("out-of-chair-1", "A man sits at the front of a chair. His feet are back under his knees. He leans forward.")
def draw_out_of_chair_1():
    pose = sit(Person("omar"), seat=0.46, lean=32, neck=-18, feet=0.30, apart=0.12)
    pose = rest_hands_on_thighs(pose)
    shoulder = pose.at("neck01")
    arrow = Arrow([shoulder + [0, 0.02, 0.34], shoulder + [0, -0.16, 0.40], shoulder + [0, -0.34, 0.28]])
    return Scene([pose], around=80, above=5, floor=0, far=(ARM_RIGHT, LEG_RIGHT), arrows=[arrow],
                 things=make_chair(0.46, y=0.16))  # fmt: skip


@figure("out-of-chair-2", "The man pushes up with his legs. His hands are on his thighs and his back is straight.")
def draw_out_of_chair_2():
    pose = Pose(Person("omar")).place(turn_x(38)).bend_spine(2).bend_neck(-20)
    pose.move(y=-0.12, z=0.70 - pose.at("upperleg01.L")[2])
    for side, g in (("L", 1), ("R", -1)):
        hip = pose.at("upperleg01." + side)
        pose.reach_leg(side, (g * 0.13, -0.30, ANKLE), knee=(g * 0.1, -1, 0.2), toes=(g * 0.15, -1, 0))
        knee = pose.at("lowerleg01." + side)
        wrist = hip + (knee - hip) * 0.62 + np.array([0, -0.02, 0.11])
        pose.reach_arm(side, wrist, (g * 0.5, 1, 0.2), hand=(0, -0.8, -0.7), palm=(0, 0.4, -1), curl=12)
    hip = pose.at("spine03")
    arrow = Arrow([hip + [0, 0.22, 0.10], hip + [0, 0.18, 0.48]])
    return Scene([pose], around=80, above=5, floor=0, far=(ARM_RIGHT, LEG_RIGHT), arrows=[arrow],
                 things=make_chair(0.46, y=0.16))  # fmt: skip


# -- out of a car: its right side faces -y, its front +x; the door is open


def make_body(outline, color: str = "blue", y=0.0, wide=1.5) -> Piece:
    """A part of a car's body: its outline (x, z) from the side, and where it begins and how wide it is."""
    return make_hull([(x, end, z) for x, z in outline for end in (y, y + wide)], color)


def make_car() -> list[Piece]:
    wheels = [
        make_tube((x, y, 0.27), (x, end, 0.27), radius, color, sides=28)
        for x in (-0.92, 1.22)
        for y, end, radius, color in ((-0.06, 0.09, 0.27, "dark"), (-0.08, -0.06, 0.14, "metal"))
    ]
    lamp = [(1.58, 0.56), (1.64, 0.56), (1.62, 0.68), (1.54, 0.70)]
    roof = [(-1.16, 0.92), (-0.92, 1.52), (-0.55, 1.58), (0.18, 1.58), (0.84, 0.88)]
    return [
        make_cushion((0, 0.26, 0.44), (0.27, 0.28, 0.08), "dark", roundness=0.5),
        make_cushion((-0.34, 0.28, 0.80), (0.09, 0.25, 0.40), "dark", roundness=0.5),
        make_cushion((-0.36, 0.28, 1.28), (0.06, 0.14, 0.11), "dark", roundness=0.6),
        *wheels,
        make_body([(-1.25, 0.22), (1.60, 0.22), (1.60, 0.38), (-1.25, 0.38)]),
        make_body([(-1.25, 0.38), (-0.48, 0.38), (-0.48, 0.88), (-1.16, 0.92), (-1.28, 0.80)]),
        make_body([(0.56, 0.38), (1.60, 0.38), (1.63, 0.62), (1.48, 0.78), (0.60, 0.90)]),
        make_body([(-0.50, 0.38), (0.60, 0.38), (0.60, 0.88), (-0.50, 0.88)], "blue", 1.47, 0.03),
        make_body([(-0.92, 1.52), (-0.55, 1.58), (0.18, 1.58), (0.18, 1.54), (-0.90, 1.48)]),
        make_body([(0.18, 1.56), (0.20, 1.57), (0.83, 0.88), (0.80, 0.88)], "snow", 0.03, 1.44),
        make_body([(-1.10, 0.92), (-0.55, 0.90), (-0.55, 1.52), (-0.88, 1.48)], "snow", 0.02, 0.01),
        *(make_body(lamp, "yellow", y, 0.22) for y in (0.1, 1.18)),
        make_tube((-0.51, 0, 0.88), (-0.51, 0, 1.57), 0.035, "blue"),
        *(rod for y in (0, 1.5) for rod in make_path([(x, y, z) for x, z in roof], 0.035, "blue")),
        make_box((0.54, -0.85, 0.34), (0.59, -0.02, 0.88), "metal"),
        make_hull([(x, y, z) for x in (0.56, 0.57) for y, z in DOOR_WINDOW], "snow"),
        *make_path([(0.565, y, z) for y, z in DOOR_WINDOW], 0.025, "blue"),
    ]


DOOR_WINDOW = [(-0.82, 0.88), (-0.72, 1.22), (-0.30, 1.38), (-0.04, 0.90)]


def show_car(pose: Pose, *arrow) -> Scene:
    """From behind the open door's hinge: the seat, the ground outside and the way from one to the other."""
    return Scene([pose], around=-18, above=11, floor=0, things=make_car(), arrows=[Arrow(arrow)])


@figure("out-of-car-1", "A woman sits in a car with the door open. She turns both legs together toward the outside.")
def draw_out_of_car_1():
    face = turn_z(48)
    pose = sit(Person("ana", foot="shoe", leg=1.75), seat=0.52, lean=4, neck=-4, turn=48).move(x=0.02, y=0.2)
    for side, g in (("L", 1), ("R", -1)):
        ankle = (pose.at("upperleg01." + side) + face @ np.array([g * -0.02, -0.52, 0])) * (1, 1, 0) + (0, 0, 0.42)
        toes = face @ np.array([g * 0.1, -1, 0.1])
        pose.reach_leg(side, ankle, knee=face @ np.array([g * 0.1, -1, 0.8]), toes=toes)
    rest_hands_on_thighs(pose, 48)
    wrist = pose.at("upperleg01.R") + [-0.16, -0.02, 0.08]
    pose.reach_arm("R", wrist, face @ np.array([-0.6, 1, 0]), face @ np.array([-0.2, -1, -0.3]), (0, 0, -1), 10)
    return show_car(pose, (0.44, -0.4, 0.42), (0.42, -0.7, 0.22), (0.1, -0.72, 0.02))


@figure(
    "out-of-car-2",
    "Both feet stand on the ground outside. The woman leans forward and pushes up, one hand on the seat.",
)
def draw_out_of_car_2():
    pose = Pose(Person("ana", foot="shoe", leg=1.75)).place(turn_x(34)).bend_spine(6).bend_neck(-26)
    put_hips(pose, 0, 0.02, 0.70)
    for side, g in (("L", 1), ("R", -1)):
        pose.reach_leg(side, (g * 0.13, -0.3, ANKLE), knee=(g * 0.1, -1, 0.2), toes=(g * 0.15, -1, 0))
    rest_hands_on_thighs(pose)
    pose.reach_arm("R", (-0.21, 0.08, 0.58), (-0.7, 1, 0.2), (-0.2, -1, -0.3), (0, 0.3, -1), 8)
    return show_car(pose, (-0.02, -0.5, 1.5), (-0.02, -0.5, 1.88))


# -- lifting


def hold_box(pose: Pose, center, half=0.16) -> list:
    """Both hands under a box whose middle is at a place; gives the box."""
    x, y, z = center
    for side, g in (("L", 1), ("R", -1)):
        wrist = (x + g * (half + 0.035), y + 0.04, z - 0.06)
        pose.reach_arm(side, wrist, (g, 0.6, -0.6), hand=(0, -1, -0.25), palm=(-g, 0, 0.25), curl=20)
    return [make_box((x - half, y - 0.15, z - 0.13), (x + half, y + 0.15, z + 0.13))]


@figure("lifting-1", "A man squats close to a box. His hips and knees are bent. He holds the box with both hands.")
def draw_lifting_1():
    pose = Pose(Person("ben", foot="shoe", leg=1.75)).place(turn_x(44)).bend_spine(4).bend_neck(-26)
    pose.move(z=0.46 - pose.at("upperleg01.L")[2], y=0.16)
    for side, g in (("L", 1), ("R", -1)):
        ankle = (g * 0.20, -0.06 if side == "L" else 0.10, ANKLE)
        pose.reach_leg(side, ankle, knee=(g * 0.35, -1, 0.3), toes=(g * 0.3, -1, 0))
    box = hold_box(pose, (0, -0.36, 0.22))
    arrow = Arrow([(0, -0.70, 0.30), (0, -0.70, 0.68)])
    return Scene([pose], around=72, above=6, floor=0, far=(ARM_RIGHT, LEG_RIGHT), things=box, arrows=[arrow])


@figure("lifting-2", "The man stands up straight. He carries the box close to his belly.")
def draw_lifting_2():
    pose = stand(Person("ben", foot="shoe", leg=1.75))
    box = hold_box(pose, (0, -0.31, 1.02))
    return Scene([pose], around=66, above=6, floor=0, far=(ARM_RIGHT, LEG_RIGHT), things=box)


# -- sitting and sleeping


@figure(
    "sitting", "A woman sits at a desk. Her back touches the backrest, her feet are flat, the screen is at eye height."
)
def draw_sitting():
    pose = sit(Person("kim"), seat=0.45, lean=-4, feet=0.42)
    for side, g in (("L", 1), ("R", -1)):
        shoulder = pose.at("upperarm01." + side)
        wrist = (g * 0.13, shoulder[1] - 0.36, 0.735)
        pose.reach_arm(side, wrist, (g * 0.5, 0.6, -1), hand=(-g * 0.15, -1, 0), palm=(0, 0, -1), curl=18)
    things = [
        *make_chair(0.45, y=0.06),
        make_box((-0.6, -1.02, 0.66), (0.6, -0.30, 0.69)),
        *(make_tube((x, y, 0), (x, y, 0.66), 0.022) for x in (-0.55, 0.55) for y in (-0.96, -0.40)),
        make_box((-0.28, -0.90, 0.90), (0.28, -0.87, 1.24), "dark"),
        make_tube((0, -0.88, 0.69), (0, -0.88, 0.95), 0.02, "dark"),
        make_box((-0.22, -0.62, 0.69), (0.22, -0.47, 0.71), "metal"),
    ]
    return Scene([pose], around=76, above=6, floor=0, far=(ARM_RIGHT, LEG_RIGHT), things=things)


@figure("sleep-on-back", "An older man sleeps on his back. One pillow is under his head, another under his knees.")
def draw_sleep_on_back():
    pose = lie_on_back(Person("omar", foot="sock"), flex=2, head=0.06)
    for side in "LR":
        hip = pose.at("upperleg01." + side)
        pose.reach_leg(side, (hip[0] + sign_of(side) * 0.02, hip[1] - 0.80, 0.09), knee=(0, 0, 1), foot=-25)
        rest_arm(pose, side, 0.14, 0.46)
    knee, head = pose.at("lowerleg01.R"), pose.at("head")
    things = [
        *make_bed(x=(-0.45, 0.45), y=(-1.15, 1.05), top=0, floor=-0.36),
        make_cushion((0, knee[1] + 0.02, 0.055), (0.26, 0.17, 0.085)),
        make_cushion((0, head[1] + 0.12, 0.01), (0.30, 0.20, 0.075)),
    ]
    return Scene([pose], around=284, above=14, things=things)


# -- people


@figure("pregnancy", "A pregnant woman from the side. She stands tall with one hand on the small of her back.")
def draw_pregnancy():
    pose = stand(Person("maya"), spine=-4)
    reach_low_back(pose, "R")
    belly = pose.at("spine04") + [0.13, -0.22, 0.03]
    pose.reach_arm("L", belly, (1, 0.6, -0.4), hand=(-1, -0.35, -0.3), palm=(-0.2, 1, 0.2), curl=14)
    return Scene([pose], around=292, above=4, floor=0)


@figure("older-person", "An older man stands with a stick. His other hand rests on the small of his back.")
def draw_older_person():
    pose = stand(Person("omar"), lean=4, spine=8, neck=-8)
    reach_low_back(pose, "R")
    top = np.array([0.25, -0.17, 0.95])
    grip(pose, "L", top, (0, -1, 0), (0, 0, -1), (0.5, 1, 0), curl=60)
    return Scene([pose], around=322, above=4, floor=0, things=[
        make_tube(top, top + [0.02, -0.05, -0.95], 0.013), make_tube(top + [0, 0.05, 0], top - [0, 0.06, 0], 0.016),
    ])  # fmt: skip


@figure(
    "teenager", "A teenage girl in sports clothes stands with one hand on the small of her back. A ball is at her feet."
)
def draw_teenager():
    pose = stand(Person("lia"))
    reach_low_back(pose, "R")
    return Scene(
        [pose], around=325, above=4, floor=0, things=[make_cushion((0.36, -0.10, 0.11), (0.11,) * 3, "white", 1)]
    )


@figure("parent-with-child", "A father walks hand in hand with his son.")
def draw_parent_with_child():
    father = walk(Person("ben", foot="shoe", leg=1.75))
    son = walk(Person("noah")).move(x=0.60, y=-0.04)
    middle = np.array([0.37, -0.12, 0.86])
    father.reach_arm("L", middle + [-0.01, 0.01, 0.09], (0.3, 1, 0), hand=(0.1, -0.1, -1), palm=(1, 0, 0.1), curl=40)
    son.reach_arm("R", middle + [0.035, 0.02, -0.07], (-0.2, 1, -0.6), hand=(-0.1, 0, 1), palm=(-1, 0, 0), curl=40)
    return Scene([father, son], around=345, above=4, floor=0)


@figure(
    "clinician-visit",
    "A patient stands. A clinician sits behind her on a stool and feels her low back with both hands.",
)
def draw_clinician_visit():
    patient = stand(Person("ana"), arms=0.08)
    clinician = sit(Person("kim", top=("#ffffff", "#e9ece9"), sleeve=1.85), seat=0.48, lean=8, neck=-2, feet=0.34)
    clinician.move(y=0.66)
    for side, g in (("L", 1), ("R", -1)):
        clinician.reach_leg(side, (g * 0.2, 0.36, ANKLE), knee=(g * 0.3, -1, 0.5), toes=(g * 0.2, -1, 0))
        wrist = patient.at("spine05") + [g * 0.09, 0.24, 0.04]
        clinician.reach_arm(side, wrist, (g, 0.4, -0.8), hand=(-g * 0.1, -1, 0.25), palm=(-g * 0.5, -0.2, -0.8), curl=8)
    return Scene([patient, clinician], around=72, above=5, floor=0, things=make_chair(0.48, y=0.70, back=0))
