"""HTTP as servers and proxies speak it, the addresses of servers, and TLS."""

import contextlib
import email.utils
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

from harness import Last, Network, Script, Server, anteroom, response

RECEIPT = '{"id":"e-1","time":1,"subscribers":0}'
POLL = '{"messages":[{"id":"e-1","time":1,"data":"hi"}],"next":"e-1"}'


@contextlib.contextmanager
def client_of(*responses, path=""):
    with Script(*responses) as script, contextlib.closing(anteroom.Client(script.url + path)) as client:
        yield client, script


class Responses(unittest.TestCase):
    def test_forms_of_a_response(self):
        chunks = f"4;x=y\r\n{RECEIPT[:4]}\r\n{len(RECEIPT) - 4:X}\r\n{RECEIPT[4:]}\r\n0\r\nTrailer: 1\r\n\r\n"
        for name, raw in {
            "interim responses": "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
            + response("201 Created", RECEIPT).decode(),
            "chunks": f"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}",
            "no reason, odd case, no blanks": f"HTTP/1.1 201\r\ncontent-LENGTH:{len(RECEIPT)}\r\n\r\n{RECEIPT}",
            "line feeds alone": f"HTTP/1.1 201 Created\nContent-Length: {len(RECEIPT)}\n\n{RECEIPT}",
        }.items():
            after = response("200 OK", '{"present":[],"subscribers":0}')
            with self.subTest(name), client_of(raw.encode(), after) as (client, script):
                self.assertEqual(client.publish("a", "b").id, "e-1")
                client.presence("a")  # on the same connection
                self.assertEqual(script.accepted, 1)

    def test_a_response_that_ends_with_its_connection(self):
        for head in ("HTTP/1.1 201 Created\r\n", "HTTP/1.0 201 Created\r\nServer: old\r\n"):
            last = Last(f"{head}\r\n{RECEIPT}".encode())
            with client_of(last, response("201 Created", RECEIPT)) as (client, script):
                self.assertEqual(client.publish("a", "b").id, "e-1")
                client.publish("a", "b")
                self.assertEqual(script.accepted, 2)

    def test_what_is_not_from_an_anteroom_server_is_asked_for_again(self):
        for wrong in (
            response("200 OK", "<html>log in</html>"),
            response("200 OK", '["json"]'),
            response("200 OK", '{"messages":[{}],"next":"e-1"}'),
            response("200 OK", '{"messages":[],"next":7}'),
            response("200 OK", '{"messages":[],"next":"b@e-1"}'),
            response("502 Bad Gateway", "<html>"),
            response("204 No Content", ""),
            b"SSH-2.0-OpenSSH\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n",
        ):
            with self.subTest(wrong), client_of(wrong, response("200 OK", POLL)) as (client, _):
                with self.assertLogs("anteroom"), client.subscribe("a", after="0") as events:
                    self.assertEqual(next(events).data, "hi")

    def test_errors_say_what_the_server_says(self):
        problem = response("403 Forbidden", '{"status":403,"title":"Forbidden","detail":"not you"}')
        for raw, expected in [
            (problem, ("not you", 403, "Forbidden", True, False)),
            (response("404 Nowhere", "a page"), ("404 Nowhere", 404, "Nowhere", True, False)),
            (response("301 Moved", "", "Location: https://a/"), ("301 Moved", 301, "Moved", True, False)),
        ]:
            with client_of(raw, raw) as (client, _), contextlib.closing(client.subscribe("a", after="0")) as events:
                for call in (lambda: client.publish("a", "b"), events.next):
                    with self.assertRaises(anteroom.AnteroomError) as caught:
                        call()
                    error = caught.exception
                    self.assertIn(expected[0], error.detail)
                    self.assertEqual((error.status, error.title, error.lasting, error.uncertain), expected[1:])

    def test_retry_after_is_honoured(self):
        busy = response("429 Too Many Requests", "", "Retry-After: 1")
        draining = response("200 OK", '{"messages":[],"next":"e-0","draining":true}', "Retry-After: 1")
        with client_of(busy, response("201 Created", RECEIPT)) as (client, script), self.assertLogs("anteroom"):
            client.publish("a", "b")
            self.assertGreaterEqual(script.times[1] - script.times[0], 1)
            self.assertEqual(script.requests[0], script.requests[1])  # with the same key
        with client_of(busy, draining, response("200 OK", POLL)) as (client, script), self.assertLogs("anteroom"):
            with client.subscribe("a", after="0") as events:
                next(events)
            self.assertGreaterEqual(script.times[1] - script.times[0], 1)
            self.assertGreaterEqual(script.times[2] - script.times[1], 1)
        with client_of(response("503 Away", "", "Retry-After: 3600")) as (client, script):
            with self.assertRaises(anteroom.AnteroomError) as caught:
                client.publish("a", "b")  # does not wait for longer than its timeout
            self.assertEqual((caught.exception.retry_after, caught.exception.lasting), (3600, False))

    def test_retry_after_may_be_a_date(self):
        soon = email.utils.formatdate(time.time() + 100, usegmt=True)
        self.assertAlmostEqual(anteroom._retry_after(soon), 100, delta=2)
        past = email.utils.formatdate(time.time() - 100, usegmt=True)
        expected = {past: 0, "0": 0, "17": 17, "9" * 30: 1e6, "": None, "soon": None, "-1": None, "1.5": None}
        self.assertEqual({value: anteroom._retry_after(value) for value in expected}, expected)

    def test_pauses_are_full_jitter_under_a_bound_that_doubles(self):
        old = anteroom.FIRST_PAUSE, anteroom.MAX_PAUSE
        anteroom.FIRST_PAUSE, anteroom.MAX_PAUSE = 0.5, 30.0
        try:
            for failures, bound in [(0, 0.5), (1, 1), (3, 4), (6, 30), (10**6, 30)]:
                pauses = [anteroom._jitter(failures) for _ in range(500)]
                self.assertTrue(all(0 <= pause <= bound for pause in pauses))
                self.assertLess(min(pauses), bound / 10)
                self.assertGreater(max(pauses), bound * 0.9)
        finally:
            anteroom.FIRST_PAUSE, anteroom.MAX_PAUSE = old

    def test_where_a_room_starts_is_asked_for_without_waiting(self):
        start = response("200 OK", '{"messages":[],"next":"e-7"}')
        with client_of(None, start, None, response("200 OK", POLL)) as (client, script):
            with self.assertLogs("anteroom"), client.subscribe("a", wait=5) as events:
                self.assertEqual(events.cursor, "e-7")
                next(events)
        asked = [target.partition("?")[2] for target, _, _ in script.requests]
        self.assertEqual(asked, 2 * ["wait=0.000"] + 2 * ["after=e-7&wait=5.000"])

    def test_polls_that_come_back_at_once_with_nothing_are_one_a_second(self):
        empty = response("200 OK", '{"messages":[],"next":"e-0"}')
        with client_of(empty, empty, response("200 OK", POLL)) as (client, script):
            with client.subscribe("a", after="0") as events:
                next(events)
            self.assertGreaterEqual(script.times[2] - script.times[0], 1.9)


