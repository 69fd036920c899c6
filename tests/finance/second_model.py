"""A second evaluator of the financial model: reads the model, the rates and the margins by itself and
computes each line by definition, cell by cell, on demand. Numbers are integers, a count of 10^-12."""
import calendar
import datetime
import decimal
import fractions
import glob
import os
import re

ONE = 10 ** 12
MONTHS, YEARS = 60, 5


class Null:
    def __init__(self, reason):
        self.reason = reason

    def __repr__(self):
        return "null(%s)" % self.reason


def is_num(v):
    return isinstance(v, int) and not isinstance(v, bool)


def divide(a, b):
    """Half away from zero."""
    negative = (a < 0) != (b < 0)
    a, b = abs(a), abs(b)
    q = (2 * a + b) // (2 * b)
    return -q if negative else q


def mul(a, b):
    return divide(a * b, ONE)


def to_num(x):
    d = decimal.Decimal(repr(x) if isinstance(x, float) else str(x))
    return int((d * ONE).to_integral_value(decimal.ROUND_HALF_UP))


def round_to(v, digits):
    step = 10 ** (12 - digits)
    return divide(v, step) * step


def power(a, b):
    if b % ONE == 0 and abs(b) <= 1024 * ONE:
        left, result, base = abs(b) // ONE, ONE, a
        while left:
            if left & 1:
                result = mul(result, base)
            left >>= 1
            base = mul(base, base) if left else base
        if b >= 0:
            return result
        if result:
            return divide(ONE * ONE, result)
    return round_to(to_num((a / ONE) ** (b / ONE)), 10)


# ---- blocks of a file --------------------------------------------------------------------------

class Node:
    def __init__(self, depth, text):
        self.depth, self.children = depth, []
        self.word, _, self.rest = text.partition(" ")
        self.rest = self.rest.strip()

    def words(self):
        return [a if a else b for a, b in re.findall(r'"([^"]*)"|(\S+)', self.rest)]

    def child(self, word):
        return next((c for c in self.children if c.word == word), None)


def blocks(path):
    root = Node(-1, "root")
    stack, pending = [root], ""
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if pending:
            line = pending + " " + line.strip()
        if line.endswith("\\"):
            pending = line[:-1].rstrip()
            continue
        pending = ""
        if not line.strip() or line.strip().startswith("#"):
            continue
        node = Node(len(line) - len(line.lstrip()), line.strip())
        while stack[-1].depth >= node.depth:
            stack.pop()
        stack[-1].children.append(node)
        stack.append(node)
    return root.children


# ---- expressions -------------------------------------------------------------------------------

TOKEN = re.compile(r'\s*(?:(\d{4}-\d\d-\d\d)|(\d+(?:\.\d+)?%?)|"((?:[^"\\]|\\.)*)"|([A-Za-z_][\w.]*)'
                   r'|(\?\?|==|!=|<=|>=|[-+*/^()\[\],=<>]))')


