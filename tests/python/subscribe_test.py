"""Subscribing and reading, with calls that block."""

import concurrent.futures
import contextlib
import itertools
import math
import threading
import time
import unittest

from harness import Server, anteroom, for_module, until

TEXTS = ["ä 😀 \u202e\u2028", "line\r\nline\0\x01\x7f", " ", "x" * 60_000, '"quoted" \\ {"not":"json"}']
TEXTS += ["\ufeff\uffff\U0010ffff", bytes(range(256)).decode("latin-1")]
VALUES = [None, True, 0, -1.5e-9, 2**70, "", "ä", [], {}, {"ä\0": [{"deep": [[[1, "2", None]]]}]}, "\u2028"]


def setUpModule():
    global server, client
    server = for_module(Server("--history-messages", "50", "--allow-delete"))
    client = for_module(contextlib.closing(anteroom.Client(server.url)))


def take(events, count):
    """The data of the next messages; fails on a gap."""
    return [event.data for event in itertools.islice(events, count)]


class Test(unittest.TestCase):
    def follow(self, *args, **options):
        events = client.subscribe(*args, **options)
        self.addCleanup(events.close)
        return events


class Subscribing(Test):
    def test_a_message_has_all_that_the_server_says(self):
        with client.subscribe("whole") as events:
            receipt = client.publish("whole", "hi", as_="ann")
            message = next(events)
        self.assertEqual(message, anteroom.Message("whole", receipt.id, receipt.time, "hi", "ann"))
        self.assertEqual(events.cursor, receipt.id)
        self.assertEqual(receipt.duplicate, False)

    def test_any_text_and_any_json_arrives_as_it_was(self):
        events = self.follow("any", after="0")
        for value in TEXTS + VALUES:
            client.publish("any", value)
        client.publish_batch("any", TEXTS + VALUES)
        for value in 2 * (TEXTS + VALUES):
            received = next(events).data
            self.assertEqual((received, type(received)), (value, type(value)))

    def test_numbers_that_python_refuses_do_not_end_a_subscription(self):
        client.publish("numbers", [0])
        events = self.follow("numbers", after="0")
        raw = b"[" + b"9" * 10_000 + b",-1e999]"
        anteroom._run(client._calls._call("/room/numbers/publish", 5, {"Content-Type": "application/json"}, raw))
        self.assertEqual(take(events, 2), [[0], [math.inf, -math.inf]])

    def test_it_starts_where_it_is_told(self):
        ids = client.publish_batch("places", ["one", "two", "three"]).ids
        places = [("0", ["one", "two", "three"]), (ids[0], ["two", "three"]), ({"places": ids[1]}, ["three"])]
        for after, expected in places:
            with client.subscribe("places", after=after) as events:
                self.assertEqual(take(events, len(expected)), expected)
                self.assertIsNone(events.next(timeout=0))
                self.assertEqual(events.cursor, ids[2])
        with client.subscribe("places") as events:
            self.assertEqual(events.cursor, ids[2])
            client.publish("places", "four")
            self.assertEqual(take(events, 1), ["four"])

    def test_several_rooms_each_in_its_order(self):
        rooms = ["a b", "ü,@%", "..."]
        with client.subscribe(rooms) as events:
            for number in range(10):
                client.publish(rooms[number % 3], number)
            client.publish(rooms, "all")
            received = list(itertools.islice(events, 13))
            cursor = events.cursor
        for index, room in enumerate(rooms):
            expected = [*range(index, 10, 3), "all"]
            self.assertEqual([message.data for message in received if message.room == room], expected)
        # The set of rooms may change. A room that the cursor does not name starts now, and has a place from then on.
        start = client.publish("new", "before").id
        client.publish(rooms[0], "missed by nobody")
        with client.subscribe([rooms[0], "new"], after=cursor) as events:
            self.assertIn(f"new@{start}", events.cursor)
            client.publish("new", "after")
            received = {(message.room, message.data) for message in itertools.islice(events, 2)}
        self.assertEqual(received, {(rooms[0], "missed by nobody"), ("new", "after")})

    def test_a_cursor_too_long_for_an_address(self):
        rooms = [f"{'ä' * 30}{number}" for number in range(40)]
        for room in rooms:
            client.publish(room, room)
        events = self.follow(rooms, after="0")
        self.assertEqual(sorted(take(events, 40)), sorted(rooms))
        self.assertGreater(len(events.cursor), 4000)
        client.publish(rooms[7], "more")
        self.assertEqual(take(events, 1), ["more"])

    def test_the_cursor_moves_only_past_what_was_returned(self):
        ids = client.publish_batch("steps", [1, 2, 3]).ids
        events = self.follow(["steps", "other"], after="0")
        for id in ids[:2]:
            next(events)
            self.assertEqual(events.cursor, f"steps@{id},other@0")
        self.assertEqual(next(self.follow(["steps", "other"], after=events.cursor)).data, 3)

    def test_gaps_have_the_reason_and_the_exact_number(self):
        client.publish_batch("gaps", list(range(3)))
        events = self.follow("gaps", after="0")
        self.assertEqual(take(events, 3), [0, 1, 2])
        client.publish_batch("gaps", list(range(3, 70)))  # 50 of them are kept
        self.assertEqual(next(events), anteroom.Gap("gaps", "evicted", 17))
        # Who resumes after the gap, before the first message that follows it, does not get the gap again.
        self.assertEqual(take(self.follow("gaps", after=events.cursor), 1), [20])
        self.assertEqual(take(events, 50), list(range(20, 70)))
        self.assertEqual(take(self.follow(["gaps", "none"], after={"gaps": "other-9", "none": "0"}), 0), [])
        self.assertEqual(next(self.follow("gaps", after="other-9")), anteroom.Gap("gaps", "restarted", None))

    def test_waiting_has_a_bound(self):
        with client.subscribe("quiet") as events:
            for timeout in (0, 0.3):
                began = time.monotonic()
                self.assertIsNone(events.next(timeout))
                self.assertGreaterEqual(time.monotonic() - began, timeout)
                self.assertLess(time.monotonic() - began, timeout + 1)
            client.publish("quiet", "now")
            self.assertEqual(events.next(timeout=5).data, "now")

    def test_a_poll_that_comes_back_empty_is_followed_by_the_next(self):
        with client.subscribe("again", wait=0.05) as events:
            timer = threading.Timer(0.4, client.publish, ("again", "at last"))
            timer.start()
            self.assertEqual(next(events).data, "at last")

    def test_presence(self):
        with client.subscribe("hall", as_="ann"):
            self.assertEqual([each["as"] for each in client.presence("hall")["present"]], ["ann"])
            joined = next(self.follow("hall:presence", after="0"))
        self.assertEqual((joined.room, joined.data), ("hall:presence", {"event": "join", "as": "ann"}))

    def test_a_newer_subscription_with_the_same_client_ends_the_older(self):
        raised = []

        def follow():
            try:
                next(older)
            except anteroom.AnteroomError as error:
                raised.append(error)

        older = self.follow("desk", client="tab", after="0")
        thread = threading.Thread(target=follow)
        thread.start()
        server.wait_for_subscribers("desk", 1)
        with client.subscribe("desk", client="tab") as newer:
            thread.join(5)
            client.publish("desk", "to the newer")
            self.assertEqual(take(newer, 1), ["to the newer"])
        self.assertEqual([(error.title, error.lasting) for error in raised], [("Superseded", True)])

    def test_history_and_rooms(self):
        ids = client.publish_batch("past-1", list(range(9))).ids
        page = client.history("past-1", limit=4)
        self.assertEqual(([m.data for m in page.messages], page.more, page.next), ([5, 6, 7, 8], True, ids[-1]))
        page = client.history("past-1", before=page.messages[0].id, limit=10)
        self.assertEqual(([m.data for m in page.messages], page.more, page.gaps), ([0, 1, 2, 3, 4], False, []))
        self.assertEqual([m.data for m in client.history("past-1", after=ids[6]).messages], [7, 8])
        self.assertEqual(client.history("past-1", after="other-1").gaps, [anteroom.Gap("past-1", "restarted", None)])
        client.publish("past-2", 1)
        facts = client.rooms(prefix="past-")
        self.assertEqual([(each["room"], each["messages"], each["last"]) for each in facts][0], ("past-1", 9, ids[-1]))
        self.assertEqual([each["room"] for each in client.rooms(prefix="past-", after="past-1", limit=1)], ["past-2"])

    def test_what_cannot_be_asked_for_is_said_at_once(self):
        for rooms in ["", ".", "..", [], ["a", ".."]]:
            self.assertRaises(ValueError, client.subscribe, rooms)
        self.assertRaises(ValueError, client.subscribe, ["a", "b"], after="k3f9x-1")
        for base in ["localhost:8080", "ftp://localhost", "http://", "unix:", ""]:
            self.assertRaises(ValueError, anteroom.Client, base)
        for arguments in [{"after": "no cursor"}, {"client": "ä"}, {"as_": "x" * 65}]:
            with self.assertRaises(anteroom.AnteroomError) as caught:
                next(self.follow("a", **arguments))
            self.assertEqual((caught.exception.status, caught.exception.title), (400, "Bad Request"))
            self.assertTrue(caught.exception.lasting)
            self.assertIn(caught.exception.detail, str(caught.exception))


