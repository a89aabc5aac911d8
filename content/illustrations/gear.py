"""What sports are played with, and what is worn: made of the shapes of things.py."""

import math
from dataclasses import replace

import numpy as np

from .dressing import Piece, _find_hull, make_sphere
from .geometry import make_unit, turn_z
from .grips import find_fist, find_hips, point
from .poses import Pose
from .things import make_ball, make_box, make_path, make_thing, make_tube

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


def _find_head(pose: Pose) -> tuple[np.ndarray, np.ndarray, float]:
    """The middle of the skull; left, forward and up of the head, as rows; the height from eyes to crown."""
    person, high = pose.person, pose.person.brow_height
    middle = np.array([0, person.eyes[1] + 0.78 * high, person.eyes[2] + 0.06 * high])
    return pose.carry(middle, "head")[0], (pose.turn_of("head") @ np.diag([1.0, -1, 1])).T, high


def _make_shell(pose: Pose, color: str, size: float, lift: float, edge) -> Piece:
    """A bowl round the head; `edge` gives its lower edge from the way forward (-1 = back, 1 = front)."""
    middle, axes, high = _find_head(pose)
    ball, triangles = make_sphere(28)
    bowl = (ball * (0.82, 1.03, 1.0) * size + (0, 0, lift)) * high
    piece = make_thing(bowl @ axes + middle, triangles, color)
    return replace(piece, field=np.clip((ball[:, 2] - edge(ball[:, 1])) * 3, -1, 1))


def wear_cap(pose: Pose, color: str, brim=0.95) -> list[Piece]:
    """A cap with a brim (0: none, for swimming)."""
    middle, (left, forward, up), high = _find_head(pose)
    pieces = [_make_shell(pose, color, 1.14, 0.08, lambda front: 0.05 + 0.12 * front)]
    if brim:
        start = middle + (up * 0.26 + forward * 0.8) * high
        rim = [start + (forward * (brim * math.cos(t)) + left * (0.62 * math.sin(t)) - up * 0.12) * high
               for t in np.linspace(-1.3, 1.3, 9)]  # fmt: skip
        rim += [start + left * 0.62 * high, start - left * 0.62 * high]
        pieces.append(make_hull([*rim, *(p + up * 0.06 * high for p in rim)], color))
    return pieces


def wear_helmet(pose: Pose, color: str, back=-0.45, front=0.22, size=1.2, bars="", brim=False) -> list[Piece]:
    """A helmet down to `back` behind and `front` before the face; bars: color of a face guard; brim: over the eyes."""
    middle, (left, forward, up), high = _find_head(pose)
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
    _, (left, forward, up), high = _find_head(pose)
    eyes = pose.carry(pose.person.eyes, "head")[0]
    curve = ((-0.62, -0.22), (-0.4, 0.18), (0, 0.25), (0.4, 0.18), (0.62, -0.22))
    front = [eyes + (left * x + forward * y + up * z) * high for x, y in curve for z in (-0.24, 0.24)]
    return make_hull([*front, *(p - forward * 0.2 * high for p in front)], color)


def wear_skirt(pose: Pose, color: str, radius=0.33) -> Piece:
    """A stiff ballet skirt."""
    turn = pose.root_turn
    up = make_unit(turn @ point(0, 0.25, 1))
    middle = find_hips(pose) + up * 0.05
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


def make_soccer_ball(center) -> list[Piece]:
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
    patches = [make_disc(center + make_unit(way) * 0.1, way, 0.042, 0.022, "dark", sides=5) for way in ways]
    return [make_ball(center, 0.11, "white"), *patches]


def make_bike(color="blue") -> list[Piece]:
    """A road bike that rides toward -y, cranks level; for the pedals see find_pedal()."""
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
    frame = (
        (cranks, seat, 0.018),
        (cranks, fork, 0.022),
        (post, head, 0.018),
        (cranks, rear, 0.013),
        (post, rear, 0.011),
    )
    for a, b, r in (*frame, (head, fork, 0.02), (fork, front, 0.014)):
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
        pieces.append(make_box(pedal - (0.05, 0.04, 0.012), pedal + point(0.05, 0.04, 0.012), "dark"))
    return [*pieces, make_disc(cranks, (1, 0, 0), 0.09, 0.02, "metal")]


def find_pedal(side: int) -> np.ndarray:
    """Where a pedal is (+1 left, forward; -1 right, back)."""
    return point(side * 0.11, -side * 0.165, 0.28 + side * 0.03)


