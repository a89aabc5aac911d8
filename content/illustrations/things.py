"""Things in a picture: boxes, tubes and soft shapes, and the furniture made of them."""

import math
from itertools import pairwise

import numpy as np

from .bodies import THING
from .dressing import FIRST_THING, Piece, make_piece, make_sphere
from .geometry import make_unit

# name: (light, dark). The number of a thing's color is its place in this table after FIRST_THING.
COLORS: dict[str, tuple[str, str]] = {
    "mat": ("#a8d0c9", "#4a8c87"),
    "wood": ("#bfa27e", "#ac8f6b"),
    "cloth": ("#fbf7ef", "#d3cfc5"),
    "warm": ("#d4523c", "#ea7a62"),
    "metal": ("#8b999c", "#a3b2b5"),
    "dark": ("#4b5458", "#7c888c"),
    "green": ("#5e9c5a", "#7cb878"),
    "blue": ("#4f86b8", "#73a6d3"),
    "yellow": ("#e3bd3f", "#e6c65c"),
    "white": ("#ffffff", "#eef0ee"),
    "water": ("#9cc7e0", "#3f7fa5"),
    "snow": ("#dfe9f0", "#a9bccb"),
    "orange": ("#d9722e", "#e08a4c"),
    "brown": ("#8a5230", "#b07a52"),
    "pink": ("#e6a9bf", "#d592aa"),
    "lime": ("#c9d23c", "#d6de5e"),
}
_NUMBERS = {name: FIRST_THING + i for i, name in enumerate(COLORS)}


def number_of(color: str) -> int:
    """The number of a named color, as pieces carry it."""
    return _NUMBERS[color]


def make_thing(vertices, triangles, color: str) -> Piece:
    """A mesh in a named color."""
    return make_piece(np.asarray(vertices, float), np.asarray(triangles), _NUMBERS[color], THING)


def make_box(low, high, color: str = "wood", turn=None, about=(0, 0, 0)) -> Piece:
    """A box between two corners, turned about a point if `turn` (a rotation) is given."""
    low, about = np.asarray(low, float), np.asarray(about, float)
    unit = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)], float)
    corners = low + unit * (np.asarray(high, float) - low)
    if turn is not None:
        corners = (corners - about) @ np.asarray(turn).T + about
    vertices, triangles = [], []
    for face in ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)):
        b = len(vertices)
        vertices += [corners[i] for i in face]
        triangles += [(b, b + 1, b + 2), (b, b + 2, b + 3)]
    return make_thing(vertices, triangles, color)


def make_tube(start, end, radius: float, color: str = "wood", end_radius: float | None = None, sides=14) -> Piece:
    """A rod, or a cone with another radius at its end."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    end_radius = radius if end_radius is None else end_radius
    along = make_unit(end - start)
    across = make_unit(np.cross(along, [0.3, 0.2, 1]))
    other = np.cross(along, across)
    vertices, triangles = [], []
    for i in range(sides):
        out = across * math.cos(2 * math.pi * i / sides) + other * math.sin(2 * math.pi * i / sides)
        vertices += [start + out * radius, end + out * end_radius]
        j = (i + 1) % sides
        triangles += [(2 * i, 2 * j, 2 * i + 1), (2 * j, 2 * j + 1, 2 * i + 1)]
        triangles += [(2 * sides, 2 * j, 2 * i), (2 * sides + 1, 2 * i + 1, 2 * j + 1)]
    return make_thing([*vertices, start, end], triangles, color)


def make_path(points, radius: float, color: str = "wood") -> list[Piece]:
    """Rods from point to point."""
    return [make_tube(a, b, radius, color) for a, b in pairwise(points)]


def make_ring(center, normal, radius: float, thickness: float, color: str = "wood", squash=(1, 1), up=(0, 0, 1)):
    """A hoop (list of rods): `squash` scales it along and across `up`."""
    normal = make_unit(normal)
    tall = np.asarray(up, float) - (np.asarray(up, float) @ normal) * normal
    tall = make_unit(tall)
    wide = np.cross(normal, tall)
    turns = np.linspace(0, 2 * np.pi, 25)
    points = [
        np.asarray(center, float) + radius * (squash[0] * math.cos(t) * tall + squash[1] * math.sin(t) * wide)
        for t in turns
    ]
    return make_path(points, thickness, color)


def make_cushion(center, radii, color: str = "cloth", roundness=0.55, turn=None) -> Piece:
    """A soft block (roundness 1 = an ellipsoid, smaller = squarer)."""
    ball, triangles = make_sphere(18)
    shape = np.sign(ball) * np.abs(ball) ** roundness * np.asarray(radii, float)
    if turn is not None:
        shape = shape @ np.asarray(turn).T
    return make_thing(shape + np.asarray(center, float), triangles, color)


def make_ball(center, radius: float, color: str = "white") -> Piece:
    """A ball."""
    return make_cushion(center, (radius,) * 3, color, roundness=1)


def make_bed(x=(-0.45, 0.45), y=(-1.15, 1.0), top=0.0, floor=-0.5) -> list[Piece]:
    """A bed whose mattress ends at `top`."""
    return [
        make_box((x[0], y[0], top - 0.2), (x[1], y[1], top), "mat"),
        make_box((x[0] + 0.03, y[0] + 0.03, floor), (x[1] - 0.03, y[1] - 0.03, top - 0.2), "wood"),
    ]


def make_chair(seat=0.45, x=0.0, y=0.0, back=1, color="wood") -> list[Piece]:
    """A chair whose seat ends at height `seat` with its middle at (x, y); `back` = +1: its back stands on the +y side,
    -1: on the -y side, 0: a stool."""
    half, corners = 0.21, (-0.18, 0.18)
    legs = [
        make_tube((x + dx, y + dy, 0), (x + dx, y + dy, seat - 0.04), 0.02, color) for dx in corners for dy in corners
    ]
    pieces = [make_box((x - half, y - half, seat - 0.045), (x + half, y + half, seat), color), *legs]
    if back:
        edge = y + back * (half - 0.02)
        pieces += [
            make_tube((x + dx, edge, seat), (x + dx, edge + back * 0.05, seat + 0.45), 0.02, color) for dx in corners
        ]
        low, high = sorted((edge + back * 0.02, edge + back * 0.06))
        pieces.append(make_box((x - half, low, seat + 0.27), (x + half, high, seat + 0.45), color))
    return pieces


def turn_things(pieces: list[Piece], turn, about=(0, 0, 0)) -> list[Piece]:
    """The same things, turned (a rotation) about a point."""
    about = np.asarray(about, float)
    return [
        make_piece((p.vertices - about) @ np.asarray(turn).T + about, p.triangles, p.color, p.part, p.field)
        for p in pieces
    ]
