"""Plain mode driven line by line through pipes, as a script would: what is typed is given at once, what is told is
looked at when the program has ended."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cli"))
from suite import DEMO, SOURCE, expect, main, sample  # noqa: E402,F401


def plain(shell, *lines, args=(), code=0, end="\n", **options):
    """What is told for `lines`. The program must end by itself, well, with nothing on standard error and not one control
    character but newlines."""
    typed = "\n".join(lines) + (end if lines else "")
    options.setdefault("cwd", shell.folder)
    result = shell.call("--plain", *args, stdin=typed.encode("utf-8", "surrogateescape"), **options)
    if result.code != code:
        raise result.wrong("the exit code should be %d" % code)
    if result.errors:
        raise result.wrong("nothing belongs on standard error")
    bad = sorted({byte for byte in result.raw if byte < 32 and byte != 10 or byte == 127})
    if bad:
        raise result.wrong("control characters are told: %r" % bad)
    return result.out


def says(told, *words):
    """Each of `words` is told, in this order."""
    at = 0
    for word in words:
        found = told.find(word, at)
        if found < 0:
            raise AssertionError("it does not say %r%s:\n%s" % (word, " there" if word in told else "", told[-1800:]))
        at = found + len(word)
    return told


def hides(told, *words):
    for word in words:
        if word in told:
            raise AssertionError("it says %r:\n%s" % (word, told[-1800:]))
    return told
