"""How long the main pages and endpoints take, on the real data, served as `make run` serves them.

Starts a server of its own on a free port of this machine and asks each address with one connection:

* new: nothing was ever answered at this revision (the server is fresh for each address' first answer);
* cached: the full answer again;
* unchanged: with If-None-Match, answered 304.

Prints a Markdown table for docs/performance.md; times are milliseconds, median and 95th percentile.
"""

import http.client
import os
import platform
import statistics
import sys
import time

from benchmarks.server import server

ROUNDS = 200
FRESH_ROUNDS = 3
ADDRESSES = (
    "/",
    "/find/?autoantibody=anti-mda5&manifestation=rapidly-progressive-ild",
    "/treatments/",
    "/treatments/ivig/",
    "/autoantibodies/anti-mda5/",
    "/evidence/",
    "/evidence/?autoantibody=anti-mda5&level=2&level=3",
    "/evidence/EV00001/",
    "/mechanisms/",
    "/references/",
    "/search/?q=calcinosis",
    "/search/suggestions/?q=calc",
    "/api/v1/evidence/?autoantibody=anti-mda5",
    "/api/v1/finder/?autoantibody=anti-mda5&manifestation=rapidly-progressive-ild",
    "/api/v1/evidence/?page_size=200",
    "/api/v1/treatments/ivig/",
    "/api/v1/evidence/?search=tofacitinib",
)


def ask(connection: http.client.HTTPConnection, address: str, tag: str = "") -> tuple[float, int, str, int]:
    """Milliseconds, status, ETag and bytes of one answer."""
    started = time.perf_counter()
    connection.request("GET", address, headers={"If-None-Match": tag} if tag else {})
    answer = connection.getresponse()
    body = answer.read()
    return (time.perf_counter() - started) * 1000, answer.status, answer.getheader("ETag", ""), len(body)


def summary(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{statistics.median(ordered):.1f} / {ordered[round(0.95 * (len(ordered) - 1))]:.1f}"


def main() -> None:
    rows: dict[str, dict[str, list[float]]] = {
        address: {"new": [], "cached": [], "unchanged": []} for address in ADDRESSES
    }
    sizes: dict[str, int] = {}
    for fresh in range(FRESH_ROUNDS):
        with server() as port:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            ask(connection, "/healthz")
            for address in ADDRESSES:
                taken, status, tag, sizes[address] = ask(connection, address)
                if status != 200:
                    sys.exit(f"{address} answered {status}.")
                rows[address]["new"].append(taken)
                if fresh:
                    continue
                for _ in range(ROUNDS):
                    rows[address]["cached"].append(ask(connection, address)[0])
                    taken, status, _, _ = ask(connection, address, tag)
                    if status != 304:
                        sys.exit(f"{address} answered {status} where 304 was due.")
                    rows[address]["unchanged"].append(taken)
            connection.close()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; median / p95 in ms\n")
    print("| address | KiB | new | cached | unchanged (304) |\n|---|---:|---:|---:|---:|")
    for address, times in rows.items():
        columns = " | ".join(summary(times[kind]) for kind in ("new", "cached", "unchanged"))
        print(f"| `{address}` | {sizes[address] / 1024:.0f} | {columns} |")


if __name__ == "__main__":
    main()
