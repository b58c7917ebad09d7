"""Building again replaces only what differs."""

import os
import shutil
import subprocess
import sys

from tests.conftest import ROOT, SITE


def build(copy):
    environment = {**os.environ, "PYTHONPATH": str(copy / "src")}
    for step in ("compile", "site"):
        subprocess.run(
            [sys.executable, "-m", f"tools.{step}"], cwd=copy, env=environment, check=True, capture_output=True
        )
    return {
        path.relative_to(copy / "site").as_posix(): path.stat().st_mtime_ns
        for path in (copy / "site").rglob("*")
        if path.is_file()
    }


def test_one_changed_text_rewrites_only_the_pages_that_show_it(tmp_path):
    for name in ("codes", "locales", "overrides", "src", "tools", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.glob("mkdocs*.yml"):
        shutil.copy(path, tmp_path)
    shutil.copytree(SITE, tmp_path / "site")
    before = build(tmp_path)
    source = tmp_path / "codes" / "smtp.yaml"
    text = source.read_text(encoding="utf-8")
    changed = text.replace("Empty the trash and the spam folder.", "Empty the trash, and the spam folder too.")
    assert changed != text
    source.write_text(changed, encoding="utf-8")
    after = build(tmp_path)
    assert before.keys() == after.keys()
    rewritten = {name for name in after if after[name] != before[name]}
    assert "en/reasons/mailbox_full/index.html" in rewritten
    assert not any("/codes/" in name and name.endswith("550/index.html") for name in rewritten)
    assert len(rewritten) < len(after) / 10
