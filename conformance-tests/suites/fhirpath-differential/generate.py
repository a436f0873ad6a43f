"""generate - FHIRPath expressions over the element trees of example resources, from a seed."""
import json
import random

CRITERIA = ["exists()", "hasValue()", "children().exists()", "$index > 0", "$index = 0", "$this is string", "empty().not()"]
TYPES = ["string", "code", "integer", "boolean", "decimal", "Quantity", "Coding", "Reference", "HumanName", "BackboneElement",
         "Element", "uri", "dateTime", "System.String", "System.Integer", "FHIR.string", "Identifier", "date", "Period"]
OF_ANY = [".count()", ".exists()", ".empty()", ".first()", ".last()", ".tail()", ".distinct().count()", ".isDistinct()",
          ".children().count()", ".descendants().count()", ".not()", ".type().name", ".hasValue()", ".skip(1)", ".take(2)",
          ".single()", ".toString()", ".exists($this = $this)", ".select($this)", ".extension.url", ".id",
          ".trace('x').count()", ".select($index)", ".all($this.exists())", ".repeat(children()).count()", ".getValue()"]
OF_STRING = [".length()", ".upper()", ".lower()", ".startsWith({s})", ".endsWith({s})", ".contains({s})", ".indexOf({s})",
             ".substring({n})", ".substring({n}, {n})", ".replace({s}, 'x')", ".matches('^[A-Z]')", ".matches('[0-9]+')",
             ".matchesFull('.*')", ".replaceMatches('[aeiou]', '-')", ".toChars().count()", ".split({s}).count()", ".trim()",
             ".toInteger()", ".toDecimal()", ".toBoolean()", ".convertsToInteger()", ".convertsToDate()", ".toDateTime()",
             ".toQuantity()", ".encode('base64')", ".encode('hex')", ".escape('html')", ".lastIndexOf({s})", " & 'x'", " + 'x'"]
OF_NUMBER = [".abs()", ".ceiling()", ".floor()", ".round({n})", ".truncate()", ".sqrt()", ".power(2)", ".toString()",
             ".toDecimal()", ".toInteger()", ".toQuantity()", " + {n}", " - {n}", " * {n}", " / {n}", " div {n}", " mod {n}",
             " > {n}", " <= {n}", " = {n}", " ~ {n}", " != {n}", ".lowBoundary()", ".highBoundary()", ".precision()", ".toBoolean()"]
OF_DATE = [" > @2012", " < @2015-06-01", " = @2013", ".toString()", " + {n} days", " - {n} months", " + {n} years",
           " >= today()", ".lowBoundary()", ".highBoundary()", ".toDate()", ".toDateTime()", ".precision()",
           " ~ @2012-05-29", " + {n} hours", ".yearOf()", ".monthOf()", ".dayOf()", ".hourOf()", ".toString().length()"]
OF_QUANTITY = [".value", ".unit", ".code", " > {n} 'mg'", " = {n} 'kg'", " < 100 'cm'", ".toString()", ".toQuantity()",
               ".value * {n}", " * 2", " + $this", ".comparable(1 'g')", " ~ 1 'g'"]
BETWEEN = [" | ", " = ", " ~ ", " != ", " and ", " or ", " xor ", " implies ", " & ", " in ", " contains "]
CALLS = [".combine({})", ".intersect({})", ".exclude({})", ".subsetOf({})", ".supersetOf({})", ".union({})"]


class Tree:
    """The element paths of one resource, with a sample value and what kind of value it is."""

    def __init__(self, resource, choices):
        self.paths = {}
        self.choices = choices
        self.walk(resource, "")

    def name_of(self, key):
        for stem in self.choices:
            if key.startswith(stem) and key[len(stem):len(stem) + 1].isupper() and key[len(stem):] in self.choices[stem]:
                return stem
        return key

    def walk(self, value, path):
        for key, child in value.items():
            if key.startswith("_") or key in ("resourceType", "contained", "div", "fhir_comments"):
                continue
            name = self.name_of(key)
            name = f"`{name}`" if name in ("div", "contains", "in", "is", "as", "and", "or") else name
            below = f"{path}.{name}" if path else name
            for item in child if isinstance(child, list) else [child]:
                self.paths.setdefault(below, item)
                if isinstance(item, dict) and "resourceType" not in item:
                    self.walk(item, below)

    def kind(self, path):
        value = self.paths[path]
        if isinstance(value, bool):
            return "boolean"
        if isinstance(value, (int, float)):
            return "number"
        if isinstance(value, dict):
            return "quantity" if "value" in value and ("unit" in value or "code" in value) else "object"
        is_date = len(value) >= 4 and value[:4].isdigit() and (len(value) == 4 or value[4] == "-")
        return "date" if is_date else "string"


