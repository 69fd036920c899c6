"""Spreadsheet files as the tests see them: cells with formula and value, cached values spoilt, one input changed, and all of
it computed again by LibreOffice. Standard library only."""

import os
import re
import subprocess
import zipfile
import xml.etree.ElementTree as ET

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RUBBISH = "77777"

# Compute every formula when a file is opened, whoever wrote it: by default LibreOffice believes the values it finds in a
# file that says it comes from Excel.
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


class Cell:
    def __init__(self, formula, value):
        self.formula, self.value = formula, value


def parts_of(book):
    """The sheets of an open file: [(name, part)]."""
    names = [s.get("name") for s in ET.fromstring(book.read("xl/workbook.xml")).iter(MAIN + "sheet")]
    return [(name, "xl/worksheets/sheet%d.xml" % (i + 1)) for i, name in enumerate(names)]


def value_of(cell, shared):
    text = cell.findtext(MAIN + "v")
    kind = cell.get("t")
    if kind == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(MAIN + "t"))
    if text is None:
        return "" if kind == "str" else None
    if kind == "s":
        return shared[int(text)]
    if kind == "b":
        return text == "1"
    if kind == "e":
        return "#"  # no value, whatever the reason
    if kind == "str":
        return {"#N/A": "#", "TRUE": True, "FALSE": False}.get(text, text)
    return float(text)


def read(path):
    """{(sheet, "B7"): Cell}"""
    cells = {}
    with zipfile.ZipFile(path) as book:
        shared = []
        if "xl/sharedStrings.xml" in book.namelist():
            for item in ET.fromstring(book.read("xl/sharedStrings.xml")).iter(MAIN + "si"):
                shared.append("".join(t.text or "" for t in item.iter(MAIN + "t")))
        for name, part in parts_of(book):
            for cell in ET.fromstring(book.read(part)).iter(MAIN + "c"):
                formula = cell.findtext(MAIN + "f")
                value = value_of(cell, shared)
                if formula is not None or value is not None:
                    cells[name, cell.get("r")] = Cell(formula, value)
    return cells


def rewrite(source, target, change):
    """A copy in which each sheet's XML is what `change(name, xml)` returns."""
    with zipfile.ZipFile(source) as book, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        sheets = {part: name for name, part in parts_of(book)}
        for part in book.namelist():
            data = book.read(part)
            if part in sheets:
                data = change(sheets[part], data.decode("utf-8")).encode("utf-8")
            out.writestr(part, data)


def spoil(name, xml):
    """Every value that stands beside a formula made wrong."""
    return re.sub(r'<c ([^>]*?)(?: t="str")?><f>(.*?)</f><v>[^<]*</v>', r"<c \1><f>\2</f><v>%s</v>" % RUBBISH, xml)


def typed(sheet, at, number):
    """A change that types a number into a cell, and spoils the rest."""

    def change(name, xml):
        xml = spoil(name, xml)
        if name != sheet:
            return xml
        pattern = r'(<c r="%s"[^>]*?)(?: t="\w+")?>(?:<f>.*?</f>)?<v>[^<]*</v>' % at
        xml, count = re.subn(pattern, r"\1><v>%r</v>" % number, xml)
        assert count == 1, "no cell %s!%s to type into" % (sheet, at)
        return xml

    return change


def recalculate(soffice, paths, folder):
    """All files computed by one run of LibreOffice; what it wrote is in `folder` under the same names."""
    profile = os.path.join(folder, "profile")
    os.makedirs(os.path.join(profile, "user"))
    with open(os.path.join(profile, "user", "registrymodifications.xcu"), "w", encoding="utf-8") as file:
        file.write(ALWAYS)
    done = os.path.join(folder, "computed")
    ran = subprocess.run([soffice, "-env:UserInstallation=file://" + profile, "--headless", "--convert-to", "xlsx",
                          "--outdir", done, *paths], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=240)
    computed = [os.path.join(done, os.path.basename(path)) for path in paths]
    missing = [path for path in computed if not os.path.exists(path)]
    if missing:
        raise AssertionError("LibreOffice did not write %s: %s" % (missing, ran.stdout.decode("utf-8", "replace")[-1000:]))
    return computed


def same(ours, theirs, money):
    """Is it the same to the reader? Amounts to half the smallest coin, anything else to a billionth."""
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return isinstance(theirs, (bool, float)) and ours is not None and not isinstance(ours, str) and bool(ours) == bool(theirs)
    if isinstance(ours, float) and isinstance(theirs, float):
        return abs(ours - theirs) <= max(money, 1e-9 * max(abs(ours), abs(theirs), 1e-3))
    return (ours or "") == (theirs or "")


def differences(ours, theirs, money):
    """What is not the same, of all cells of `ours` that are formulas: [(sheet, cell, formula, ours, theirs)]."""
    found = []
    for key, cell in ours.items():
        if cell.formula is None:
            continue
        other = theirs.get(key)
        if other is None or not same(cell.value, other.value, money(ours, key)):
            found.append((*key, cell.formula, cell.value, other.value if other else None))
    return found


def column(at):
    return re.match(r"[A-Z]+", at).group(0)


def tolerance(coin, currency):
    """Half the smallest coin in rows whose unit is the currency, else nothing: `money` of differences()."""

    def money(cells, key):
        unit = cells.get((key[0], "C" + key[1][len(column(key[1])):]))
        return coin / 2 if unit and unit.value == currency else 0

    return money
