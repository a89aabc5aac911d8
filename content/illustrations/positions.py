"""Positions that many pictures begin with: lying, kneeling, standing, sitting."""

import math

import numpy as np

from .bodies import SKIN_COUNT, Person
from .geometry import turn_x, turn_y, turn_z
from .poses import Pose, sign_of

ANKLE = 0.085  # height of the ankle over a flat sole


def lie_on_back(person: Person, flex=0.0, shares=(0.3, 0.3, 0.2, 0.1, 0.1), head=-0.006) -> Pose:
    """On the back, head toward +y; shoulders and pelvis on the floor. `flex` rounds (or hollows) the low back."""
    pose = Pose(person).bend_spine(flex, shares=shares)
    person_z = person.vertices[:SKIN_COUNT, 2]
    shoulders = pose.trunk(0.62)
    pelvis = pose.trunk() & (person_z < person.hip_height + 0.15)
    low, high = -130.0, -60.0
    for _ in range(20):
        middle = (low + high) / 2
        pose.place(turn_x(middle))
        if pose.find_lowest(shoulders) < pose.find_lowest(pelvis):
            low = middle
        else:
            high = middle
    pose.move(z=-min(pose.find_lowest(shoulders), pose.find_lowest(pelvis)) - 0.012)
    return pose.rest_head(head)


def bend_knee(pose: Pose, side: str, reach=0.47, out=0.0) -> Pose:
    """Lying on the back: one knee up, the foot flat on the floor `reach` meters from the hip."""
    g, hip = sign_of(side), pose.at("upperleg01." + side)
    ankle = (hip[0] + g * out, hip[1] - reach, ANKLE)
    return pose.reach_leg(side, ankle, knee=(g * 0.05, 0, 1), toes=(0, -1, 0))


def rest_arm(pose: Pose, side: str, out=0.20, down=0.42, palm=(0, 0, -1), height=0.045) -> Pose:
    """Lying on the back: an arm on the floor beside the body."""
    g, shoulder = sign_of(side), pose.at("upperarm01." + side)
    wrist = (shoulder[0] + g * out, shoulder[1] - down, height)
    curl = 5 if palm[2] < 0 else 22
    return pose.reach_arm(side, wrist, (g, 0.2, -0.35), hand=(g * 0.1, -1, 0.03), palm=palm, curl=curl)


def kneel_on_fours(person: Person, spine, neck: float, hands: float | None = None) -> Pose:
    """On hands and knees, head toward -y; `spine`: five bends from the pelvis up; `hands`: y of the hands."""
    pose = Pose(person).bend_each(*spine).bend_neck(neck)
    low, high = 20.0, 130.0
    for _ in range(18):
        middle = (low + high) / 2
        pose.place(turn_x(middle))
        hip = pose.at("upperleg01.L")
        pose.move(y=-hip[1], z=person.thigh * 0.995 + 0.062 - hip[2])
        if pose.at("upperarm01.L")[2] < 0.062 + 0.985 * person.arm_length:
            high = middle
        else:
            low = middle
    for side, g in (("L", 1), ("R", -1)):
        pose.reach_leg(side, (g * 0.10, 0.02 + person.shin * 0.995, ANKLE), knee=(0, -1, -0.6))
        pose.turn_foot(side, (0, 1, -0.12), (0, -0.12, -1))
        y = pose.at("upperarm01." + side)[1] if hands is None else hands
        wrist = (g * 0.185, y + 0.02, 0.062)
        pose.reach_arm(side, wrist, (g * 0.35, 1, 0), hand=(g * 0.05, -1, -0.06), palm=(0, 0.05, -1), curl=2)
    return pose


def stand(person: Person, arms=0.10, lean=0.0, spine=0.0, neck=0.0, out=-6.0, turn=0.0) -> Pose:
    """Upright, arms down; front toward -y, turned by `turn`."""
    pose = Pose(person).place(turn_z(turn) @ turn_x(lean)).bend_spine(spine).bend_neck(neck)
    for side, g in (("L", 1), ("R", -1)):
        wrist = pose.at("upperarm01." + side) + turn_z(turn) @ np.array([g * arms, -0.05, -person.arm_length * 0.965])
        pose.reach_arm(
            side, wrist, turn_z(turn) @ np.array([g * 0.3, 1, 0]), curl=16,
            hand=turn_z(turn) @ np.array([0, -0.15, -1]), palm=turn_z(turn) @ np.array([-g, 0.25, 0]),
        )  # fmt: skip
        pose.bend_leg(side, out=out)
    return pose.stand_on()


def sit(person: Person, seat=0.45, lean=0.0, spine=0.0, neck=0.0, feet=0.40, apart=0.10, turn=0.0) -> Pose:
    """On a seat of a height, front toward -y turned by `turn`; feet flat on the floor, `feet` ahead of the hips."""
    face = turn_z(turn)
    pose = Pose(person).place(face @ turn_x(lean)).bend_spine(spine).bend_neck(neck)
    pose.rest_trunk(seat - 0.02, high=0.1)
    for side, g in (("L", 1), ("R", -1)):
        hip = pose.at("upperleg01." + side)
        ankle = hip + face @ np.array([g * (apart - 0.1), -feet, 0])
        ankle[2] = ANKLE
        pose.reach_leg(side, ankle, knee=face @ np.array([g * 0.1, -1, 0.6]), toes=face @ np.array([g * 0.15, -1, 0]))
    return pose


def rest_hands_on_thighs(pose: Pose, turn=0.0) -> Pose:
    """Sitting: both hands on the thighs."""
    face = turn_z(turn)
    for side, g in (("L", 1), ("R", -1)):
        hip, knee = pose.at("upperleg01." + side), pose.at("lowerleg01." + side)
        wrist = hip + (knee - hip) * 0.55 + np.array([0, 0, 0.115])
        hand = (knee - hip) + np.array([0, 0, -0.02])
        elbow = face @ np.array([g * 0.7, 1, -0.3])
        pose.reach_arm(side, wrist, elbow, hand=hand, palm=(0, 0, -1), curl=12)
    return pose


def lie_on_side(person: Person, sink=0.02, hips=(50.0, 56.0), knees=72.0, apart=0.12, spine=8.0) -> Pose:
    """On the right side, head toward +y, face toward -x, knees bent; `apart`: height between the knees."""
    pose = Pose(person).place(turn_y(-88) @ turn_x(-90)).bend_spine(spine).bend_neck(4, -6)
    pose.rest_trunk(-sink)
    for side, height, flex in (("R", 0.055, hips[0]), ("L", 0.055 + apart, hips[1])):
        hip, a, b = pose.at("upperleg01." + side), math.radians(flex), math.radians(knees - flex)
        thigh = np.array([-math.sin(a), -math.cos(a), 0]) * person.thigh
        ankle = hip + thigh + np.array([math.sin(b), -math.cos(b), 0]) * person.shin
        ankle[2] = height + 0.03
        pose.reach_leg(side, ankle, knee=(-1, 0.2, 0), foot=12)
    return pose
