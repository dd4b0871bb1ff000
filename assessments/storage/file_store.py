"""Where files lie: evidence, sealed reports, logs. The home folder; or one place for several servers, which HAETAE_FILES_URL names.

`file:///folder` is a folder that every server reaches under this path, `s3://bucket/prefix` a store that speaks S3. Only what a
row of the database knows counts; a digest stands in that row, so that nothing here has to be believed.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from assessments.errors import AssessmentError, NotSavedError
from assessments.home import home
from questionnaires.legible import legible
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
VARIABLE = "HAETAE_FILES_URL"
FOLDERS = ("evidence", "reports", "logs", "incoming")
"""What lies there. Names of files in them begin with a letter or a digit; with a dot, what is not whole yet."""
IDENTITY = "files.id"
"""By which several servers know that they use the same place."""
SETTINGS = {"connect_timeout": 5, "read_timeout": 10, "retries": {"total_max_attempts": 2, "mode": "standard"}}
"""Of each request to a store that is asked over a network."""
ANSWER_SECONDS = 20.0
"""A store that has not done by then what it was asked for is away. All who save wait for one of them, half a minute at most."""
COPY_SECONDS = 600.0
"""The same of a file that goes to or from the disk of this machine, such as a log of 300 MB; nobody else waits for it."""
_AT_ONCE = 16
"""Requests to a store; those that it leaves hanging take a place until the library gives them up."""


class Store(Protocol):
    """Files under paths such as `evidence/name.pdf`. Raises NotSavedError where it cannot be reached."""

    name: str
    """As people are told it."""

    @property
    def free_bytes(self) -> int | None:
        """None: it does not say."""

    def put(self, path: str, content: bytes) -> None:
        """A new file, through to where it outlives a power cut. Its name is nobody else's."""

    def put_whole(self, path: str, content: bytes) -> None:
        """In place of any before; others who read it meanwhile see one or the other."""

    def put_file(self, path: str, source: Path) -> None:
        """Takes a file of this machine over; the source is gone afterwards."""

    def move(self, path: str, target: str) -> None:
        """To another path here."""

    def read(self, path: str) -> bytes:
        """Raises: FileNotFoundError."""

    def is_there(self, path: str) -> bool: ...

    def remove(self, path: str) -> None:
        """Nothing, where it is gone already."""

    def names(self, folder: str) -> list[str]:
        """Of the files directly in it, sorted."""

    def every(self, folder: str) -> list[str]:
        """Paths of all files below it, sorted, but for what is not whole yet."""

    def folders(self, folder: str) -> list[str]:
        """Names of folders directly in it, sorted."""

    def remove_folder(self, folder: str) -> None: ...

    def seconds_old(self, path: str) -> float:
        """Since something was last put there; of a file or a folder. 0: it is gone."""

    def sweep(self, folder: str, mark: str, seconds: float) -> list[str]:
        """Removes drafts of this store's own that nobody writes any more; their names. mark: how a name begins that is no draft."""

    def local(self, path: str) -> AbstractContextManager[Path]:
        """A context in which it is a file of this machine. Raises: FileNotFoundError."""

    def check_takes(self) -> None:
        """Tries whether evidence could be kept now. Raises: OSError, NotSavedError."""


# --- a folder -----------------------------------------------------------------------------------------------------


