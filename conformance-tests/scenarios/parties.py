"""parties.py - two demo parties on ports of their own, and curl as their clients, for the scenarios."""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.environ.get("TANDEM", os.path.join(ROOT, "build/tandem"))
PKI = os.path.join(ROOT, "server/pki/dev-pki")
JSON = "Content-Type: application/fhir+json"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Answer:
    """What curl printed: status 0 when there was no HTTP answer (then `error` says why)."""

    def __init__(self, status, headers, body, error):
        self.status, self.headers, self.body, self.error = status, headers, body, error

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            return {}

    def keys(self):
        return [c["code"] for i in self.json().get("issue", []) for c in i.get("details", {}).get("coding", [])]

    def brief(self):
        return f"{self.status} {self.error} {self.body[:600]}"


class World:
    """A folder with a PKI and the configuration of both parties."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="tandem-scenario-")
        self.pki_folder = os.path.join(self.folder, "pki")
        self.ports = {"mltc": free_port(), "health-home": free_port()}
        self.processes = {}
        self.pki("mltc", "health-home", "state", "ehr")
        self.passed = self.failed = self.skipped = 0

    def pki(self, *arguments):
        subprocess.run([PKI, self.pki_folder, *arguments], check=True, stdout=subprocess.DEVNULL)

    def configure(self, name, **keys):
        peer = "health-home" if name == "mltc" else "mltc"
        subprocess.run([os.path.join(ROOT, "server/demo/party"), self.folder, name, str(self.ports[name]), peer,
                        str(self.ports[peer]), *[f"{k.replace('_', '-')}={v}" for k, v in keys.items()]], check=True)

    def base(self, name):
        return f"https://localhost:{self.ports[name]}/fhir"

    def log(self, name):
        with open(os.path.join(self.folder, name + ".log"), encoding="utf-8", errors="replace") as log:
            return log.read()

    def start(self, name):
        log = open(os.path.join(self.folder, name + ".log"), "ab")
        self.processes[name] = subprocess.Popen([BINARY, "serve", "--config", os.path.join(self.folder, name + ".ini")],
                                                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        for _ in range(400):
            if self.curl(None, "GET", self.base(name) + "/metadata", extra=["-o", os.devnull]).status == 200:
                return
            if self.processes[name].poll() is not None:
                break
            time.sleep(0.05)
        print(self.log(name)[-4000:])
        sys.exit(f"{name} did not start")

    def stop(self, name, how=signal.SIGTERM):
        process = self.processes.pop(name)
        process.send_signal(how)
        process.wait(30)
        return process.returncode

    def reload(self, name):
        self.processes[name].send_signal(signal.SIGHUP)
        time.sleep(0.5)

    def curl(self, client, method, url, body=None, headers=(), extra=()):
        """One exchange by curl; client: a folder of the PKI, or None for no certificate."""
        command = ["curl", "-sS", "--max-time", "30", "-X", method, "--cacert", os.path.join(self.pki_folder, "ca.pem"),
                   "-D", "-", "-g", url]
        if method == "HEAD":
            command[command.index("-X"):command.index("-X") + 2] = ["-I"]
        if client:
            command += ["--cert", f"{self.pki_folder}/{client}/client.pem", "--key", f"{self.pki_folder}/{client}/client.key"]
        for header in headers:
            command += ["-H", header]
        if body is not None:
            text = body if isinstance(body, str) else json.dumps(body)
            command += ["-H", JSON, "-H", "Expect:", "--data-binary", "@-"]
        else:
            text = ""
        done = subprocess.run(command + list(extra), input=text.encode(), capture_output=True, check=False)
        output = done.stdout.decode("utf-8", "replace")
        head, _, rest = output.partition("\r\n\r\n")
        found = re.match(r"HTTP/\S+ (\d+)", head)
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        return Answer(int(found.group(1)) if found else 0, {k.lower(): v for k, v in fields.items()}, rest,
                      done.stderr.decode("utf-8", "replace").strip())

    def call(self, client, method, party, path, body=None, headers=(), extra=()):
        return self.curl(client, method, self.base(party) + path, body, headers, extra)

    def check(self, is_good, claim, why=""):
        if is_good:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {claim}: {str(why)[:1200]}", flush=True)
        return bool(is_good)

    def expect(self, answer, status, claim, key=None):
        is_good = answer.status == status and (key is None or key in answer.keys())
        return self.check(is_good, claim, f"wanted {status} {key or ''}, got {answer.brief()}")

    def wait(self, claim, test, seconds=30):
        """Polls until test() is true; the claim fails when it never is."""
        until = time.monotonic() + seconds
        value = test()
        while not value and time.monotonic() < until:
            time.sleep(0.1)
            value = test()
        self.check(value, claim, "it did not happen in time")
        return value

    def close(self):
        for name in list(self.processes):
            code = self.stop(name)
            self.check(code == 0, f"{name} ends in order", f"exit {code}\n{self.log(name)[-3000:]}")
        if self.failed:
            print(f"logs are kept in {self.folder}")
        else:
            shutil.rmtree(self.folder)
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped", flush=True)
        sys.exit(1 if self.failed else 0)