class Parser:
    def __init__(self, text):
        self.tokens, at, text = [], 0, text.strip()
        while at < len(text):
            m = TOKEN.match(text, at)
            if not m:
                raise ValueError("cannot read %r" % text[at:])
            self.tokens.append((m.lastindex, m.group(m.lastindex)))
            at = m.end()
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else (0, "")

    def take(self, *signs):
        kind, text = self.peek()
        if kind in (4, 5) and text in signs:
            self.at += 1
            return text
        return None

    def need(self, sign):
        if not self.take(sign):
            raise ValueError("%r is missing in %r" % (sign, self.tokens))

    def parse(self):
        node = self.otherwise()
        if self.at != len(self.tokens):
            raise ValueError("%r is left over" % (self.tokens[self.at:],))
        return node

    def chain(self, below, signs):
        node = below()
        sign = self.take(*signs)
        while sign:
            node = (sign, node, below())
            sign = self.take(*signs)
        return node

    def otherwise(self):
        return self.chain(self.either, ["??"])

    def either(self):
        return self.chain(self.both, ["or"])

    def both(self):
        return self.chain(self.negated, ["and"])

    def negated(self):
        return ("not", self.negated()) if self.take("not") else self.compared()

    def compared(self):
        return self.chain(self.summed, ["=", "==", "!=", "<", "<=", ">", ">=", "in"])

    def summed(self):
        return self.chain(self.scaled, ["+", "-"])

    def scaled(self):
        return self.chain(self.signed, ["*", "/"])

    def signed(self):
        return ("neg", self.signed()) if self.take("-") else self.raised()

    def raised(self):
        node = self.single()
        return ("^", node, self.signed()) if self.take("^") else node

    def items(self, end):
        out = []
        while not self.take(end):
            out.append(self.otherwise())
            self.take(",")
        return out

    def single(self):
        kind, text = self.peek()
        self.at += 1
        if kind == 2:
            return ("const", divide(to_num(text[:-1]), 100) if text.endswith("%") else to_num(text))
        if kind == 3:
            return ("const", text)
        if text == "(":
            node = self.otherwise()
            self.need(")")
            return node
        if text == "[":
            return ("list", self.items("]"))
        if kind != 4:
            raise ValueError("%r is no value" % text)
        if self.take("("):
            return ("call", text, self.items(")"))
        if text in ("true", "false", "null"):
            return ("const", {"true": True, "false": False, "null": Null("null")}[text])
        return self.name(text)

    def name(self, text):
        row, index = 0, None
        while self.take("["):
            sign = -1 if self.take("-") else 1
            word = self.peek()[1]
            self.at += 1
            self.need("]")
            if word[0] in "my":
                index = (word[0], int(word[1:]))
            elif sign < 0:
                index = ("lag", int(word))
            else:
                row = int(word)
        return ("name", text, row, index)


# ---- what the files declare --------------------------------------------------------------------

class Line:
    def __init__(self, node, table):
        words = node.words()
        self.kind, self.name, self.unit, self.table = node.word, words[0], words[1], table
        formula, default, null = node.child("="), node.child("default"), node.child("null")
        self.expr = Parser(formula.rest).parse() if formula else None
        self.default = Parser(default.rest).parse() if default else None
        self.reason = null.rest if null else None
        opening, path = node.child("opening"), node.child("path")
        self.opening = Parser(opening.rest).parse() if opening else None
        self.keys = path.words() if path else [self.name.split(".")[-1]]
        self.percent, self.by_month = bool(node.child("percent")), bool(node.child("by_month"))
        self.wide = self.kind in ("flow", "stock", "ratio") or self.by_month
        self.otherwise = None


class Definition:
    def __init__(self, assets):
        self.lines, self.tables, self.statements, self.outputs = {}, {}, {}, {}
        for node in blocks(os.path.join(assets, "finance", "plan.model")):
            if node.word in ("input", "flow", "stock", "ratio", "figure"):
                self.add(node, None)
            elif node.word == "table":
                self.table(node)
            elif node.word == "statement":
                self.statements[node.words()[0]] = node.children
            elif node.word == "output":
                self.outputs[node.words()[0]] = node
        self.read_rates(assets)
        self.read_margins(assets)

    def add(self, node, table):
        line = Line(node, table)
        self.lines[(table + "." if table else "") + line.name] = line
        return line

    def table(self, node):
        name, path = node.words()[0], node.child("path")
        self.tables[name] = {"paths": path.words() if path else [name], "otherwise": node.child("otherwise")}
        for child in node.children:
            if child.word in ("column", "flow", "stock", "ratio", "figure"):
                self.add(child, name)
        for child in node.child("otherwise").children if node.child("otherwise") else []:
            self.lines[name + "." + child.word].otherwise = Parser(child.rest).parse()

    def read_rates(self, assets):
        self.places, self.rate_units = {}, {}
        for path in sorted(glob.glob(os.path.join(assets, "rates", "*.rates"))):
            for place in blocks(path):
                code, currency = place.words()[:2]
                series = {}
                for rate in [c for c in place.children if c.word == "rate"]:
                    name, unit = rate.words()[:2]
                    self.rate_units[name] = unit
                    series[name] = [self.dated(c.words()) for c in rate.children if c.word == "from"]
                self.places[code] = (currency, series)

    @staticmethod
    def dated(words):
        day = datetime.date.fromisoformat
        value = divide(to_num(words[1][:-1]), 100) if words[1].endswith("%") else to_num(words[1])
        return day(words[0]), day(words[3]) if len(words) > 3 else datetime.date.max, value

    def read_margins(self, assets):
        self.margins = {}
        for path in glob.glob(os.path.join(assets, "industries", "*.industries")):
            for node in [n for n in blocks(path) if n.word == "industry"]:
                gross, operating = node.child("gross_margin"), node.child("operating_margin")
                if gross and operating:
                    self.margins[node.words()[0]] = [divide(to_num(c.words()[0]), 100)
                                                     for c in (gross, operating)]
        self.middle = [self.middle_of(sorted(m[i] for m in self.margins.values())) for i in (0, 1)]

    @staticmethod
    def middle_of(values):
        half = len(values) // 2
        return values[half] if len(values) % 2 else divide(values[half - 1] + values[half], 2)


