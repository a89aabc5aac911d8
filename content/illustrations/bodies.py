"""The exported bodies: mesh, bones and which part of the body each vertex belongs to."""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.linalg import norm

from .geometry import Smoother, make_unit

FOLDER = Path(__file__).parent
SKIN_COUNT = 13380  # the first vertices of the mesh are the skin, the others serve clothes, eyes and lashes

# Parts of the body, as each drawn pixel knows its own.
TRUNK, ARM_LEFT, ARM_RIGHT, LEG_LEFT, LEG_RIGHT, FACE, HAIR, EAR, THING = 0, 1, 2, 3, 4, 8, 9, 10, 20


class Mesh:
    """What all bodies share."""

    def __init__(self) -> None:
        data = np.load(FOLDER / "characters/mesh.npz")
        self.labels = [str(label) for label in data["labels"]]
        self.index = {label: i for i, label in enumerate(self.labels)}
        self.parents = data["parents"].astype(int)
        rows = len(data["weights"])
        self.weights = np.zeros((rows, len(self.labels)))
        np.add.at(self.weights, (np.arange(rows)[:, None], data["bones"].astype(int)), data["weights"].astype(float))
        self.weights /= self.weights.sum(1, keepdims=True) + 1e-9
        taken = {"labels", "parents", "weights", "bones"}
        self.groups = {key: data[key].astype(np.int64) for key in data.files if key not in taken}
        self.smoothers = {key: Smoother(self.groups[key], rows) for key in ("body", "helper-tights")}

    def sum_weights(self, side: str, *starts: str) -> np.ndarray:
        """How much each vertex follows the bones of a side ("L", "R") whose names start so."""
        bones = [i for i, name in enumerate(self.labels) if name.endswith("." + side) and name.startswith(starts)]
        return self.weights[:, bones].sum(1)


@cache
def load_mesh() -> Mesh:
    """The mesh, read once."""
    return Mesh()


@cache
def read_looks() -> dict[str, dict]:
    """Hair, clothes and colors of each character."""
    return tomllib.loads((FOLDER / "characters.toml").read_text())


class Person:
    """One body at rest, with clothes. `changes` overrules its look: hair, sleeve, leg, foot, colors."""

    def __init__(self, name: str, **changes: object) -> None:
        self.mesh = load_mesh()
        self.name = name
        look = read_looks()[name] | changes
        self.look = look
        self.hair, self.sleeve, self.leg, self.foot = (look[key] for key in ("hair", "sleeve", "leg", "foot"))
        data = np.load(FOLDER / f"characters/{name}.npz")
        self.vertices = data["vertices"].T / 10_000
        self.heads, self.tails = data["heads"] / 10_000, data["tails"] / 10_000
        self._find_limbs()
        self.hip_height = self.joint("upperleg01.L")[2]
        self.trunk_length = self.joint("neck01")[2] - self.hip_height
        self.upper_arm = norm(self.joint("lowerarm01.L") - self.joint("upperarm01.L"))
        self.arm_length = self.upper_arm + norm(self.joint("wrist.L") - self.joint("lowerarm01.L"))
        self.thigh = norm(self.joint("lowerleg01.L") - self.joint("upperleg01.L"))
        self.shin = norm(self.joint("foot.L") - self.joint("lowerleg01.L"))
        self.height = float(np.ptp(self.vertices[:SKIN_COUNT, 2]))
        self.head_weight = self.mesh.weights[:, self.mesh.index["head"] :].sum(1)
        self.eyes = (self.joint("eye.L") + self.joint("eye.R")) / 2
        self.brow_height = self.vertices[:SKIN_COUNT, 2].max() - self.eyes[2]  # from the eyes to the crown
        self.ears = self._find_ears()

    def joint(self, bone: str) -> np.ndarray:
        """Where a bone begins, at rest."""
        return self.heads[self.mesh.index[bone]]

    def _find_limbs(self) -> None:
        """How far down the arm or leg each vertex lies: 0 at its root, 1 at elbow or knee, 2 at wrist or ankle."""
        count = len(self.vertices)
        self.along_arm, self.along_leg, self.part = np.zeros(count), np.zeros(count), np.zeros(count, int)
        for offset, side in enumerate("LR"):
            for along, first, upper, lower, ends in (
                (self.along_arm, ARM_LEFT, ("upperarm",), ("lowerarm", "wrist", "finger", "metacarpal"),
                 ("upperarm01", "lowerarm01", "wrist")),
                (self.along_leg, LEG_LEFT, ("upperleg",), ("lowerleg", "foot", "toe"),
                 ("upperleg01", "lowerleg01", "foot")),
            ):  # fmt: skip
                high, low = self.mesh.sum_weights(side, *upper), self.mesh.sum_weights(side, *lower)
                root, middle, end = (self.joint(f"{bone}.{side}") for bone in ends)
                above = (self.vertices - root) @ make_unit(middle - root) / norm(middle - root)
                below = 1 + (self.vertices - middle) @ make_unit(end - middle) / norm(end - middle)
                mine = high + low > 0.5
                along[mine] = np.where(low[mine] > 0.5, below[mine], above[mine])
                self.part[mine] = first + offset

    def _find_ears(self) -> np.ndarray:
        """The vertices that stand out from the smoothed head where ears are."""
        v, high = self.vertices, self.brow_height
        smooth = self.mesh.smoothers["body"].smooth(v, 25)
        x, y, z = np.abs(v[:, 0]) / high, (v[:, 1] - self.eyes[1]) / high, (v[:, 2] - self.eyes[2]) / high
        stands_out = norm(v - smooth, axis=1) > 0.004
        place = (z > -0.55) & (z < 0.25) & (y > 0.45) & (y < 1.2) & (x > 0.5) & (self.head_weight > 0.5)
        return stands_out & place & (np.arange(len(v)) < SKIN_COUNT)
