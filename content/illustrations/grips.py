"""Hands round a handle, feet on the floor, hips at a height: how poses of sports are built."""

import math

import numpy as np

from .bodies import SKIN_COUNT, Person
from .drawing import Arrow
from .geometry import make_unit, turn_x
from .poses import Pose, sign_of
from .rendering import Camera

SIDES = (("L", 1), ("R", -1))
FINGERS = [f"finger{finger}-{part}" for finger in (2, 3, 4, 5) for part in (1, 3)]


def point(x: float, y: float, z: float) -> np.ndarray:
    """A place, or a way, in meters."""
    return np.array([x, y, z], float)


def find_fist(pose: Pose, side: str) -> np.ndarray:
    """The middle of a closed hand."""
    return np.mean([pose.at(f"{finger}.{side}") for finger in FINGERS], 0)


def find_hips(pose: Pose) -> np.ndarray:
    """The middle between the hips."""
    return (pose.at("upperleg01.L") + pose.at("upperleg01.R")) / 2


def find_shoulders(pose: Pose) -> np.ndarray:
    """The middle between the shoulders."""
    return (pose.at("upperarm01.L") + pose.at("upperarm01.R")) / 2


def measure_hips(person: Person) -> float:
    """The hips' height over the soles."""
    return person.hip_height - float(person.vertices[:SKIN_COUNT, 2].min())


def put_hips(pose: Pose, x: float, y: float, z: float) -> Pose:
    """Moves the body until the middle between the hips is at a place."""
    return pose.move(*(point(x, y, z) - find_hips(pose)))


def plant(pose: Pose, side: str, x: float, y: float, yaw=0.0, heel=0.0, knee=None, z=0.0) -> Pose:
    """Sets the ball of a foot down. `yaw` turns the toes from -y toward +x; `heel` lifts the heel; all degrees."""
    size, up = measure_hips(pose.person) / 0.95, point(0, 0, 1)
    way = point(math.sin(math.radians(yaw)), -math.cos(math.radians(yaw)), 0)
    sine, cosine = math.sin(math.radians(heel)), math.cos(math.radians(heel))
    back, high = 0.135 * size, 0.055 * size  # from the ball of the foot to the ankle
    ankle = point(x, y, z + 0.035 * size) - way * (back * cosine - high * sine) + up * (back * sine + high * cosine)
    for toe in range(1, 6):
        pose.turns[f"toe{toe}-1.{side}"] = turn_x(-heel)
    knee = way + up * 0.1 if knee is None else knee
    return pose.reach_leg(side, ankle, knee=knee, toes=way * cosine - up * sine, up=way * sine + up * cosine)


def swing_arm(pose: Pose, side: str, way, elbow, **hand) -> Pose:
    """Leads a wrist to a place seen from its shoulder; the rest as for Pose.reach_arm."""
    return pose.reach_arm(side, pose.at("upperarm01." + side) + np.asarray(way, float), elbow, **hand)


def grip(pose: Pose, side: str, place, along, palm, elbow, shoulder=None, curl=78.0) -> Pose:
    """Closes a hand round a handle. `along`: the handle, on the side of the thumb; `palm`, `elbow`: where they look."""
    place, palm, along = np.asarray(place, float), np.asarray(palm, float), make_unit(along)
    palm = make_unit(palm - (palm @ along) * along)
    hand = np.cross(along, palm) * sign_of(side)
    wrist = place - hand * 0.07 - palm * 0.03
    for _ in range(4):  # until the fist is there
        pose.reach_arm(side, wrist, elbow, hand=hand, palm=palm, curl=curl, shoulder=shoulder, thumb=curl * 0.45)
        wrist = wrist + place - find_fist(pose, side)
    return pose


def sweep(pose: Pose, around: float, *ways, bone="spine04") -> Arrow:
    """An arrow in the plane of the picture: places to the right and up of a bone, in meters."""
    camera = Camera(around, 0)
    return Arrow([pose.at(bone) + camera.right * right + camera.up * up for right, up in ways])
