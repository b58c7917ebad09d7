"""Measure import, look-up, size and site build, and print medians and ratios: `make bench`."""

from __future__ import annotations

import argparse
import gettext
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import timeit
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run what was asked for, or everything, and print one line a figure."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"only these: {', '.join(PARTS)}; or: {', '.join(ON_REQUEST)}")
    wanted = parser.parse_args().part or list(PARTS)
    if unknown := [part for part in wanted if part not in PARTS | ON_REQUEST]:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS | ON_REQUEST)}")
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores")
    for part in wanted:
        (PARTS | ON_REQUEST)[part]()
    return 0


def show(what: str, value: str) -> None:
    """Print one figure."""
    print(f"{what:<58} {value}", flush=True)


def imports() -> None:
    """Compare what an import costs over a bare interpreter, interleaved so that a busy moment hits all alike."""
    times: dict[str, list[float]] = {
        name: [] for name in ("pass", "import smtpcodes", "import http", "import humanize")
    }
    for _ in range(25):
        for program, found in times.items():
            start = perf_counter()
            subprocess.run([sys.executable, "-c", program], check=True)
            found.append(perf_counter() - start)
    medians = {name: statistics.median(found) for name, found in times.items()}
    over = {name: max(median - medians["pass"], 1e-6) for name, median in medians.items()}
    for name in ("import smtpcodes", "import http", "import humanize"):
        show(f"{name}, over a bare interpreter", f"{over[name] * 1000:.1f} ms")
    show("import smtpcodes / import http", f"{over['import smtpcodes'] / over['import http']:.2f}")
    show("import smtpcodes / import humanize", f"{over['import smtpcodes'] / over['import humanize']:.2f}")


def lookups() -> None:
    """Compare a localized look-up after the first with one bare gettext call."""
    import smtpcodes

    start = perf_counter()
    title = smtpcodes.lookup(550).localized("nl").title
    show("first look-up in Dutch, with all loading", f"{(perf_counter() - start) * 1000:.1f} ms")
    english = smtpcodes.lookup(550).title
    catalogue = gettext.translation(smtpcodes.DOMAIN, smtpcodes.LOCALES_DIR, ["nl"])
    assert catalogue.gettext(english) == title
    ours = _median(lambda: smtpcodes.lookup(550).localized("nl").title)
    bare = _median(lambda: catalogue.gettext(english))
    show("localized look-up", f"{ours * 1e6:.2f} µs")
    show("bare GNUTranslations.gettext", f"{bare * 1e6:.2f} µs")
    show("localized look-up (all texts) / gettext (one text)", f"{ours / bare:.1f}")


def _median(call: Callable[[], object]) -> float:
    number = 5_000
    return statistics.median(timeit.repeat(call, number=number, repeat=9)) / number


def sizes() -> None:
    """Show what people download."""
    for pattern in ("*.whl", "*.tar.gz"):
        for path in sorted((ROOT / "dist").glob(pattern)):
            show(path.name, f"{path.stat().st_size / 1024:.0f} kB")


def site() -> None:
    """Compare a site build from clean with the engine alone, and count what a change rewrites."""
    with tempfile.TemporaryDirectory() as folder:
        copy = _copy(Path(folder, "project"))
        _run(copy, "tools.compile")
        whole, alone = [], []
        for _ in range(3):
            for path in (copy / "site", *copy.glob("docs/*/codes"), *copy.glob("docs/*/reasons")):
                shutil.rmtree(path, ignore_errors=True)
            whole.append(_run(copy, "tools.site"))
            alone.append(_run(copy, "-c", _ENGINE))
        pages = sum(1 for _ in (copy / "site").rglob("index.html"))
        source = copy / "codes" / "smtp.yaml"
        text = source.read_text(encoding="utf-8")
        source.write_text(text.replace("title: Mailbox full", "title: The mailbox is full"), encoding="utf-8")
        before = _times(copy / "site")
        _run(copy, "tools.compile")
        again = _run(copy, "tools.site")
        after = _times(copy / "site")
        changed = sum(before.get(name) != time for name, time in after.items())
    show(f"site, both languages from clean, {pages} pages", f"{statistics.median(whole):.1f} s")
    show("the engine alone, on pages already written", f"{statistics.median(alone):.1f} s")
    show("whole site build / the engine alone", f"{statistics.median(whole) / statistics.median(alone):.2f}")
    show(f"again after one title changed: {changed} of {len(after)} files", f"{again:.1f} s")


