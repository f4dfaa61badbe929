"""The memory and the time that a piece of code takes in a process of its own, without that of what it imports first."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

_WRAPPED = """
import resource, sys, time
from pathlib import Path
{imports}
def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024
Path("/proc/self/clear_refs").write_text("5")  # sets the peak back to what is used now
before, began = peak(), time.process_time()
try:
    {call}
except Exception as error:
    print(str(error).replace(chr(10), " "))
else:
    print("done")
print(peak() - before, time.process_time() - began)
"""


class Measured(NamedTuple):
    """The outcome of a call, "done" or its error; the most megabytes and the seconds it took; what it printed."""

    outcome: str
    megabytes: int
    seconds: float
    printed: str


def measure(imports: str, call: str, *arguments: str | Path) -> Measured:
    """Runs a call after its imports, in a process of its own, which finds the arguments in sys.argv[1:]."""
    code = _WRAPPED.format(imports=imports, call=call)
    run = subprocess.run([sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=True)
    outcome, numbers = run.stdout.splitlines()
    megabytes, seconds = numbers.split()
    return Measured(outcome, int(megabytes), float(seconds), run.stderr)
