"""A movement as a flip-book in one SVG: still for who asks for less motion, and it ends by itself after three rounds."""

from collections.abc import Sequence

from .drawing import Scene, draw_scene
from .geometry import ease

SECONDS, ROUNDS, HOLD = 8, 3, 0.12  # one round there and back; the share of a round that start and end stay


def find_steps(count: int) -> list[float]:
    """Shares of a movement from 0 to 1, slow at both ends."""
    return [float(ease(0, 1, k / (count - 1))) for k in range(count)]


def write_movement(scenes: Sequence[Scene]) -> str:
    """Frames from start to end, shown there and back. All must have the same camera, mat, floor and `frame`, and the
    frame must hold every one of them."""
    pictures = [draw_scene(scene) for scene in scenes]
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
        body += f'<g class="n n{i}">{picture.body.replace("#a", f"#a{i}").replace(chr(34) + "a" + chr(34), f"{chr(34)}a{i}{chr(34)}")}</g>'
    style += f".n{last}{{opacity:1}}@media(prefers-reduced-motion:reduce){{.n{{animation:none}}}}"
    for picture in pictures[1:]:
        pictures[0].colors.update(picture.colors)
    return pictures[0].write(body, style)
