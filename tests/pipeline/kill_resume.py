#!/usr/bin/env python3
"""A generation killed with SIGKILL, at the end of every stage and at seeded random moments, is resumed to the same
documents as one that was left alone, and no stage that had ended is done again.

    kill_resume.py PROGRAM STORE MOMENTS
"""

import json
import os
import random
import signal
import sys
import time

from program import Home, difference, expect

STAGES = ["research", "validation", "finance", "writing", "compliance"]
SAMPLE = "harbour-bakery.json"
SEED = 20261124


def events_until(process, stop):
    """Reads progress lines until `stop(event)` holds or the run ends; the events read."""
    seen = []
    for line in process.stdout:
        seen.append(json.loads(line))
        if stop(seen[-1]):
            break
    return seen


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process.stderr.close()


def resume(home, plan, done, where):
    """Generates again; what had ended must stand, and the plan must come out complete."""
    lines = home.run("generate", plan, "--progress", "json").splitlines()
    events = [json.loads(line) for line in lines]
    expect("last event after " + where, events[-1]["event"], "finished")
    expect("ends after " + where, sum(e["event"] in ("finished", "failed") and e["stage"] == "run"
                                      for e in events), 1)
    ended = {(e["stage"], e.get("section")): e.get("reused", False) for e in events if e["event"] == "done"}
    for stage, section in done:
        if stage == "validation":
            continue  # in memory only: there is nothing to keep
        if not ended.get((stage, section)):
            raise AssertionError("%s %s was done again after %s" % (stage, section or "", where))


def finished(events):
    return [(e["stage"], e.get("section")) for e in events if e["event"] == "done"]


def killed_at_boundary(home, stage):
    plan = home.new(SAMPLE)
    process = home.start("generate", plan, "--progress", "json")
    seen = events_until(process, lambda e: e["stage"] == stage and e["event"] == "done" and "section" not in e)
    kill(process)
    if home.json("show", plan)["status"] != "complete":  # after the last stage it may have got there
        resume(home, plan, finished(seen), "the end of " + stage)
    return plan


def killed_at_moment(home, wait_s, number):
    plan = home.new(SAMPLE)
    process = home.start("generate", plan, "--progress", "json")
    events_until(process, lambda e: True)  # it runs
    deadline = time.monotonic() + wait_s
    while time.monotonic() < deadline and process.poll() is None:
        os.sched_yield()
    kill(process)
    if home.json("show", plan)["status"] != "complete":
        resume(home, plan, [], "moment %d" % number)
    return plan


def main():
    program, store, moments = sys.argv[1], sys.argv[2], int(sys.argv[3])
    dice = random.Random(SEED)
    home = Home(program, store)
    try:
        plan = home.new(SAMPLE)
        began = time.monotonic()
        home.run("generate", plan)
        length = time.monotonic() - began
        want = home.documents(plan)
        for stage in STAGES:
            found = difference(want, home.documents(killed_at_boundary(home, stage)))
            if found:
                raise AssertionError("killed at the end of %s: %s" % (stage, found))
        for number in range(moments):
            found = difference(want, home.documents(killed_at_moment(home, dice.uniform(0, length), number)))
            if found:
                raise AssertionError("killed at moment %d: %s" % (number, found))
    finally:
        home.close()
    print("%d boundaries and %d moments: 0 failed" % (len(STAGES), moments))


if __name__ == "__main__":
    main()