def make_club(handle, along) -> list[Piece]:
    """A golf club."""
    end = handle + along * 0.98
    head = [
        end + point(x, y, z)
        for x, z in ((0.02, -0.01), (0.03, 0.09), (-0.03, 0.12), (-0.045, 0))
        for y in (-0.03, 0.03)
    ]
    grip_end = handle + along * 0.24
    return [
        make_tube(handle - along * 0.05, grip_end, 0.015, "dark"),
        make_tube(grip_end, end, 0.008, "metal"),
        make_hull(head, "dark"),
    ]


def make_flag(x: float, y: float) -> list[Piece]:
    """The flag of a golf hole."""
    cloth = [(x, y, 1.25), (x, y, 1.0), (x + 0.31, y, 1.125), (x, y + 0.01, 1.125)]
    return [make_tube((x, y, 0), (x, y, 1.25), 0.012, "metal"), make_hull(cloth, "warm")]


def make_stumps(x: float, y: float) -> list[Piece]:
    """The wicket in cricket."""
    bars = [make_tube((x + k, y, 0), (x + k, y, 0.71), 0.02, "wood") for k in (-0.1, 0, 0.1)]
    return [*bars, make_tube((x - 0.12, y, 0.72), (x + 0.12, y, 0.72), 0.014, "wood")]


def make_barbell(middle) -> list[Piece]:
    """A barbell along x."""
    pieces = [make_tube(middle - (1, 0, 0), middle + point(1, 0, 0), 0.014, "metal")]
    plates = (
        (0.66, 0.225, 0.05, "dark"),
        (0.72, 0.225, 0.05, "warm"),
        (0.77, 0.15, 0.035, "dark"),
        (0.8, 0.035, 0.05, "metal"),
    )
    return pieces + [
        make_disc(middle + point(side * x, 0, 0), (1, 0, 0), r, thick, color)
        for side in (-1, 1)
        for x, r, thick, color in plates
    ]


def make_water(wide: float, front: float, back: float, top=0.0, deep=0.05) -> Piece:
    """An oval of water between y = -front and y = back."""
    turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    middle, long = (back - front) / 2, (back + front) / 2
    rim = [point(wide * math.cos(t), middle + long * math.sin(t), top) for t in turns]
    return make_hull([*rim, *(p - (0, 0, deep) for p in rim)], "water")


def draw_ripple(x: float, y: float, size=0.12, turn=0.0) -> list[np.ndarray]:
    """A short wave on the water, as a line."""
    ways = np.linspace(-1, 1, 9)
    return [point(x, y, 0.06) + turn_z(turn) @ point(size * k, 0.07 * k * k, 0) for k in ways]


def make_oar(fist, lock, long=1.24, blade=0.36) -> list[Piece]:
    """An oar from a fist through its lock, the blade upright."""
    along = make_unit(lock - fist)
    end = fist + along * long
    corners = [
        end + along * out + point(0, 0, up)
        for out, up in ((0, 0.03), (0, -0.03), (0.1, 0.12), (0.1, -0.12), (blade, 0.12), (blade, -0.12))
    ]
    return [
        make_tube(fist - along * 0.06, fist + along * 0.1, 0.02, "dark"),
        make_tube(fist + along * 0.08, end + along * 0.1, 0.02, "wood"),
        make_hull([*corners, *(corner + point(0.01, 0.012, 0) for corner in corners)], "warm"),
    ]


def make_rigger(lock, gunwale: float, top: float) -> list[Piece]:
    """The frame that carries an oar's lock beside the boat, from two places on its edge (`gunwale` = x, `top` = z)."""
    feet = [point(gunwale, lock[1] + y, top) for y in (-0.16, 0.24)]
    return [
        *make_path([feet[0], lock, feet[1]], 0.014, "metal"),
        make_tube(lock - (0, 0, 0.05), lock + (0, 0, 0.06), 0.024, "dark"),
    ]


