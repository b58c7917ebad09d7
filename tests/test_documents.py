"""What README and pages show is what a reader gets who tries it."""

import doctest
import re

import pytest

from tests.conftest import ROOT

TRIED = ("developers", "questions", "api")
DOCUMENTS = [ROOT / "README.md", *(path for name in TRIED for path in sorted(ROOT.glob(f"docs/*/{name}.md")))]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_give_the_output_they_show(path):
    examples = doctest.DocTestParser().get_doctest(
        "\n".join(re.findall(r"^```(?:python|pycon)\n(.*?)^```", path.read_text(encoding="utf-8"), re.S | re.M)),
        {},
        path.name,
        str(path),
        0,
    )
    assert examples.examples, "no example found"
    problems: list[str] = []
    runner = doctest.DocTestRunner(
        optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
    )
    runner.run(examples, out=problems.append)
    assert problems == []


def test_readme_names_the_commands_that_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.M))
    named = set(re.findall(r"\bmake ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert {"serve", "test"} <= named <= targets


def test_ci_runs_the_readmes_test_command():
    assert re.search(r"^(exec )?make test\b", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.M)


def test_pages_exist_in_both_languages():
    english = {path.name for path in (ROOT / "docs/en").glob("*.md")}
    dutch = {path.name for path in (ROOT / "docs/nl").glob("*.md")}
    assert english == dutch


def test_no_tracked_file_names_a_package_registry_or_a_private_path():
    import subprocess

    listed = (
        subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
        .stdout.decode()
        .split("\0")
    )
    hosts = re.compile(
        r"pypi"
        + r"\.org|python"
        + r"hosted\.org|registry\.npm"
        + r"js\.org|deb\.debian"
        + r"\.org|--(extra-)?index-url"
    )
    for name in filter(None, listed):
        path = ROOT / name
        if path.suffix in (".png", ".mo") or not path.is_file():
            continue
        assert not hosts.search(path.read_text(encoding="utf-8")), name
