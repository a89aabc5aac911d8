"""Skin, clothes, hair and shoes of a posed body, as pieces that the renderer draws."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.spatial import ConvexHull

from .bodies import ARM_LEFT, ARM_RIGHT, EAR, FACE, HAIR, LEG_LEFT, SKIN_COUNT, TRUNK, Person
from .geometry import ease, find_normals, make_unit
from .poses import Pose

# What a pixel shows; the second person of a picture counts from 16 on, the third from 32. Things start at 160.
SKIN, TOP, BOTTOM, LOCKS, SHOE, SOLE = 1, 2, 3, 4, 5, 6
PER_PERSON, FIRST_THING = 16, 160


@dataclass(frozen=True)
class Piece:
    """A mesh of one color. Where `field` (per vertex, in meters) is below 0 nothing is drawn: hems and hairlines."""

    vertices: np.ndarray
    triangles: np.ndarray
    field: np.ndarray
    color: int
    part: np.ndarray
    normals: np.ndarray


def make_piece(vertices, triangles, color: int, part, field=None, normals=None) -> Piece:
    """A piece; drawn whole without a field."""
    count = len(vertices)
    field = np.ones(count) if field is None else np.asarray(field, float)
    part = np.full(count, part) if np.isscalar(part) else part
    normals = find_normals(vertices, triangles) if normals is None else normals
    return Piece(vertices, triangles, field, color, part, normals)


# The hairline's height above the eyes at eight depths behind them, in heights of the brow (eyes to crown); how far the
# hair stands off, how wavy it is, round parts (center, radii), how much the head under it is smoothed, ears covered.
DEPTHS = (-0.2, 0.0, 0.2, 0.38, 0.5, 0.7, 0.9, 1.25)
STYLES: dict[str, dict] = {
    "short": {"line": (0.62, 0.60, 0.40, 0.12, -0.26, -0.05, -0.62, -0.95), "off": 0.017, "wave": 0.35, "balls": ()},
    "thin": {"line": (1.05, 1.0, 0.86, 0.42, -0.22, -0.05, -0.60, -0.90), "off": 0.009, "wave": 0.2, "balls": ()},
    "bun": {
        "line": (0.62, 0.60, 0.44, 0.12, -0.22, -0.05, -0.60, -0.85), "off": 0.015, "wave": 0.15,
        "balls": (((0, 1.30, 1.04), (0.40, 0.38, 0.34)),),
    },
    "pony": {
        "line": (0.62, 0.60, 0.44, 0.12, -0.22, -0.05, -0.60, -0.85), "off": 0.015, "wave": 0.15,
        "balls": (((0, 1.72, 0.30), (0.22, 0.28, 0.24)), ((0, 1.92, -0.22), (0.24, 0.24, 0.58))),
    },
    "bob": {
        "line": (0.60, 0.57, 0.40, 0.0, -0.55, -0.70, -0.80, -0.85), "off": 0.026, "wave": 0.25, "balls": (),
        "smooth": 30, "cover": True,
    },
}  # fmt: skip


def dress_pose(pose: Pose, number: int = 0) -> list[Piece]:
    """All pieces of a person; `number` is its place in the picture (0 for the first)."""
    pieces = [*_make_skin(pose), *_make_clothes(pose), *_make_hair(pose), *_make_shoes(pose)]
    shift = number * PER_PERSON
    return [Piece(p.vertices, p.triangles, p.field, p.color + shift, p.part, p.normals) for p in pieces]


def _measure_neckline(person: Person) -> np.ndarray:
    """Height above a plane through the neck, in meters: below it the shirt begins."""
    neck = person.joint("neck01") + np.array([0, -0.02, 0.012])
    return (person.vertices - neck) @ make_unit(np.array([0, -0.55, 0.83]))


def _make_skin(pose: Pose) -> list[Piece]:
    person, mesh = pose.person, pose.mesh
    body, vertices = mesh.groups["body"], pose.find_vertices()
    normals = find_normals(vertices, body)
    under_sleeve = (person.sleeve - person.along_arm) * person.upper_arm
    under_leg = (person.leg - person.along_leg) * person.thigh
    clothed = np.minimum(np.minimum(under_sleeve, -_measure_neckline(person)), under_leg)
    field = np.where(clothed > 0.02, -1.0, 1.0)
    if person.foot != "bare":
        field = np.where(person.along_leg > (1.97 if person.foot == "shoe" else 1.772), -1.0, field)
    if STYLES[person.hair].get("cover"):
        field[person.ears] = -1
    inward = 0.008 * ease(-0.002, 0.010, under_leg) * (person.part >= LEG_LEFT)
    part = np.where((person.head_weight > 0.8) & (person.part == TRUNK), FACE, person.part)
    part = np.where(person.ears, EAR, part)
    pieces = [make_piece(vertices - normals * inward[:, None], body, SKIN, part, field, normals)]
    eyes = (mesh.groups["helper-l-eye"], mesh.groups["helper-r-eye"])
    return pieces + [make_piece(vertices, eye, SKIN, person.part) for eye in eyes]


def _make_clothes(pose: Pose) -> list[Piece]:
    person, mesh = pose.person, pose.mesh
    tights, smoother = mesh.groups["helper-tights"], mesh.smoothers["helper-tights"]
    base = smoother.smooth(pose.find_vertices(), 6)
    normals = find_normals(base, tights)
    rest = [person.along_arm, person.along_leg, person.vertices[:, 2], _measure_neckline(person)]
    along_arm, along_leg, height, neckline = smoother.smooth(np.stack(rest, 1), 6).T
    under_sleeve = (person.sleeve - along_arm) * person.upper_arm
    under_leg = (person.leg - along_leg) * person.thigh
    hem = person.hip_height - 0.02
    arms = (person.part == ARM_LEFT) | (person.part == ARM_RIGHT)
    # the shirt: wider toward its hem and at the end of a sleeve
    off = (0.009 + 0.009 * ease(0.16, 0, height - hem) * ~arms) * (0.25 + 0.75 * ease(0, 0.05, -neckline))
    off = off + 0.007 * ease(0.10, 0, under_sleeve) * (person.along_arm > 0.15)
    trunk = np.minimum(np.minimum(-neckline, 0.3), height - hem)
    shirt = np.where(arms, np.minimum(under_sleeve, 0.3), trunk)
    # trousers or shorts
    short = person.leg < 1
    off_leg = (0.005 if short else 0.008) + 0.007 * ease(0.12, 0, under_leg) * short
    legs = np.minimum(under_leg, np.where(arms, -1, hem + 0.08 - height))
    return [
        make_piece(base + normals * off[:, None], tights, TOP, person.part, shirt, normals),
        make_piece(base + normals * off_leg[:, None], tights, BOTTOM, person.part, legs, normals),
    ]


def _make_hair(pose: Pose) -> list[Piece]:
    person, mesh = pose.person, pose.mesh
    style, high, rest = STYLES[person.hair], person.brow_height, person.vertices
    body, smoother = mesh.groups["body"], mesh.smoothers["body"]
    x, y, z = np.abs(rest[:, 0]) / high, (rest[:, 1] - person.eyes[1]) / high, (rest[:, 2] - person.eyes[2]) / high
    line = np.interp(y, DEPTHS, style["line"]) - 0.10 * ease(0.1, 0.45, x) * ease(0.45, 0.2, y)
    on_head = person.head_weight + mesh.weights[:, [mesh.index["neck02"], mesh.index["neck03"]]].sum(1) > 0.4
    field = np.where(on_head, (z - line) * high, -1)
    rounds = style.get("smooth", 6)
    skin = pose.find_vertices()
    base = smoother.smooth(skin, rounds)
    normals = find_normals(base, body)
    field = smoother.smooth(np.clip(field, -0.06, 0.08)[:, None], rounds)[:, 0]
    wave = 1 + style["wave"] * np.sin(7 * z + 2) * np.sin(9 * y + 5 * rest[:, 0] / high)
    off = style["off"] * ease(-0.002, 0.035, field) * (1 + 0.45 * ease(0.3, 1.0, z)) * wave + 0.001
    scalp = np.einsum("ij,ij->i", skin - base, normals) * ~person.ears
    off = np.where(field > 0, np.maximum(off, scalp + style["off"] * 0.5 * ease(0, 0.02, field)), off)
    shown = np.where(person.ears & (not style.get("cover")), -0.012, np.maximum(field, -0.05))
    pieces = [make_piece(base + normals * off[:, None], body, LOCKS, HAIR, shown, normals)]
    for center, radii in style["balls"]:
        ball, triangles = make_sphere()
        ball = ball * np.array(radii) * high + np.array(center) * high + np.array([0, person.eyes[1], person.eyes[2]])
        pieces.append(make_piece(pose.carry(ball, "head"), triangles, LOCKS, HAIR))
    return pieces


def _make_shoes(pose: Pose) -> list[Piece]:
    person, mesh = pose.person, pose.mesh
    if person.foot == "bare":
        return []
    shoe, body, pieces = person.foot == "shoe", mesh.groups["body"], []
    for k, side in enumerate("LR"):
        if not shoe:  # a sock: the smoothed foot, up the ankle
            smoother = mesh.smoothers["body"]
            base = smoother.smooth(pose.find_vertices(), 10)
            normals = find_normals(base, body)
            along = smoother.smooth(person.along_leg[:, None], 10)[:, 0]
            sock = np.where((person.part == LEG_LEFT + k) & (person.along_leg > 1.7), (along - 1.76) * 0.4, -1)
            pieces.append(make_piece(base + normals * 0.008, body, SHOE, person.part, sock, normals))
        ids = np.flatnonzero(mesh.sum_weights(side, "foot", "toe")[:SKIN_COUNT] > 0.5)
        ankle = person.joint("foot." + side)
        ids = ids[person.vertices[ids, 2] < ankle[2] + 0.01]
        if not shoe:
            ids = ids[person.vertices[ids, 1] < ankle[1] - 0.10]
        rest = person.vertices[ids]
        triangles = _find_hull(rest)
        rest = rest + find_normals(rest, triangles) * (0.008 if shoe else 0.003)
        vertices = pose.find_vertices(ids, rest)
        above = rest[:, 2] - rest[:, 2].min()
        sole = 0.015 if shoe else -1
        pieces.append(make_piece(vertices, triangles, SHOE, LEG_LEFT + k, above - sole))
        if shoe:
            pieces.append(make_piece(vertices, triangles, SOLE, LEG_LEFT + k, sole - above))
    return pieces


def _find_hull(points: np.ndarray) -> np.ndarray:
    """The triangles of the convex hull, all turned outward."""
    triangles = ConvexHull(points).simplices.astype(np.int64)
    a, b, c = (points[triangles[:, k]] for k in range(3))
    inward = np.einsum("ij,ij->i", np.cross(b - a, c - a), a - points.mean(0)) < 0
    triangles[inward] = triangles[inward][:, ::-1]
    return triangles


def make_sphere(steps: int = 20) -> tuple[np.ndarray, np.ndarray]:
    """A sphere of radius 1."""
    around = np.linspace(0, 2 * np.pi, 2 * steps, endpoint=False)
    down = np.linspace(0.02, np.pi - 0.02, steps)
    points = np.array(
        [[math.sin(a) * math.cos(b), math.sin(a) * math.sin(b), math.cos(a)] for a in down for b in around]
    )
    triangles, row = [], 2 * steps
    for i in range(steps - 1):
        for j in range(row):
            a, b = i * row + j, i * row + (j + 1) % row
            triangles += [(a, a + row, b), (b, a + row, b + row)]
    return points, np.array(triangles)


def wrap_waist(pose: Pose, low: float, high: float, color: int, off=0.022) -> Piece:
    """A band round the trunk between two heights (lengths of the trunk above the hips)."""
    person, mesh = pose.person, pose.mesh
    tights, smoother = mesh.groups["helper-tights"], mesh.smoothers["helper-tights"]
    base = smoother.smooth(pose.find_vertices(), 12)
    normals = find_normals(base, tights)
    height = (person.vertices[:, 2] - person.hip_height) / person.trunk_length
    height = smoother.smooth(height[:, None], 6)[:, 0]
    field = np.where(person.part == TRUNK, np.minimum(height - low, high - height), -1)
    return make_piece(base + normals * off, tights, color, person.part, field, normals)
