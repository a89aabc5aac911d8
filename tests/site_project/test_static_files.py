"""Style sheets as collectstatic leaves them: smaller, under hashed names, with the same rules."""

import subprocess
import sys
from pathlib import Path

import brotli
import pytest
from django.core.files.storage import FileSystemStorage

from site_project.static_files import SqueezedStaticFilesStorage, squeeze_css

from ..serving import ROOT
from .test_settings import environment, read

pytest.importorskip("minify", reason="no squeezer for this machine: style sheets stay as they are written")

SHEETS = sorted(file.name for file in (ROOT / "static").glob("*.css"))


def collect(folder: Path, **options: bool) -> dict[str, Path]:
    """Fill this folder as collectstatic does: {name: file under its hashed name}."""
    source = FileSystemStorage(ROOT / "static")
    storage = SqueezedStaticFilesStorage(location=folder, base_url="/static/")
    done = list(storage.post_process({name: (source, name) for name in SHEETS}, **options))
    assert not [problem for _, _, problem in done if isinstance(problem, Exception)]
    return {name: folder / hashed for name, hashed in storage.hashed_files.items()}


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    return collect(tmp_path_factory.mktemp("static"))


def test_collectstatic_writes_them_so():
    assert read()["STORAGES"]["staticfiles"]["BACKEND"].endswith(f".{SqueezedStaticFilesStorage.__name__}")


@pytest.mark.parametrize("name", SHEETS)
def test_a_style_sheet_is_squeezed_before_it_is_hashed_and_compressed(collected, name):
    written, sent = (ROOT / "static" / name).read_bytes(), collected[name].read_bytes()
    assert sent.decode() == squeeze_css(written.decode())
    assert len(sent) < len(written) * 0.9
    assert brotli.decompress(collected[name].with_name(f"{collected[name].name}.br").read_bytes()) == sent


def test_collecting_again_changes_nothing(tmp_path):
    first = {name: file.read_bytes() for name, file in collect(tmp_path).items()}
    again = collect(tmp_path)
    assert {name: file.read_bytes() for name, file in again.items()} == first


def test_the_style_sheet_of_patients_stays_within_its_budget(collected):
    assert collected["site.css"].stat().st_size <= 24_000
    assert collected["site.css"].with_name(f"{collected['site.css'].name}.br").stat().st_size <= 6_500


@pytest.mark.parametrize(
    "rule",
    [
        "@layer a,b;@layer a{.a :is(b,c){color:red}}",
        ".option:has(>:checked){color:red}",
        "a{color:light-dark(#123,#abc)}",
        "a{--gap:1rem;gap:var(--gap,2px)}",
        "a{margin-inline:1rem 2rem;inset-block-start:calc(1rem + 2px)}",
        "a{color:red;& :hover{color:blue}.b &{color:blue}@media print{color:blue}}",
        "@container(inline-size>20em){a{color:red}}",
        'li::before{content:"✓"/""}',
        "a{color:oklch(50% .2 240/.5)}",
    ],
)
def test_modern_rules_are_neither_lowered_nor_broken(rule):
    assert squeeze_css(rule) == rule


@pytest.mark.parametrize("query", ["max-width:22em", "min-width:18em", "prefers-color-scheme:dark"])
def test_a_media_query_is_left_to_browsers_that_know_no_ranges(query):
    assert squeeze_css(f"@media ({query}) {{ a {{ color: red }} }}") == f"@media({query}){{a{{color:red}}}}"


def test_a_sheet_that_the_squeezer_gives_up_stays_as_it_is():
    sheet = """a{b:url("data:image/svg+xml;utf8,<svg width='1'></svg>")}"""
    assert squeeze_css(sheet) == sheet


def test_without_a_squeezer_a_sheet_stays_as_it_is(monkeypatch):
    monkeypatch.setitem(sys.modules, "minify", None)
    assert squeeze_css("a { color: red }") == "a { color: red }"


def test_a_dry_run_writes_nothing(tmp_path):
    assert collect(tmp_path, dry_run=True) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_web_process_does_not_load_the_squeezer():
    code = "import django, sys; django.setup(); import site_project.static_files; sys.exit('minify' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment(), check=False)
    assert done.returncode == 0
