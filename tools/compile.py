"""Compile YAML to JSON and PO to MO: the package data, made the same way for every build.

`hatch_build.py` calls `compile_data`; `python -m tools.compile` does it by hand. Nothing here imports `smtpcodes`,
because in a fresh checkout there is no data yet for it to read.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from tools import source, translations
from tools.resolve import resolve
from tools.resolve_explain import resolve_explain
from tools.source import TEXT_FIELDS, Source, SourceError

ROOT = Path(__file__).resolve().parent.parent


def read_source(root: Path) -> Source:
    """Read and validate codes/smtp.yaml; raise SourceError for what is wrong in it."""
    return source.read(root / "codes" / "smtp.yaml", root / "codes" / "schema.json")


def compile_data(root: Path) -> None:
    """Write src/smtpcodes/_data from codes/ and locales/; raise SourceError with every mistake in them."""
    yaml = read_source(root)
    records = resolve(yaml)
    msgids = list(dict.fromkeys(text for _, text in source.texts(yaml.data)))
    catalogues = {language: (path, translations.read(path)) for language, path in translations.po_files(root).items()}
    mistakes = [mistake for path, catalogue in catalogues.values() for mistake in translations.check(path, catalogue)]
    if mistakes:
        raise SourceError(mistakes)
    languages = {
        "en": 1.0,
        **{language: translations.coverage(cat, msgids) for language, (_, cat) in catalogues.items()},
    }
    explain = {**resolve_explain(yaml), "diagnostics": records.pop("diagnostics")}

    target = root / "src" / "smtpcodes" / "_data"
    _write(target / "records.json", {"text_fields": TEXT_FIELDS, "languages": languages, **records})
    _write(target / "explain.json", explain)
    for language, (_, catalogue) in catalogues.items():
        translations.compile_mo(catalogue, target / "locales" / language / "LC_MESSAGES" / f"{translations.DOMAIN}.mo")
    for folder in (target / "locales").glob("*") if catalogues else []:
        if folder.name not in catalogues:
            shutil.rmtree(folder)


def _write(path: Path, content: dict[str, Any]) -> None:
    """Write JSON, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    partial.replace(path)


def main() -> int:
    """Compile, and answer with the mistakes and exit status 1 if there are any."""
    try:
        compile_data(ROOT)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
