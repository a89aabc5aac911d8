"""A body in a position: bones turned one by one, or arms and legs led to where hand or foot should be."""

import math

import numpy as np
from numpy.linalg import norm

from .bodies import SKIN_COUNT, TRUNK, Person
from .geometry import (
    make_frame,
    make_unit,
    take_part,
    take_twist,
    turn_about,
    turn_from_to,
    turn_x,
    turn_y,
    turn_z,
)  # fmt: skip

SPINE = ("spine05", "spine04", "spine03", "spine02", "spine01")  # from the pelvis up
NECK = ("neck01", "neck02", "neck03", "head")


def sign_of(side: str) -> int:
    """+1 for "L", which is +x, -1 for "R"."""
    return 1 if side == "L" else -1


class Pose:
    """Turns `person` step by step; every method gives the pose back. World directions unless said otherwise.

    `turns` holds rotations relative to the parent bone, `fixed` those in the world.
    """

    def __init__(self, person: Person) -> None:
        self.person, self.mesh = person, person.mesh
        self.turns: dict[str, np.ndarray] = {}
        self.fixed: dict[str, np.ndarray] = {}
        self.root_turn, self.position = np.eye(3), np.zeros(3)
        self.solve()

    def solve(self) -> "Pose":
        """Finds where each bone is."""
        heads, parents = self.person.heads, self.mesh.parents
        turns: list[np.ndarray] = []
        places: list[np.ndarray] = []
        for i, name in enumerate(self.mesh.labels):
            parent = parents[i]
            if parent < 0:
                turns.append(self.root_turn)
                places.append(self.position.copy())
                continue
            places.append(places[parent] + turns[parent] @ (heads[i] - heads[parent]))
            turn = self.fixed.get(name)
            turns.append(turns[parent] @ self.turns.get(name, np.eye(3)) if turn is None else turn)
        self.bone_turns, self.bone_places = turns, places
        return self

    def at(self, bone: str) -> np.ndarray:
        """Where a bone begins now."""
        return self.bone_places[self.mesh.index[bone]]

    def turn_of(self, bone: str) -> np.ndarray:
        """How a bone is turned now, in the world."""
        return self.bone_turns[self.mesh.index[bone]]

    def carry(self, points: np.ndarray, bone: str) -> np.ndarray:
        """Points given at rest, moved along with a bone."""
        return (np.atleast_2d(points) - self.person.joint(bone)) @ self.turn_of(bone).T + self.at(bone)

    def find_vertices(self, ids: np.ndarray | None = None, rest: np.ndarray | None = None) -> np.ndarray:
        """Where the mesh is now (linear blend skinning); `rest` are other resting places for the vertices `ids`."""
        turns, places = np.array(self.bone_turns), np.array(self.bone_places)
        shifts = places - np.einsum("bij,bj->bi", turns, self.person.heads)
        moves = np.concatenate([turns, shifts[:, :, None]], 2).reshape(len(turns), 12)
        weights = self.mesh.weights if ids is None else self.mesh.weights[ids]
        rest = self.person.vertices if rest is None else rest
        blend = (weights @ moves).reshape(-1, 3, 4)
        return np.einsum("vij,vj->vi", blend[:, :, :3], rest) + blend[:, :, 3]

    # -- the trunk

    def place(self, turn: np.ndarray, position: tuple[float, float, float] = (0, 0, 0)) -> "Pose":
        """Turns and puts the whole body (turn_x(-90) = on the back, head toward +y)."""
        self.root_turn, self.position = turn, np.array(position, float)
        return self.solve()

    def move(self, x: float = 0, y: float = 0, z: float = 0) -> "Pose":
        """Shifts the whole body (before arms and legs are led to places)."""
        self.position = self.position + np.array([x, y, z])
        return self.solve()

    def bend_spine(self, flex=0.0, side=0.0, twist=0.0, shares=(0.25, 0.25, 0.2, 0.15, 0.15)) -> "Pose":
        """Bends the spine forward, sideways, round; `shares` from the pelvis up."""
        for name, k in zip(SPINE, shares, strict=True):
            self.turns[name] = turn_x(flex * k) @ turn_y(side * k) @ turn_z(twist * k)
        return self.solve()

    def bend_each(self, *angles: float) -> "Pose":
        """Bends each of the five parts of the spine forward, from the pelvis up."""
        for name, angle in zip(SPINE, angles, strict=True):
            self.turns[name] = turn_x(angle)
        return self.solve()

    def bend_neck(self, flex=0.0, side=0.0, twist=0.0) -> "Pose":
        """Bends neck and head together."""
        for name, k in zip(NECK, (0.25, 0.25, 0.2, 0.3), strict=True):
            self.turns[name] = turn_x(flex * k) @ turn_y(side * k) @ turn_z(twist * k)
        return self.solve()

    def lift_shoulder(self, side: str, up=0.0, forward=0.0) -> "Pose":
        """Lifts the shoulder girdle, or brings it forward."""
        g = sign_of(side)
        for bone, k in (("clavicle", 0.6), ("shoulder01", 0.4)):
            self.turns[f"{bone}.{side}"] = turn_y(-up * g * k) @ turn_z(-forward * g * k)
        return self.solve()

    # -- arms and legs

    def _reach(self, bones: tuple[str, str, str], side: str, target, pole) -> tuple[np.ndarray, ...]:
        """Two bones to a target: root, middle joint, end, hinge. Elbow or knee points toward the pole."""
        person = self.person
        root, middle, end = (person.joint(f"{bone}.{side}") for bone in bones)
        upper, lower = norm(middle - root), norm(end - middle)
        start = self.at(f"{bones[0]}.{side}")
        way = np.asarray(target, float) - start
        reach = min(norm(way), (upper + lower) * 0.9995)
        way = make_unit(way)
        angle = math.acos(max(-1, min(1, (upper**2 + reach**2 - lower**2) / (2 * upper * reach))))
        pole = np.asarray(pole, float)
        out = make_unit(pole - (pole @ way) * way)
        knee = start + upper * (math.cos(angle) * way + math.sin(angle) * out)
        return start, knee, start + way * reach, make_unit(np.cross(way, out))

    def _bend_limb(self, bones: tuple[str, str, str], side: str, points, hinge, rest_hinge) -> np.ndarray:
        person, (start, knee, end) = self.person, points
        root, middle, tip = (f"{bone}.{side}" for bone in bones)
        second = root.replace("01", "02")
        rest_upper = person.joint(middle) - person.joint(root)
        rest_lower = person.joint(tip) - person.joint(middle)
        upper = make_frame(knee - start, hinge) @ make_frame(rest_upper, rest_hinge).T
        lower = make_frame(end - knee, hinge) @ make_frame(rest_lower, rest_hinge).T
        above = self.bone_turns[self.mesh.parents[self.mesh.index[root]]]
        self.fixed[second] = upper
        self.fixed[root] = above @ take_twist(above.T @ upper, rest_upper, 0.45)
        self.fixed[middle] = lower
        self.solve()
        return lower

    def reach_leg(self, side: str, ankle, knee=(0, -1, 0), toes=None, up=(0, 0, 1), foot=0.0) -> "Pose":
        """Leads an ankle to a place; `knee` is where the knee points. `toes` and `up` turn the foot in the world,
        or `foot` lifts the toes by degrees."""
        bones = ("upperleg01", "lowerleg01", "foot")
        *points, hinge = self._reach(bones, side, ankle, knee)
        self._bend_limb(bones, side, points, -hinge, np.array([1.0, 0, 0]))
        return self.turn_foot(side, toes, up) if toes is not None else self.lift_toes(side, foot)

    def turn_foot(self, side: str, toes=(0, -1, 0), up=(0, 0, 1)) -> "Pose":
        """Turns the foot: where the toes point, where its back points."""
        rest = make_frame(np.array([0, -1.0, 0]), np.array([0, 0, 1.0]))
        self.fixed["foot." + side] = make_frame(np.array(toes, float), np.array(up, float)) @ rest.T
        return self.solve()

    def lift_toes(self, side: str, angle: float) -> "Pose":
        """Bends the ankle: a positive angle lifts the toes toward the shin."""
        self.fixed.pop("foot." + side, None)
        self.turns["foot." + side] = turn_x(-angle)
        return self.solve()

    def bend_leg(self, side: str, flex=0.0, out=0.0, turn=0.0, knee=0.0, foot=0.0) -> "Pose":
        """Bends hip and knee by degrees, relative to the pelvis. `out` = away from the middle, `turn` = toes out."""
        g = sign_of(side)
        root = "upperleg01." + side
        pelvis = self.bone_turns[self.mesh.parents[self.mesh.index[root]]]
        turned = turn_x(-flex) @ turn_y(-out * g) @ turn_z(turn * g)
        axis = self.person.joint("lowerleg01." + side) - self.person.joint(root)
        self.fixed["upperleg02." + side] = pelvis @ turned
        self.fixed[root] = pelvis @ take_twist(turned, axis, 0.45)
        self.fixed["lowerleg01." + side] = pelvis @ turned @ turn_x(knee)
        return self.lift_toes(side, foot)

    def reach_arm(self, side: str, wrist, elbow, hand=None, palm=None, curl=20.0, shoulder=None, thumb=None) -> "Pose":
        """Leads a wrist to a place; `elbow` is where the elbow points, `hand` where the fingers point, `palm` where
        the palm looks, `curl` bends the fingers, `shoulder` = (up, forward) degrees."""
        person = self.person
        if shoulder:
            self.lift_shoulder(side, *shoulder)
        bones = ("upperarm01", "lowerarm01", "wrist")
        *points, hinge = self._reach(bones, side, wrist, elbow)
        root, middle, tip = (person.joint(f"{bone}.{side}") for bone in bones)
        rest_hinge = np.cross(make_unit(middle - root), np.array([0, 1.0, 0]))
        lower = self._bend_limb(bones, side, points, hinge, rest_hinge)
        for bone in ("wrist", "lowerarm02"):
            self.fixed.pop(f"{bone}.{side}", None)
        if hand is not None:
            fingers, face = self._find_hand(side)
            turned = make_frame(np.array(hand, float), np.array(palm, float)) @ make_frame(fingers, face).T
            self.fixed["wrist." + side] = turned
            axis, relative = make_unit(tip - middle), lower.T @ turned
            twist = turn_from_to(relative @ axis, axis) @ relative
            self.fixed["lowerarm02." + side] = lower @ take_part(twist, 0.6)
            self.fixed["lowerarm01." + side] = lower @ take_part(twist, 0.15)
        return self.curl_fingers(side, curl, thumb)

    def _find_hand(self, side: str) -> tuple[np.ndarray, np.ndarray]:
        """Where fingers and palm look at rest."""
        person, wrist = self.person, self.person.joint("wrist." + side)
        first, last = person.joint("finger2-1." + side) - wrist, person.joint("finger5-1." + side) - wrist
        palm = make_unit(np.cross(first, last))
        thumb = person.tails[self.mesh.index["finger1-3." + side]] - wrist - (first + last) / 4
        return make_unit(person.joint("finger3-1." + side) - wrist), palm if palm @ thumb > 0 else -palm

    def curl_fingers(self, side: str, angle: float, thumb: float | None = None) -> "Pose":
        """Bends the fingers; the thumb by about a third, unless said."""
        _, palm = self._find_hand(side)
        bends = {f"finger{f}-{k}.{side}": angle * m * (1 + 0.06 * (f - 2))
                 for f in (2, 3, 4, 5) for k, m in ((1, 1.0), (2, 1.1), (3, 0.8))}  # fmt: skip
        bends |= {f"finger1-{k}.{side}": angle * 0.35 if thumb is None else thumb for k in (2, 3)}
        for bone, bend in bends.items():
            i = self.mesh.index[bone]
            axis = np.cross(make_unit(self.person.tails[i] - self.person.heads[i]), palm)
            self.turns[bone] = turn_about(axis, math.radians(bend))
        return self.solve()

    # -- contact

    def find_lowest(self, where: np.ndarray) -> float:
        """The lowest height of the chosen vertices (a mask over the skin)."""
        return float(self.find_vertices()[:SKIN_COUNT][where][:, 2].min())

    def trunk(self, low=-9.0, high=9.0) -> np.ndarray:
        """Mask of the trunk between two heights of the standing body, in lengths of the trunk above the hips."""
        person = self.person
        height = (person.vertices[:SKIN_COUNT, 2] - person.hip_height) / person.trunk_length
        inside = (height > low) & (height < high)
        return (person.part[:SKIN_COUNT] == TRUNK) & (person.head_weight[:SKIN_COUNT] < 0.3) & inside

    def head(self) -> np.ndarray:
        """Mask of the head."""
        return self.person.head_weight[:SKIN_COUNT] > 0.6

    def stand_on(self, height=0.0) -> "Pose":
        """Shifts the body so that its lowest point is at a height."""
        return self.move(z=height - float(self.find_vertices()[:SKIN_COUNT, 2].min()))

    def rest_trunk(self, height=0.0, low=-9.0, high=9.0) -> "Pose":
        """Shifts the body so that the lowest point of the trunk is at a height."""
        return self.move(z=height - self.find_lowest(self.trunk(low, high)))

    def rest_head(self, height=0.0, face_down=False, low=-45.0, high=50.0, side=0.0, twist=0.0) -> "Pose":
        """Bends the neck until the head lies at a height."""
        for _ in range(18):
            middle = (low + high) / 2
            self.bend_neck(middle, side, twist)
            if (self.find_lowest(self.head()) < height) != face_down:
                low = middle
            else:
                high = middle
        return self


def blend_poses(start: Pose, end: Pose, share: float) -> Pose:
    """The pose between two of the same person, each bone turned by a share of the way."""
    pose, parents = Pose(start.person), start.mesh.parents
    for i, name in enumerate(start.mesh.labels):
        if parents[i] >= 0:
            first, last = (p.bone_turns[parents[i]].T @ p.bone_turns[i] for p in (start, end))
            pose.turns[name] = first @ take_part(first.T @ last, share)
    turn = start.root_turn @ take_part(start.root_turn.T @ end.root_turn, share)
    return pose.place(turn, tuple(start.position + (end.position - start.position) * share))
