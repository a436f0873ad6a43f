"""fhirpath_run - what the FHIRPath suites share: running tandem, comparing values, known differences, the tally."""
import collections
import concurrent.futures
import decimal
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
SUITES = pathlib.Path(os.environ.get("TANDEM_SUITES", HERE / "../../../shared/suites"))
TANDEM = os.environ.get("TANDEM", str(HERE / "../../build/tandem"))
SECONDS = 60

Case = collections.namedtuple("Case", "name expression run")


class Crash(Exception):
    """The program ended by a signal, a sanitizer or not at all."""


def evaluate(expression, path, *options):
    """The results as (type, text) and ''; or None and the error."""
    command = [TANDEM, "fhirpath", "--types", "--null", *options, "--", expression, *([str(path)] if path else [])]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Crash(f"no answer after {SECONDS} s") from error
    message = done.stderr.decode(errors="replace").strip()
    if done.returncode not in (0, 1):
        raise Crash(f"ended with {done.returncode}: {message}")
    if done.returncode == 1:
        return None, message
    return [tuple(item.split("\t", 1)) for item in done.stdout.decode().split("\0") if item], ""


def same_text(wanted, got):
    """Equal, or the same number."""
    if wanted == got:
        return True
    try:
        return decimal.Decimal(wanted) == decimal.Decimal(got)
    except decimal.InvalidOperation:
        return False


def read_known(path):
    """Lines `name: reason`, # comments. A name holds no ': '."""
    lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))


def run_cases(cases, known, is_verbose, is_report=False):
    """Runs all; prints those that fail, and the last line. True when none failed."""
    counts = collections.Counter(passed=0, failed=0, skipped=0)
    differing = {}

    def judge(case):
        try:
            return case.run()
        except Crash as crash:
            return f"CRASH: {crash}"

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for case, fault in zip(cases, pool.map(judge, cases)):
            is_known = bool(fault) and (is_report or case.name in known) and not fault.startswith("CRASH")
            counts["skipped" if is_known else "failed" if fault else "passed"] += 1
            if is_known:
                differing[case.name] = known.get(case.name, "reported only")
            if fault and (is_verbose or is_report or not is_known):
                print(f"{'known' if is_known else 'FAILED'} {case.name}: {' '.join(case.expression.split())}\n       {fault}")
    for name, reason in differing.items():
        print(f"known difference {name}: {reason}")
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    return counts["failed"] == 0
