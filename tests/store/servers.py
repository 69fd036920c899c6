#!/usr/bin/env python3
"""Starts MongoDB servers for the tests, runs a command with their addresses in its environment,
stops them. Standard library only.

    servers.py --build-dir build/debug [--only KIND,...] [--as NAME=KIND] [--] COMMAND...

Kinds, each in its own temporary folder and on its own free port:
    standalone  no replica set, so no transactions
    replset     a replica set of one
    scram       a replica set of one that wants a user and password
    tls         a replica set of one behind TLS, with a certificate made for this run
    lesser      refuses validators, collMod and transactions (servers_lesser.py)
    strict      a replica set of one that refuses writes without majority and journal
    crash       not started: the command starts and kills it, on a port and folder kept for it
    crash_sync  the same, and the server syncs every commit: SecantusDB does not heed `j` in
                commitTransaction

For kind K the command finds STRATTIO_TEST_MONGO_K, an address without a database
("mongodb://.../?..."); for scram also _SCRAM_WRONG (a wrong password), for tls _TLS_UNKNOWN
(another authority), for crash _CRASH_COMMAND and for crash_sync _CRASH_SYNC_COMMAND (for `sh -c
"exec ..."`). --as gives a kind's address one more name. All but lesser and strict allow
configureFailPoint.

The server is, in this order: the one at STRATTIO_TEST_MONGODB_URI, whatever it is, for a kind
standalone or replset named by --as (tests that use --as ask nothing of it but databases of their
own); `mongod` on PATH; SecantusDB in a virtual environment under the build folder. With none of
them the exit status is 77 (skipped), but in CI (CI=true) it is 1.
"""

import argparse
import ctypes
import fcntl
import hashlib
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.dont_write_bytecode = True
import servers_wire as wire  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
REQUIREMENTS = os.path.join(HERE, "secantus-requirements.txt")
KINDS = ("standalone", "replset", "scram", "tls", "lesser", "strict", "crash", "crash_sync")
USER, PASSWORD = "strattio", "p@ss:word/1"
READY_S = 30
FAILED_FOR_S = 600  # how long a failed installation is not tried again
SKIPPED = 77


class Unavailable(Exception):
    """No server can be had on this machine."""


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


# --- which server --------------------------------------------------------------------------------


def find_python():
    """CPython 3.11 to 3.13: what the pinned packages are built for."""
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return sys.executable
    for name in ("python3.13", "python3.12", "python3.11"):
        if path := shutil.which(name):
            return path
    raise Unavailable("SecantusDB needs Python 3.11, 3.12 or 3.13; none is installed")


def install_secantus(venv):
    log = venv + ".log"
    pip = [os.path.join(venv, "bin", "pip"), "install", "--quiet", "--disable-pip-version-check",
           "--retries", "1", "--timeout", "15", "--only-binary", ":all:", "--require-hashes",
           "--requirement", REQUIREMENTS]
    shutil.rmtree(venv, ignore_errors=True)
    print("tests: installing the MongoDB test server ...", file=sys.stderr)
    with open(log, "wb") as out:
        for step in ([find_python(), "-m", "venv", venv], pip):
            if subprocess.run(step, stdout=out, stderr=out, stdin=subprocess.DEVNULL).returncode:
                raise Unavailable(f"SecantusDB could not be installed (needs the network and the "
                                  f"package python3-venv; see {log})")


