"""What the contracts of import-linter (pyproject.toml, `make lint`) cannot say, and that the rooms stay few."""

from functools import cache

import grimp
import pytest
from django.apps import apps

from docs import rooms

APPLICATIONS = sorted(rooms.read_layers()[rooms.WHOLE])
UPPER = {"views", "pause_views", "forms", "admin", "urls", "web"}


@cache
def read_graph():
    return grimp.build_graph(*APPLICATIONS, cache_dir=None)


def modules_with_models():
    """Every module of ours that defines a model."""
    return sorted({model.__module__ for model in apps.get_models() if model.__module__.split(".")[0] in APPLICATIONS})


def test_every_kind_of_module_with_models_is_looked_at():
    found = modules_with_models()
    assert {"core.audit", "core.throttle", "content.models.editing", "assessment.models.mail"} <= set(found)
    assert len(found) >= 10


@pytest.mark.parametrize("module", modules_with_models())
def test_what_defines_a_model_imports_no_page_no_form_and_no_admin(module):
    for imported in read_graph().find_modules_directly_imported_by(module):
        assert not UPPER & set(imported.split(".")), f"{module} imports {imported}"


@pytest.mark.parametrize("application", APPLICATIONS)
def test_an_application_has_few_rooms_and_few_arrows(application):
    graph = read_graph()
    found, arrows = rooms.list_rooms(graph, application, APPLICATIONS), rooms.list_arrows(graph, application)
    assert 5 <= len(found) <= 20
    assert 1 <= len(arrows) <= 60


@pytest.mark.parametrize("container", [*APPLICATIONS, rooms.WHOLE])
def test_no_arrow_runs_in_a_circle_or_back_up(container):
    arrows = rooms.list_arrows(read_graph(), container)
    assert arrows
    assert rooms.find_circle(arrows) == []
    assert rooms.list_upward_arrows(arrows, rooms.read_layers().get(container, {})) == set()


def test_a_circle_is_seen():
    assert set(rooms.find_circle({("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")})) == {"a", "b", "c"}


def test_an_arrow_that_runs_back_up_is_seen():
    layers = {"views": 0, "models": 1}
    assert rooms.list_upward_arrows({("models", "views"), ("views", "models")}, layers) == {("models", "views")}
