"""Give Babel every translatable text of the YAML file, with the record, field and step as its comment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from tools import source


def extract_yaml(
    fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str | None, str, list[str]]]:
    """Yield line, function name, text and comment of each text: the signature of a Babel extraction method."""
    yaml = source.parse(fileobj.read(), Path(getattr(fileobj, "name", "smtp.yaml")).name)
    for path, text in source.texts(yaml.data):
        yield yaml.line(path), None, text, [yaml.where(path)]
