"""An interpreter of the few operations of a pickle that batches of CIFAR are made of; pickletools describes them all.

Bytes stay where they lie in the file, a memo is a dictionary whatever number is asked for, and nothing is called. A
batch gets as many operations as one of its size can need.
"""

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from datasets.sources.cifar.cifar_batch import PICTURE_BYTES

_OPERATIONS_OF_A_PICTURE = 16  # the published files have four
_OTHER_OPERATIONS = 10_000
_MOST_BYTES_OF_TEXT = 1_000
_MARK = object()


class _StoredType:
    """A stand-in for numpy.dtype; its state (byte order, alignment) means nothing to bytes."""

    def __init__(self, code: object, *_: object) -> None:
        self.code = code if isinstance(code, bytes | str) else "of another kind"

    def set_state(self, state: object) -> None:
        """Keeps nothing."""


class StoredArray:
    """A stand-in for an array, which numpy builds empty and then gives its shape, type and bytes."""

    def __init__(self, *_: object) -> None:
        self.array: np.ndarray = np.empty(0, np.uint8)

    def set_state(self, state: Any) -> None:
        """Takes the bytes as they lie in the file."""
        _version, shape, stored_type, is_fortran, content = state
        if stored_type.code not in (b"u1", "u1"):
            raise ValueError(f"it holds an array of type {stored_type.code!r}, expected uint8")
        self.array = np.frombuffer(content, np.uint8).reshape(shape, order="F" if is_fortran else "C")


_ADMITTED = {
    ("numpy", "dtype"): _StoredType,
    ("numpy", "ndarray"): "only ever handed to _reconstruct",
    ("numpy.core.multiarray", "_reconstruct"): StoredArray,
    ("numpy._core.multiarray", "_reconstruct"): StoredArray,
}


def unpickle(content: bytes) -> object:
    """Returns what a batch holds; raises any error where it is damaged or does what no batch does."""
    return _Machine(content).run()


