"""The programs of docs/clients.md, as they stand there, against a server that is killed and connections that are cut.

A language whose tools are not there is skipped.
"""

import os
import pathlib
import queue
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from harness import PATIENCE, ROOT, Network, Script, Server, anteroom, response

PAGES = [ROOT / "docs" / "clients.md", ROOT / "clients" / "python" / "README.md"]
RETRIES = 60.0  # s for what comes after pauses that are as long as the programs make them


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


class Program:
    """A program that prints a line for each message and gap."""

    def __init__(self, command):
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, encoding="utf-8")
        self._lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def lines(self, count, seconds=PATIENCE):
        end = time.monotonic() + seconds
        return [self._lines.get(timeout=max(0.0, end - time.monotonic())) for _ in range(count)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        self._process.stderr.close()

    def end(self):
        """Its exit code, and what it complained about."""
        code = self._process.wait(PATIENCE)
        return code, self._process.stderr.read()


class Example:
    """What every program has to do."""

    language = tool = ""
    block = 0

    @classmethod
    def setUpClass(cls):
        path = shutil.which(cls.tool)
        if not path:
            raise unittest.SkipTest(f"{cls.tool} is not there")
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        source = pathlib.Path(cls.folder.name, f"follow.{cls.language}")
        source.write_text(blocks(PAGES[0], cls.language)[cls.block], encoding="utf-8")
        cls.command = cls.prepare(path, str(source))

    @classmethod
    def prepare(cls, tool, source):
        return [tool, source]

    def follow(self, url, cursor="0"):
        return Program([*self.command, f"{url}/room/a", cursor])

    def test_nothing_is_lost_or_repeated(self):
        with Server("--history-messages", "5") as first, Network(first.port) as network:
            client = anteroom.Client(first.url)
            self.addCleanup(client.close)
            ids = client.publish_batch("a", ["1", "zwölf 😀", "3"]).ids
            with self.follow(network.url, ids[0]) as resumed:
                self.assertEqual(resumed.lines(2), ["zwölf 😀", "3"])
            with self.follow(network.url) as program:
                self.assertEqual(program.lines(3), ["1", "zwölf 😀", "3"])
                first.wait_for_subscribers("a", 1)
                client.publish("a", "4")
                self.assertEqual(program.lines(1), ["4"])

                # More is published than the room keeps while the network is away. Then responses are cut: in the head,
                # just after it, in the body.
                first.wait_for_subscribers("a", 1)
                network.plan = lambda number: 0
                network.cut()
                first.wait_for_subscribers("a", 0)
                client.publish_batch("a", [str(number) for number in range(5, 25)])
                head = self.raw_response(first, f"/room/a/subscribe?after={ids[0]}").index(b"\r\n\r\n") + 4
                cuts = iter([60, head, head + 100])
                network.plan = lambda number: next(cuts, None)
                lines = program.lines(6, RETRIES)
                self.assertEqual([line.strip() for line in lines], ["gap: evicted 15", "20", "21", "22", "23", "24"])

                first.wait_for_subscribers("a", 1)
                first.kill()
                with Server(listen=first.listen) as second:
                    client.publish("a", "again")
                    gap, message = program.lines(2, RETRIES)
                    self.assertTrue(gap.startswith("gap: restarted"), gap)
                    self.assertEqual(message, "again")
                    second.wait_for_subscribers("a", 1)
                    self.assertEqual(second.end(15), 0)
                with Server(listen=first.listen):
                    client.publish("a", "after a shutdown")
                    self.assertEqual(program.lines(2, RETRIES)[1], "after a shutdown")

    @staticmethod
    def raw_response(server, target):
        with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
            fields = "Host: localhost\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
            connection.sendall(f"GET {target} HTTP/1.1\r\n{fields}".encode())
            return connection.makefile("rb").read()

    def test_pauses_and_errors(self):
        busy = response("429 Too Many Requests", '{"detail":"later"}', "Retry-After: 2")
        poll = response("200 OK", '{"messages":[{"id":"e-1","time":1,"data":"hi"}],"next":"e-1"}')
        with Script(busy, busy, poll) as script, self.follow(script.url) as program:
            self.assertEqual(program.lines(1, RETRIES), ["hi"])
            self.assertGreaterEqual(script.times[1] - script.times[0], 1.9)
            self.assertGreaterEqual(script.times[2] - script.times[1], 1.9)
            self.assertTrue(all("after=0" in target for target, _, _ in script.requests[:3]))
        with Server() as server, self.follow(server.url, "nonsense") as program:
            code, complaint = program.end()
            self.assertNotEqual(code, 0)
            self.assertIn("must be a cursor", complaint)


class Go(Example, unittest.TestCase):
    language, tool = "go", os.environ.get("GO", "go")

    @classmethod
    def prepare(cls, tool, source):
        program = os.path.join(cls.folder.name, "follow")
        subprocess.run([tool, "build", "-o", program, source], cwd=cls.folder.name, check=True)
        return [program]


class Ruby(Example, unittest.TestCase):
    language, tool = "ruby", os.environ.get("RUBY", "ruby")


class PHP(Example, unittest.TestCase):
    language, tool = "php", os.environ.get("PHP", "php")


class Shell(Example, unittest.TestCase):
    language, tool, block = "sh", "sh", 1

    @classmethod
    def prepare(cls, tool, source):
        for program in "curl", "jq":
            if not shutil.which(program):
                raise unittest.SkipTest(f"{program} is not there")
        return [tool, source]

    def test_publishing_with_curl(self):
        with Server() as server, anteroom.Client(server.url).subscribe("a") as events:
            command = ["sh", "-c", blocks(PAGES[0], "sh")[0], "sh", f"{server.url}/room/a"]
            subprocess.run(command, check=True, capture_output=True)
            self.assertEqual(next(events).data, "dinner is ready")


class Python(unittest.TestCase):
    def test_the_programs_of_the_pages(self):
        shown = [(page, block) for page in PAGES for block in blocks(page, "python") if "as_=" in block]
        self.assertEqual(len(shown), 2)
        for page, block in shown:
            with self.subTest(page.name), Server() as server:
                block = block.replace("http://127.0.0.1:8080", server.url)
                self.assertIn(server.url, block)
                path = str(ROOT / "clients" / "python")
                program = f"import sys; sys.path.insert(0, {path!r})\nsave = print\n{block}"
                with Program([sys.executable, "-u", "-B", "-c", program]) as running:
                    self.assertIn("ann dinner is ready", running.lines(1)[0])


if __name__ == "__main__":
    unittest.main()