class FolderStore:
    """A folder of this machine, or one that several reach; for the owner only."""

    def __init__(self, root: Path) -> None:
        self.root, self.name = root, str(root)

    @property
    def free_bytes(self) -> int | None:
        return shutil.disk_usage(self.root).free

    def put(self, path: str, content: bytes) -> None:
        file = self._place(path)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        _make_lasting(file.parent)  # the name in the folder must outlive a power cut too

    def put_whole(self, path: str, content: bytes) -> None:
        file = self._place(path)
        draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
        _make_lasting(file.parent)

    def put_file(self, path: str, source: Path) -> None:
        shutil.move(source, self._place(path))
        (self.root / path).chmod(0o600)

    def move(self, path: str, target: str) -> None:
        (self.root / path).rename(self._place(target))

    def read(self, path: str) -> bytes:
        try:
            return (self.root / path).read_bytes()
        except FileNotFoundError:
            self._check_there()
            raise

    def is_there(self, path: str) -> bool:
        return (self.root / path).is_file()

    def remove(self, path: str) -> None:
        (self.root / path).unlink(missing_ok=True)

    def names(self, folder: str) -> list[str]:
        self._check_there()
        place = self.root / folder
        return sorted(path.name for path in place.iterdir() if path.is_file()) if place.is_dir() else []

    def every(self, folder: str) -> list[str]:
        self._check_there()
        paths = []
        for where, folders, files in os.walk(self.root / folder):
            # logs that are only arriving, and what was broken off
            folders[:] = [name for name in folders if not name.endswith(".new") and not name.startswith(".")]
            inside = Path(where).relative_to(self.root)
            paths += [(inside / name).as_posix() for name in files if not name.startswith(".")]
        return sorted(paths)

    def folders(self, folder: str) -> list[str]:
        self._check_there()
        place = self.root / folder
        return sorted(path.name for path in place.iterdir() if path.is_dir()) if place.is_dir() else []

    def remove_folder(self, folder: str) -> None:
        shutil.rmtree(self.root / folder, ignore_errors=True)

    def seconds_old(self, path: str) -> float:
        try:
            return time.time() - (self.root / path).stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def sweep(self, folder: str, mark: str, seconds: float) -> list[str]:
        gone = []
        for name in self.names(folder):
            draft = self.root / folder / name
            is_draft = name.startswith(".") and not name.startswith(mark) and not draft.is_symlink()
            if is_draft and self.seconds_old(f"{folder}/{name}") > seconds:
                draft.unlink(missing_ok=True)
                gone.append(name)
        return gone

    @contextmanager
    def local(self, path: str) -> Iterator[Path]:
        if not self.is_there(path):
            self._check_there()
            raise FileNotFoundError(path)
        yield self.root / path

    def check_takes(self) -> None:
        tried = self._place(f"{FOLDERS[0]}/.ready.{secrets.token_hex(8)}")
        try:
            descriptor = os.open(tried, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.write(descriptor, b"ready")
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        finally:
            tried.unlink(missing_ok=True)

    def _place(self, path: str) -> Path:
        """The file, whose folder is there from now on. Raises: NotSavedError where the root is away."""
        file = self.root / path
        self._check_there()
        self._make(file.parent)
        return file

    def _check_there(self) -> None:
        if not self.root.is_dir():
            raise NotSavedError(TEXTS.told("files_not_there", name=legible(self.name)))

    def _make(self, folder: Path) -> None:
        """The root itself is never made: where it is missing something is not mounted."""
        if folder != self.root:
            self._make(folder.parent)
            folder.mkdir(mode=0o700, exist_ok=True)


def _make_lasting(folder: Path) -> None:
    entries = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entries)
    finally:
        os.close(entries)


# --- S3 -----------------------------------------------------------------------------------------------------------


