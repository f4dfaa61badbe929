"""The damage of results: found by the digests in their traces, and told in place of the errors that it leads to."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from datasets.errors import UserError
from pipeline.engine.digests import TRACE, digest_file, result_files
from pipeline.engine.trace import read_trace


def damaged_files(result: Path) -> list[str]:
    """Returns a line for each file that differs from the result's trace."""
    try:
        expected: dict[str, str] = read_trace(result)["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return [f"{result / TRACE}: cannot be read"]
    present = set(result_files(result))
    lines = [f"{result / name}: missing" for name in sorted(expected.keys() - present)]
    lines += [f"{result / name}: does not belong to this result" for name in sorted(present - expected.keys())]
    changed = (name for name in sorted(present & expected.keys()) if digest_file(result / name) != expected[name])
    return lines + [f"{result / name}: changed since it was made" for name in changed]


@contextmanager
def damage_explained(results: Sequence[Path]) -> Iterator[None]:
    """Explains an error by the damage of the results that are read, where any of them is damaged."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:  # for a damaged file, numpy, Keras and others raise almost anything
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk's trouble
        for result in results:
            if result.exists() and (damage := damaged_files(result)):
                raise UserError(f"{damage[0]}. Delete {result.resolve()}, then run again: it is made anew") from error
        raise
