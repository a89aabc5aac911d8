"""What sports are played with, and what is worn: made of the shapes of things.py."""

import math
from dataclasses import replace

import numpy as np

from .bodies import SKIN_COUNT, Person
from .drawing import Arrow
from .dressing import Piece, _find_hull, make_sphere
from .geometry import make_unit, turn_x
from .poses import Pose, sign_of
from .rendering import Camera
from .things import make_ball, make_box, make_path, make_thing, make_tube

FINGERS = [f"finger{finger}-{part}" for finger in (2, 3, 4, 5) for part in (1, 3)]


def point(x: float, y: float, z: float) -> np.ndarray:
    """A place or a way in meters."""
    return np.array([x, y, z], float)


# -- hands, feet, hips


def find_fist(pose: Pose, side: str) -> np.ndarray:
    """The middle of a closed hand."""
    return np.mean([pose.at(f"{finger}.{side}") for finger in FINGERS], 0)


def grip(pose: Pose, side: str, place, along, palm, elbow, shoulder=None, curl=78.0) -> Pose:
    """Closes a hand round a handle at a place. `along`: the handle, on the side of the thumb; `palm`, `elbow`: where
    they point."""
    along = make_unit(along)
    palm = make_unit(np.asarray(palm, float) - (np.asarray(palm, float) @ along) * along)
    hand = np.cross(along, palm) * sign_of(side)
    wrist = np.asarray(place, float) - hand * 0.07 - palm * 0.03
    for _ in range(4):  # until the fist is there
        pose.reach_arm(side, wrist, elbow, hand=hand, palm=palm, curl=curl, shoulder=shoulder, thumb=curl * 0.45)
        wrist = wrist + np.asarray(place, float) - find_fist(pose, side)
    return pose


def put_hips(pose: Pose, x: float, y: float, z: float) -> Pose:
    """Moves the body until the middle between the hips is at a place."""
    middle = (pose.at("upperleg01.L") + pose.at("upperleg01.R")) / 2
    return pose.move(*(np.array([x, y, z]) - middle))


def find_hip_height(person: Person) -> float:
    """The hips' height over the soles."""
    return person.hip_height - float(person.vertices[:SKIN_COUNT, 2].min())


def plant(pose: Pose, side: str, x: float, y: float, yaw=0.0, heel=0.0, knee=None, z=0.0) -> Pose:
    """Sets the ball of a foot down. `yaw` turns the toes from -y toward +x; `heel` lifts the heel; all degrees."""
    size = find_hip_height(pose.person) / 0.95
    way = point(math.sin(math.radians(yaw)), -math.cos(math.radians(yaw)), 0)
    sine, cosine, up = math.sin(math.radians(heel)), math.cos(math.radians(heel)), point(0, 0, 1)
    long, high = 0.135 * size, 0.055 * size
    ankle = point(x, y, z + 0.035 * size) - way * (long * cosine - high * sine) + up * (long * sine + high * cosine)
    for toe in range(1, 6):
        pose.turns[f"toe{toe}-1.{side}"] = turn_x(-heel)
    knee = way + up * 0.1 if knee is None else knee
    return pose.reach_leg(side, ankle, knee=knee, toes=way * cosine - up * sine, up=way * sine + up * cosine)


def find_shoulders(pose: Pose) -> np.ndarray:
    """The middle between the shoulders."""
    return (pose.at("upperarm01.L") + pose.at("upperarm01.R")) / 2


# -- shapes


def make_hull(points, color: str) -> Piece:
    """The smallest solid round some points."""
    points = np.array(points, float)
    return make_thing(points, _find_hull(points), color)


def make_disc(center, normal, radius: float, thick: float, color: str, sides=32) -> Piece:
    """A round plate."""
    half = make_unit(normal) * thick / 2
    return make_tube(np.asarray(center) - half, np.asarray(center) + half, radius, color, sides=sides)


def make_hoop(center, normal, radius: float, thick: float, color: str, tall=1.0, up=(0, 0, 1)) -> list[Piece]:
    """A ring; `tall` stretches it along `up`."""
    normal = make_unit(normal)
    high = make_unit(np.asarray(up, float) - (np.asarray(up, float) @ normal) * normal)
    wide = np.cross(normal, high)
    turns = np.linspace(0, 2 * np.pi, 41)
    ring = [np.asarray(center) + radius * (tall * math.cos(t) * high + math.sin(t) * wide) for t in turns]
    return make_path(ring, thick, color)


# -- worn