def secantus(build_dir):
    """The path of the SecantusDB daemon, installed on first use; safe to call side by side."""
    with open(REQUIREMENTS, "rb") as file:
        name = "secantus-" + hashlib.sha256(file.read()).hexdigest()[:12]
    venv = os.path.join(os.path.abspath(build_dir), name)
    ready, failed = venv + ".ready", venv + ".failed"
    os.makedirs(build_dir, exist_ok=True)
    with open(venv + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(ready):
            if os.path.exists(failed) and time.time() - os.path.getmtime(failed) < FAILED_FOR_S:
                raise Unavailable(f"SecantusDB could not be installed a while ago; see {venv}.log")
            try:
                install_secantus(venv)
            except Unavailable:
                open(failed, "w").close()
                raise
            open(ready, "w").close()
    return os.path.join(venv, "bin", "secantusd-py")


class Mongod:
    set_name = "strattio"

    def __init__(self, path):
        self.path = path

    def command(self, port, folder, kind, auth, tls):
        args = [self.path, "--bind_ip", "127.0.0.1", "--port", str(port), "--dbpath", folder,
                "--unixSocketPrefix", folder, "--quiet", "--setParameter", "enableTestCommands=1"]
        if kind not in ("standalone", "lesser"):
            args += ["--replSet", self.set_name]
        if auth:
            keyfile = os.path.join(folder, "keyfile")
            if not os.path.exists(keyfile):
                with open(os.open(keyfile, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
                    file.write(hashlib.sha256(os.urandom(32)).hexdigest())
            args += ["--auth", "--keyFile", keyfile]
        if tls:
            args += ["--tlsMode", "requireTLS", "--tlsCertificateKeyFile", tls["pem"],
                     "--tlsCAFile", tls["ca"], "--tlsAllowConnectionsWithoutCertificates"]
        return args

    def after_first_start(self, client, port, kind):
        if kind in ("standalone", "lesser"):
            return
        members = [{"_id": 0, "host": f"127.0.0.1:{port}"}]
        client.command("admin", {"replSetInitiate": {"_id": self.set_name, "members": members}})


class Secantus:
    set_name = "secantus"

    def __init__(self, path):
        self.path = path

    def command(self, port, folder, kind, auth, tls):
        args = [self.path, "--host", "127.0.0.1", "--port", str(port), "--storage-path", folder,
                "--log-level", "WARNING", "--enable-test-commands", "--cache-size", "64M"]
        if kind in ("standalone", "lesser"):
            args.append("--standalone")
        if kind == "crash_sync":
            args.append("--sync-on-commit")
        if auth:
            args.append("--auth")
        if tls:
            args += ["--tls-cert-file", tls["cert"], "--tls-key-file", tls["key"]]
        return args

    def after_first_start(self, client, port, kind):
        pass


def find_server(build_dir):
    if path := shutil.which("mongod"):
        return Mongod(path)
    return Secantus(secantus(build_dir))


# --- certificates --------------------------------------------------------------------------------


NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def openssl(folder, *args):
    done = subprocess.run(["openssl", *args], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"openssl {args[0]}: {done.stderr.strip()}")


def make_authority(folder, name):
    openssl(folder, "req", "-x509", *NEW_KEY, "-keyout", f"{name}.key", "-out", f"{name}.pem",
            "-days", "2", "-subj", f"/CN={name}",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    return os.path.join(folder, f"{name}.pem")


def make_certificates(folder):
    ca, unknown = make_authority(folder, "authority"), make_authority(folder, "stranger")
    openssl(folder, "req", *NEW_KEY, "-keyout", "server.key", "-out", "server.csr",
            "-subj", "/CN=127.0.0.1")
    with open(os.path.join(folder, "names"), "w") as file:
        file.write("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    openssl(folder, "x509", "-req", "-in", "server.csr", "-CA", ca, "-CAkey", "authority.key",
            "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "server.crt")
    cert, key, pem = (os.path.join(folder, f"server.{end}") for end in ("crt", "key", "pem"))
    with open(pem, "w") as out:
        for part in (cert, key):
            with open(part) as file:
                out.write(file.read())
    return {"ca": ca, "unknown": unknown, "cert": cert, "key": key, "pem": pem}


# --- starting and stopping -----------------------------------------------------------------------


class Port:
    """A free port, kept ours by a socket that is bound but does not listen, so that the server can
    take it and nobody who asks for any port is given it."""

    def __init__(self):
        self.sock = socket.socket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.bind(("127.0.0.1", 0))
        self.number = self.sock.getsockname()[1]


def spawn(args, folder):
    with open(os.path.join(folder, "server.log"), "ab") as log:
        return subprocess.Popen(args, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder,
                                start_new_session=True, preexec_fn=die_with_parent)


def tail(folder):
    with open(os.path.join(folder, "server.log"), errors="replace") as log:
        return " | ".join(log.read().splitlines()[-3:])


def wait_ready(process, port, folder, cafile=None, primary=False):
    """A client, once the server says hello (and calls itself primary)."""
    end = time.monotonic() + READY_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the test server ended at once: {tail(folder)}")
        client = None
        try:
            client = wire.Client(port, cafile)
            if client.command("admin", {"hello": 1}).get("isWritablePrimary") or not primary:
                return client
        except (OSError, RuntimeError):
            pass
        if client:
            client.close()
        time.sleep(0.02)
    raise RuntimeError(f"the test server was not ready after {READY_S} s: {tail(folder)}")


def stop(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Servers:
    def __init__(self, build_dir):
        self.build_dir = build_dir
        self.root = tempfile.mkdtemp(prefix="strattio-mongo-")
        self.server = None
        self.processes = []
        self.ports = []
        self.env = {}

    def close(self):
        for process in reversed(self.processes):
            stop(process)
        shutil.rmtree(self.root, ignore_errors=True)

    def add(self, kind, renamed):
        name = f"STRATTIO_TEST_MONGO_{kind.upper()}"
        given = os.environ.get("STRATTIO_TEST_MONGODB_URI")
        if given and renamed and kind in ("standalone", "replset"):
            self.env[name] = given
            return
        if not self.server:
            self.server = find_server(self.build_dir)
        folder = os.path.join(self.root, kind)
        os.mkdir(folder)
        self.env.update({name + end: value for end, value in self.start(kind, folder).items()})

    def start(self, kind, folder):
        """What to export for this kind, by the end of the variable's name."""
        if kind in ("crash", "crash_sync"):
            return self.prepare_crash(kind, folder)
        if kind == "scram":
            return self.start_scram(folder)
        if kind == "tls":
            return self.start_tls(folder)
        port = self.launch(kind, folder)
        if kind == "standalone":
            return {"": f"mongodb://127.0.0.1:{port}/"}
        if kind == "replset":
            return {"": f"mongodb://127.0.0.1:{port}/?replicaSet={self.server.set_name}"}
        command = [sys.executable, os.path.join(HERE, "servers_lesser.py"), str(port), kind]
        relay = subprocess.Popen(command, stdout=subprocess.PIPE, text=True,
                                 start_new_session=True, preexec_fn=die_with_parent)
        self.processes.append(relay)
        return {"": f"mongodb://127.0.0.1:{int(relay.stdout.readline())}/?directConnection=true"}

    def new_port(self):
        self.ports.append(Port())
        return self.ports[-1].number

    def launch(self, kind, folder, auth=False, tls=None, first=True, port=None):
        port = port or self.new_port()
        command = self.server.command(port, folder, kind, auth, tls)
        process = spawn(command, folder)
        self.processes.append(process)
        cafile = tls["ca"] if tls else None
        client = wait_ready(process, port, folder, cafile)
        if first:
            self.server.after_first_start(client, port, kind)
            wait_ready(process, port, folder, cafile, primary=True).close()
        client.close()
        return port

    def start_scram(self, folder):
        """The user is made before the server asks for one, and the server started again."""
        port = self.launch("scram", folder)
        client = wire.Client(port)
        roles = [{"role": "readWriteAnyDatabase", "db": "admin"}]
        client.command("admin", {"createUser": USER, "pwd": PASSWORD, "roles": roles})
        client.close()
        stop(self.processes.pop())
        self.launch("scram", folder, auth=True, first=False, port=port)
        rest = f"127.0.0.1:{port}/?authSource=admin&replicaSet={self.server.set_name}"
        right, wrong = (urllib.parse.quote(word, safe="") for word in (PASSWORD, "n0t-" + PASSWORD))
        return {"": f"mongodb://{USER}:{right}@{rest}",
                "_WRONG": f"mongodb://{USER}:{wrong}@{rest}"}

    def start_tls(self, folder):
        tls = make_certificates(folder)
        data = os.path.join(folder, "data")
        os.mkdir(data)
        port = self.launch("tls", data, tls=tls)
        base = f"mongodb://127.0.0.1:{port}/?tls=true&replicaSet={self.server.set_name}&tlsCAFile="
        known, unknown = (urllib.parse.quote(tls[name], safe="") for name in ("ca", "unknown"))
        return {"": base + known, "_UNKNOWN": base + unknown}

    def prepare_crash(self, kind, folder):
        """Started once, since a mongod wants its set made, then left to the command."""
        port = self.launch(kind, folder)
        stop(self.processes.pop())
        command = shlex.join(self.server.command(port, folder, kind, False, None))
        log = shlex.quote(os.path.join(folder, "server.log"))
        return {"": f"mongodb://127.0.0.1:{port}/?replicaSet={self.server.set_name}",
                "_COMMAND": f"{command} >>{log} 2>&1"}


def run(command, env):
    process = subprocess.Popen(command, env={**os.environ, **env}, preexec_fn=die_with_parent)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda which, frame: process.send_signal(which))
    status = process.wait()
    return 128 - status if status < 0 else status


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build-dir", required=True)
    parser.add_argument("--only", default=",".join(KINDS))
    parser.add_argument("--as", dest="names", action="append", default=[])
    parser.add_argument("command", nargs=argparse.REMAINDER)
    args = parser.parse_args()
    args.command = [word for i, word in enumerate(args.command) if i or word != "--"]
    args.only = args.only.split(",")
    args.names = [name.split("=", 1) for name in args.names]
    for kind in args.only + [kind for _, kind in args.names]:
        if kind not in KINDS:
            parser.error(f"no such kind: {kind} (there are {', '.join(KINDS)})")
    if not args.command:
        parser.error("no command to run")
    return args


def main():
    args = arguments()
    in_ci = os.environ.get("CI", "").lower() not in ("", "0", "false")

    def leave(which, frame):
        raise SystemExit(128 + which)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    servers = Servers(args.build_dir)
    try:
        for kind in args.only:
            servers.add(kind, kind in [which for _, which in args.names])
        for name, kind in args.names:
            servers.env[name] = servers.env[f"STRATTIO_TEST_MONGO_{kind.upper()}"]
        return run(args.command, servers.env)
    except Unavailable as why:
        print(f"servers.py: no MongoDB server for the tests: {why}", file=sys.stderr)
        return 1 if in_ci else SKIPPED
    finally:
        servers.close()


if __name__ == "__main__":
    sys.exit(main())