class Generator:
    def __init__(self, seed, trees):
        self.random = random.Random(seed)
        self.trees = trees

    def literal(self, value):
        if isinstance(value, bool):
            return json.dumps(value)
        if isinstance(value, (int, float)):
            return json.dumps(value)
        if isinstance(value, str):
            cut = value[: self.random.randint(1, 12)]
            return "'" + cut.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r") + "'"
        return "{}"

    def fill(self, template, value):
        if "{s}" in template:
            text = value if isinstance(value, str) else "a"
            start = self.random.randrange(max(1, len(text)))
            template = template.replace("{s}", self.literal(text[start:start + self.random.randint(1, 4)] or "a"))
        while "{n}" in template:
            template = template.replace("{n}", str(self.random.choice([0, 1, 2, 3, 5, 10])), 1)
        return template

    def path(self, tree):
        path = self.random.choice(sorted(tree.paths))
        parts = path.split(".")
        if self.random.random() < 0.25:
            at = self.random.randrange(len(parts))
            parts[at] += f"[{self.random.choice([0, 0, 0, 1, 2])}]"
        return path, ".".join(parts)

    def simple(self, tree):
        """A path with something done to it."""
        path, written = self.path(tree)
        value, kind = tree.paths[path], tree.kind(path)
        own = {"string": OF_STRING, "number": OF_NUMBER, "date": OF_DATE, "quantity": OF_QUANTITY}.get(kind, OF_ANY)
        choice = self.random.random()
        if choice < 0.15:
            return written
        if choice < 0.45:
            return written + self.random.choice(OF_ANY)
        if choice < 0.85:
            if self.random.random() < 0.6 and own is not OF_ANY:
                return f"{written}.first()" + self.fill(self.random.choice(own), value)
            return written + self.fill(self.random.choice(own), value)
        if choice < 0.92:
            return written + self.random.choice([f".ofType({t})" for t in TYPES] + [f".is({t})" for t in TYPES] +
                                                [f".first() is {t}" for t in TYPES])
        return f"{written} = {self.literal(value)}"

    def filtered(self, tree):
        """where(), all(), exists(), select() over the parent of an element."""
        path, _ = self.path(tree)
        parent, _, child = path.rpartition(".")
        value = tree.paths[path]
        criterion = self.random.choice(CRITERIA)
        if parent and not isinstance(value, dict):
            criterion = self.random.choice([f"{child} = {self.literal(value)}", f"{child}.exists()", f"{child} ~ {self.literal(value)}",
                                            f"{child}.empty()", f"{child}.count() = 1", criterion])
        call = self.random.choice(["where", "all", "exists", "select", "where"])
        return f"{parent or child}.{call}({criterion})" + self.random.choice(["", ".count()", f".{child}" if parent and call == "where" else ""])

    def between(self, tree):
        left, right = self.simple(tree), self.simple(tree)
        if self.random.random() < 0.4:
            return f"({left})" + self.random.choice(CALLS).format(right)
        return f"({left}){self.random.choice(BETWEEN)}({right})"

    def nested(self, tree):
        return self.random.choice([
            lambda: f"iif({self.filtered(tree)}.exists(), {self.simple(tree)}, {self.simple(tree)})",
            lambda: f"({self.between(tree)}).count()",
            lambda: f"descendants().where($this is {self.random.choice(TYPES)}).count()",
            lambda: f"({self.simple(tree)} | {self.simple(tree)}).distinct()",
            lambda: f"{self.random.choice(sorted(tree.paths))}.aggregate($total + 1, 0)",
            lambda: f"({self.filtered(tree)}).first()",
            lambda: f"children().where({self.random.choice(CRITERIA)}).count()",
            lambda: f"{self.random.choice(sorted(tree.paths))}.select({self.random.choice(CRITERIA)})",
        ])()

    def __iter__(self):
        names = sorted(self.trees)
        while True:
            name = self.random.choice(names)
            make = self.random.choices([self.simple, self.filtered, self.between, self.nested], [5, 3, 3, 2])[0]
            yield name, make(self.trees[name])
