#!/usr/bin/env python3
"""Live research of a whole plan, on a server of this machine that stands in for the sources.

    research_way.py PROGRAM
"""

import json
import os
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from model_server import ModelServer, draft_of, section_of
from program import Home, expect

KEY = "ch-very-secret"


class Sources:
    """World Bank and Companies House, as far as the program asks them."""

    def __init__(self):
        self.asked = []
        self.inflation = 2.5
        self.down = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def do_GET(self):
                outer.asked.append((self.path, self.headers.get("Authorization")))
                status, body = (503, "<html>") if outer.down else outer.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body.encode())

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path):
        series = re.search(r"/country/GB/indicator/([A-Z.]+)\?", path)
        if series:
            row = {"indicator": {"id": series.group(1)}, "country": {"id": "GB"}, "date": "2025", "value": 1.5}
            if series.group(1) == "FP.CPI.TOTL.ZG":
                row["value"] = self.inflation
            return 200, json.dumps([{"page": 1, "pages": 1, "lastupdated": "2026-07-01"}, [row]])
        if path.startswith("/ch/advanced-search/companies?sic_codes="):
            return 200, json.dumps({"hits": 1, "items": [{"company_name": "ANCHOR BREAD LTD", "company_number": "1"}]})
        return 404, "{}"


class Desk:
    def __init__(self, program):
        self.sources = Sources()
        self.model = ModelServer(self.write)
        self.home = Home(program)
        self.plan = self.home.new("harbour-bakery.json")

    def turn_on(self):
        self.home.env.update(
            STRATTIO_SOURCE_WORLDBANK="on", STRATTIO_SOURCE_WORLDBANK_URL=self.sources.url + "/wb/",
            STRATTIO_SOURCE_COMPANIES_HOUSE="on", STRATTIO_SOURCE_COMPANIES_HOUSE_URL=self.sources.url + "/ch",
            STRATTIO_SOURCE_COMPANIES_HOUSE_KEY=KEY)

    @staticmethod
    def write(user, number):
        text = draft_of(user)
        cites = section_of(user).startswith("Operations")
        return text + ("\n\nPrices rise elsewhere, too.[^worldbank_inflation]" if cites else "")

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.model.close()
        self.sources.close()
        self.home.close()


def nothing_is_asked_unasked(d):
    pack = d.home.json("research", d.plan)
    expect("no request", d.sources.asked, [])
    expect("no failure", pack["data"]["fetch_errors"], [])


def facts_have_all_that_belongs_to_them(d):
    d.turn_on()
    pack = d.home.json("research", d.plan)
    facts = {e["id"]: e for e in pack["data"]["evidence"] if "fetched_at" in e}
    fact = facts["worldbank_inflation"]
    expect("value", (fact["value"], fact["raw"], fact["unit"], fact["period"]), (2.5, "2.5", "%", "2025"))
    expect("type", fact["type"], "fact")
    expect("source's date", fact["date"], "2026-07-01")
    expect("url", fact["url"].startswith(d.sources.url + "/wb/country/GB/indicator/FP.CPI.TOTL.ZG"), True)
    expect("competitor", "ANCHOR BREAD LTD" in facts["companies_house_companies_1"]["text"], True)
    expect("named", sorted(n for n in pack["data_sources"] if n in ("World Bank", "Companies House")),
           ["Companies House", "World Bank"])
    expect("expiry", pack["expires_at"] is not None, True)
    expect("basic authorisation", [a for p, a in d.sources.asked if p.startswith("/ch/")][0].startswith("Basic "), True)
    for line in ("Quality", "Facts", "ANCHOR BREAD LTD"):
        expect("printed: " + line, line in d.home.run("research", d.plan), True)
    return pack["version"]


def the_key_is_nowhere(d):
    everything = json.dumps(d.home.json("show", d.plan, "research")) + d.home.errors
    for folder, _, names in os.walk(d.home.folder):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                everything += file.read().decode("latin-1")
    expect("key", KEY in everything, False)


def what_is_kept_is_not_asked_again(d, version):
    before = len(d.sources.asked)
    pack = d.home.json("research", d.plan)
    expect("requests", len(d.sources.asked), before)
    expect("version", pack["version"], version)


def a_moved_fact_marks_the_sections_that_cite_it(d, version):
    d.home.env.update(STRATTIO_WRITER="openai", STRATTIO_LLM_MODEL="tiny",
                      STRATTIO_LLM_URL="http://127.0.0.1:%d/v1" % d.model.port)
    d.home.run("generate", d.plan)
    sections = d.home.json("show", d.plan, "sections")
    citing = [s["title"] for s in sections
              if any(c["evidence_id"] == "worldbank_inflation" for c in s["data_citations"])]
    expect("one section cites it", len(citing), 1)
    expect("none is stale", [s["title"] for s in sections if s["metadata"].get("stale")], [])
    asked = len(d.sources.asked)
    d.sources.inflation = 3.5
    pack = d.home.json("research", d.plan, "--refresh")
    expect("all are asked again", len(d.sources.asked), asked + 5)
    expect("version", pack["version"], version + 1)
    stale = [s["title"] for s in d.home.json("show", d.plan, "sections") if s["metadata"].get("stale")]
    expect("stale", stale, citing)


def an_old_answer_serves_while_the_source_is_down(d):
    d.sources.down = True
    d.home.env["STRATTIO_RESEARCH_DEADLINE_S"] = "5"
    pack = d.home.json("research", d.plan, "--refresh")
    expect("facts", sorted(e["value"] for e in pack["data"]["evidence"] if e["id"] == "worldbank_inflation"), [3.5])
    expect("failures", len(pack["data"]["fetch_errors"]), 5)
    expect("said", all("is used instead" in e["message"] for e in pack["data"]["fetch_errors"]), True)


def main():
    with Desk(sys.argv[1]) as d:
        nothing_is_asked_unasked(d)
        version = facts_have_all_that_belongs_to_them(d)
        the_key_is_nowhere(d)
        what_is_kept_is_not_asked_again(d, version)
        a_moved_fact_marks_the_sections_that_cite_it(d, version)
        an_old_answer_serves_while_the_source_is_down(d)
        the_key_is_nowhere(d)


if __name__ == "__main__":
    main()
