"""The files for those who run the site, and what the guides say, name only what is there."""

import configparser
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from site_project.sizes import MOST_OF_STAFF

from .serving import find_free_port
from .site_project.test_settings import SAFE

ROOT = Path(__file__).parents[1]
UNITS = sorted([*(ROOT / "deploy").glob("*.service"), *(ROOT / "deploy").glob("*.timer")])
READERS = "".join(file.read_text() for file in sorted((ROOT / "site_project").glob("*.py")))
SETTINGS = set(re.findall(r'\bread_\w+\(\s*(?:"[a-z_]+", )?"([A-Z][A-Z_]+)"', READERS))
GUIDES = ["CONTRIBUTING.md", "docs/architecture.md", "docs/commands.md", "docs/operations.md"]
# What has to run by the clock, or patients are promised what does not happen.
PERIODIC = {"purge", "backup", "remind_editors", "send_notifications", "watch_audit"}


def unit(file):
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read_string(file.read_text())
    return parser


def names(file):
    """The settings that an environment file sets."""
    found = re.findall(r"^(\w+)=", (ROOT / file).read_text(), re.M)
    return [name.removesuffix("_FILE") for name in found]


def test_every_setting_in_the_environment_file_is_read_by_the_site():
    assert names("deploy/back-spasm.env")
    assert not set(names("deploy/back-spasm.env")) - SETTINGS


def test_the_proxies_files_name_only_settings_that_are_there():
    for file in ("Caddyfile", "nginx.conf"):
        found = set(re.findall(r"\b([A-Z]+_[A-Z_]+)=", (ROOT / "deploy" / file).read_text()))
        assert found
        assert found <= SETTINGS, found - SETTINGS


@pytest.mark.parametrize("file", GUIDES)
def test_every_command_that_a_guide_names_is_there(file):
    found = set(re.findall(r"manage\.py ([a-z_]+)", (ROOT / file).read_text()))
    assert found
    assert found <= set(get_commands()), found - set(get_commands())


def test_each_timer_starts_a_command_that_is_there():
    timers = [file for file in UNITS if file.suffix == ".timer"]
    assert {file.stem.partition("@")[2] for file in timers} == PERIODIC
    for file in timers:
        started = unit(file)["Timer"]["Unit"]
        command = re.fullmatch(r"back-spasm@(\w+)\.service", started)[1]
        assert file.stem == f"back-spasm@{command}"
        assert command in get_commands()


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_a_unit_file_names_files_of_ours_that_are_there(file):
    for started in re.findall(r"^ExecStart=(.*)$", file.read_text(), re.M):
        for name in re.findall(r"site_project/[\w.]+", started):
            assert (ROOT / name).is_file()


def test_the_unit_files_that_the_guide_enables_are_there():
    found = re.findall(r"back-spasm[@\w]*\.(?:service|timer|env)", (ROOT / "docs/operations.md").read_text())
    assert len(found) > 4
    for name in found:
        assert (ROOT / "deploy" / name).is_file(), name


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_setting_is_explained(name):
    assert f"`{name}`" in (ROOT / "docs/operations.md").read_text().partition("## Settings")[2]


def test_the_settings_are_found_where_they_are_read():
    assert len(SETTINGS) > 40
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "CLINIC_COUNTRY", "DATABASE_URL", "CONTACT_KEYS"} <= SETTINGS


@pytest.mark.parametrize("name", ["back-spasm.service", "back-spasm@.service"])
def test_what_a_unit_writes_is_for_its_own_user_only(name):
    service = unit(ROOT / "deploy" / name)["Service"]
    assert (service["UMask"], service["StateDirectoryMode"]) == ("0077", "0700")
    # Besides, the tasks may write to the disk of the audit's witness, if there is one.
    assert service["ReadWritePaths"].split()[0] == f"/var/lib/{service['StateDirectory']}"
    assert set(service["ReadWritePaths"].split()[1:]) <= {"-/mnt/audit-witness"}


@pytest.mark.parametrize("name", ["start.sh", "timers.sh"])
def test_what_a_container_writes_is_for_its_own_user_only(name):
    assert "umask 077" in (ROOT / "deploy" / name).read_text().splitlines()
    assert "install -d -m 700" in DOCKERFILE


def test_no_task_of_the_clock_holds_up_the_others_for_ever():
    assert unit(ROOT / "deploy/back-spasm@.service")["Service"]["TimeoutStartSec"] == "1h"
    started = re.findall(r"(.*)python manage\.py", (ROOT / "deploy/timers.sh").read_text())
    assert len(started) == 3
    assert all(re.search(r"timeout (-k \d+ )?\d+ $", before) for before in started)


@pytest.mark.parametrize("file", ["Caddyfile", "nginx.conf"])
def test_a_proxy_lets_through_as_much_as_the_site_takes(file):
    most = re.search(r"(?:max_size|client_max_body_size) (\d+)m", (ROOT / "deploy" / file).read_text(), re.I)[1]
    assert int(most) * 1024 * 1024 == MOST_OF_STAFF


