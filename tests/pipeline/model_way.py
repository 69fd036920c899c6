#!/usr/bin/env python3
"""A plan written by a language model, on a server of this machine that writes what a test tells it to.

    model_way.py PROGRAM
"""

import json
import signal
import sys
import tempfile

from model_server import ModelServer, draft_of, section_of
from program import Home, expect

KEY = "sk-very-secret"


class Desk:
    """A home whose settings name a model, and its server."""

    def __init__(self, program, write=None, writer="openai"):
        self.server = ModelServer(write)
        self.home = Home(program)
        base = "http://127.0.0.1:%d" % self.server.port
        self.home.env.update(STRATTIO_WRITER=writer, STRATTIO_LLM_MODEL="tiny", STRATTIO_LLM_KEY=KEY,
                             STRATTIO_LLM_URL=base + "/v1" if writer == "openai" else base)
        self.plan = self.home.new("harbour-bakery.json")

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.server.close()
        self.home.close()

    def generate(self, code=0):
        return [json.loads(line) for line in
                self.home.run("generate", self.plan, "--progress", "json", code=code).splitlines()]

    def sections(self):
        return {s["title"]: s for s in self.home.json("show", self.plan, "sections")}


def every_protocol_writes_a_plan(program):
    for writer in ("openai", "anthropic", "ollama"):
        with Desk(program, writer=writer) as d:
            events = d.generate()
            expect("end", events[-1]["event"], "finished")
            expect("sequence", [e["seq"] for e in events], list(range(1, len(events) + 1)))
            sections = d.sections()
            expect("sections", len(sections), 9)
            for title, s in sections.items():
                expect("written by a model: " + title, s["ai_generated"], True)
                expect("writer of " + title, s["generation_metadata"]["writer"], writer)
                expect("model of " + title, s["generation_metadata"]["model"], "tiny")
                expect("tokens of " + title, s["generation_metadata"]["tokens_in"], 1000)
                if "{{" in s["content"]:
                    raise AssertionError("%s: a figure was not rendered\n%s" % (title, s["content"]))
            stored = d.home.json("show", d.plan)
            expect("status", stored["status"], "complete")
            expect("usage", stored["generation_metadata"]["usage"]["calls"], 9)
            shown = "".join(e.get("text", "") for e in events if e["event"] == "delta" and e["section"] == "team")
            if draft_of([u for _, _, _, u in d.server.asked if section_of(u) == "Team"][0]).split() != shown.split():
                raise AssertionError("the text was not streamed as it came:\n" + shown)
            everything = json.dumps(d.home.documents(d.plan)) + d.home.errors
            if KEY in everything:
                raise AssertionError("the key is in a stored document")
            header = {"anthropic": ("x-api-key", KEY)}.get(writer, ("Authorization", "Bearer " + KEY))
            sent = {k.lower(): v for k, v in d.server.asked[0][1].items()}
            expect("key sent", sent[header[0].lower()], header[1])
            before = len(d.server.asked)
            d.generate()
            expect("nothing is asked twice", len(d.server.asked), before)
            price = "products.0.price" if d.home.json("show", d.plan, "intake").get("products") else "price_per_unit"
            d.home.run("set", d.plan, price + "=987.65")
            expect("figures follow without a call", len(d.server.asked), before)
            d.home.run("generate", d.plan, "--writer", "template")
            expect("templates leave it", all(s["ai_generated"] for s in d.sections().values()), True)


def wrong_drafts_are_given_back_once(program):
    """Numbers nobody knows, figures and marks that are not there: mended if the model can, else marked."""
    wrong = "Sales of 123456 are certain. We count on {{pnl.nonsense[y1]}}, too. Others say so.[^made_up]\n"

    def write(user, number):
        if section_of(user) != "Team":
            return draft_of(user)
        return wrong if "Your draft was checked" not in user else wrong.replace("123456", "much")

    with Desk(program, write) as d:
        d.generate()
        team = d.sections()["Team"]
        kinds = sorted(f["kind"] for f in team["metadata"]["findings"])
        expect("what is left", kinds, ["length", "unknown_citation", "unknown_figure"])
        expect("mended", team["generation_metadata"]["mended"], True)
        given_back = [u for _, _, _, u in d.server.asked if "Your draft was checked" in u]
        expect("given back once", len(given_back), 1)
        for spot in ("123456", "{{pnl.nonsense[y1]}}", "[^made_up]"):
            if spot not in given_back[0].split("Your draft was checked")[1]:
                raise AssertionError("the model was not told of " + spot)


def a_worse_second_draft_is_not_taken(program):
    def write(user, number):
        if section_of(user) != "Team":
            return draft_of(user)
        return "We sold 123456 loaves.\n" if "Your draft was checked" not in user else "We sold 1234, 2345 and 3456.\n"

    with Desk(program, write) as d:
        d.generate()
        expect("the first one", d.sections()["Team"]["content"].strip(), "We sold 123456 loaves.")