_ENGINE = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tools.site import run_engine
out = Path("build/alone").resolve()
with ThreadPoolExecutor() as pool:
    raise SystemExit(sum(pool.map(lambda language: run_engine(language, out, "mkdocs"), ("en", "nl"))))
"""


def _times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def _copy(copy: Path) -> Path:
    """Copy what people wrote."""
    generated = shutil.ignore_patterns("codes", "reasons", "bounces", "servers", "__pycache__")
    for name in ("codes", "locales", "overrides", "src", "tools"):
        shutil.copytree(ROOT / name, copy / name)
    shutil.copytree(ROOT / "docs", copy / "docs", ignore=generated)
    for path in ROOT.glob("mkdocs*.yml"):
        shutil.copy(path, copy)
    return copy


def _run(copy: Path, *what: str) -> float:
    """Run a module, or code after -c, in a copy of the project, and return how long it took."""
    command = [sys.executable, *(what if what[0] == "-c" else ("-m", *what))]
    environment = {**os.environ, "PYTHONPATH": f"{copy / 'src'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    start = perf_counter()
    subprocess.run(command, cwd=copy, env=environment, check=True, capture_output=True)
    return perf_counter() - start


def growth() -> None:
    """Compare everything for ten times the records with everything for what there is: it must not grow faster."""
    times = {}
    for what, change in (("once", str), ("tenfold", _tenfold)):
        with tempfile.TemporaryDirectory() as folder:
            copy = _copy(Path(folder, "project"))
            source = copy / "codes" / "smtp.yaml"
            source.write_text(change(source.read_text(encoding="utf-8")), encoding="utf-8")
            times[what] = _run(copy, "tools.compile") + _run(copy, "tools.site")
            pages = sum(1 for _ in (copy / "site").rglob("index.html"))
        show(f"compile and build the site, {pages} pages", f"{times[what]:.1f} s")
    show("ten times the reasons and statuses / once", f"{times['tenfold'] / times['once']:.1f}")


def _tenfold(text: str) -> str:
    """Repeat reasons and enhanced status codes nine times more, under names and numbers of their own."""

    def split(kind: str, key: str) -> tuple[int, int, list[str]]:
        start = text.index(f"\n{kind}:\n") + len(kind) + 3
        end = text.index("\n# ---", start)
        kept = [line for line in text[start:end].split("\n") if not re.match(r" *#|    (related|  # )", line)]
        return start, end, [f"  - {key}: {one.rstrip()}" for one in "\n".join(kept).split(f"  - {key}: ")[1:]]

    def status(record: str, round_: int) -> str:
        old = re.match(r"  - code: X(\.\d+\.)(\d+)\n", record)
        assert old
        new = f"{old[1]}{int(old[2]) + 100 * round_}"
        return re.sub(rf"(?<=[X245]){re.escape(old[1] + old[2])}(?=[ \n])", new, record)

    def number(record: str) -> list[int]:
        return [int(part) for part in record.split("\n")[0].split(".")[1:]]

    start, end, records = split("statuses", "code")
    more = sorted((status(one, round_) for one in records for round_ in range(10)), key=number)
    text = text[:start] + "\n\n".join(more) + "\n" + text[end:]
    start, end, records = split("reasons", "name")
    more = [
        re.sub(r"^(  - name: \w+)", rf"\1_{round_}" if round_ else r"\1", one)
        for round_ in range(10)
        for one in records
    ]
    return text[:start] + "\n\n".join(more) + "\n" + text[end:]


def explain() -> None:
    """Measure replies and bounce messages."""
    from bench import explain as part

    part.measure(show)


def fuzz() -> None:
    """Feed a million inputs: some ten minutes, so only when it is asked for."""
    from bench import explain as part

    part.fuzz(show)


PARTS = {"imports": imports, "lookups": lookups, "explain": explain, "sizes": sizes, "site": site, "growth": growth}
ON_REQUEST = {"fuzz": fuzz}

if __name__ == "__main__":
    sys.exit(main())
