"""The downloads from a server on this machine, which resumes, refuses to, or breaks off as each test needs."""

import hashlib
import io
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from remote_disk import remote_disk

from datasets.download import DownloadFailedError, Remote, fetch
from datasets.errors import UserError

CONTENT = bytes(range(256)) * 1000
MD5 = hashlib.md5(CONTENT).hexdigest()
NO_PAUSES = (0.0, 0.0, 0.0)


class FileServer(ThreadingHTTPServer):
    """A server of one content at every address, which notes what was asked for."""

    def __init__(self, content: bytes = CONTENT) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = content
        self.ranges_asked: list[str | None] = []
        self.break_offs: list[int] = []  # how much to send before breaking off, an answer each
        self.ignores_ranges = self.refuses_ranges = self.hides_length = False
        self.resumes_at_shift = 0
        self.status = 200
        self.seconds_to_answer = 0.0

    def remote(self, md5: str = MD5) -> Remote:
        return Remote(f"http://127.0.0.1:{self.server_port}/files/pictures.tar.gz", md5)


class _Handler(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self) -> None:
        server, asked = self.server, self.headers["Range"]
        server.ranges_asked.append(asked)
        time.sleep(server.seconds_to_answer)
        start = 0 if asked is None or server.ignores_ranges else int(asked.removeprefix("bytes=").rstrip("-"))
        if server.status != 200:
            self.send_error(server.status)
        elif asked and (server.refuses_ranges or start >= len(server.content)):
            self.send_error(416)
        else:
            self.send_from(start + server.resumes_at_shift if start else 0)

    def send_from(self, start: int) -> None:
        server, size = self.server, len(self.server.content)
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        if not server.hides_length:
            self.send_header("Content-Length", str(size - start))
        self.end_headers()
        end = start + server.break_offs.pop(0) if server.break_offs else size
        self.wfile.write(server.content[start:end])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with FileServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def partial(tmp_path: Path) -> Path:
    return tmp_path / "pictures.tar.gz.partial"


def test_a_file_is_downloaded_and_put_in_place(server: FileServer, tmp_path: Path):
    place = fetch(server.remote(), tmp_path / "new" / "downloads")
    assert place == tmp_path / "new" / "downloads" / "pictures.tar.gz"
    assert place.read_bytes() == CONTENT
    assert list(place.parent.iterdir()) == [place]


def test_a_file_that_is_there_needs_no_server(tmp_path: Path):
    (tmp_path / "pictures.tar.gz").write_bytes(CONTENT)
    assert fetch(Remote("http://127.0.0.1:9/pictures.tar.gz", MD5), tmp_path).read_bytes() == CONTENT


def test_a_file_that_is_there_with_another_md5_is_refused_and_left(server: FileServer, tmp_path: Path):
    (tmp_path / "pictures.tar.gz").write_bytes(b"something of yours")
    with pytest.raises(UserError, match=rf"pictures\.tar\.gz is not what .* MD5 is not {MD5}"):
        fetch(server.remote(), tmp_path)
    assert (tmp_path / "pictures.tar.gz").read_bytes() == b"something of yours"


def test_a_broken_download_resumes_where_it_stopped(server: FileServer, tmp_path: Path):
    server.break_offs = [100_000, 50_000]
    assert fetch(server.remote(), tmp_path, NO_PAUSES).read_bytes() == CONTENT
    assert server.ranges_asked == [None, "bytes=100000-", "bytes=150000-"]


def test_a_later_run_resumes_what_an_earlier_one_left(server: FileServer, tmp_path: Path, partial: Path):
    server.break_offs = [100_000]
    with pytest.raises(DownloadFailedError, match="broke off after 100,000 of 256,000 bytes"):
        fetch(server.remote(), tmp_path, pauses_seconds=())
    assert partial.read_bytes() == CONTENT[:100_000]
    assert fetch(server.remote(), tmp_path).read_bytes() == CONTENT
    assert server.ranges_asked[-1] == "bytes=100000-"


def test_a_server_that_keeps_breaking_off_is_given_up(server: FileServer, tmp_path: Path, partial: Path):
    server.break_offs = [10] * 9
    with pytest.raises(DownloadFailedError):
        fetch(server.remote(), tmp_path, NO_PAUSES)
    assert len(server.ranges_asked) == 1 + len(NO_PAUSES)
    assert len(partial.read_bytes()) == 40


def test_a_server_that_ignores_ranges_sends_all_again(server: FileServer, tmp_path: Path):
    server.ignores_ranges, server.break_offs = True, [100_000]
    assert fetch(server.remote(), tmp_path, NO_PAUSES).read_bytes() == CONTENT
    assert server.ranges_asked == [None, "bytes=100000-"]