def what_breaks_off_is_kept(program):
    def write(user, number):
        if section_of(user) == "Team":
            return {"text": "We are three bakers and", "cut": True}
        return draft_of(user)

    with Desk(program, write) as d:
        events = d.generate(code=1)
        expect("end", events[-1]["event"], "failed")
        expect("status", d.home.json("show", d.plan)["status"], "failed")
        sections = d.sections()
        expect("others are there", len(sections), 9)
        expect("the beginning", sections["Team"]["content"].strip(), "We are three bakers and")
        expect("unfinished", sections["Team"]["metadata"]["unfinished"], True)
        asked = len(d.server.asked)
        d.server.write = lambda user, number: draft_of(user)
        d.generate()
        expect("only the one is asked for again", len(d.server.asked), asked + 1)
        expect("finished", "unfinished" in d.sections()["Team"]["metadata"], False)


FAILURES = [
    ("a wrong key", {"status": 401, "body": '{"error":{"message":"Bad key %s"}}' % KEY}, "does not accept the key"),
    ("no such model", {"status": 404, "body": '{"error":{"message":"model tiny not found"}}'}, "no such model"),
    ("no credit", {"status": 429, "body": '{"error":{"code":"insufficient_quota"}}'}, "no credit"),
    ("no room", {"status": 400, "body": '{"error":{"code":400,"type":"exceed_context_size_error","n_prompt_tokens":9000,'
                                        '"n_ctx":4096,"message":"x"}}'}, "it has 9000 tokens, the model takes 4096"),
    ("too short an answer", {"text": "We are", "reason": "length"}, "raise llm_max_tokens"),
    ("a refusal", {"text": "", "reason": "content_filter"}, "refuses to write"),
    ("a page of HTML", {"status": 200, "body": "<html>Sign in</html>", "headers": {"Content-Type": "text/html"}}, "page of HTML"),
    ("nonsense", {"text": "ok"}, "no text of a section"),
]


def failures_are_one_sentence(program):
    for name, said, sentence in FAILURES:
        with Desk(program, lambda user, number: said) as d:
            events = d.generate(code=1)
            if sentence not in d.home.errors or KEY in d.home.errors:
                raise AssertionError("%s: %s" % (name, d.home.errors))
            expect(name, events[-1]["event"], "failed")


def a_cost_limit_holds(program):
    with Desk(program) as d:
        d.home.env.update(STRATTIO_LLM_PRICE_IN="10", STRATTIO_LLM_PRICE_OUT="100", STRATTIO_LLM_COST_LIMIT="0.3",
                          STRATTIO_LLM_PARALLEL="1")
        d.generate(code=1)
        if "cost limit of 0.30" not in d.home.errors:
            raise AssertionError(d.home.errors)
        spent = d.home.json("show", d.plan)["generation_metadata"]["usage"]["cost"]
        if not 0 < spent <= 0.3:
            raise AssertionError("%s spent" % spent)
        d.home.env.pop("STRATTIO_LLM_PRICE_IN")
        d.home.run("generate", d.plan, code=1)
        if "llm_price_in" not in d.home.errors:
            raise AssertionError(d.home.errors)


def a_killed_run_keeps_what_was_written(program):
    """Finished sections are not asked for again, and of an unfinished one its beginning is there."""
    def write(user, number):
        if section_of(user) in ("Executive summary", "Company overview", "Products and services"):
            return draft_of(user)
        return {"text": draft_of(user), "pause": 0.05}

    with Desk(program, write) as d:
        run = d.home.start("generate", d.plan, "--progress", "json")
        done = 0
        for line in run.stdout:
            event = json.loads(line)
            done += event["event"] == "done" and event["stage"] == "writing"
            if done >= 3 and any(s["metadata"].get("unfinished") for s in d.sections().values()):
                break
        run.send_signal(signal.SIGKILL)
        run.wait()
        run.stdout.close()
        run.stderr.close()
        first = len(d.server.asked)
        d.server.write = lambda user, number: draft_of(user)
        d.generate()
        again = [section_of(u) for _, _, _, u in d.server.asked[first:]]
        if len(again) > 6 or "Executive summary" in again:
            raise AssertionError("asked again for %s" % again)
        expect("complete", d.home.json("show", d.plan)["status"], "complete")
        expect("finished", [t for t, s in d.sections().items() if s["metadata"].get("unfinished")], [])


def private_words_stay(program):
    with Desk(program) as d:
        name = d.home.json("show", d.plan, "intake")["business_name"]
        d.home.env["STRATTIO_LLM_MASK"] = name
        d.generate()
        for _, _, _, user in d.server.asked:
            if name in user:
                raise AssertionError("%s was sent" % name)
        if not any(name in s["content"] for s in d.sections().values()):
            raise AssertionError("%s did not come back" % name)
        if any("[[" in s["content"] for s in d.sections().values()):
            raise AssertionError("a mask is left in the text")


