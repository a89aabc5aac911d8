"""From pixels to short SVG paths: contours and lines, smoothed, split at corners, fitted with cubic Bezier curves."""

import cv2
import numpy as np
from numpy.linalg import norm
from skimage.morphology import skeletonize

UNITS = 0.625  # SVG units per pixel: 800 pixels, 500 units to the meter


def trace_mask(mask, error=1.1, smooth=2.0, smallest=60, blur=2.0, angle=62) -> str:
    """The path round a mask; holes are part of it. `error` in pixels, `smallest` in square pixels."""
    if blur:
        mask = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), blur) > 0.5
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    path = ""
    for contour in contours:
        points = contour[:, 0].astype(float)
        if len(points) >= 12 and abs(cv2.contourArea(points.astype(np.float32))) >= smallest:
            path += write_path(fit_closed(points, error, smooth, angle), closed=True)
    return path


def trace_lines(mask: np.ndarray, shortest: int = 14) -> list[np.ndarray]:
    """Polylines (x, y) along the middle of thin strokes."""
    waiting = {(int(y), int(x)) for y, x in np.argwhere(skeletonize(mask))}
    steps = [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)]

    def find_next(p):
        return [(p[0] + a, p[1] + b) for a, b in steps if (p[0] + a, p[1] + b) in waiting]

    ends = {p: len(find_next(p)) for p in waiting}
    used: set[tuple[int, int]] = set()

    def walk(start, second):
        line = [start, second]
        used.update(line)
        while nexts := [p for p in find_next(line[-1]) if p not in used]:
            if len(line) > 4:  # straight on where lines cross
                ahead = np.subtract(line[-1], line[-5])
                nexts.sort(key=lambda p: -(np.subtract(p, line[-1]) @ ahead))
            line.append(nexts[0])
            used.add(nexts[0])
        return line

    lines = []
    for p in sorted(waiting, key=lambda p: (ends[p] != 1, p)):
        nexts = [] if p in used else [q for q in find_next(p) if q not in used]
        if not nexts:
            continue
        line = walk(p, nexts[0])
        if back := [q for q in find_next(p) if q not in used]:
            line = walk(p, back[0])[::-1][:-1] + line
        if len(line) >= shortest:
            lines.append(np.array(line)[:, ::-1].astype(float))
    return lines


def fit_closed(points, error, smooth=2.0, angle=62) -> list[np.ndarray]:
    """Bezier curves round a closed line."""
    points = _resample(points, 1.5, closed=True)
    corners = _find_corners(points, 6, angle)
    if not corners:
        points = _smooth(points, smooth, closed=True)
        along = points[4 % len(points)] - points[-4]
        along = along / (norm(along) + 1e-9)
        return _fit(np.concatenate([points, points[:1]]), along, -along, error)
    count, curves = len(points), []
    for start, end in zip(corners, [*corners[1:], corners[0] + count], strict=True):
        piece = points[np.arange(start, end + 1) % count]
        piece = _smooth(piece, smooth, closed=False) if len(piece) > 6 else piece
        curves += _fit(piece, _tangent(piece), _tangent(piece[::-1]), error)
    return curves


def fit_open(points, error, smooth=2.0) -> list[np.ndarray]:
    """Bezier curves along an open line."""
    points = _smooth(_resample(points, 1.5, closed=False), smooth, closed=False)
    return _fit(points, _tangent(points), _tangent(points[::-1]), error)


def write_numbers(values) -> str:
    """Whole numbers, with a blank only where one is needed."""
    text = ""
    for value in values:
        number = str(int(value))
        text += number if not text or number[0] == "-" else " " + number
    return text


def write_path(curves, closed: bool) -> str:
    """SVG path data in whole units, relative, as short as it goes."""
    here = np.round(curves[0][0] * UNITS).astype(int)
    path, last, before = "M" + write_numbers(here), "M", None
    for curve in curves:
        a, b, end = (np.round(curve[k] * UNITS).astype(int) for k in (1, 2, 3))
        chord = curve[3] - curve[0]
        length = norm(chord)
        if (end == here).all() and len(curves) > 1 and length < 3:
            continue
        if length > 0:
            square = np.array([-chord[1], chord[0]]) / length
            bulge = max(abs((curve[1] - curve[0]) @ square), abs((curve[2] - curve[0]) @ square))
        else:
            bulge = 9
        if bulge * UNITS < 0.35:
            values, letter, before = [end - here], "l", None
        elif before is not None and (np.abs((2 * here - before) - a) <= 1).all():
            values, letter, before = [b - here, end - here], "s", b
        else:
            values, letter, before = [a - here, b - here, end - here], "c", b
        numbers = write_numbers(np.concatenate(values))
        join = "" if numbers[0] == "-" else " "
        path += (letter if letter != last else join) + numbers
        last, here = letter, end
    return path + ("z" if closed else "")