class Threads(Test):
    def test_close_ends_the_wait_of_another_thread_and_the_poll_at_the_server(self):
        events = self.follow("closing")
        received = []
        thread = threading.Thread(target=lambda: received.extend(events))
        thread.start()
        server.wait_for_subscribers("closing", 1)
        events.close()
        thread.join(5)
        self.assertFalse(thread.is_alive())
        self.assertEqual(received, [])
        server.wait_for_subscribers("closing", 0)
        self.assertIsNone(events.next())

    def test_close_ends_a_pause(self):
        events = anteroom.Client("http://127.0.0.1:1").subscribe("a", after="0")
        events._feed._not_before = time.monotonic() + 3600
        thread = threading.Thread(target=events.next)
        thread.start()
        until("the pause", lambda: events._feed._is_busy)
        events.close()
        thread.join(5)
        self.assertFalse(thread.is_alive())

    def test_threads_share_a_client_and_a_subscription(self):
        events = self.follow("shared", after="0")
        received = []

        def read():
            for message in events:
                received.append(message.data)

        def write(writer):
            for number in range(25):
                client.publish("shared", [writer, number])

        with concurrent.futures.ThreadPoolExecutor(6) as threads:
            readers = [threads.submit(read) for _ in range(4)]
            for writer in [threads.submit(write, writer) for writer in range(2)]:
                writer.result()
            until("all messages", lambda: len(received) >= 50)
            events.close()
            for reader in readers:
                reader.result()
        self.assertEqual(sorted(received), [[writer, number] for writer in range(2) for number in range(25)])


if __name__ == "__main__":
    unittest.main()
