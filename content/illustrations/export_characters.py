"""Writes the bodies of characters.toml to characters/*.npz. Only for a new or changed body.

Needs the packages of requirements-export.in.

    python -m content.illustrations.export_characters [NAME ...]

Without names all are written. The first start takes about six minutes (anny builds its cache), later ones one.
"""

import sys
import tomllib
from pathlib import Path

import anny
import numpy as np
import torch

FOLDER = Path(__file__).parent
SMILE = {"mouthSmileLeft": 0.45, "mouthSmileRight": 0.45}
# The groups of the base mesh that the pictures need.
GROUPS = ("body", "helper-tights", "helper-l-eye", "helper-r-eye", "helper-l-eyelashes-2", "helper-r-eyelashes-2")


def read_triangles(path: Path) -> dict[str, np.ndarray]:
    """Reads the triangles of each group of a Wavefront file."""
    groups: dict[str, list[tuple[int, int, int]]] = {}
    name = ""
    for line in path.read_text().splitlines():
        if line.startswith("g "):
            name = line[2:].strip()
        elif line.startswith("f ") and name in GROUPS:
            corners = [int(word.split("/")[0]) - 1 for word in line.split()[1:]]
            fans = [(corners[0], corners[i], corners[i + 1]) for i in range(1, len(corners) - 1)]
            groups.setdefault(name, []).extend(fans)
    return {key: np.array(value, np.int16) for key, value in groups.items()}


def pack_lengths(meters: np.ndarray) -> np.ndarray:
    """Packs lengths in meters as tenths of a millimeter."""
    return np.round(meters * 10_000).astype(np.int16)


def write_mesh(model: anny.Anny) -> None:
    """Writes what all bodies share: triangles, bones and the bones' weights on each vertex (as 1/65535)."""
    groups = read_triangles(Path(anny.__file__).parent / "data/mpfb2/3dobjs/base.obj")
    parents = [-1 if parent is None else parent for parent in model.bone_parents]
    np.savez_compressed(
        FOLDER / "characters/mesh.npz",
        labels=np.array(model.bone_labels),
        parents=np.array(parents, np.int16),
        weights=np.round(model.vertex_bone_weights.numpy() * 65535).astype(np.uint16),
        bones=model.vertex_bone_indices.numpy().astype(np.uint8),
        **groups,
    )


def write_character(model: anny.Anny, name: str, body: dict[str, float], changes: dict[str, float]) -> None:
    """Writes one body at rest: vertices, heads and tails of the bones."""
    shape = dict.fromkeys(model.phenotype_labels, 0.5) | body
    at_rest = torch.eye(4)[None, None].repeat(1, model.bone_count, 1, 1)
    out = model(pose_parameters=at_rest, phenotype_kwargs=shape, local_changes_kwargs=changes, facial_actions=SMILE)
    np.savez_compressed(
        FOLDER / f"characters/{name}.npz",
        vertices=pack_lengths(out["rest_vertices"][0].numpy().T),
        heads=pack_lengths(out["rest_bone_heads"][0].numpy()),
        tails=pack_lengths(out["rest_bone_tails"][0].numpy()),
    )


def main() -> None:
    """Exports the named characters, or all."""
    characters = tomllib.loads((FOLDER / "characters.toml").read_text())
    model = anny.Anny(
        rig="makehuman", topology="makehuman", local_changes="default", facial_actions="all", phenotypes="all"
    ).to(torch.float32)
    write_mesh(model)
    for name in sys.argv[1:] or characters:
        write_character(model, name, characters[name]["body"], characters[name].get("changes", {}))


if __name__ == "__main__":
    main()