# ---- a plan, computed --------------------------------------------------------------------------

CLOCK = ("month", "year", "month_of_year", "calendar_month", "date")
NO_TIME = ("m", 0)


class Plan:
    """Periods are ("m", 1..60), ("q", 1..20), ("y", 1..5); ("m", 0) where there is no time."""

    def __init__(self, definition, answers, start, exponent=2):
        self.d, self.answers, self.exponent, self.memo = definition, answers, exponent, {}
        start = datetime.date.fromisoformat(start)
        self.first = start.year * 12 + start.month - 1
        self.rows, self.made_up = {}, set()
        for name, table in definition.tables.items():
            rows = []
            for path in table["paths"]:
                got = answers.get(path)
                rows += [got] if isinstance(got, dict) else got or []
            if not rows and table["otherwise"]:
                rows = [{}]
                self.made_up.add(name)
            self.rows[name] = rows
        self.warm()

    def warm(self):
        """Month by month, so that no chain of lags is long."""
        for month in range(1, MONTHS + 1):
            for name, line in self.d.lines.items():
                if line.wide:
                    for row in range(len(self.rows[line.table])) if line.table else [None]:
                        self.cell(name, row, ("m", month))

    def last_day(self, month):
        year, of = divmod(self.first + month - 1, 12)
        return datetime.date(year, of + 1, calendar.monthrange(year, of + 1)[1])

    @staticmethod
    def last_month(period):
        return period[1] * {"m": 1, "q": 3, "y": 12}[period[0]]

    def clock(self, name, period):
        month = self.last_month(period)
        return ONE * {"month": month, "year": (month - 1) // 12 + 1, "month_of_year": (month - 1) % 12 + 1,
                      "calendar_month": (self.first + month - 1) % 12 + 1}[name]

    def rate(self, name, period):
        country = self.cell("location_country", None, NO_TIME)
        currency, series = self.d.places.get(country, (None, {})) if isinstance(country, str) else (None, {})
        day = self.last_day(self.last_month(period))
        for start, end, value in series.get(name, []):
            if start <= day <= end:
                if self.d.rate_units[name] == "money" and currency != self.cell("currency", None, NO_TIME):
                    return Null("other_currency")
                return value
        return Null("rate_unknown")

    def cell(self, name, row, period):
        line = self.d.lines[name]
        if not line.wide:
            period = NO_TIME
        key = (name, row, period)
        if key not in self.memo:
            self.memo[key] = None
            self.memo[key] = self.compute(line, name, row, period)
        elif self.memo[key] is None:
            raise ValueError("%s[%s] at %s reads itself" % key)
        return self.memo[key]

    def compute(self, line, name, row, period):
        if line.kind in ("input", "column"):
            return self.answer(line, row, period)
        kind, n = period
        if kind == "m" or line.kind == "ratio":
            return Reader(self, line, row, period).value(line.expr)
        size = {"q": 3, "y": 12}[kind]
        if line.kind == "stock":
            return self.cell(name, row, ("m", n * size))
        total = 0
        for month in range((n - 1) * size + 1, n * size + 1):
            value = self.cell(name, row, ("m", month))
            if isinstance(value, Null):
                return value
            total += value
        return total

    def answer(self, line, row, period):
        source = self.answers if row is None else self.rows[line.table][row]
        got = next((source[k] for k in source if k in line.keys and source[k] is not None), None)
        if got is None:
            expr = line.otherwise if line.table in self.made_up and line.otherwise else line.default
            return Reader(self, line, row, period).value(expr) if expr else Null("input_missing")
        if line.by_month:
            got = got[(self.first + self.last_month(period) - 1) % 12]
        if isinstance(got, (bool, str)):
            return got
        return divide(to_num(got), 100) if line.percent else to_num(got)

    def before(self, line, row):
        if line.opening:
            return Reader(self, line, row, NO_TIME).value(line.opening)
        return False if line.unit == "bool" else 0