class ObjectStore:
    """A bucket, or what lies in it under a prefix. Who may and where it is stand in the environment, as for every program of S3."""

    def __init__(self, url: str) -> None:
        try:
            s3fs: Any = import_module("s3fs")
        except ImportError:
            raise AssessmentError(TEXTS.told("no_s3_extra")) from None
        parts = urlsplit(url)
        self.name = legible(f"s3://{parts.netloc}{parts.path}").rstrip("/")
        self._root = f"{parts.netloc}{unquote(parts.path)}".rstrip("/")
        # nothing that another server put there is overlooked
        self._files: Any = s3fs.S3FileSystem(
            use_listings_cache=False, skip_instance_cache=True, config_kwargs=dict(SETTINGS)
        )
        self._files.retries = 1  # those of SETTINGS are enough, and would be multiplied
        self._requests = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="store")

    @property
    def free_bytes(self) -> int | None:
        return None

    def put(self, path: str, content: bytes) -> None:
        self._told(self._files.pipe_file, self._key(path), content)

    put_whole = put

    def put_file(self, path: str, source: Path) -> None:
        self._told(self._files.put_file, str(source), self._key(path), seconds=COPY_SECONDS)
        source.unlink()

    def move(self, path: str, target: str) -> None:
        self._asked(self._files.copy, self._key(path), self._key(target), seconds=COPY_SECONDS)
        self._told(self._files.rm_file, self._key(path))

    def read(self, path: str) -> bytes:
        return bytes(self._asked(self._files.cat_file, self._key(path), seconds=COPY_SECONDS))

    def is_there(self, path: str) -> bool:
        return bool(self._asked(self._files.isfile, self._key(path)))

    def remove(self, path: str) -> None:
        with suppress(FileNotFoundError):
            self._asked(self._files.rm_file, self._key(path))

    def names(self, folder: str) -> list[str]:
        return [PurePosixPath(entry["name"]).name for entry in self._listed(folder) if entry["type"] == "file"]

    def every(self, folder: str) -> list[str]:
        below = len(self._root) + 1
        paths = sorted(key[below:] for key in self._found(folder))
        return [path for path in paths if not any(part.startswith(".") for part in path.split("/"))]

    def folders(self, folder: str) -> list[str]:
        return [PurePosixPath(entry["name"]).name for entry in self._listed(folder) if entry["type"] == "directory"]

    def remove_folder(self, folder: str) -> None:
        for key in self._found(folder):
            with suppress(FileNotFoundError):
                self._asked(self._files.rm_file, key)

    def seconds_old(self, path: str) -> float:
        times = [entry["LastModified"] for entry in self._found(path).values()]
        return (datetime.now(UTC) - max(times)).total_seconds() if times else 0.0

    def sweep(self, folder: str, mark: str, seconds: float) -> list[str]:
        """None: a file is there whole or not at all."""
        return []

    @contextmanager
    def local(self, path: str) -> Iterator[Path]:
        with TemporaryDirectory(prefix="haetae-file-") as folder:
            copy = Path(folder) / PurePosixPath(path).name
            copy.touch(0o600)
            self._asked(self._files.get_file, self._key(path), str(copy), seconds=COPY_SECONDS)
            yield copy

    def check_takes(self) -> None:
        tried = f"{FOLDERS[0]}/.ready.{secrets.token_hex(8)}"
        self.put(tried, b"ready")
        self.remove(tried)

    def _key(self, path: str) -> str:
        return f"{self._root}/{path}"

    def _listed(self, folder: str) -> list[dict[str, Any]]:
        try:
            entries: list[dict[str, Any]] = self._asked(self._files.ls, self._key(folder), detail=True)
        except FileNotFoundError:
            return []
        own = self._key(folder)
        return sorted((entry for entry in entries if entry["name"] != own), key=lambda entry: str(entry["name"]))

    def _found(self, path: str) -> dict[str, dict[str, Any]]:
        entries: dict[str, dict[str, Any]] = self._asked(self._files.find, self._key(path), detail=True)
        return entries

    def _told(self, request: Callable[..., Any], *arguments: Any, **options: Any) -> None:
        """Of what is put there or goes: where something is missing it is the bucket. Raises: NotSavedError."""
        try:
            self._asked(request, *arguments, **options)
        except FileNotFoundError as error:
            raise NotSavedError(TEXTS.told("files_not_there", name=self.name)) from error

    def _asked(self, request: Callable[..., Any], *arguments: Any, seconds: float | None = None, **options: Any) -> Any:
        """What the store answers. Raises: FileNotFoundError as it is; NotSavedError for whatever else keeps it from answering."""
        under_way = self._requests.submit(request, *arguments, **options)
        try:
            return under_way.result(ANSWER_SECONDS if seconds is None else seconds)
        except (FileNotFoundError, AssessmentError):
            raise
        except Exception as error:  # what the library, its HTTP client or the store itself may raise is no list of ours
            under_way.cancel()
            why = legible(f"{type(error).__name__}: {error}")[:200]
            raise NotSavedError(TEXTS.told("files_unreachable", name=self.name, why=why)) from error


# --- the one in use -----------------------------------------------------------------------------------------------


def named(url: str) -> Store:
    """Raises: AssessmentError where no store is named like this."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and unquote(parts.path).strip("/"):
        return FolderStore(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc and "@" not in parts.netloc:
        return ObjectStore(url)
    raise AssessmentError(TEXTS.told("no_such_store", variable=VARIABLE, url=legible(url)[:100]))


class _Opened:
    """Stores that were opened; each keeps its connections."""

    url = ""
    store: Store | None = None


def current() -> Store:
    """Raises: AssessmentError where HAETAE_FILES_URL names none."""
    url = os.environ.get(VARIABLE, "")
    if not url:
        return FolderStore(home())
    if _Opened.store is None or _Opened.url != url:
        _Opened.store, _Opened.url = named(url), url
    return _Opened.store


def identity(store: Store) -> str:
    """By which several servers know the place. Empty: it has none yet."""
    try:
        return store.read(IDENTITY).decode("ascii", "replace").strip()
    except FileNotFoundError:
        return ""


def identify(store: Store) -> str:
    """Gives it one; what it is."""
    made = secrets.token_hex(16)
    store.put_whole(IDENTITY, made.encode())
    return made