def test_the_guide_enables_every_timer():
    guide = (ROOT / "docs/operations.md").read_text()
    assert set(re.findall(r"back-spasm@(\w+)\.timer", guide)) == PERIODIC


# --- The image and what runs beside it. No container was ever started here: docs/operations.md says so. ---------------
DOCKERFILE = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text())
COMPOSE = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
SITE = ("web", "timers")
DATA = "/var/lib/back-spasm"


def orders(word):
    """What stands after this word of the Dockerfile, each time."""
    return re.findall(rf"^{word} (.*)$", DOCKERFILE, re.M)


def copied():
    """The files and folders of ours that come into the image."""
    found = [order.split() for order in orders("COPY") if not order.startswith("--from")]
    return {name for *names, _ in found for name in names}


def test_the_image_is_made_of_one_named_version_without_root_and_without_a_secret():
    images = {order.split()[0] for order in orders("FROM")}
    assert all(re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", image) for image in images), images
    assert orders("USER") == ["back-spasm"]
    assert "--uid 10001" in DOCKERFILE
    assert not re.search(r"^(ADD|ARG)\b|sudo|curl|--trusted-host", DOCKERFILE, re.M)
    assert not re.search(r"(SECRET|PASSWORD|TOKEN|KEYS?)\w*=", DOCKERFILE)


def test_the_image_installs_only_what_is_locked_with_its_hash():
    installs = [order for order in orders("RUN") if "pip install" in order]
    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    assert "--only-binary :all:" in installs[0]
    locked = re.search(r"-r (\S+)", installs[0])[1]
    assert locked in copied()
    # PostgreSQL's lock holds all of the plain one's.
    pins = {name: pinned(name) for name in ("requirements/base.txt", locked)}
    assert pins["requirements/base.txt"].items() <= pins[locked].items()


def pinned(file):
    return dict(re.findall(r"^([\w.-]+)(?:\[\w,]+\])?==(\S+)", (ROOT / file).read_text(), re.M))


@pytest.mark.parametrize("file", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda file: file.name)
def test_every_locked_package_has_one_version_and_a_hash(file):
    entries = re.split(r"^(?=[\w.-]+(?:\[[\w,]+\])?==)", file.read_text(), flags=re.M)[1:]
    assert len(entries) > 10
    for entry in entries:
        assert "--hash=sha256:" in entry, entry[:80]
    assert not re.search(
        r"^\s*(-e|--index-url|--extra-index-url|--find-links|--trusted-host|[\w.-]+ *@)", file.read_text(), re.M
    )


def test_what_comes_into_the_image_is_there_and_nothing_that_docker_leaves_out():
    ignore = (ROOT / ".dockerignore").read_text().split()
    kept = {name.removeprefix("!") for name in ignore if name.startswith("!")}
    assert ignore[0] == "*"
    for name in copied():
        assert (ROOT / name).exists(), name
        assert name.partition("/")[0] in kept, name
    assert "deploy/secrets" in ignore
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text().split()


def test_every_setting_that_the_image_and_compose_give_is_read_by_the_site():
    given = set(COMPOSE["x-site"]["environment"])
    assert {name.removesuffix("_FILE") for name in given} <= SETTINGS | {"WEB_CONCURRENCY"}
    environment = dict(pair.split("=", 1) for pair in orders("ENV")[0].split())
    assert environment.keys() - {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"} == {"DATA_DIR"}


def test_every_secret_of_compose_is_a_file_and_its_place_in_the_container_is_the_one_that_is_read():
    site, database = COMPOSE["x-site"], COMPOSE["services"]["database"]
    for service in (site, database):
        for name, value in service["environment"].items():
            secret = re.search("SECRET|PASSWORD|KEY|TOKEN|DATABASE_URL", name)
            assert bool(secret) == name.endswith("_FILE"), name
            assert not secret or value.removeprefix("/run/secrets/") in service["secrets"], name
    used = {name for service in COMPOSE["services"].values() for name in service.get("secrets", [])}
    assert used == COMPOSE["secrets"].keys()
    for name, entry in COMPOSE["secrets"].items():
        assert entry == {"file": f"secrets/{name}"}
        assert f"secrets/{name}" in (ROOT / "docs/operations.md").read_text(), name


def test_only_the_proxy_can_be_reached_from_outside():
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["caddy"]


def test_the_ports_of_image_proxy_health_check_and_server_agree():
    port = orders("EXPOSE")[0]
    assert COMPOSE["services"]["web"]["expose"] == [port]
    assert COMPOSE["services"]["caddy"]["environment"]["UPSTREAM"] == f"web:{port}"
    assert f"BIND:-0.0.0.0:{port}" in (ROOT / "deploy/start.sh").read_text()
    assert f"'BIND', ':{port}'" in (ROOT / "deploy/alive.py").read_text().replace('"', "'")
    for file in ("Caddyfile", "nginx.conf", "back-spasm.service"):
        assert f"127.0.0.1:{port}" in (ROOT / "deploy" / file).read_text(), file


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_service_of_compose_writes_to_its_volumes_only_and_gains_no_rights(name):
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("privileged", False) is False
    assert re.search(r":\d+\.\d+", service["image"]) or service["build"] == ".."
    named = {volume.partition(":")[0] for volume in service.get("volumes", []) if not volume.startswith(".")}
    assert named <= COMPOSE["volumes"].keys()


def test_what_the_site_stores_is_on_a_volume():
    assert f"DATA_DIR={DATA}" in DOCKERFILE
    assert orders("VOLUME") == [DATA]
    for name in SITE:
        assert COMPOSE["services"][name]["environment"]["DATA_DIR"] == DATA
        assert f"data:{DATA}" in COMPOSE["services"][name]["volumes"]
        assert COMPOSE["services"][name]["cap_drop"] == ["ALL"]
    unit_file = (ROOT / "deploy/back-spasm.service").read_text()
    assert f"ReadWritePaths={DATA}" in unit_file
    assert f"DATA_DIR={DATA}" in (ROOT / "deploy/back-spasm.env").read_text()


def test_the_client_programs_in_the_image_are_those_of_the_database():
    client = re.search(r"postgresql-client-(\d+)", DOCKERFILE)[1]
    assert COMPOSE["services"]["database"]["image"].startswith(f"postgres:{client}.")


def test_a_container_is_asked_whether_it_lives():
    assert "deploy/alive.py" in orders("HEALTHCHECK")[0]
    assert "/livez" in (ROOT / "deploy/alive.py").read_text()
    assert COMPOSE["services"]["web"]["depends_on"]["database"]["condition"] == "service_healthy"


def test_the_timers_service_runs_every_task_of_the_clock():
    text = (ROOT / "deploy/timers.sh").read_text()
    assert set(re.findall(r"(?:manage\.py|^  daily) ([a-z_]+)", text, re.M)) == PERIODIC


@pytest.mark.parametrize("name", ["start.sh", "timers.sh"])
def test_a_script_names_commands_that_are_there_and_is_good_shell(name):
    file = ROOT / "deploy" / name
    assert set(re.findall(r"manage\.py ([a-z_]+)", file.read_text())) <= set(get_commands())
    subprocess.run(["sh", "-n", file], check=True)


@pytest.fixture
def image():
    """What the Dockerfile copies, and nothing else, in a folder that nobody may write; and a folder for its data.

    Not in pytest's own folder, into which no other user may look.
    """
    folder = Path(tempfile.mkdtemp(prefix="back-spasm-image-"))
    site, data = folder / "site", folder / "data"
    site.mkdir()
    data.mkdir()
    for name in copied() - {"requirements/postgres.txt"}:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, site / name)
    subprocess.run(["chmod", "-R", "a-w,a+rX", site], check=True)
    folder.chmod(0o755)
    data.chmod(0o777)
    yield site, data
    subprocess.run(["chmod", "-R", "u+w", site], check=True)
    shutil.rmtree(folder)


NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def python_for_nobody(folder):
    """A folder with a `python` that another user may run; None where there is none."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for found in (os.path.realpath(sys.executable), f"/usr/bin/python{version}"):
        # From a shell: the first program is still found with the rights of root.
        command = [*NOBODY, "sh", "-c", f"{found} -c ''"]
        if subprocess.run(command, stderr=subprocess.DEVNULL, cwd="/", check=False).returncode == 0:
            (folder / "python").symlink_to(found)
            return folder
    return None


@pytest.mark.slow
def test_what_is_in_the_image_starts_as_another_user_in_a_tree_that_cannot_be_written(image):
    site, data = image
    if os.geteuid() != 0 or (programs := python_for_nobody(data)) is None:
        pytest.skip("only root can start it as another user, with a Python that others may run")
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "DATA_DIR": str(data),
        "BIND": f"127.0.0.1:{find_free_port()}",
        **SAFE,
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": "/nonexistent",
        "TMPDIR": str(data),
        "ONCE": "yes",
    }
    run = {"cwd": site, "env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}

    def as_nobody(*command):
        return subprocess.Popen([*NOBODY, *command], **run)

    with as_nobody("sh", "deploy/start.sh") as server:
        try:
            for _ in range(240):
                with as_nobody("python", "deploy/alive.py") as alive:
                    said = alive.communicate()[0]
                if alive.returncode == 0 or server.poll() is not None:
                    break
                time.sleep(1)
            assert server.poll() is None, server.stdout.read()
            assert alive.returncode == 0, said
            with as_nobody("sh", "deploy/timers.sh") as timers:
                said = timers.communicate(timeout=240)[0]
            assert timers.returncode == 0, said
        finally:
            server.terminate()
    assert {file.name for file in (data / "timers").iterdir()} == PERIODIC - {"send_notifications", "watch_audit"}, said
    assert list((data / "backups").iterdir())
    assert not [file for file in site.rglob("*") if file.stat().st_uid == 65534]