class Reader:
    """Evaluates the formula of one line, in one row and period."""

    def __init__(self, plan, line, row, period):
        self.plan, self.line, self.row, self.period = plan, line, row, period

    def value(self, node):
        return getattr(self, "on_" + node[0], self.on_pair)(*(node if hasattr(self, "on_" + node[0]) is False
                                                              else node[1:]))

    def at(self, period):
        return Reader(self.plan, self.line, self.row, period)

    def on_const(self, value):
        return value

    def on_list(self, items):
        return [self.value(i) for i in items]

    def on_neg(self, node):
        v = self.value(node)
        return v if isinstance(v, Null) else -v

    def on_not(self, node):
        v = self.value(node)
        return v if isinstance(v, Null) else not v

    def on_name(self, name, row, index):
        plan, period = self.plan, self.period
        if name == "money":
            return plan.exponent * ONE
        if index:
            period = index if index[0] != "lag" else (period[0], period[1] - index[1])
        if self.line.table and self.line.table + "." + name in plan.d.lines:
            return self.reach(self.line.table + "." + name, self.row, period, index)
        if name in CLOCK:
            return plan.clock(name, period)
        if name.startswith("rates."):
            return plan.rate(name[6:], period)
        if name.startswith("industry."):
            margins = plan.d.margins.get(plan.cell("industry", None, NO_TIME), plan.d.middle)
            return margins[name == "industry.operating_margin"]
        table = plan.d.lines[name].table
        if not table:
            return self.reach(name, None, period, index)
        if row:
            return self.reach(name, row - 1, period, index)
        return [self.reach(name, r, period, index) for r in range(len(plan.rows[table]))]

    def reach(self, name, row, period, index):
        line = self.plan.d.lines[name]
        if line.wide and index and index[0] == "lag" and period[1] < 1:
            return self.plan.before(line, row)
        return self.plan.cell(name, row, period)

    def on_pair(self, op, left, right):
        return self.pair(op, self.value(left), right)

    def pair(self, op, a, right):
        if isinstance(a, list):  # item by item
            b = self.value(right)
            b = b if isinstance(b, list) and op != "in" else [b] * len(a)
            return [self.pair(op, x, ("const", y)) for x, y in zip(a, b, strict=True)]
        if op == "??":
            return self.value(right) if isinstance(a, Null) else a
        if op in ("and", "or"):
            if a is (op == "or"):
                return a
            b = self.value(right)
            return b if b is (op == "or") else a if isinstance(a, Null) else b
        b = self.value(right)
        if isinstance(a, Null) or isinstance(b, Null):
            return a if isinstance(a, Null) else b
        if op in ("/", "^") and (b == 0 if op == "/" else a == 0 and b < 0):
            return Null(self.line.reason or "division_by_zero")
        if op == "^" and a < 0 and b % ONE:
            return Null("no_real_root")
        return {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: mul(a, b),
                "/": lambda: divide(a * ONE, b), "^": lambda: power(a, b), "=": lambda: a == b,
                "==": lambda: a == b, "!=": lambda: a != b, "<": lambda: a < b, "<=": lambda: a <= b,
                ">": lambda: a > b, ">=": lambda: a >= b, "in": lambda: a in b}[op]()

    def on_call(self, name, args):
        own = getattr(self, "call_" + name, None)
        if own:
            return own(*args)
        values = [self.value(a) for a in args]
        flat = [x for v in values for x in (v if isinstance(v, list) else [v])]
        if name == "is_null":
            return isinstance(values[0], Null)
        if name == "null":
            return Null(values[0])
        if name == "count":
            return ONE * sum(x if isinstance(x, bool) else not isinstance(x, Null) for x in flat)
        null = next((x for x in flat if isinstance(x, Null)), None)
        if name in ("any", "all"):
            return (name == "any") if (name == "any") in flat else null or name == "all"
        if null:
            return null
        return self.plain(name, values, flat)

    def plain(self, name, values, flat):
        if name == "sum":
            return sum(flat)
        if name in ("min", "max"):
            return (min if name == "min" else max)(flat) if flat else Null("no_items")
        if name == "round":
            return round_to(values[0], values[1] // ONE if len(values) > 1 else 0)
        if name == "floor":
            return values[0] // ONE * ONE
        if name == "ceil":
            return -(-values[0] // ONE * ONE)
        if name == "abs":
            return abs(values[0])
        if name == "percent":
            return values[0] * 100
        raise ValueError("no function %s()" % name)

    def call_if(self, test, yes, no):
        c = self.value(test)
        return c if isinstance(c, Null) else self.value(yes if c else no)

    def summed(self, node, first):
        key = (id(node), self.row, first, self.period)
        memo = self.plan.memo
        if key not in memo:
            n = self.period[1]
            a = 0 if n == first else self.at(("m", n - 1)).summed(node, first)
            b = self.value(node)
            memo[key] = a if isinstance(a, Null) else b if isinstance(b, Null) else a + b
        return memo[key]

    def call_npv0(self, rate, node):
        rate, values = self.value(rate), self.value(node)
        flat = [x for v in values for x in (v if isinstance(v, list) else [v])]
        null = next((x for x in [rate] + flat if isinstance(x, Null)), None)
        if null:
            return null
        q, total = fractions.Fraction(ONE + rate, ONE), fractions.Fraction(0)
        for x in reversed(flat):
            total = total / q + x
        return divide(total.numerator, total.denominator)

    def call_so_far(self, node):
        return self.summed(node, 1)

    def call_ytd(self, node):
        return self.summed(node, (self.period[1] - 1) // 12 * 12 + 1)

    def call_delayed(self, node, by):
        months = self.value(by)
        if isinstance(months, Null):
            return months
        whole, part = divmod(max(0, months), ONE)
        n = self.period[1] - whole
        late = self.at(("m", n)).value(node) if n >= 1 else 0
        if not part or isinstance(late, Null) or n < 1:
            return late
        later = self.at(("m", n - 1)).value(node) if n > 1 else 0
        return later if isinstance(later, Null) else late - mul(late - later, part)

    def months_of(self, node):
        return [self.at(("m", i)).value(node) for i in range(1, MONTHS + 1)]

    def call_months(self, node):
        return self.months_of(node)

    def call_years(self, node):
        return [self.at(("y", i)).value(node) for i in range(1, YEARS + 1)]

    def folded(self, node, how):
        values = self.months_of(node)
        return next((v for v in values if isinstance(v, Null)), None) or how(values)

    def call_lowest(self, node):
        return self.folded(node, min)

    def call_highest(self, node):
        return self.folded(node, max)

    def call_total(self, node):
        return self.folded(node, sum)

    def call_first_month(self, node):
        for i, v in enumerate(self.months_of(node), 1):
            if isinstance(v, Null):
                return v
            if v:
                return i * ONE
        return Null(self.line.reason or "never")