def _find_head(pose: Pose) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The middle of the skull, its axes as columns (left, forward, up), and the eyes."""
    turn, high = pose.turn_of("head"), pose.person.brow_height
    middle = np.array([0, pose.person.eyes[1] + 0.78 * high, pose.person.eyes[2] + 0.06 * high])
    axes = turn @ np.array([[1.0, 0, 0], [0, -1, 0], [0, 0, 1]])
    return pose.carry(middle, "head")[0], axes, pose.carry(pose.person.eyes, "head")[0]


def _make_shell(pose: Pose, color: str, size: float, lift: float, edge) -> Piece:
    """A bowl round the head; `edge` gives its lower edge from the way forward (-1 = back, 1 = front)."""
    middle, axes, _ = _find_head(pose)
    high = pose.person.brow_height
    ball, triangles = make_sphere(28)
    bowl = (ball * (0.82, 1.03, 1.0) * size + (0, 0, lift)) * high
    piece = make_thing(bowl @ axes.T + middle, triangles, color)
    return replace(piece, field=np.clip((ball[:, 2] - edge(ball[:, 1])) * 3, -1, 1))


def wear_cap(pose: Pose, color: str, brim=0.95) -> list[Piece]:
    """A cap with a brim (0: none, for swimming)."""
    middle, (left, forward, up), _ = _axes(pose)
    high = pose.person.brow_height
    pieces = [_make_shell(pose, color, 1.1, 0.1, lambda front: 0.05 + 0.12 * front)]
    if brim:
        start = middle + (up * 0.26 + forward * 0.8) * high
        rim = [start + (forward * (brim * math.cos(t)) + left * (0.62 * math.sin(t)) - up * 0.12) * high
               for t in np.linspace(-1.3, 1.3, 9)]  # fmt: skip
        rim += [start + left * 0.62 * high, start - left * 0.62 * high]
        pieces.append(make_hull([*rim, *(p + up * 0.06 * high for p in rim)], color))
    return pieces


def wear_helmet(pose: Pose, color: str, back=-0.45, front=0.22, size=1.2, bars="", brim=False) -> list[Piece]:
    """A helmet down to `back` behind and `front` before the face; bars: color of a face guard; brim: over the eyes."""
    middle, (left, forward, up), _ = _axes(pose)
    high = pose.person.brow_height
    pieces = [_make_shell(pose, color, size, 0.06, lambda way: np.where(way < 0.25, back, front))]
    if bars:
        for height, wide in ((-0.38, 0.83), (-0.72, 0.72)):
            bar = [middle + (up * height + forward * (0.62 + 0.72 * math.cos(t)) + left * (wide * math.sin(t))) * high
                   for t in np.linspace(-1.5, 1.5, 9)]  # fmt: skip
            pieces += make_path(bar, 0.075 * high, bars)
        ends = [middle + (up * 0.1 + forward * 1.28) * high, middle + (up * -0.75 + forward * 1.32) * high]
        pieces += make_path(ends, 0.065 * high, bars)
    if brim:
        start = middle + (up * 0.27 + forward * 0.95) * high
        rim = [
            start + (left * x + forward * y) * high
            for x, y in ((-0.62, -0.3), (0.62, -0.3), (-0.45, 0.35), (0.45, 0.35))
        ]
        pieces.append(make_hull([*rim, *(p + up * 0.07 * high for p in rim)], color))
    return pieces


def wear_goggles(pose: Pose, color: str) -> Piece:
    """Goggles over both eyes."""
    _, (left, forward, up), eyes = _axes(pose)
    high = pose.person.brow_height
    front = [eyes + (left * x + up * z + forward * (y + 0.13)) * high
             for x, y in ((-0.62, -0.35), (-0.4, 0.05), (0, 0.12), (0.4, 0.05), (0.62, -0.35)) for z in (-0.24, 0.24)]  # fmt: skip
    return make_hull([*front, *(p - forward * 0.2 * high for p in front)], color)


def _axes(pose: Pose):
    middle, axes, eyes = _find_head(pose)
    return middle, axes.T, eyes


def wear_skirt(pose: Pose, color: str, radius=0.33) -> Piece:
    """A stiff ballet skirt."""
    turn = pose.root_turn
    up = make_unit(turn @ point(0, 0.25, 1))
    middle = (pose.at("upperleg01.L") + pose.at("upperleg01.R")) / 2 + up * 0.05
    wide = turn @ point(1, 0, 0)
    deep = np.cross(up, wide)
    turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    inner = [middle + wide * (0.12 * math.cos(t)) + deep * (0.1 * math.sin(t)) + up * 0.03 for t in turns]
    outer = [
        middle + (wide * math.cos(t) + deep * math.sin(t)) * (radius + 0.012 * math.cos(12 * t)) - up * 0.02
        for t in turns
    ]
    count = len(turns)
    ways = [(i, (i + 1) % count) for i in range(count)]
    triangles = [t for i, j in ways for t in ((i, j, count + i), (j, count + j, count + i))]
    return make_thing(inner + outer, triangles, color)


# -- played with


def make_racket(handle, along, normal, color="warm") -> list[Piece]:
    """A tennis racket held at `handle`, its head toward `along`."""
    along, handle = make_unit(along), np.asarray(handle, float)
    across = make_unit(np.cross(normal, along))
    middle = handle + along * 0.46
    pieces = [make_tube(handle - along * 0.07, handle + along * 0.12, 0.017, "dark")]
    pieces += make_path([handle + along * 0.12, handle + along * 0.26], 0.012, color)
    pieces += make_hoop(middle, normal, 0.15, 0.014, color, tall=1.38, up=along)
    for k in (-0.09, -0.03, 0.03, 0.09):
        reach = along * 0.2 * math.sqrt(1 - (k / 0.15) ** 2)
        pieces += make_path([middle + across * k - reach, middle + across * k + reach], 0.0035, "metal")
    for k in (-0.12, -0.04, 0.04, 0.12):
        reach = across * 0.145 * math.sqrt(1 - (k / 0.207) ** 2)
        pieces += make_path([middle + along * k - reach, middle + along * k + reach], 0.0035, "metal")
    return pieces


def make_bat(handle, along) -> list[Piece]:
    """A baseball bat."""
    along, at = make_unit(along), lambda way: np.asarray(handle, float) + make_unit(along) * way
    return [
        make_tube(at(-0.07), at(-0.045), 0.03, "wood"), make_tube(at(-0.05), at(0.3), 0.015, "wood", 0.018),
        make_tube(at(0.3), at(0.6), 0.018, "wood", 0.037), make_tube(at(0.6), at(0.84), 0.037, "wood", 0.034),
    ]  # fmt: skip


def make_football(center, color="white", spots="dark", turn=0.0) -> list[Piece]:
    """A soccer ball with dark spots."""
    center = np.asarray(center, float)
    ways = [
        (0, -0.3, 0.95),
        (0.9, -0.4, 0.1),
        (0.35, -0.9, -0.2),
        (0.55, 0.5, 0.65),
        (-0.5, -0.75, 0.45),
        (0.6, -0.1, -0.8),
    ]
    patches = [make_disc(center + make_unit(way) * 0.1, way, 0.042, 0.022, spots, sides=5) for way in ways]
    return [make_ball(center, 0.11, color), *patches]


def make_bike(color="blue") -> list[Piece]:
    """A road bike that rides toward -y, cranks level; its pedals are at PEDALS."""
    cranks, front, rear, seat, head = (
        point(0, y, z) for y, z in ((0, 0.28), (-0.58, 0.34), (0.42, 0.34), (0.22, 0.9), (-0.44, 0.84))
    )
    fork = point(0, -0.47, 0.72)
    post = seat - point(0, 0, 0.14)
    pieces = []
    for hub in (front, rear):
        pieces += make_hoop(hub, (1, 0, 0), 0.325, 0.018, "dark")
        pieces.append(make_disc(hub, (1, 0, 0), 0.03, 0.08, "metal"))
        for k in range(3):
            spoke = point(0, math.cos(k * math.pi / 3 + 0.4), math.sin(k * math.pi / 3 + 0.4)) * 0.315
            pieces += make_path([hub - spoke, hub + spoke], 0.003, "metal")
    for a, b, r in ((cranks, seat - point(0, 0, 0.08), 0.018), (cranks, fork, 0.022), (post, head, 0.018), (cranks, rear, 0.013),
                    (post, rear, 0.011), (head, fork, 0.02), (fork, front, 0.014)):  # fmt: skip
        pieces.append(make_tube(a, b, r, color))
    saddle = [
        seat + point(x, y, z)
        for x, y in ((-0.07, 0.12), (0.07, 0.12), (0.02, -0.16), (-0.02, -0.16))
        for z in (0, 0.04)
    ]
    pieces += [make_hull(saddle, "dark"), make_tube(seat, seat - point(0, 0, 0.1), 0.014, "metal")]
    pieces += [
        make_tube(head, (0, -0.47, 0.92), 0.014, "dark"),
        make_tube((-0.2, -0.5, 0.92), (0.2, -0.5, 0.92), 0.014, "dark"),
    ]
    for side in (1, -1):
        pieces += make_path(
            [
                point(side * 0.2, y, z)
                for y, z in ((-0.5, 0.92), (-0.6, 0.93), (-0.64, 0.88), (-0.6, 0.8), (-0.52, 0.78))
            ],
            0.015,
            "dark",
        )
        pedal = find_pedal(side)
        pieces.append(make_tube(cranks + point(side * 0.06, 0, 0), pedal - point(side * 0.05, 0, 0), 0.013, "metal"))
        pieces.append(make_box(pedal - (0.05, 0.04, 0.012), pedal + (0.05, 0.04, 0.012), "dark"))
    return [*pieces, make_disc(cranks, (1, 0, 0), 0.09, 0.02, "metal")]


def find_pedal(side: int) -> np.ndarray:
    """Where a pedal is (+1 left, forward; -1 right, back)."""
    return point(side * 0.11, -side * 0.165, 0.28 + side * 0.03)


def sweep(pose: Pose, around: float, *ways, bone="spine04") -> list[Arrow]:
    """An arrow in the plane of the picture: two or three places (meters to the right, up) seen from a bone."""
    camera = Camera(around, 0)
    return [Arrow([pose.at(bone) + camera.right * x + camera.up * z - camera.look * 0.5 for x, z in ways])]