class Addresses(unittest.TestCase):
    def test_a_path_before_the_rooms_and_headers_of_ones_own(self):
        created, poll = response("201 Created", RECEIPT), response("200 OK", POLL)
        with client_of(created, poll, created, path="/chat/") as (client, script):
            client.headers["Authorization"] = "Bearer 123"
            client.publish("a b", "ä", as_="Ann Å")
            with client.subscribe("a b", after="0") as events:
                next(events)
            del client.headers["Authorization"]
            client.publish(["a", "b"], [1])
            (publish, fields, body), (subscribe, more, _), (several, fewer, json) = script.requests
        self.assertEqual(publish, "/chat/room/a%20b/publish?as=Ann+%C3%85")
        self.assertEqual(subscribe, "/chat/room/a%20b/subscribe?after=0&wait=25.000")
        self.assertEqual(several, "/chat/publish?room=a&room=b")
        self.assertEqual((fields["authorization"], more["authorization"]), ("Bearer 123", "Bearer 123"))
        self.assertEqual((fields["host"], fields["content-type"]), (script.url[7:], "text/plain; charset=utf-8"))
        self.assertNotIn("authorization", fewer)
        self.assertEqual((body, json), ("ä".encode(), b"[1]"))

    def exchange(self, client):
        with contextlib.closing(client), client.subscribe("there") as events:
            client.publish("there", "and back")
            self.assertEqual(next(events).data, "and back")

    def test_a_unix_socket(self):
        with tempfile.TemporaryDirectory() as folder, Server(listen=f"unix:{folder}/socket") as server:
            self.exchange(anteroom.Client(server.listen))

    def test_ipv6_and_a_name(self):
        with Server() as server:
            self.exchange(anteroom.Client(f"http://localhost:{server.port}"))
        with contextlib.suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):
            with Server(listen="[::1]:0") as server:
                self.exchange(anteroom.Client(server.url))

    @unittest.skipUnless(shutil.which("openssl"), "openssl is not there")
    def test_tls(self):
        with tempfile.TemporaryDirectory() as folder, Server("--host", "*") as server:
            key, certificate = os.path.join(folder, "key"), os.path.join(folder, "certificate")
            subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
            new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
            files = ["-keyout", key, "-out", certificate]
            subprocess.run([*new, "-days", "2", *subject, *files], check=True, capture_output=True)
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate, key)
            with Network(server.port, tls=context) as network:
                base = f"https://localhost:{network.port}"
                self.exchange(anteroom.Client(base, context=ssl.create_default_context(cafile=certificate)))
                # Who it is does not change by waiting.
                with contextlib.closing(anteroom.Client(base).subscribe("there", after="0")) as events:
                    with self.assertRaises(anteroom.AnteroomError) as caught:
                        next(events)
                self.assertTrue(caught.exception.lasting)
                self.assertIn("certificate", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
