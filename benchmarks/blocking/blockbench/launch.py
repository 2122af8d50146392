"""Runs a command and writes down its time and memory: `launch.py RESULT COMMAND …`.

A process of its own because the kernel counts the memory of whoever starts a program
towards the program's peak; this one is small. RESULT gets one line: seconds of wall time,
peak resident memory of the largest process as the kernel gives it, exit status.
"""

import os
import sys
import time


def main() -> None:
    """Run the command that the arguments give."""
    result, *command = sys.argv[1:]
    started = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    code = os.waitstatus_to_exitcode(status)
    with open(result, "w", encoding="utf-8") as stream:  # noqa: PTH123 -- light imports
        stream.write(f"{seconds} {usage.ru_maxrss} {code}\n")


if __name__ == "__main__":
    main()
