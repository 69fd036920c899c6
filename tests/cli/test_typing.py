#!/usr/bin/env python3
"""Typing on the screen survives: all but the last second of it when the program is killed, all of it when the terminal is
gone, even if the person never stops to think.

    test_typing.py PROGRAM [CHECK...]
"""

import json
import os
import signal
import sys

from suite import SOURCE, main, sample

sys.path.insert(0, os.path.join(SOURCE, "tests", "bench"))
from typing_lost import typing_lost  # noqa: E402


def lost(shell, how):
    plan = shell.call("new", "--intake", "-", stdin=json.dumps(sample())).ok().out.strip()
    return typing_lost(shell.program, shell.env, plan, "Harbour", how)


def check_a_kill_costs_a_second_of_typing(shell):
    seconds = lost(shell, signal.SIGKILL)
    if seconds > 2:  # a busy machine may be late with the save
        raise AssertionError("%.1f s of typing were lost" % seconds)


def check_a_hang_up_costs_nothing(shell):
    seconds = lost(shell, signal.SIGHUP)
    if seconds > 0:
        raise AssertionError("%.1f s of typing were lost" % seconds)


if __name__ == "__main__":
    main(globals())
