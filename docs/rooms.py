"""The rooms of each application, the import arrows between them, circles, and arrows that run back up: `make rooms`.

A room is a direct child of its application: a module, or a folder with everything in it. An arrow is there when
anything in one room imports anything in another. Which rooms stand above which is read from the layers that
import-linter holds (pyproject.toml), so that this picture and that contract cannot differ. With `--arrows` each arrow
is printed.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[1]
WHOLE = "the whole"
Arrows = set[tuple[str, str]]


def read_layers() -> dict[str, dict[str, int]]:
    """For each application, and for the whole, each room's layer: 0 is the uppermost.

    Raises KeyError where pyproject.toml holds no layers.
    """
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    found: dict[str, dict[str, int]] = {}
    for contract in contracts["contracts"]:
        if contract["type"] != "layers":
            continue
        for container in contract.get("containers", [WHOLE]):
            found[container] = {
                room.strip(" ()"): number
                for number, layer in enumerate(contract["layers"])
                for room in layer.replace("|", ":").split(":")
            }
    return found


def list_rooms(graph: grimp.ImportGraph, container: str, applications: Iterable[str]) -> set[str]:
    """The rooms of an application; those of the whole are the applications themselves."""
    if container == WHOLE:
        return set(applications)
    return {module.split(".")[1] for module in graph.modules if module.startswith(f"{container}.")}


def list_arrows(graph: grimp.ImportGraph, container: str) -> Arrows:
    """(who imports, who is imported), room by room, without those inside one room."""
    depth = 0 if container == WHOLE else 1
    arrows = set()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            ends = [name.split(".") for name in (module, imported)]
            if all(len(parts) > depth and (not depth or parts[0] == container) for parts in ends):
                arrows.add((ends[0][depth], ends[1][depth]))
    return {(start, end) for start, end in arrows if start != end}


def find_circle(arrows: Arrows) -> list[str]:
    """One way round from a room back to itself; empty when there is none."""
    imported_by: dict[str, set[str]] = {}
    for start, end in arrows:
        imported_by.setdefault(start, set()).add(end)
    try:
        TopologicalSorter(imported_by).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def list_upward_arrows(arrows: Arrows, layers: Mapping[str, int]) -> Arrows:
    """Arrows from a lower layer to a higher one. Rooms that no layer names count as lying nowhere."""
    return {(start, end) for start, end in arrows if start in layers and end in layers and layers[start] > layers[end]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--arrows", action="store_true", help="print each arrow")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    layers = read_layers()
    applications = sorted(layers[WHOLE])
    graph = grimp.build_graph(*applications, cache_dir=None)
    bad = False
    for container in [*applications, WHOLE]:
        arrows = list_arrows(graph, container)
        rooms = list_rooms(graph, container, applications)
        circle, upward = find_circle(arrows), list_upward_arrows(arrows, layers.get(container, {}))
        bad = bad or bool(circle or upward)
        print(
            f"{container}: {len(rooms)} rooms, {len(arrows)} arrows, "
            f"circles: {' -> '.join(circle) or 'none'}, upwards: {sorted(upward) or 'none'}"
        )
        if options.arrows:
            for room in sorted(rooms):
                print(f"  {room} -> {', '.join(sorted(end for start, end in arrows if start == room)) or '(none)'}")
    sys.exit(bad)


if __name__ == "__main__":
    main()