def test_a_server_that_refuses_ranges_is_asked_for_all(server: FileServer, tmp_path: Path):
    server.refuses_ranges, server.break_offs = True, [100_000]
    assert fetch(server.remote(), tmp_path, NO_PAUSES).read_bytes() == CONTENT
    assert server.ranges_asked == [None, "bytes=100000-", None]


def test_a_server_that_resumes_elsewhere_is_asked_for_all(server: FileServer, tmp_path: Path):
    server.resumes_at_shift, server.break_offs = 7, [100_000]
    assert fetch(server.remote(), tmp_path, NO_PAUSES).read_bytes() == CONTENT
    assert server.ranges_asked == [None, "bytes=100000-", None]


def test_a_partial_file_longer_than_the_file_is_started_over(server: FileServer, tmp_path: Path, partial: Path):
    partial.write_bytes(CONTENT + b"more")
    assert fetch(server.remote(), tmp_path).read_bytes() == CONTENT


def test_a_partial_file_that_is_whole_is_only_put_in_place(server: FileServer, tmp_path: Path, partial: Path):
    partial.write_bytes(CONTENT)
    assert fetch(server.remote(), tmp_path).read_bytes() == CONTENT
    assert server.ranges_asked == []


def test_a_server_that_does_not_tell_the_length_is_read_to_the_end(server: FileServer, tmp_path: Path):
    server.hides_length = True
    assert fetch(server.remote(), tmp_path).read_bytes() == CONTENT


def test_a_wrong_md5_deletes_what_came_and_says_so(server: FileServer, tmp_path: Path):
    with pytest.raises(UserError, match=f"was deleted: its MD5 is not {'0' * 32}"):
        fetch(server.remote(md5="0" * 32), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_a_server_the_failure_comes_at_once_and_names_the_place(server: FileServer, tmp_path: Path):
    remote = server.remote()
    server.server_close()
    with pytest.raises(DownloadFailedError) as failure:
        fetch(remote, tmp_path, pauses_seconds=(3600,))
    assert remote.address in str(failure.value)
    assert str(tmp_path / "pictures.tar.gz") in str(failure.value)
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_is_no_file_is_told(server: FileServer, tmp_path: Path):
    server.status = 404
    with pytest.raises(DownloadFailedError, match="the server answers 404 Not Found"):
        fetch(server.remote(), tmp_path, pauses_seconds=(3600,))


def test_two_at_once_download_once(server: FileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    server.seconds_to_answer = 0.2  # both have long begun by then
    threads = [threading.Thread(target=fetch, args=(server.remote(), tmp_path)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.ranges_asked == [None]
    assert "another process is at it" in capsys.readouterr().err
    assert (tmp_path / "pictures.tar.gz").read_bytes() == CONTENT


def test_a_downloads_folder_that_cannot_be_is_told(server: FileServer, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match=f"cannot be downloaded to {tmp_path / 'file'}"):
        fetch(server.remote(), tmp_path / "file")


def test_progress_is_a_plain_line_where_there_is_no_terminal(
    server: FileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    fetch(server.remote(), tmp_path)
    assert capsys.readouterr().err == "pictures.tar.gz: 0 of 0 MB\n"


def test_progress_is_a_bar_on_a_terminal(server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    fetch(server.remote(), tmp_path)
    assert "pictures.tar.gz: 100%" in sys.stderr.getvalue()


FETCH = """
import sys
from pathlib import Path
from datasets.download import Remote, fetch
fetch(Remote(sys.argv[1], sys.argv[2]), Path(sys.argv[3]))
"""


def test_two_processes_download_once_also_to_a_disk_of_another_machine(server: FileServer, tmp_path: Path):
    server.seconds_to_answer = 1  # both have long begun by then
    remote, downloads = server.remote(), tmp_path / "downloads"
    command = [sys.executable, "-c", FETCH, remote.address, remote.md5, str(downloads)]
    fetches = [subprocess.Popen(command, env=remote_disk(tmp_path), stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate(timeout=60)[1].decode() for process in fetches]
    assert [process.returncode for process in fetches] == [0, 0], said
    assert server.ranges_asked == [None]
    assert sum("another process is at it" in errors for errors in said) == 1
    assert [file.name for file in downloads.iterdir()] == ["pictures.tar.gz"]


def test_a_download_that_was_killed_leaves_no_lock(server: FileServer, tmp_path: Path, partial: Path):
    (tmp_path / ".pictures.tar.gz.lock").touch()
    fetch(server.remote(), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["pictures.tar.gz"]
