"""Rotations and meshes. Angles in degrees, lengths in meters; +x is a figure's left, -y its front, +z up."""

import math

import numpy as np
from numpy.linalg import norm
from scipy import sparse


def turn_x(angle: float) -> np.ndarray:
    """Rotation about x: a positive angle bends forward."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])


def turn_y(angle: float) -> np.ndarray:
    """Rotation about y: a positive angle tips over to the figure's left."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])


def turn_z(angle: float) -> np.ndarray:
    """Rotation about z: a positive angle turns the front (-y) toward the figure's left (+x)."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])


def make_unit(vector: np.ndarray) -> np.ndarray:
    """The vector at length 1."""
    vector = np.asarray(vector, float)
    return vector / (norm(vector) + 1e-12)


def turn_about(axis: np.ndarray, radians: float) -> np.ndarray:
    """Rotation about any axis."""
    x, y, z = make_unit(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + math.sin(radians) * cross + (1 - math.cos(radians)) * cross @ cross


def turn_from_to(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The shortest rotation that brings one direction to another."""
    start, end = make_unit(start), make_unit(end)
    axis = np.cross(start, end)
    sine, cosine = norm(axis), start @ end
    if sine < 1e-8:
        return np.eye(3) if cosine > 0 else turn_about(np.cross(start, [1, 0.3, 0.2]), math.pi)
    return turn_about(axis, math.atan2(sine, cosine))


def take_part(rotation: np.ndarray, share: float) -> np.ndarray:
    """A share of a rotation."""
    angle = math.acos(max(-1, min(1, (np.trace(rotation) - 1) / 2)))
    if angle < 1e-6:
        return np.eye(3)
    r = rotation
    return turn_about(np.array([r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]]), angle * share)


def make_frame(direction: np.ndarray, hint: np.ndarray) -> np.ndarray:
    """Three axes as columns: the direction, the hint made square to it, and the third."""
    direction = make_unit(direction)
    hint = make_unit(np.asarray(hint, float) - (hint @ direction) * direction)
    return np.stack([direction, hint, np.cross(direction, hint)], 1)


def take_twist(rotation: np.ndarray, axis: np.ndarray, share: float) -> np.ndarray:
    """The rotation with only a share of its twist about the (resting) axis."""
    axis = make_unit(axis)
    swing = turn_from_to(axis, rotation @ axis)
    return swing @ take_part(swing.T @ rotation, share)


def ease(start: float, end: float, value: np.ndarray) -> np.ndarray:
    """A smooth step from 0 at start to 1 at end."""
    t = np.clip((value - start) / (end - start), 0, 1)
    return t * t * (3 - 2 * t)


def find_normals(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """The outward direction at each vertex."""
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    normals, faces = np.zeros_like(vertices), np.cross(b - a, c - a)
    for k in range(3):
        np.add.at(normals, triangles[:, k], faces)
    return normals / (norm(normals, axis=1, keepdims=True) + 1e-12)


class Smoother:
    """Moves each vertex of a mesh toward its neighbors; values at vertices likewise."""

    def __init__(self, triangles: np.ndarray, count: int) -> None:
        edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
        both = np.r_[edges[:, 0], edges[:, 1]], np.r_[edges[:, 1], edges[:, 0]]
        links = sparse.coo_matrix((np.ones(len(edges) * 2), both), shape=(count, count)).tocsr()
        links.data[:] = 1
        degree = np.asarray(links.sum(1)).ravel()
        self.joined = (degree > 0)[:, None]
        self.links = sparse.diags(1 / np.maximum(degree, 1)) @ links

    def smooth(self, values: np.ndarray, rounds: int) -> np.ndarray:
        """Smooths rows of values, half way to the neighbors' mean in each round."""
        for _ in range(rounds):
            values = values + 0.5 * np.where(self.joined, self.links @ values - values, 0)
        return values
