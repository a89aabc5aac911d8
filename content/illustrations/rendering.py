"""A camera without perspective and a depth buffer: which color, part and depth each pixel shows."""

import math
from dataclasses import dataclass

import numba
import numpy as np

from .dressing import Piece
from .geometry import make_unit

PIXELS = 800  # to the meter


class Camera:
    """Looks from `around` (0 = from -y, the front; 90 = from +x) and `above` (degrees)."""

    def __init__(self, around: float = 90, above: float = 8) -> None:
        a, e = math.radians(around), math.radians(above)
        self.look = -np.array([math.sin(a) * math.cos(e), -math.cos(a) * math.cos(e), math.sin(e)])
        self.right = make_unit(np.cross(self.look, [0, 0, 1]))
        self.up = np.cross(self.right, self.look)
        self.left_edge = self.top_edge = 0.0

    def project(self, points) -> np.ndarray:
        """Pixels to the right and down, and depth in meters."""
        points = np.atleast_2d(np.asarray(points, float))
        x = points @ self.right * PIXELS - self.left_edge
        return np.stack([x, -(points @ self.up) * PIXELS - self.top_edge, points @ self.look], -1)


@dataclass(frozen=True)
class Raster:
    """What each pixel shows; color 0 is nothing."""

    depth: np.ndarray
    color: np.ndarray
    part: np.ndarray
    normal: np.ndarray


def render_pieces(pieces: list[Piece], camera: Camera, margin: float = 26, frame=None) -> Raster:
    """Draws the pieces; moves the camera's edges to what is seen (and to the points of `frame`, if given)."""
    shown = [np.unique(p.triangles[(p.field[p.triangles] > 0).any(1)]) for p in pieces]
    seen = [camera.project(p.vertices[ids])[:, :2] for p, ids in zip(pieces, shown, strict=True) if len(ids)]
    if frame is not None:
        seen.append(camera.project(frame)[:, :2])
    points = np.concatenate(seen)
    low, high = points.min(0) - margin, points.max(0) + margin
    camera.left_edge, camera.top_edge = camera.left_edge + low[0], camera.top_edge + low[1]
    width, height = (math.ceil(side) for side in high - low)
    raster = Raster(
        np.full((height, width), 1e9), np.zeros((height, width), np.int32), np.zeros((height, width), np.int32),
        np.zeros((height, width, 3)),
    )  # fmt: skip
    for piece in pieces:
        _fill(
            camera.project(piece.vertices), piece.triangles.astype(np.int64), piece.field,
            np.ascontiguousarray(piece.normals), piece.color, np.ascontiguousarray(piece.part).astype(np.int64),
            raster.depth, raster.color, raster.part, raster.normal,
        )  # fmt: skip
    return raster


@numba.njit(cache=True)
def _fill(points, triangles, field, normals, color, part, depth, colors, parts, shades):  # noqa: C901
    height, width = depth.shape
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        if field[a] < 0 and field[b] < 0 and field[c] < 0:
            continue
        x0, y0, x1, y1, x2, y2 = points[a, 0], points[a, 1], points[b, 0], points[b, 1], points[c, 0], points[c, 1]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(area) < 1e-9:
            continue
        left, right = max(0, math.floor(min(x0, x1, x2))), min(width - 1, math.ceil(max(x0, x1, x2)))
        top, bottom = max(0, math.floor(min(y0, y1, y2))), min(height - 1, math.ceil(max(y0, y1, y2)))
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                l1 = ((x - x0) * (y2 - y0) - (x2 - x0) * (y - y0)) / area
                l2 = ((x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)) / area
                l0 = 1 - l1 - l2
                if l0 < -1e-6 or l1 < -1e-6 or l2 < -1e-6:
                    continue
                if l0 * field[a] + l1 * field[b] + l2 * field[c] < 0:
                    continue
                z = l0 * points[a, 2] + l1 * points[b, 2] + l2 * points[c, 2]
                if z < depth[y, x]:
                    depth[y, x] = z
                    colors[y, x] = color
                    nearest = a
                    if l1 > l0 and l1 >= l2:
                        nearest = b
                    elif l2 > l0 and l2 > l1:
                        nearest = c
                    parts[y, x] = part[nearest]
                    for k in range(3):
                        shades[y, x, k] = l0 * normals[a, k] + l1 * normals[b, k] + l2 * normals[c, k]
