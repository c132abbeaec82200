"""A process that records under load and says, line by line, what was acknowledged: ``ok <key> <number>``.

Run as ``python -m tests.application.service DSN NAME MARK CALLERS EACH``; EACH 0 means until it is killed.
"""

import os
import sys
import threading
import time
from itertools import count

from bench.workload import SECRET, Request, day_of
from ledger.application import Ledger
from ledger.store import Store
from ledger.writer import UnknownOutcome

PROJECTS = 24
"""Projects the opening registers where faults are tried."""


def key_of(mark: str, caller: int, turn: int) -> str:
    return f"{mark}.{caller}.{turn}"


def request_of(mark: str, caller: int, callers: int, turn: int) -> Request:
    """The request that a caller makes in a turn; the same again whenever it is asked for."""
    day = day_of(caller, callers, mark, PROJECTS)
    for _ in range(turn):
        next(day)
    return next(day)


def main(dsn: str, name: str, mark: str, callers: int, each: int) -> None:
    ledger = Ledger(Store(dsn), name, SECRET)
    said = threading.Lock()

    def say(line: str) -> None:
        with said:
            os.write(1, f"{line}\n".encode())

    def call(caller: int) -> None:
        day = day_of(caller, callers, mark, PROJECTS)
        for turn in range(each) if each else count():
            movement, actor = next(day)
            key = key_of(mark, caller, turn)
            while True:
                try:
                    receipt = ledger.record(movement, actor, key)
                except UnknownOutcome:
                    time.sleep(0.05)  # ask again with the same key
                else:
                    break
            say(f"ok {key} {receipt.number}")

    threads = [threading.Thread(target=call, args=(caller,), daemon=True) for caller in range(callers)]
    say("ready")
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
