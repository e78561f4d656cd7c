"""Text files from outside: UTF-8, with or without a byte order mark, of a bounded size."""

from collections.abc import Iterator
from pathlib import Path

from domain.errors import InputError

MAX_FILE_BYTES = 256 * 2**20  # a catalogue of 5,000 products has 5 MB; more would fill a worker's memory
MAX_LINE_BYTES = 2**20  # a comment has a few hundred bytes; without a limit one line could fill the memory
UTF_16_BOMS = (b"\xff\xfe", b"\xfe\xff")


def read_text(file: Path, error_type: type[InputError]) -> str:
    """The whole text of `file`. Raises `error_type` for a missing, empty, too large or not UTF-8 file."""
    try:
        size = file.stat().st_size
        _check_regular_file(file, error_type)
        if size > MAX_FILE_BYTES:
            what = f"is too large ({size / 2**20:.0f} MiB)"
            raise error_type(file, what, f"at most {MAX_FILE_BYTES // 2**20} MiB can be read; split the show")
        content = file.read_bytes()
    except OSError as problem:
        raise _unreadable_file_error(file, error_type, problem) from None
    if not content:
        raise _empty_file_error(file, error_type)
    return _decode(content, file, error_type)


def read_lines(file: Path, error_type: type[InputError]) -> Iterator[tuple[int, str]]:
    """Each line that is not blank, with its number from 1; memory stays flat. Raises as `read_text`."""
    offset = 0
    try:
        _check_regular_file(file, error_type)
        with file.open("rb") as stream:
            for number, raw in enumerate(iter(lambda: stream.readline(MAX_LINE_BYTES + 1), b""), start=1):
                if len(raw) > MAX_LINE_BYTES:
                    what = f"is longer than {MAX_LINE_BYTES // 2**20} MiB"
                    raise error_type(f"{file}: line {number}", what, "put one JSON object on each line")
                line = _decode(raw, file, error_type, offset, number).strip()
                offset += len(raw)
                if line:
                    yield number, line
    except OSError as problem:
        raise _unreadable_file_error(file, error_type, problem) from None
    if not offset:
        raise _empty_file_error(file, error_type)


def _check_regular_file(file: Path, error_type: type[InputError]) -> None:
    """Raises `error_type` for a pipe or a device, which may have no end, or no beginning."""
    if file.exists() and not file.is_file():
        raise error_type(file, "is not a file", "put a file there")


def _decode(content: bytes, file: Path, error_type: type[InputError], offset: int = 0, line: int = 1) -> str:
    """`content` as text; `offset` and `line` say where in the file it begins."""
    try:
        text = content.decode()
    except UnicodeDecodeError as problem:
        line += content.count(b"\n", 0, problem.start)
        byte = f"byte {offset + problem.start} is 0x{content[problem.start]:02X}"
        what = f"is not UTF-8 ({byte}{_encoding_hint(content)})"
        raise error_type(f"{file}: line {line}", what, "save the file as UTF-8") from None
    return text.removeprefix("\ufeff") if offset == 0 else text


def _encoding_hint(content: bytes) -> str:
    """Which other encoding the file seems to be in, of those that Chinese editors on Windows write."""
    if content.startswith(UTF_16_BOMS):
        return "; it looks like UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "; it looks like GBK"


def _empty_file_error(file: Path, error_type: type[InputError]) -> InputError:
    return error_type(file, "is empty (0 bytes)", "write the file again, or take it away if it is not needed")


def _unreadable_file_error(file: Path, error_type: type[InputError], problem: OSError) -> InputError:
    if isinstance(problem, FileNotFoundError | NotADirectoryError):
        return error_type(file, "is not there", "check its name and place")
    return error_type(file, f"cannot be read ({problem.strerror})", "make it a file that can be read")
