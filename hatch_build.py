"""Compile the package data whenever hatchling builds: JSON and MO files are never committed."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[Any]):
    """Fill `src/smtpcodes/_data` for a wheel or an editable install; an sdist holds the sources instead."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, then check: a wheel without its translations would answer in English and nobody would notice."""
        root = Path(self.root)
        # The backend does not put the project on the path, and its own `tools` must win from any other.
        sys.path.insert(0, self.root)
        from tools.compile import compile_data

        compile_data(root)
        if missing := missing_catalogues(root):
            raise FileNotFoundError(f"no wheel without its translations; not compiled: {', '.join(missing)}")


def missing_catalogues(root: Path) -> list[str]:
    """Name the PO files without a MO file, because a missing one is an error and never a language less."""
    data = root / "src" / "smtpcodes" / "_data"
    return [
        path.relative_to(root).as_posix()
        for path in sorted(root.glob("locales/*/LC_MESSAGES/smtpcodes.po"))
        if not (data / path.relative_to(root)).with_suffix(".mo").is_file()
    ]
