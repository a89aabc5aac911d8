"""A scene becomes an SVG: regions of color, shade, outline, inner lines, face, arrows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import cv2
import numpy as np
from numpy.linalg import norm

from .bodies import EAR, FACE, HAIR, TRUNK
from .dressing import BOTTOM, FIRST_THING, LOCKS, PER_PERSON, SHOE, SKIN, SOLE, TOP, Piece, dress_pose
from .geometry import make_unit
from .outlines import UNITS, fit_closed, fit_open, trace_lines, trace_mask, write_numbers, write_path
from .poses import Pose
from .rendering import PIXELS, Camera, Raster, render_pieces
from .things import COLORS

# One name a color, (light, dark). The halo is drawn on dark grounds only: dark hair and skin stay plain to see there.
SHARED = {"shoe": ("#f2efe9", "#e8e4da"), "sole": ("#8b999c", "#8b999c")}
STYLE = (
    "svg{stroke-linejoin:round;stroke-linecap:round}.l,.h,.d,.v,.w,.f{fill:none}.l,.d{stroke:#33262a;stroke-width:3}"
    ".d{stroke-width:2.4}.h{stroke:none}.o{stroke:#33262a;stroke-opacity:.45;stroke-width:2}.z{fill:#33262a}"
    ".x{fill:#33262a;opacity:.17}.f{stroke:#8b999c;stroke-width:4}.v,.w{stroke:#a3480a;stroke-width:9}"
    ".w{stroke:#fffaf1;stroke-width:16}.y{fill:#a3480a}"
)
DARK = ".h{stroke:#dfe6e1;stroke-width:8}.v{stroke:#ffbe6b}.y{fill:#ffbe6b}.w{stroke:#162022}.f{stroke:#9aa8ab}"
CODES = {SKIN: "s", TOP: "t", BOTTOM: "p", LOCKS: "k", SHOE: "b", SOLE: "g"}
KEYS = {SKIN: "skin", TOP: "top", BOTTOM: "bottom", LOCKS: "locks"}


@dataclass(frozen=True)
class Arrow:
    """A movement: two points (straight) or three (bent toward the middle one), in the scene's meters."""

    points: Sequence
    head: float = 26


@dataclass
class Scene:
    """What a picture shows. Floor and mat lie at height 0.

    around, above: the camera (see Camera). far: parts of the body farther away, drawn in shade (ARM_LEFT ...).
    mat: (half width, y from, y to) of an exercise mat, or None. floor: height of a line for the ground, or None.
    frame: points that must be in the picture. crop: (low, high), the heights that are shown, or
    None for all. lines: drawn over the figure, lists of points. detail: the error of an outline, in pixels.
    """

    people: Sequence[Pose]
    around: float = 84
    above: float = 6
    things: Sequence[Piece] = ()
    far: Sequence[int] = ()
    mat: tuple[float, float, float] | None = None
    floor: float | None = None
    arrows: Sequence[Arrow] = ()
    frame: Sequence | None = None
    crop: tuple[float, float] | None = None
    lines: Sequence = ()
    detail: float = 1.3
    face: bool = True


@dataclass
class Picture:
    """An SVG's parts: what lies behind (mat, ground), the body, what lies before (arrows); its view box in units."""

    behind: str
    body: str
    before: str
    box: tuple[float, float, float, float]
    colors: dict[str, tuple[str, str]] = field(default_factory=dict)

    def write(self, body: str | None = None, style: str = "") -> str:
        """The whole SVG."""
        light = "".join(f".{name}{{fill:{pair[0]}}}" for name, pair in self.colors.items())
        dark = "".join(f".{name}{{fill:{pair[1]}}}" for name, pair in self.colors.items() if pair[0] != pair[1])
        box = " ".join(f"{side:.0f}" for side in self.box)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><style>{STYLE}{light}'
            f"@media(prefers-color-scheme:dark){{{dark}{DARK}}}{style}</style>"
            f"{self.behind}{self.body if body is None else body}{self.before}</svg>\n"
        )


