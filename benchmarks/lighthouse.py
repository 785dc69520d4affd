"""What Lighthouse says of the main pages: mobile preset, real data, served as `make run` serves it.

Needs Node.js with npx, which fetches Lighthouse from its registry, and a Chromium. Prints a Markdown table for
docs/performance.md, and exits with 1 where a page is below what is promised. Where `LIGHTHOUSE_REPORTS` names a
directory, the full reports are kept there.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.server import server

LIGHTHOUSE = "lighthouse@12.8.2"
CATEGORIES = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
METRICS = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
PAGES = (
    "/",
    "/find/?autoantibody=anti-mda5&manifestation=rapidly-progressive-ild",
    "/map/",
    "/treatments/ivig/",
)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


def report(address: str, path: Path) -> dict:
    """The report of Lighthouse on one address, as its JSON output gives it."""
    command = ["npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", f"--output-path={path}"]
    command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={FLAGS}"]
    ran = subprocess.run(
        command, check=False, env={**os.environ, "CHROME_PATH": str(CHROMIUM)}, capture_output=True, text=True
    )
    if ran.returncode:
        sys.exit(f"Lighthouse did not run on {address}:\n{ran.stderr.strip()}")
    return json.loads(path.read_text())


def shortcomings(found: dict) -> list[str]:
    """The audits that cost a category something, by title."""
    titles = []
    for name in CATEGORIES:
        for reference in found["categories"][name]["auditRefs"]:
            audit = found["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                titles.append(f"{name}: {audit['title']} {audit.get('displayValue', '')}".strip())
    return titles


def main() -> None:
    if CHROMIUM is None or shutil.which("npx") is None:
        sys.exit("Lighthouse needs a Chromium and Node.js with npx.")
    reports = Path(os.environ.get("LIGHTHOUSE_REPORTS") or tempfile.mkdtemp())
    reports.mkdir(parents=True, exist_ok=True)
    below = []
    print("| address | " + " | ".join([*CATEGORIES, "FCP", "LCP", "TBT", "CLS"]) + " |")
    print("|---|" + "---:|" * (len(CATEGORIES) + len(METRICS)))
    with server() as port:
        for number, page in enumerate(PAGES):
            found = report(f"http://127.0.0.1:{port}{page}", reports / f"{number}.json")
            scores = {name: round(100 * (found["categories"][name]["score"] or 0)) for name in CATEGORIES}
            metrics = [found["audits"][name]["displayValue"].replace("\xa0", " ") for name in METRICS]
            print(f"| `{page}` | " + " | ".join([*map(str, scores.values()), *metrics]) + " |", flush=True)
            if any(scores[name] < wanted for name, wanted in CATEGORIES.items()):
                below += [f"{page}: {title}" for title in shortcomings(found)]
    if below:
        sys.exit("\nBelow what is promised:\n" + "\n".join(below))


if __name__ == "__main__":
    main()
