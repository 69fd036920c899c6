"""A program on a pseudo-terminal, measured from outside: what it writes, when, and what it costs. Standard library only."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

KEYS = {"Enter": "\r", "Esc": "\x1b", "Tab": "\t", "Up": "\x1bOA", "Down": "\x1bOB", "PgUp": "\x1b[5~", "PgDn": "\x1b[6~", "End": "\x1bOF",
        "F1": "\x1bOP", "C-c": "\x03", "C-g": "\x07", "C-q": "\x11", "C-x": "\x18"}

# What a terminal of today answers: it knows synchronised updates, has a dark background, is a VT420 with colour.
ANSWERS = ((b"\x1b[?2026$p", b"\x1b[?2026;2$y"), (b"\x1b]11;?", b"\x1b]11;rgb:1010/1010/1010\x1b\\"),
           (b"\x1b[c", b"\x1b[?64;22c"))
QUIET_S = 0.025


class Ended(Exception):
    """The program ended where it should have answered."""


class Program:
    def __init__(self, command, size=(80, 24), env=None, term="xterm-256color"):
        cols, rows = size
        whole = {**os.environ, **(env or {}), "TERM": term}
        for name in ("LINES", "COLUMNS", "COLORTERM"):
            whole.pop(name, None)
        self.name = os.path.basename(command[0])
        self.began = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
            try:
                os.execvpe(command[0], command, whole)
            finally:
                os._exit(127)

    def answer(self, quiet=QUIET_S, limit=10.0, until=None):
        """Reads until the program has been quiet for `quiet` seconds (once `until` was seen): the bytes, and when the
        last of them came."""
        end, last, data = time.perf_counter() + limit, None, b""
        while True:
            now = time.perf_counter()
            waiting = last is None or (until and until not in data)
            wait = end - now if waiting else min(quiet, end - now)
            if wait <= 0 or not select.select([self.fd], [], [], wait)[0]:
                break
            try:
                chunk = os.read(self.fd, 65536)
            except OSError:
                chunk = b""
            if not chunk:
                break
            last = time.perf_counter()
            data += chunk
            for question, reply in ANSWERS:
                if question in chunk:
                    os.write(self.fd, reply)
        if until and until not in data:
            raise Ended("%s never wrote %r; it wrote %r" % (self.name, until, data[-300:]))
        return data, last

    def press(self, *keys, quiet=0.15, limit=0.3, until=None):
        """Keys whose answer is of no interest, or, to the last of them, has `until` in it; there may be none."""
        data = b""
        for key in keys[:-1]:
            os.write(self.fd, KEYS.get(key, key).encode())
            self.answer(quiet, limit)
        os.write(self.fd, KEYS.get(keys[-1], keys[-1]).encode())
        return self.answer(quiet, 10.0 if until else limit, until)[0]

    def time_key(self, key, limit=2.0):
        """Milliseconds from the key to the last byte of its answer (None: it had none), and how many bytes."""
        began = time.perf_counter()
        os.write(self.fd, KEYS.get(key, key).encode())
        data, last = self.answer(limit=limit)
        return ((last - began) * 1e3 if last else None), len(data)

    def status(self, field):
        """A figure of /proc/PID/status, summed over the threads if it is counted for each."""
        folders = ["/proc/%d" % self.pid]
        if field.endswith("switches"):
            folders = ["/proc/%d/task/%s" % (self.pid, task) for task in os.listdir("/proc/%d/task" % self.pid)]
        total = 0
        for folder in folders:
            with open(folder + "/status", encoding="utf-8") as file:
                total += next(int(line.split()[1]) for line in file if line.startswith(field + ":"))
        return total

    def idle(self, seconds):
        """Bytes written and wake-ups while nothing is done."""
        before = self.status("voluntary_ctxt_switches")
        data = b""
        end = time.perf_counter() + seconds
        while (wait := end - time.perf_counter()) > 0:
            if select.select([self.fd], [], [], wait)[0]:
                data += os.read(self.fd, 65536)
        return len(data), self.status("voluntary_ctxt_switches") - before

    def stop(self, *keys):
        """Leaves by `keys`, by force if that does not end it."""
        try:
            for key in keys:
                os.write(self.fd, KEYS.get(key, key).encode())
                self.answer(0.05, 0.5)
            for _ in range(20 if keys else 0):
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    return
                time.sleep(0.02)
        except OSError:
            pass
        finally:
            os.close(self.fd)
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