class _Canvas:
    """One scene being drawn."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.camera = scene, Camera(scene.around, scene.above)
        pieces = [piece for k, pose in enumerate(scene.people) for piece in dress_pose(pose, k)]
        frame = [point for arrow in scene.arrows for point in arrow.points] + list(scene.frame or [])
        self.raster: Raster = render_pieces([*pieces, *scene.things], self.camera, frame=frame or None)
        self.shape = self.raster.depth.shape
        self.colors: dict[str, tuple[str, str]] = {}
        self.paths: list[str] = []
        self.pieces = pieces

    def project(self, points) -> np.ndarray:
        return self.camera.project(points)

    def fill(self, name: str, colors: tuple[str, str], path: str, other: str = "") -> None:
        if path:
            self.colors[name] = colors
            self.paths.append(f'<path class="{name}{other}" d="{path}"/>')

    def stroke(self, name: str, path: str) -> None:
        if path:
            self.paths.append(f'<path class="{name}" d="{path}"/>')


def draw_scene(scene: Scene) -> Picture:
    """Draws one scene."""
    canvas = _Canvas(scene)
    _clear_specks(canvas.raster.color)
    color = canvas.raster.color
    people = (color > 0) & (color < FIRST_THING)
    _fill_things(canvas, people)
    silhouette = trace_mask(people, scene.detail * 0.85, 2.6, blur=2.2)
    if silhouette:
        canvas.paths.append(f'<g class="h"><path id="a" d="{silhouette}"/></g>')
    for number, pose in enumerate(scene.people):
        _fill_person(canvas, number, pose)
    _shade(canvas, people)
    if silhouette:
        canvas.paths.append('<use href="#a" class="l"/>')
    _draw_inner_lines(canvas, people)
    if scene.face:
        for number, pose in enumerate(scene.people):
            _draw_face(canvas, number, pose)
    for points in scene.lines:
        path = write_path(fit_open(canvas.project(points)[:, :2], 0.8, 1), closed=False)
        canvas.stroke("d", path)
    return _frame_picture(canvas)


def _clear_specks(color: np.ndarray, smallest: int = 1500) -> None:
    """Gives specks of clothes or shoes to the color round them."""
    for number in np.unique(color):
        kind = number % PER_PERSON
        if number == 0 or number >= FIRST_THING or kind not in (TOP, BOTTOM, SHOE):
            continue
        count, labels, stats, _ = cv2.connectedComponentsWithStats((color == number).astype(np.uint8), connectivity=8)
        for i in range(1, count):
            if stats[i, 4] < smallest * (0.3 if kind == SHOE else 1):
                speck = labels == i
                ring = (cv2.dilate(speck.astype(np.uint8), np.ones((5, 5))) > 0) & ~speck
                around = color[ring]
                around = around[(around > 0) & (around < FIRST_THING)]
                if len(around):
                    color[speck] = np.bincount(around).argmax()


def _grow(mask: np.ndarray, size: int) -> np.ndarray:
    return cv2.dilate(mask.astype(np.uint8), np.ones((size, size))) > 0


def _fill_things(canvas: _Canvas, people: np.ndarray) -> None:
    color = canvas.raster.color
    for i, pair in enumerate(COLORS.values()):
        mask = color == FIRST_THING + i
        if mask.any():
            mask |= _grow(mask, 7) & people
            canvas.fill(f"q{i}", pair, trace_mask(mask, canvas.scene.detail, 1.0, blur=0.8, angle=45), " o")


def _fill_person(canvas: _Canvas, number: int, pose: Pose) -> None:
    color, shift, look = canvas.raster.color, number * PER_PERSON, pose.person.look
    mine = {kind: color == shift + kind for kind in CODES}
    person = np.logical_or.reduce(list(mine.values()))
    error = canvas.scene.detail
    canvas.fill(f"s{number}", tuple(look["skin"]), trace_mask(person, error * 0.85, 2.6, blur=2.2))
    mine[SHOE] |= mine[SOLE]
    for kind in (SHOE, SOLE, BOTTOM, TOP, LOCKS):
        mask = mine[kind]
        if mask.sum() < 60:
            continue
        if kind == BOTTOM:  # reaches under the shirt
            mask = mask | (_grow(mask, 35) & mine[TOP])
        if kind == SHOE:  # reaches under the trousers
            mask = mask | (_grow(mask, 9) & mine[BOTTOM])
        blur = {SHOE: 3.5, TOP: 4, BOTTOM: 4, LOCKS: 3, SOLE: 1.5}[kind]
        path = trace_mask(mask, error, 3.0 if kind in (TOP, LOCKS) else 2.2, blur=blur)
        if kind in KEYS:
            canvas.fill(f"{CODES[kind]}{number}", tuple(look[KEYS[kind]]), path)
        else:
            canvas.fill(CODES[kind], SHARED["shoe" if kind == SHOE else "sole"], path)


def _shade(canvas: _Canvas, people: np.ndarray) -> None:
    raster, scene, camera = canvas.raster, canvas.scene, canvas.camera
    light = make_unit(camera.right * -0.45 + camera.up * 0.75 - camera.look * 0.55)
    normal = raster.normal / (norm(raster.normal, axis=2, keepdims=True) + 1e-9)
    normal[~people] = 0
    soft = cv2.GaussianBlur(normal, (0, 0), 5) / (cv2.GaussianBlur(people.astype(float), (0, 0), 5)[..., None] + 1e-6)
    skin = people & (raster.color % PER_PERSON == SKIN)
    shade = ((soft @ light) < 0.12) & people & ~((raster.part == FACE) & skin)
    path = ""
    if len(scene.far):
        far = np.isin(raster.part, scene.far) & people
        far = (cv2.GaussianBlur(far.astype(np.float32), (0, 0), 3) > 0.5) & far
        shade &= ~far
        path = trace_mask(far, scene.detail * 1.2, 2, smallest=300) if far.any() else ""
    canvas.stroke("x", trace_mask(shade, scene.detail * 1.4, 4, smallest=420, blur=5, angle=75) + path)


def _draw_inner_lines(canvas: _Canvas, people: np.ndarray) -> None:
    """Lines where one part of a figure lies in front of another, and round the ears."""
    raster = canvas.raster
    height, width = canvas.shape
    depth, color, part = raster.depth, raster.color, raster.part
    kind = np.where(people, color % PER_PERSON, 0)
    step = np.full((height, width), 0.032)
    near_head = np.zeros((height, width), bool)
    yy, xx = np.mgrid[:height, :width]
    for pose in canvas.scene.people:
        person = pose.person
        middle = (person.joint("head") + person.tails[pose.mesh.index["head"]]) / 2
        x, y = canvas.project(pose.carry(middle, "head"))[0, :2]
        near_head |= (xx - x) ** 2 + (yy - y) ** 2 < (0.15 * PIXELS) ** 2
        for side in "LR":
            x, y = canvas.project(pose.at(f"finger3-1.{side}"))[0, :2]
            step[((xx - x) ** 2 + (yy - y) ** 2 < (0.11 * PIXELS) ** 2) & (kind == SKIN)] = 0.011
    step[near_head & (kind != TOP) & (step > 0.02)] = 0.012
    edges = np.zeros((height, width), bool)
    for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        next_depth, next_kind, next_part, next_color = (
            np.roll(grid, (-dy, -dx), (0, 1)) for grid in (depth, kind, part, color)
        )
        both = {(TOP, BOTTOM): 0.06, (LOCKS, SKIN): 0.2}
        limit = step.copy()
        for (a, b), value in both.items():
            pair = ((kind == a) & (next_kind == b)) | ((kind == b) & (next_kind == a))
            if a == LOCKS:
                pair &= np.isin(np.where(kind == SKIN, part, next_part), (TRUNK, FACE))
            limit[pair] = value
        limit[(kind == TOP) & (next_kind == TOP) & (part == TRUNK) & (next_part == TRUNK)] = 0.10
        other = (next_color // PER_PERSON != color // PER_PERSON) & (next_depth > depth)
        edges |= ((next_depth - depth > limit) | other) & (next_kind > 0) & people
        edges |= (part == EAR) & (kind == SKIN) & (next_part == HAIR) & people
        edges |= (part == EAR) & (kind == SKIN) & (next_part == FACE) & (next_depth - depth > 0.002) & people
    path = ""
    for line in trace_lines(_grow(edges, 3), 14):
        at_head = near_head[line[:, 1].astype(int), line[:, 0].astype(int)].mean() > 0.5
        if len(line) >= (14 if at_head else 26):
            path += write_path(fit_open(line, canvas.scene.detail * 1.1, 2.5), closed=False)
    canvas.stroke("d", path)


def _draw_face(canvas: _Canvas, number: int, pose: Pose) -> None:
    """Lids, brows, eyes and mouth, where they are to be seen."""
    person, mesh = pose.person, pose.mesh
    turn, look = pose.turn_of("head"), canvas.camera.look
    height, width = canvas.shape

    def see(points, tolerance):
        pixels = canvas.project(pose.carry(points, "head"))
        x, y = np.round(pixels[:, 0]).astype(int), np.round(pixels[:, 1]).astype(int)
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        depth = canvas.raster.depth[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)]
        return pixels[:, :2], inside & (pixels[:, 2] <= depth + tolerance)

    def draw_line(points, tolerance, least):
        pixels, seen = see(points, tolerance)
        return write_path(fit_open(pixels[seen], 0.8, 1), closed=False) if seen.sum() >= least else ""

    lines = brows = eyes = ""
    for g, side in ((1, "L"), (-1, "R")):
        if -(turn @ make_unit(np.array([0.45 * g, -1, 0]))) @ look < 0.12:
            continue
        lash = person.vertices[np.unique(mesh.groups[f"helper-{side.lower()}-eyelashes-2"])]
        bins = np.linspace(lash[:, 0].min(), lash[:, 0].max(), 6)
        lid = np.array([
            lash[(lash[:, 0] >= a - 1e-6) & (lash[:, 0] <= b + 1e-6)].mean(0)
            for a, b in pairwise(bins)
            if ((lash[:, 0] >= a - 1e-6) & (lash[:, 0] <= b + 1e-6)).any()
        ])  # fmt: skip
        eye = person.joint("eye." + side)
        lines += draw_line(lid, 0.02, 3)
        arch = 0.017 + 0.002 * np.sin(np.linspace(0, 3.1, len(lid)))
        brow = np.stack([lid[:, 0] + eye[0] * 0.06 + g * 0.003, lid[:, 1] - 0.004, lid[:, 2] + arch], 1)
        brows += draw_line(brow, 0.03, 3)
        center = eye + np.array([0, -0.0150, -0.002])
        pixels, seen = see(center, 0.02)
        if seen[0]:
            edges = pose.carry([center + [0.0062, 0, 0], center + [0, 0, 0.0070]], "head")
            wide, tall = canvas.project(edges)[:, :2] - pixels[0]
            wide = wide if norm(wide) > 2.2 else wide / (norm(wide) + 1e-6) * 2.2
            t = np.linspace(0, 2 * np.pi, 24, endpoint=False)
            circle = pixels[0] + np.outer(np.cos(t), wide) + np.outer(np.sin(t), tall)
            eyes += write_path(fit_closed(circle, 0.6, 0), closed=True)
    if (turn @ np.array([0, -1, 0])) @ look < 0.1:
        tail = {name: person.tails[mesh.index[name]] for name in ("oris03.L", "oris07.L", "oris05", "oris01")}
        corner = (tail["oris03.L"] + tail["oris07.L"]) / 2 + np.array([0.005, 0.005, 0.0065])
        middle = (tail["oris05"] + tail["oris01"]) / 2 + np.array([0, -0.001, -0.0005])
        t = np.linspace(-1, 1, 21)[:, None]
        mouth = middle * (1 - t * t) + corner * t * t
        mouth[:, 0] = t[:, 0] * corner[0]
        lines += draw_line(mouth, 0.006, 8)
    canvas.stroke("d", lines)
    if brows:
        canvas.paths.append(f'<path class="l" d="{brows}"/>')
    canvas.stroke("z", eyes)


def _frame_picture(canvas: _Canvas) -> Picture:
    scene = canvas.scene
    height, width = (side * UNITS for side in canvas.shape)
    left, top, behind = 0.0, 0.0, ""
    if scene.floor is not None:
        y = canvas.project([[0, 0, scene.floor]])[0, 1] * UNITS
        height = max(height, y + 14)
        behind += f'<path class="f" d="M8 {y:.0f}H{width - 8:.0f}"/>'
    if scene.mat:
        half, y0, y1 = scene.mat
        corners = [[-half, y0, 0], [-half, y1, 0], [half, y1, 0], [half, y0, 0]]
        points = canvas.project(corners)[:, :2] * UNITS
        left = max(0.0, 8 - points[:, 0].min())
        width = max(width, points[:, 0].max() + 8) + left
        top = min(0.0, points[:, 1].min() - 8)
        height = max(height, points[:, 1].max() + 8) - top
        first, *others = (write_numbers(p.round()) for p in points)
        canvas.colors["q0"] = COLORS["mat"]
        behind += f'<path class="q0 o" d="M{first}L{" ".join(others)}z"/>'
    if scene.crop:
        low, high = (canvas.project([[0, 0, z]])[0, 1] * UNITS for z in scene.crop)
        top, height = high, low - high
    before = "".join(_draw_arrow(canvas, arrow) for arrow in scene.arrows)
    return Picture(behind, "".join(canvas.paths), before, (-left, top, width, height), canvas.colors)


def _draw_arrow(canvas: _Canvas, arrow: Arrow) -> str:
    points = canvas.project(arrow.points)[:, :2] * UNITS
    along = make_unit(points[-1] - points[-2])
    across = np.array([-along[1], along[0]])
    neck = points[-1] - along * arrow.head
    if len(points) == 3:
        line = f"M{write_numbers(points[0].round())}Q{write_numbers(np.r_[points[1], neck].round())}"
    else:
        line = f"M{write_numbers(points[0].round())}L{write_numbers(neck.round())}"
    head = [neck + across * arrow.head * 0.7, points[-1], neck - across * arrow.head * 0.7]
    first, *others = (write_numbers(p.round()) for p in head)
    head_path = f"M{first}L{' '.join(others)}z"
    return f'<path class="w" d="{line}{head_path}"/><path class="v" d="{line}"/><path class="y" d="{head_path}"/>'