def make_boat(front: float, back: float, well: tuple[float, float], wide=0.2, top=0.26) -> list[Piece]:
    """A slim rowing boat between y = -front and y = back, open between the two y of `well`."""
    middle, long = (back - front) / 2, (back + front) / 2
    section = ((-1, 1.0), (-0.75, 0.3), (0, 0.0), (0.75, 0.3), (1, 1.0))  # across: shares of half width and height

    def build_shell(inset: float, ends: tuple[float, float], color: str, deck: bool) -> Piece:
        half, keel, rim = wide - inset, 2 * inset, top - inset / 2
        vertices, triangles, ways = [], [], np.linspace(*ends, 41)
        for i, y in enumerate(ways):
            end = min(abs(y - middle) / long, 1) ** 2.2
            low, high = keel + (rim + 0.04 - keel) * end**3, rim + 0.06 * end
            vertices += [point((half * (1 - end) + 0.003) * x, y, low + (high - low) * z) for x, z in section]
            if i:
                a, b = 5 * i - 5, 5 * i
                strips = [(k, k + 1) for k in range(4)]
                if deck and not well[0] < (y + ways[i - 1]) / 2 < well[1]:
                    strips.append((0, 4))
                triangles += [t for j, k in strips for t in ((a + j, b + j, a + k), (a + k, b + j, b + k))]
        return make_thing(vertices, triangles, color)

    return [
        build_shell(0, (-front, back), "yellow", True),
        build_shell(0.015, (well[0] - 0.25, well[1] + 0.25), "brown", False),
    ]


def make_ski(x: float, front=0.95, back=0.6) -> list[Piece]:
    """A ski along y, its tip turned up."""
    tip = [
        point(x + k, y, z)
        for y, z in ((-front, -0.03), (-front, -0.005), (-front - 0.1, 0.02), (-front - 0.16, 0.07))
        for k in (-0.04, 0.04)
    ]
    return [make_box((x - 0.045, -front, -0.03), (x + 0.045, back, -0.005), "warm"), make_hull(tip, "warm")]


def make_pole(fist, along) -> list[Piece]:
    """A ski pole and the glove that holds it."""
    return [
        make_tube(fist + along * 0.06, fist - along, 0.011, "dark"),
        make_disc(fist - along * 0.93, along, 0.045, 0.012, "dark"),
        make_ball(fist, 0.055, "dark"),
    ]


def make_stick(top, low) -> list[Piece]:
    """A hockey stick, its blade toward -y."""
    blade = [low + point(x - k * 0.06, k * -0.3, z) for k in (0, 1) for x in (-0.014, 0.014) for z in (-0.02, 0.06)]
    return [make_tube(top + (top - low) * 0.08, low, 0.017, "wood"), make_hull(blade, "dark")]


def wear_skates(pose: Pose) -> list[Piece]:
    """The steel under both shoes."""
    pieces = []
    for side in "LR":
        turn, ankle = pose.turn_of("foot." + side), pose.at("foot." + side)
        outline = ((0.06, 0), (0.08, -0.04), (-0.17, -0.04), (-0.2, 0))
        pieces.append(
            make_hull([ankle + turn @ point(x, y, z - 0.1) for x in (-0.006, 0.006) for y, z in outline], "metal")
        )
    return pieces


def wear_gloves(pose: Pose, color="dark", size=0.078) -> list[Piece]:
    """Thick gloves over closed hands."""
    return [make_ball(find_fist(pose, side), size, color) for side in "LR"]


def make_net(y: float, top: float, half=0.5) -> list[Piece]:
    """A volleyball net with its post at +x."""
    pieces = [
        make_box((-half, y - 0.006, top - 0.03), (half, y + 0.006, top + 0.04), "white"),
        make_tube((half, y, 0), (half, y, top + 0.06), 0.03, "dark"),
    ]
    for z in np.linspace(top - 0.48, top, 5):
        pieces += make_path([point(-half, y, z), point(half, y, z)], 0.006, "metal")
    for x in np.linspace(-half, half, 9):
        pieces += make_path([point(x, y, top - 0.48), point(x, y, top)], 0.006, "metal")
    return pieces


def make_basket(rim) -> list[Piece]:
    """A basketball hoop, its board behind it (toward -y)."""
    x, y, z = rim
    pieces = [
        make_box((x - 0.36, y - 0.26, z - 0.09), (x + 0.36, y - 0.23, z + 0.36), "white"),
        make_box((x - 0.14, y - 0.228, z - 0.02), (x + 0.14, y - 0.225, z + 0.16), "warm"),
        *make_hoop(rim, (0, 0, 1), 0.2, 0.014, "warm", up=(1, 0, 0)),
    ]  # fmt: skip
    for turn in np.arange(10) * math.pi / 5:
        start = rim + point(math.cos(turn), math.sin(turn), 0) * 0.2
        for lean in (-0.5, 0.5):
            end = rim + point(math.cos(turn + lean) * 0.11, math.sin(turn + lean) * 0.11, -0.28)
            pieces += make_path([start, end], 0.005, "metal")
    return pieces