class _Machine:
    """A stack, a memo, and the place in the pickle."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = memoryview(content), 0
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def run(self) -> object:
        """Carries out one operation after another; returns what the last leaves."""
        most = _OTHER_OPERATIONS + _OPERATIONS_OF_A_PICTURE * (len(self._content) // PICTURE_BYTES)
        for _ in range(most):
            code = self._number(1)
            if code == ord("."):
                return self._stack.pop()
            if code not in _OPERATIONS:
                raise ValueError(f"it asks for the operation {bytes([code])!r}, which no official file does")
            _OPERATIONS[code](self)
        raise ValueError(f"it asks for more than {most:,} operations, and no official file of its size does")

    def push(self, value: object) -> None:
        """Puts a value on the stack."""
        self._stack.append(value)

    def push_number(self, size_bytes: int, signed: bool = False) -> None:
        """Puts a whole number on the stack."""
        self.push(self._number(size_bytes, signed))

    def push_bytes(self, length_bytes: int) -> None:
        """Puts bytes on the stack; very many are left where they are."""
        content = self._take(self._number(length_bytes))
        self.push(bytes(content) if len(content) <= _MOST_BYTES_OF_TEXT else content)

    def push_text(self, length_bytes: int) -> None:
        """Puts a text on the stack."""
        content = self._take(self._number(length_bytes))
        if len(content) > _MOST_BYTES_OF_TEXT:
            raise ValueError(f"it holds a text of {len(content):,} bytes, which no official file does")
        self.push(str(content, "utf-8"))

    def push_tuple(self, count: int) -> None:
        """Puts a tuple of the last values in their place."""
        self.push(tuple(self._pop(count)))

    def append(self, values: list[Any]) -> None:
        """Appends values to the list below them."""
        if type(self._stack[-1]) is not list:
            raise ValueError("it appends to what is no list")
        self._stack[-1].extend(values)

    def set_items(self, values: list[Any]) -> None:
        """Sets keys and values, in turn, of the dictionary below them."""
        if type(self._stack[-1]) is not dict or any(type(key) not in (bytes, str) for key in values[::2]):
            raise ValueError("it has a key that is no text")
        self._stack[-1].update(zip(values[::2], values[1::2], strict=True))

    def push_admitted(self, module: object, name: object) -> None:
        """Puts a class that is admitted on the stack."""
        if not isinstance(module, str) or not isinstance(name, str) or (module, name) not in _ADMITTED:
            raise ValueError(f"it asks for {module}.{name}, which no official file does")
        self.push(_ADMITTED[module, name])

    def reduce(self) -> None:
        """Makes an object of a class, from a tuple of arguments."""
        made, arguments = self._pop(2)
        if made not in (_StoredType, StoredArray) or not isinstance(arguments, tuple):
            raise ValueError("it calls what no official file does")
        self.push(made(*arguments))

    def build(self) -> None:
        """Gives an object its state."""
        (state,) = self._pop(1)
        if not isinstance(self._stack[-1], _StoredType | StoredArray):
            raise ValueError("it changes what no official file does")
        self._stack[-1].set_state(state)

    def put(self, length_bytes: int) -> None:
        """Remembers the last value under a number."""
        self._memo[self._number(length_bytes)] = self._stack[-1]

    def memoize(self) -> None:
        """Remembers the last value under the next number."""
        self._memo[len(self._memo)] = self._stack[-1]

    def get(self, length_bytes: int) -> None:
        """Puts the value of a number on the stack."""
        self.push(self._memo[self._number(length_bytes)])

    def push_float(self) -> None:
        """Puts a number with a fraction on the stack."""
        self.push(struct.unpack(">d", self._take(8))[0])

    def skip(self, size_bytes: int) -> None:
        """Passes over bytes that mean nothing here."""
        self._take(size_bytes)

    def pop_to_mark(self) -> list[Any]:
        """Takes all values above the last mark, and the mark."""
        count = next(count for count, value in enumerate(reversed(self._stack)) if value is _MARK)
        values = self._pop(count)
        self._stack.pop()
        return values

    def pop_one(self) -> list[Any]:
        """Takes the last value."""
        return self._pop(1)

    def pop_two(self) -> list[Any]:
        """Takes the last two values."""
        return self._pop(2)

    def line(self) -> str:
        """Returns the text up to the end of the line."""
        end = bytes(self._content[self._at : self._at + _MOST_BYTES_OF_TEXT]).index(b"\n")
        text = str(self._take(end), "utf-8")
        self.skip(1)
        return text

    def _pop(self, count: int) -> list[Any]:
        if count > len(self._stack):
            raise ValueError("it takes a value that is not there")
        split = len(self._stack) - count
        values = self._stack[split:]
        del self._stack[split:]
        return values

    def _number(self, size_bytes: int, signed: bool = False) -> int:
        return int.from_bytes(self._take(size_bytes), "little", signed=signed)

    def _take(self, size_bytes: int) -> memoryview:
        end = self._at + size_bytes
        if end > len(self._content):
            raise ValueError("it is cut short")
        taken = self._content[self._at : end]
        self._at = end
        return taken


_OPERATIONS: dict[int, Callable[[_Machine], None]] = {
    0x80: lambda machine: machine.skip(1),  # the protocol
    0x95: lambda machine: machine.skip(8),  # the length of a frame
    ord("("): lambda machine: machine.push(_MARK),
    ord("N"): lambda machine: machine.push(None),
    0x88: lambda machine: machine.push(True),
    0x89: lambda machine: machine.push(False),
    ord("K"): lambda machine: machine.push_number(1),
    ord("M"): lambda machine: machine.push_number(2),
    ord("J"): lambda machine: machine.push_number(4, signed=True),
    0x8A: lambda machine: machine.push_number(machine._number(1), signed=True),
    ord("G"): _Machine.push_float,
    ord("U"): lambda machine: machine.push_bytes(1),
    ord("C"): lambda machine: machine.push_bytes(1),
    ord("T"): lambda machine: machine.push_bytes(4),
    ord("B"): lambda machine: machine.push_bytes(4),
    0x8E: lambda machine: machine.push_bytes(8),
    0x8C: lambda machine: machine.push_text(1),
    ord("X"): lambda machine: machine.push_text(4),
    ord("]"): lambda machine: machine.push([]),
    ord("}"): lambda machine: machine.push({}),
    ord(")"): lambda machine: machine.push(()),
    ord("t"): lambda machine: machine.push(tuple(machine.pop_to_mark())),
    0x85: lambda machine: machine.push_tuple(1),
    0x86: lambda machine: machine.push_tuple(2),
    0x87: lambda machine: machine.push_tuple(3),
    ord("a"): lambda machine: machine.append(machine.pop_one()),
    ord("e"): lambda machine: machine.append(machine.pop_to_mark()),
    ord("s"): lambda machine: machine.set_items(machine.pop_two()),
    ord("u"): lambda machine: machine.set_items(machine.pop_to_mark()),
    ord("q"): lambda machine: machine.put(1),
    ord("r"): lambda machine: machine.put(4),
    0x94: _Machine.memoize,
    ord("h"): lambda machine: machine.get(1),
    ord("j"): lambda machine: machine.get(4),
    ord("c"): lambda machine: machine.push_admitted(machine.line(), machine.line()),
    0x93: lambda machine: machine.push_admitted(*machine.pop_two()),
    ord("R"): _Machine.reduce,
    ord("b"): _Machine.build,
}
