"""Build the site: pages, one build per language, and what stands above the languages.

A build per language gives each its own search index, stemmer and page for addresses that do not exist. The base address
is one setting: `site` in codes/smtp.yaml, or SMTPCODES_SITE for one build.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from filecmp import cmp
from html import escape
from pathlib import Path

from tools import pages
from tools.cards import cards
from tools.pages import ROOT, Book

# What MkDocs would take the present time for.
EPOCH = "1580601600"
API = Path("api", "v1")
SITE = ROOT / "site"
ENGINES = ("mkdocs", "zensical")


def build(out: Path, engine: str = "mkdocs") -> int:
    """Build the whole site; return the exit status of the first build that fails.

    It is made beside the old one, of which only what differs is replaced: whoever publishes with rsync sends little.
    """
    languages = pages.languages()
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "build", prefix="site-") as folder, ProcessPoolExecutor() as pool:
        stage = Path(folder)
        running = [pool.submit(build_language, language, stage, engine) for language in languages]
        # Meanwhile, what needs no engine.
        books = [Book(language) for language in languages]
        write(stage, ((name, text.encode()) for name, text in api_files(books)))
        drawn = list(card_files(books))  # to be written below the folders that the engines empty first
        if status := next(filter(None, [one.result() for one in running]), 0):
            return status
        write(stage, drawn)
        write(stage, ((name, text.encode()) for name, text in root_files(books, stage)))
        print(f"{replace(stage, out)} files of the site changed")
    return 0


def write(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files below a folder."""
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def build_language(language: str, out: Path, engine: str) -> int:
    """Write the pages of a language, let the engine build them, and return its exit status.

    Each language in a process of its own: a second processor is usually idle.
    """
    pages.write_language(Book(language))
    status = run_engine(language, out, engine)
    if not status:
        tidy(language, out, engine)
    return status


def card_files(books: list[Book]) -> Iterator[tuple[str, bytes]]:
    """Yield the pictures that other sites show beside a link to a page."""
    for book in books:
        for name, picture in cards(book):
            yield f"{book.language}/assets/cards/{name}.png", picture


def replace(stage: Path, out: Path) -> int:
    """Bring `out` up to date with what was built, and return how many files changed or went."""
    built = {path.relative_to(stage) for path in stage.rglob("*") if path.is_file()}
    if not out.exists():
        out.mkdir(parents=True)
        for path in stage.iterdir():
            os.replace(path, out / path.name)
        return len(built)
    old = {path.relative_to(out) for path in out.rglob("*") if path.is_file()}
    changed = sorted(name for name in built if name not in old or not cmp(stage / name, out / name, shallow=False))
    for name in changed:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(stage / name, out / name)
    for name in old - built:
        (out / name).unlink()
    for folder in sorted((path for path in out.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    return len(changed) + len(old - built)


def engine_command(engine: str, config: str, out: Path) -> list[str]:
    """Return the command that builds one language; Zensical has an environment of its own, see the Makefile."""
    if engine == "zensical":
        return [str(ROOT / "build" / "zensical" / "bin" / "zensical"), "build", "--strict", "--clean", "-f", config]
    return [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--clean", "-f", config, "-d", str(out)]


def run_engine(language: str, out: Path, engine: str) -> int:
    """Let the engine build a language, and return its exit status."""
    config = "mkdocs.yml" if language == "en" else f"mkdocs.{language}.yml"
    address = f"{pages.site()}/{language}/"
    settings = {"SOURCE_DATE_EPOCH": EPOCH, "NO_MKDOCS_2_WARNING": "1", **os.environ, "SMTPCODES_SITE_URL": address}
    whole = whole_config(config, address) if engine == "zensical" else None
    try:
        command = engine_command(engine, whole.name if whole else config, out / language)
        return subprocess.run(command, cwd=ROOT, env=settings).returncode
    finally:
        if whole:
            whole.unlink()


def whole_config(config: str, address: str) -> Path:
    """Write a configuration with what it inherits: Zensical would add an inherited menu to its own."""
    from mkdocs.utils.yaml import yaml_load

    os.environ["SMTPCODES_SITE_URL"] = address
    with (ROOT / config).open("rb") as file:
        settings = yaml_load(file)
    whole = ROOT / f"zensical.{config}"
    whole.write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")  # JSON is YAML
    return whole


def tidy(language: str, out: Path, engine: str) -> None:
    """Bring what the engine built into its place, without the files that are made elsewhere."""
    folder = out / language
    if engine == "zensical":  # knows no other place than that of mkdocs.yml
        shutil.copytree(SITE / language, folder)
    # The root has one for all languages, and these hold the day of the build.
    for name in ("sitemap.xml", "sitemap.xml.gz"):
        (folder / name).unlink(missing_ok=True)


def root_files(books: list[Book], out: Path) -> Iterator[tuple[str, str]]:
    """Yield the files above the languages."""
    yield from pages.root_pages(books)
    yield "sitemap.xml", sitemap(out)
    yield "robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {pages.site()}/sitemap.xml\n"


def sitemap(out: Path) -> str:
    """Return the sitemap of all languages, in which each page names its translations.

    Here and not in <head>, where Material would take such a link for another version of the site.
    """
    languages = pages.languages()
    found = {one: (out / one).rglob("index.html") for one in languages}
    names = {one: {path.parent.relative_to(out / one).as_posix() for path in found[one]} for one in languages}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ]
    for name in sorted(set().union(*names.values())):
        rest = "" if name == "." else f"{escape(name)}/"
        there = {one: f"{pages.site()}/{one}/{rest}" for one in languages if name in names[one]}
        links = {**there, "x-default": there.get("en", next(iter(there.values()))) if rest else f"{pages.site()}/"}
        others = "".join(f'<xhtml:link rel="alternate" hreflang="{one}" href="{url}"/>' for one, url in links.items())
        lines += [f"<url><loc>{address}</loc>{others}</url>" for address in there.values()]
    return "\n".join([*lines, "</urlset>", ""])


def api_files(books: list[Book]) -> Iterator[tuple[str, str]]:
    """Yield the records as JSON, the same as `to_dict` gives, with their schema."""
    yield f"{API}/schema.json", (ROOT / "codes" / "record.schema.json").read_text(encoding="utf-8")
    for book in books:
        folder = API / book.language
        codes = {name: code.to_dict() for name, code in book.codes.items()}
        codes.update({status.pattern: status.to_dict() for status in book.patterns})
        yield f"{folder}/codes.json", dump(list(codes.values()))
        yield f"{folder}/reasons.json", dump([reason.to_dict() for reason in book.reasons.values()])
        for name, code in codes.items():
            yield f"{folder}/{name}.json", dump(code)
        for name, reason in book.reasons.items():
            yield f"{folder}/reasons/{name}.json", dump(reason.to_dict())
        for bounce in book.bounces:
            yield f"{folder}/bounces/{bounce.name}.json", dump(bounce.to_dict())


def dump(value: object) -> str:
    """Return JSON that people can read too."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """Build from the data that tools.compile has checked and written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SITE, help="where the site goes (default: site)")
    parser.add_argument("--engine", choices=ENGINES, default="mkdocs", help="what builds it (default: %(default)s)")
    options = parser.parse_args()
    return build(options.out.resolve(), options.engine)


if __name__ == "__main__":
    sys.exit(main())
