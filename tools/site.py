"""Build the site: pages, one build per language, and what stands above the languages.

A build per language gives each its own search index, stemmer and page for addresses that do not exist. The base address
is one setting: `site` in codes/smtp.yaml, or SMTPCODES_SITE for one build.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

from tools import pages
from tools.cards import cards
from tools.compile import read_source
from tools.pages import ROOT, Book
from tools.source import SourceError

# What MkDocs would take the present time for.
EPOCH = "1580601600"
API = Path("api", "v1")
SITE = ROOT / "site"
ENGINES = ("mkdocs", "zensical")


def build(out: Path, engine: str = "mkdocs") -> int:
    """Build the whole site; return the exit status of the first build that fails."""
    books = [Book(language) for language in pages.languages()]
    for book in books:
        pages.write_language(book)
    if status := build_languages(out, engine):
        return status
    for name, text in (*root_files(books, out), *api_files(books)):
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for book in books:
        write_cards(book, out / book.language / "assets" / "cards")
    return 0


def write_cards(book: Book, folder: Path) -> None:
    """Write the pictures that other sites show beside a link to a page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in cards(book):
        (folder / f"{name}.png").write_bytes(picture)


def engine_command(engine: str, config: str, out: Path) -> list[str]:
    """Return the command that builds one language; Zensical has an environment of its own, see the Makefile."""
    if engine == "zensical":
        return [str(ROOT / "build" / "zensical" / "bin" / "zensical"), "build", "--strict", "--clean", "-f", config]
    return [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--clean", "-f", config, "-d", str(out)]


def build_languages(out: Path, engine: str = "mkdocs") -> int:
    """Let the engine build all languages at once: they share nothing, and a second processor is usually idle."""
    running = []
    for language in pages.languages():
        config = "mkdocs.yml" if language == "en" else f"mkdocs.{language}.yml"
        command = engine_command(engine, config, out / language)
        address = f"{pages.site()}/{language}/"
        settings = {"SOURCE_DATE_EPOCH": EPOCH, "NO_MKDOCS_2_WARNING": "1", **os.environ, "SMTPCODES_SITE_URL": address}
        running.append(subprocess.Popen(command, cwd=ROOT, env=settings))
    failed = [process.wait() for process in running]
    for language in pages.languages():
        # The root has one for all languages, and these hold the day of the build.
        for name in ("sitemap.xml", "sitemap.xml.gz"):
            (out / language / name).unlink(missing_ok=True)
    return next(filter(None, failed), 0)


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
    """Check the sources, then build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SITE, help="where the site goes (default: site)")
    parser.add_argument("--engine", choices=ENGINES, default="mkdocs", help="what builds it (default: %(default)s)")
    options = parser.parse_args()
    if options.engine == "zensical" and options.out.resolve() != SITE:
        parser.error("Zensical writes where mkdocs.yml says: into site/")
    try:
        read_source(ROOT)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    return build(options.out.resolve(), options.engine)


if __name__ == "__main__":
    sys.exit(main())
