"""What people install: a wheel that holds what it needs, nothing else, and is the same every time."""

import email
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import smtpcodes
from hatch_build import missing_catalogues
from tests.conftest import LANGUAGES, ROOT


@pytest.fixture(scope="session")
def wheel() -> Path:
    (path,) = (ROOT / "dist").glob("*.whl")
    return path


@pytest.fixture(scope="session")
def clean_sources(tmp_path_factory) -> Path:
    """Return a copy of what git tracks, as it is in the working tree: what a fresh clone would be."""
    target = tmp_path_factory.mktemp("clone")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    return target


def build(source: Path, target: Path, *options: str) -> Path:
    command = [sys.executable, "-m", "build", "--no-isolation", *options, "--outdir", str(target), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = target.glob("*.whl")
    return built


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_wheel_holds_data_and_translations_and_no_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    package = {name for name in names if name.startswith("smtpcodes/")}
    assert {"smtpcodes/py.typed", "smtpcodes/_data/records.json", "smtpcodes/_data/explain.json"} <= package
    assert "smtpcodes/_data/locales/nl/LC_MESSAGES/smtpcodes.mo" in package
    others = [name for name in names if name not in package and ".dist-info/" not in name]
    assert others == []
    allowed = (".py", "py.typed", ".json", ".mo")
    assert [name for name in package if not name.endswith(allowed)] == []


def test_package_needs_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = email.message_from_bytes(archive.read(name))
    assert metadata.get_all("Requires-Dist") is None
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Version"] == smtpcodes.__version__


def test_wheels_from_clone_and_sdist_are_byte_identical(wheel, clean_sources, tmp_path):
    again = build(clean_sources, tmp_path / "direct", "--wheel")
    from_sdist = build(clean_sources, tmp_path / "sdist")
    assert digest(again) == digest(from_sdist) == digest(wheel)


def test_wheel_without_its_translations_cannot_be_built(tmp_path):
    for language in (*LANGUAGES[1:], "xx"):
        po = tmp_path / "locales" / language / "LC_MESSAGES" / "smtpcodes.po"
        po.parent.mkdir(parents=True)
        po.touch()
    mo = tmp_path / "src/smtpcodes/_data/locales/nl/LC_MESSAGES/smtpcodes.mo"
    mo.parent.mkdir(parents=True)
    mo.touch()
    assert missing_catalogues(tmp_path) == ["locales/xx/LC_MESSAGES/smtpcodes.po"]


def test_malformed_translation_stops_the_wheel_with_file_and_line(clean_sources, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(clean_sources, broken)
    with (broken / "locales/nl/LC_MESSAGES/smtpcodes.po").open("a", encoding="utf-8") as file:
        file.write('\nmsgid "unfinished\n')
    command = [
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        "--wheel",
        "--outdir",
        str(tmp_path / "out"),
        str(broken),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "nl/LC_MESSAGES/smtpcodes.po:" in done.stdout + done.stderr
    assert not list((tmp_path / "out").glob("*.whl"))


def test_import_loads_nothing_it_may_not_need():
    program = "import sys; before = set(sys.modules); import smtpcodes; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True, env=_environment()
    )
    assert done.stdout.split() == ["smtpcodes"]


def test_lookup_loads_no_diagnostics_and_no_gettext():
    program = (
        "import sys, smtpcodes; smtpcodes.lookup(550); from smtpcodes import _records;"
        "assert 'gettext' not in sys.modules; print(_records.load.cache_info().currsize)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True, env=_environment()
    )
    assert done.stdout.strip() == "1"


def test_every_public_name_exists_and_is_documented():
    assert set(smtpcodes.__all__) <= set(dir(smtpcodes))
    for name in smtpcodes.__all__:
        value = getattr(smtpcodes, name)
        if callable(value):
            assert value.__doc__, name
    with pytest.raises(AttributeError):
        smtpcodes.nothing_like_this  # noqa: B018


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "build" / "wheel")}
