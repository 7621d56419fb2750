"""What the tests of the Python client share: the client, the real server, and bad networks between the two.

ANTEROOM_SERVER is the path of the server's executable.
"""

import contextlib
import faulthandler
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "clients" / "python"))

import anteroom  # noqa: E402

anteroom.FIRST_PAUSE, anteroom.MAX_PAUSE = 0.005, 0.05  # s: the pauses of retries are shorter
CUTS = 2 * [0, 50, 200, 400, 800, 1600] + [12_000]  # bytes of responses that bad connections carry; the last carries any
LIMIT = 240.0  # s for all tests of a process
PATIENCE = 15.0  # s for something that should come soon


def until(what, question, seconds=PATIENCE):
    """Asks again and again, until the answer is true."""
    end = time.monotonic() + seconds
    while not (answer := question()):
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.01)
    return answer


_running = set()  # processes


def _give_up():
    faulthandler.dump_traceback()
    for process in _running:
        process.kill()
    os._exit(1)


_watchdog = threading.Timer(LIMIT, _give_up)
_watchdog.daemon = True
_watchdog.start()


def for_module(context):
    """Enters a context until the tests of the module are over."""
    unittest.addModuleCleanup(context.__exit__, None, None, None)
    return context.__enter__()


class Server:
    """The real server."""

    def __init__(self, *flags, listen="127.0.0.1:0"):
        executable = os.environ.get("ANTEROOM_SERVER")
        if not executable:
            raise RuntimeError("set ANTEROOM_SERVER to the path of the anteroom executable")
        self._process = subprocess.Popen(
            [executable, "--listen", listen, "--log-level", "error", *flags], stdout=subprocess.PIPE, text=True
        )
        _running.add(self._process)
        line = self._process.stdout.readline()
        if "listening on " not in line:
            raise RuntimeError(f"the server did not start: {line}")
        self.url = line.split("listening on ")[1].strip().rstrip("/")
        self.listen = listen if listen.startswith("unix:") else self.url.rpartition("/")[2]
        self.port = 0 if listen.startswith("unix:") else int(self.url.rpartition(":")[2])
        self._client = anteroom.Client(listen if listen.startswith("unix:") else self.url)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._client.close()
        if self._process.poll() is None:
            self.end(signal.SIGTERM)
        _running.discard(self._process)
        self._process.stdout.close()

    def end(self, signal_number):
        self._process.send_signal(signal_number)
        return self._process.wait(PATIENCE)

    def kill(self):
        self.end(signal.SIGKILL)

    def subscribers(self, room):
        return self._client.presence(room)["subscribers"]

    def wait_for_subscribers(self, room, count):
        """Returns when as many polls wait in the room."""
        until(f"{count} subscribers in {room}", lambda: self.subscribers(room) == count)


class _Listener:
    """Accepts connections, and serves each in a thread of its own."""

    def __init__(self):
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.accepted = 0
        self._open = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._open.add(connection)
            self.accepted += 1
            threading.Thread(target=self._serve_quietly, args=(connection, self.accepted - 1), daemon=True).start()

    def _serve_quietly(self, connection, number):
        with contextlib.suppress(OSError), connection:
            self._serve(connection, number)
        self._open.discard(connection)

    def _serve(self, connection, number):
        raise NotImplementedError

    def cut(self):
        """Cuts all connections."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()


class Network(_Listener):
    """Carries connections to a server; cuts each after plan(its number) bytes of responses, unless that is None."""

    def __init__(self, port, plan=lambda number: None, tls=None):
        self.target, self.plan, self._tls = port, plan, tls
        super().__init__()

    def _serve(self, connection, number):
        left = self.plan(number)
        if self._tls:
            connection = self._tls.wrap_socket(connection, server_side=True)
        with connection, socket.create_connection(("127.0.0.1", self.target)) as server:
            threading.Thread(target=self._carry_requests, args=(connection, server), daemon=True).start()
            while left != 0 and (data := server.recv(65536 if left is None else min(left, 65536))):
                connection.sendall(data)
                left = None if left is None else left - len(data)
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _carry_requests(connection, server):
        with contextlib.suppress(OSError):
            while data := connection.recv(65536):
                server.sendall(data)
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)


class Script(_Listener):
    """Answers each request with the next of `responses`: bytes, Last, None (it hangs up), "wait" (it never answers)."""

    def __init__(self, *responses):
        self._responses = list(responses)
        self.requests = []  # (target, header fields by name in lower case, body)
        self.times = []
        self.hung_up = threading.Event()  # a client has, while it was waiting for an answer
        super().__init__()

    def _serve(self, connection, number):
        stream = connection.makefile("rb")
        while line := stream.readline():
            fields = {}
            while (field := stream.readline().strip()):
                name, _, value = field.decode().partition(": ")
                fields[name.lower()] = value
            body = stream.read(int(fields.get("content-length", 0)))
            self.times.append(time.monotonic())
            self.requests.append((line.decode().split()[1], fields, body))
            response = self._responses.pop(0) if self._responses else "wait"
            if response == "wait":
                stream.read(1)
                self.hung_up.set()
                return
            if response is not None:
                connection.sendall(response)
            if response is None or isinstance(response, Last) or fields.get("connection", "").lower() == "close":
                connection.shutdown(socket.SHUT_RDWR)
                return


class Last(bytes):
    """A response with which the connection ends."""


def response(status, body, *fields):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *fields, "", body]
    return "\r\n".join(lines).encode()