# -- P. J. Schneider: An algorithm for automatically fitting digitized curves (Graphics Gems, 1990)


def _curve(c, u):
    v = 1 - u
    return (
        (v**3)[:, None] * c[0]
        + (3 * v * v * u)[:, None] * c[1]
        + (3 * v * u * u)[:, None] * c[2]
        + (u**3)[:, None] * c[3]
    )


def _fit_one(d, u, t1, t2):
    v = 1 - u
    sides = np.stack([t1 * (3 * v * v * u)[:, None], t2 * (3 * v * u * u)[:, None]], 1)
    gram = np.einsum("nid,njd->ij", sides, sides)
    rest = d - d[0] * (v**3 + 3 * v * v * u)[:, None] - d[-1] * (3 * v * u * u + u**3)[:, None]
    goal = np.einsum("nid,nd->i", sides, rest)
    length = norm(d[-1] - d[0])
    a = np.linalg.solve(gram, goal) if abs(np.linalg.det(gram)) > 1e-9 else np.array([length / 3, length / 3])
    if a.min() < length * 1e-3 or a.max() > length * 3 + 1:
        a = np.array([length / 3, length / 3])
    return np.array([d[0], d[0] + t1 * a[0], d[-1] + t2 * a[1], d[-1]])


def _fit(d, t1, t2, error) -> list[np.ndarray]:
    if len(d) == 2:
        length = norm(d[1] - d[0]) / 3
        return [np.array([d[0], d[0] + t1 * length, d[1] + t2 * length, d[1]])]
    u = np.r_[0, np.cumsum(norm(np.diff(d, axis=0), axis=1))]
    u /= u[-1]
    for _ in range(5):
        c = _fit_one(d, u, t1, t2)
        q = _curve(c, u)
        misses = ((q - d) ** 2).sum(1)
        worst = int(misses.argmax())
        if misses[worst] < error * error:
            return [c]
        if misses[worst] > error * error * 16:
            break
        v = 1 - u  # Newton's step for each point's place on the curve
        d1 = 3 * ((v * v)[:, None] * (c[1] - c[0]) + (2 * v * u)[:, None] * (c[2] - c[1])
                  + (u * u)[:, None] * (c[3] - c[2]))  # fmt: skip
        d2 = 6 * (v[:, None] * (c[2] - 2 * c[1] + c[0]) + u[:, None] * (c[3] - 2 * c[2] + c[1]))
        above, below = ((q - d) * d1).sum(1), (d1 * d1).sum(1) + ((q - d) * d2).sum(1)
        moved = u - np.where(abs(below) > 1e-9, above / np.where(below == 0, 1, below), 0)
        moved = np.clip(moved, 0, 1)
        if (np.diff(moved) <= 0).any():
            break
        u = moved
    worst = max(1, min(len(d) - 2, worst))
    across = d[max(0, worst - 4)] - d[min(len(d) - 1, worst + 4)]
    length = norm(across)
    across = across / length if length > 0 else np.array([1.0, 0])
    return _fit(d[: worst + 1], t1, across, error) + _fit(d[worst:], -across, t2, error)


def _tangent(d):
    way = d[min(5, len(d) - 1)] - d[0]
    length = norm(way)
    return way / length if length else np.array([1.0, 0])


def _smooth(p, sigma, closed):
    if sigma <= 0 or len(p) < 5:
        return p
    reach = int(3 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    if closed:
        if len(p) < 2 * reach:
            return p
        longer = np.concatenate([p[-reach:], p, p[:reach]])
    elif len(p) <= 2 * reach + 1:
        return p
    else:
        longer = np.concatenate([2 * p[0] - p[1 : reach + 1][::-1], p, 2 * p[-1] - p[-reach - 1 : -1][::-1]])
    return np.stack([np.convolve(longer[:, i], kernel, "valid") for i in (0, 1)], 1)


def _find_corners(p, window, angle):
    count = len(p)
    before, after = p - np.roll(p, window, 0), np.roll(p, -window, 0) - p
    cosine = (before * after).sum(1) / (norm(before, axis=1) * norm(after, axis=1) + 1e-9)
    turns = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    corners: list[int] = []
    for i in range(count):
        near = turns[np.arange(i - window, i + window + 1) % count]
        if turns[i] > angle and turns[i] == near.max() and (not corners or i - corners[-1] > window):
            corners.append(i)
    return corners


def _resample(p, step, closed):
    p = np.asarray(p, float)
    line = np.concatenate([p, p[:1]]) if closed else p
    along = np.r_[0, np.cumsum(norm(np.diff(line, axis=0), axis=1))]
    places = np.linspace(0, along[-1], max(4, int(along[-1] / step)) + 1)
    points = np.stack([np.interp(places, along, line[:, i]) for i in (0, 1)], 1)
    return points[:-1] if closed else points
