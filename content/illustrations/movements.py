"""A movement as a flip-book in one SVG. It ends by itself after three rounds; who asks for less motion sees a still."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .drawing import Scene, draw_scene
from .dressing import dress_pose
from .geometry import ease
from .rendering import Camera

SECONDS, ROUNDS, HOLD = 8, 3, 0.12  # one round there and back; the share of a round that start and end stay


def find_steps(count: int) -> list[float]:
    """Shares of a movement from 0 to 1, slow at both ends."""
    return [float(ease(0, 1, k / (count - 1))) for k in range(count)]


def write_movement(scenes: Sequence[Scene]) -> str:
    """Frames from start to end, shown there and back. All must have the same camera, mat and floor."""
    frame = _find_extremes(scenes)
    pictures = [draw_scene(replace(scene, frame=frame, arrows=())) for scene in scenes]
    last = len(pictures) - 1
    move = (1 - 2 * HOLD) / 2 / last
    style, body = f".n{{opacity:0;animation:{SECONDS}s {ROUNDS} step-end}}", ""
    for i, picture in enumerate(pictures):
        if i == 0:
            shown = [(0, HOLD / 2 + move / 2), (1 - HOLD / 2 - move / 2, 1)]
        elif i == last:
            shown = [(0.5 - HOLD / 2 - move / 2, 0.5 + HOLD / 2 + move / 2)]
        else:
            start = HOLD / 2 + move * (i - 0.5)
            shown = [(start, start + move), (1 - start - move, 1 - start)]
        keys = "0%{opacity:0}" if shown[0][0] > 0 else ""
        for start, end in shown:
            keys += f"{start * 100:.1f}%{{opacity:1}}" + (f"{end * 100:.1f}%{{opacity:0}}" if end < 1 else "")
        style += f"@keyframes k{i}{{{keys}}}.n{i}{{animation-name:k{i}}}"
        frame = picture.body.replace('id="a"', f'id="a{i}"').replace('href="#a"', f'href="#a{i}"')
        body += f'<g class="n n{i}">{frame}</g>'
    style += f".n{last}{{opacity:1}}@media(prefers-reduced-motion:reduce){{.n{{animation:none}}}}"
    for picture in pictures[1:]:
        pictures[0].colors.update(picture.colors)
    return pictures[0].write(body, style)


def _find_extremes(scenes: Sequence[Scene]) -> list[np.ndarray]:
    """The points farthest to each side in any frame: what all frames must hold, to be of one size."""
    camera = Camera(scenes[0].around, scenes[0].above)
    pieces = [piece for scene in scenes for pose in scene.people for piece in dress_pose(pose)]
    points = np.concatenate([p.vertices[np.unique(p.triangles[(p.field[p.triangles] > 0).any(1)])] for p in pieces])
    sides = (points @ camera.right, points @ camera.up)
    return [points[chosen(side)] for side in sides for chosen in (np.argmin, np.argmax)]
