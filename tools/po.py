"""Write locales/smtpcodes.pot from the YAML file and the page templates, and bring the PO files up to date.

Babel does the work. What it cannot be told by options is done here: no date that changes with every run,
and no python-format flag on prose (it takes "43 % of" for a placeholder).
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from tools import translations
from tools.compile import ROOT
from tools.source import SourceError

_DATE = datetime(2026, 11, 23, tzinfo=UTC)
_HEADER = """\
# Translations template for smtpcodes: what every SMTP code means, and the words on the pages.
# Text in `backticks`, codes such as 550 and 5.1.1, and RFC numbers stay as they are.
# The comment above an entry says which record, field and step it is. CONTRIBUTING.md says how to translate.
#"""


def extract(root: Path) -> Catalog:
    """Return the template: every text that the package or the site shows, as pyproject.toml maps them."""
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "pyproject.toml", "--no-wrap"]
    command += ["--add-location=file", "--sort-by-file", "-c", "TRANSLATORS:", "-s"]
    with tempfile.TemporaryDirectory() as folder:  # Babel takes `-o -` for the name of a file
        raw = Path(folder, "raw.pot")
        command += ["-o", str(raw), "codes", "tools"]
        done = subprocess.run(command, cwd=root, capture_output=True, check=False)
        if done.returncode:
            raise SourceError([done.stderr.decode(errors="replace").strip().splitlines()[-1]])
        found = read_po(io.BytesIO(raw.read_bytes()))
    template = Catalog(
        domain=translations.DOMAIN,
        project="smtpcodes",
        version="1",
        header_comment=_HEADER,
        copyright_holder="the smtpcodes authors",
        msgid_bugs_address="see CONTRIBUTING.md",
        creation_date=_DATE,
        fuzzy=False,
    )
    for message in found:
        if message.id:
            from_yaml = any(name.endswith(".yaml") for name, _ in message.locations)
            flags = message.flags - {"python-format", "python-brace-format"} if from_yaml else message.flags
            added = template.add(
                message.id,
                locations=[(name, 0) for name, _ in message.locations],
                auto_comments=message.auto_comments,
                flags=flags,
                context=message.context,
            )
            added.flags = set(flags)
    return template


def render(catalog: Catalog) -> bytes:
    """Return a catalogue as the bytes of a PO file: no wrapping, no line numbers, the same every time."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=0, include_lineno=False, ignore_obsolete=True, include_previous=True)
    return buffer.getvalue()


def update(path: Path, template: Catalog) -> Catalog:
    """Return a PO file's catalogue with what the template gained and lost; changed texts become fuzzy."""
    catalog = translations.read(path)
    catalog.update(template, update_creation_date=False)
    catalog.obsolete.clear()
    for message in catalog:
        if isinstance(message.id, str) and message.id and (new := template.get(message.id, message.context)):
            message.flags = (message.flags & {"fuzzy"}) | set(new.flags)
    return catalog


def main() -> int:
    """Write the POT and PO files that change."""
    try:
        template = extract(ROOT)
        files = {ROOT / "locales" / f"{translations.DOMAIN}.pot": render(template)}
        for path in translations.po_files(ROOT).values():
            files[path] = render(update(path, template))
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    for path, content in files.items():
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
            print(f"{path.relative_to(ROOT)} updated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
