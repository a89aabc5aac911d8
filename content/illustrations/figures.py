"""The list of pictures. A module in scenes/ adds to it with @figure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .drawing import Scene


@dataclass(frozen=True)
class Figure:
    """One picture: what it is called, what there is to see, how it is made.

    `make` gives a scene; or scenes, the frames of a movement from its start to its end; or a whole SVG as text.
    """

    name: str
    alt: str
    group: str
    make: Callable[[], Scene | Sequence[Scene] | str]


FIGURES: dict[str, Figure] = {}


def figure(name: str, alt: str) -> Callable:
    """Enters a picture in the list. Its group is the module it stands in. The function stays callable."""

    def enter(make: Callable) -> Callable:
        if name in FIGURES:
            raise ValueError(f"Two pictures are called {name}.")
        FIGURES[name] = Figure(name, alt, make.__module__.rpartition(".")[2], make)
        return make

    return enter