def a_text_is_changed_as_its_author_wishes(program):
    """The old text stays in the history; an edited one stays where it is, with the new one beside it."""
    def write(user, number):
        if "The wish:" not in user:
            return draft_of(user)
        if "shorter" not in user.split("The wish:")[1]:
            raise AssertionError("the wish was not sent")
        return "Three bakers, {{pnl.revenue[y1]:money0}} of sales.\n"

    with Desk(program, write) as d:
        d.home.run("rewrite", d.plan, "team", "--instruction", "shorter", code=1)
        if "has not been written yet" not in d.home.errors:
            raise AssertionError(d.home.errors)
        d.generate()
        before = d.home.run("show", d.plan, "team", "--source")
        sent = len(d.server.asked)
        prompt = d.home.json("prompt", d.plan, "team")
        expect("printed is what was sent", prompt["user"],
               [u for _, _, _, u in d.server.asked if section_of(u) == "Team"][0])
        expect("a prompt asks nobody", len(d.server.asked), sent)
        d.home.run("rewrite", d.plan, "team", "--instruction", "shorter")
        if "Three bakers, £" not in d.home.run("show", d.plan, "team"):
            raise AssertionError(d.home.run("show", d.plan, "team"))
        d.home.run("restore", d.plan, "team", "original")
        expect("restored", d.home.run("show", d.plan, "team", "--source"), before)
        said = d.home.run("rewrite", d.plan, "team", "--instruction", "shorter")
        if "offered beside yours" not in said:
            raise AssertionError(said)
        expect("the edited text stays", d.home.run("show", d.plan, "team", "--source"), before)
        d.home.run("accept", d.plan, "team")
        if "Three bakers, £" not in d.home.run("show", d.plan, "team"):
            raise AssertionError("the new text was not taken")
        for wish in ("", " ", "x" * 3000):
            d.home.run("rewrite", d.plan, "team", "--instruction", wish, code=1)
        d.home.run("rewrite", d.plan, "team", "--instruction", "shorter", "--writer", "template", code=1)
        if "templates cannot change a text" not in d.home.errors:
            raise AssertionError(d.home.errors)


FAULTS = [
    ("unbound_figure", "48,250", "Next year 48,250 loaves leave **our** oven."),
    ("unbound_figure", "two million pounds", "We turn over two million pounds."),
    ("unbound_figure", "37 per cent", "- Sales rise by 37 per cent."),
    ("unknown_figure", "{{pnl.magic[y1]:money0}}", "We earn {{pnl.magic[y1]:money0}}."),
    ("contradiction", "{{pnl.revenue[y1]:money0}} units", "We sell {{pnl.revenue[y1]:money0}} units."),
    ("uncited_claim", "Studies show that bread is loved", "Studies show that bread is loved."),
    ("unknown_citation", "[^made_up]", "Others say so.[^made_up]"),
    ("unknown_citation", "https://bread.example/report", "See [this](https://bread.example/report)."),
    ("banned_phrase", "world-class", "We bake world-class bread."),
    ("contradiction", "52 employees", "We have 52 employees."),
    ("contradiction", "as a sole trader", "We trade as a sole trader."),
]


def every_fault_is_kept_and_goes_with_the_words(program):
    """Whoever wrote them: with the model's draft, after an edit, and after another answer."""
    faulty = "\n\n".join(sentence for _, _, sentence in FAULTS) + "\n"

    def write(user, number):
        return faulty if section_of(user) == "Team" else draft_of(user)

    def found():
        return {(f["kind"], f["text"]) for f in d.sections()["Team"]["metadata"]["findings"]}

    with Desk(program, write) as d:
        d.generate()
        for kind, text, _ in FAULTS:
            if (kind, text) not in found():
                raise AssertionError("%s %r is not among %s" % (kind, text, sorted(found())))
        lengths = [f for f in d.sections()["Team"]["metadata"]["findings"] if f["kind"] == "length"]
        expect("length", len(lengths), 1)
        expect("both numbers", "200 to 600" in lengths[0]["advice"], True)
        expect("all drafted", d.sections()["Team"]["metadata"]["authorship"], {"typed": 0, "drafted": 1, "edited": 0})
        with tempfile.NamedTemporaryFile("w", suffix=".md") as text:
            text.write("We bake " + "good bread and cakes " * 60 + "with 52 employees in our shop. We trade as a sole trader.\n")
            text.flush()
            d.home.run("edit", d.plan, "team", "--from", text.name)
            expect("what is left", found(), {("unbound_figure", "52"), ("contradiction", "52 employees"),
                                             ("contradiction", "as a sole trader")})
            shares = d.sections()["Team"]["metadata"]["authorship"]
            expect("shares", round(sum(shares.values()), 6), 1)
            expect("hardly drafted", shares["drafted"] < 0.5, True)
            d.home.run("set", d.plan, "legal_form=sole_trader")
            expect("the answer is another", ("contradiction", "as a sole trader") in found(), False)


def main():
    program = sys.argv[1]
    for test in (every_protocol_writes_a_plan, wrong_drafts_are_given_back_once, a_worse_second_draft_is_not_taken,
                 what_breaks_off_is_kept, failures_are_one_sentence, a_cost_limit_holds,
                 a_killed_run_keeps_what_was_written, private_words_stay,
                 a_text_is_changed_as_its_author_wishes, every_fault_is_kept_and_goes_with_the_words):
        test(program)
        print("ok  " + test.__name__, flush=True)


main()
