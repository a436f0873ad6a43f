"""tandem.py - what the black-box tests share: a server on a port of its own, and a plain HTTP client."""
import http.client
import json
import os
import re
import signal
import subprocess
import tempfile
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Literal(str):
    """A JSON number as it was written: 1.00 stays 1.00."""


def parse(text):
    return json.loads(text, parse_float=Literal, parse_int=Literal)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        return self.headers.get(name.lower())

    def tree(self):
        return parse(self.body.decode("utf-8"))


class Client:
    """One connection, opened again when the server has closed it."""

    def __init__(self, base, timeout=60):
        self.base, self.timeout = base, timeout
        parts = urllib.parse.urlsplit(base)
        self.authority, self.prefix = parts.netloc, parts.path
        self.connection = None

    def send(self, method, path, headers=None, body=None):
        if isinstance(body, str):
            body = body.encode("utf-8")
        if path.startswith(self.base):
            path = path[len(self.base):]
        for attempt in (1, 2):
            fresh = self.connection is None
            if fresh:
                self.connection = http.client.HTTPConnection(self.authority, timeout=self.timeout)
            try:
                self.connection.request(method, self.prefix + path, body, headers or {})
                got = self.connection.getresponse()
                data = got.read()
                return Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, data)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.close()
                if fresh or attempt == 2:
                    raise
            except Exception:
                self.close()
                raise

    def json(self, method, path, tree=None, headers=None):
        headers = dict(headers or {})
        body = None
        if tree is not None:
            headers.setdefault("Content-Type", "application/fhir+json")
            body = tree if isinstance(tree, (str, bytes)) else json.dumps(tree)
        return self.send(method, path, headers, body)

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None


class Server:
    """`tandem serve --dev` on a free port of 127.0.0.1, with its database in a folder that goes away."""

    def __init__(self, *options, binary=None, folder=None):
        self.binary = binary or os.environ.get("TANDEM", os.path.join(ROOT, "build/tandem"))
        self.own = None if folder else tempfile.TemporaryDirectory(prefix="tandem-")
        self.folder = folder or self.own.name
        self.options = options
        self.process = None
        self.start()

    def start(self, seconds=20):
        self.log = os.path.join(self.folder, "log")
        command = [self.binary, "serve", "--dev", "--listen", "127.0.0.1:0",
                   "--db", "sqlite:" + os.path.join(self.folder, "tandem.db"), *self.options]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with open(self.log, encoding="utf-8", errors="replace") as log:
                found = re.search(r"http://127\.0\.0\.1:[1-9][0-9]*/fhir", log.read())
            if found:
                self.base = found.group(0)
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        with open(self.log, encoding="utf-8", errors="replace") as log:
            raise SystemExit("the server did not start:\n" + log.read()[-4000:])

    def client(self, **options):
        return Client(self.base, **options)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        code = self.process.returncode
        if code != 0:
            with open(self.log, encoding="utf-8", errors="replace") as log:
                print("the end of the server's log:\n" + log.read()[-6000:], flush=True)
        if self.own:
            self.own.cleanup()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Tally:
    """Counts, names what failed, and closes with the line that every suite here ends with."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def check(self, is_good, claim, why=""):
        if is_good:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {claim}" + (f": {why}" if why else ""), flush=True)
        return is_good

    def skip(self, claim, why):
        self.skipped += 1
        print(f"skipped {claim}: {why}", flush=True)

    def close(self):
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped", flush=True)
        raise SystemExit(1 if self.failed else 0)
