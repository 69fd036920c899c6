"""How much of what was typed is gone after the program was killed, or its terminal was: the promise is one second, and
nothing. Standard library only."""

import os
import signal
import subprocess
import time

from terminal import Program

TYPED = "zqxjkvbpygfwmucldrhsnioate"
KEY_S = 0.12  # a fast typist, who does not stop to think


def typing_lost(program, env, plan, name, how):
    """Types into the first answer of `plan`, called `name`, for three seconds without a pause; then SIGKILL, or with
    SIGHUP the terminal goes away. Seconds of typing that the store does not have afterwards."""
    p = Program([program], env=env)
    p.answer(0.3, until=b"Plans")
    p.press("/", *name, "Enter", quiet=0.03)
    p.press("i", until=b"Intake", quiet=0.3)
    p.press(*["PgUp"] * 7, quiet=0.05, limit=0.15)
    p.press(*["Up"] * 30, quiet=0.02, limit=0.05)
    p.press("End")
    for letter in TYPED:
        began = time.perf_counter()
        p.time_key(letter, limit=KEY_S)
        time.sleep(max(0, began + KEY_S - time.perf_counter()))
    if how != signal.SIGHUP:
        os.kill(p.pid, how)
        os.waitpid(p.pid, 0)
    os.close(p.fd)
    if how == signal.SIGHUP:
        os.waitpid(p.pid, 0)
    shown = subprocess.run([program, "show", plan, "--json"], env=env, capture_output=True, text=True).stdout
    kept = max(count for count in range(len(TYPED) + 1) if TYPED[:count] in shown)
    return (len(TYPED) - kept) * KEY_S
