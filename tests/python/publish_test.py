"""Publishing, with calls that block: once, whatever happens to the responses."""

import contextlib
import itertools
import threading
import time
import unittest

from harness import Network, Script, Server, anteroom, for_module, response


def setUpModule():
    global server, client
    server = for_module(Server())
    client = for_module(client_at(server.url))


def client_at(url):
    return contextlib.closing(anteroom.Client(url))


def messages(room):
    return [message.data for message in client.history(room, limit=1000).messages]


class Publishing(unittest.TestCase):
    def test_a_batch_is_all_or_none_and_adjacent(self):
        receipt = client.publish_batch("batch", ["text", {"json": 1}], as_="ann")
        self.assertEqual([each.id for each in client.history("batch").messages], receipt.ids)
        self.assertEqual(receipt.id, receipt.ids[-1])
        with self.assertRaises(anteroom.AnteroomError) as caught:
            client.publish_batch("batch", ["short", "x" * 70_000])
        error = caught.exception
        self.assertEqual((error.status, error.lasting, error.uncertain), (413, True, False))
        self.assertEqual(messages("batch"), ["text", {"json": 1}])

    def test_several_rooms_get_it_all_or_none(self):
        receipt = client.publish(["one", "two"], "both")
        self.assertEqual(receipt.id, ",".join(f"{room}@{client.history(room).next}" for room in ("one", "two")))
        self.assertRaises(anteroom.AnteroomError, client.publish, ["one", "two:presence"], "neither")
        self.assertEqual(messages("one"), ["both"])

    def test_the_same_key_is_the_same_message(self):
        first = client.publish("keys", "once", key="k1")
        again = client.publish("keys", "once", key="k1")
        self.assertEqual((again.id, again.time, first.duplicate, again.duplicate), (first.id, first.time, False, True))
        batch = client.publish_batch("keys", [1, 2], key="k2")
        self.assertEqual(client.publish_batch("keys", [1, 2], key="k2").ids, batch.ids)
        with self.assertRaises(anteroom.AnteroomError) as caught:
            client.publish("keys", "something else", key="k1")
        self.assertEqual((caught.exception.status, caught.exception.key), (422, "k1"))
        self.assertEqual(messages("keys"), ["once", 1, 2])

    def test_those_who_wait_are_counted(self):
        with client.subscribe("counted") as events:
            waiting = threading.Thread(target=events.next)
            waiting.start()
            server.wait_for_subscribers("counted", 1)
            self.assertEqual(client.publish("counted", 1).subscribers, 1)
            waiting.join()

    def test_lost_responses_do_not_repeat_a_message(self):
        # A response is cut at each of its bytes in turn, until one gets through.
        cuts = itertools.count(0, 3)
        with Network(server.port, lambda number: next(cuts)) as network, self.assertLogs("anteroom", "WARNING") as logs:
            with client_at(network.url) as through:
                receipt = through.publish("lost", "once")
                batch = through.publish_batch("lost", ["two", "three"])
        self.assertEqual(receipt.duplicate, True)
        self.assertGreater(len(logs.records), 20)
        self.assertIn("trying again in", logs.output[0])
        self.assertEqual([message.id for message in client.history("lost").messages], [receipt.id, *batch.ids])

    def test_it_gives_up_in_time_and_says_that_it_may_have_been_appended(self):
        with Network(server.port, lambda number: 10) as network, self.assertLogs("anteroom"):
            began = time.monotonic()
            with self.assertRaises(anteroom.AnteroomError) as caught, client_at(network.url) as through:
                through.publish("given up", "once", timeout=0.5)
            self.assertLess(time.monotonic() - began, 1.5)
        error = caught.exception
        self.assertEqual((error.status, error.lasting, error.uncertain), (0, False, True))
        self.assertEqual(client.publish("given up", "once", key=error.key).duplicate, True)
        self.assertEqual(messages("given up"), ["once"])

    def test_without_a_connection_nothing_is_uncertain(self):
        with Network(server.port) as gone:
            pass
        with self.assertLogs("anteroom"), self.assertRaises(anteroom.AnteroomError) as caught:
            anteroom.Client(gone.url).publish("a", "b", timeout=0.2)
        error = caught.exception
        self.assertEqual((error.status, error.uncertain, error.lasting), (0, False, False))
        self.assertIn(gone.url, str(error))

    def test_an_uncertain_attempt_stays_uncertain_after_one_that_was_refused(self):
        unavailable = response("503 Service Unavailable", "", "Retry-After: 60")
        with Script(None, unavailable) as script, self.assertLogs("anteroom"):
            with self.assertRaises(anteroom.AnteroomError) as caught, client_at(script.url) as through:
                through.publish("a", "b")
        self.assertEqual((caught.exception.status, caught.exception.uncertain), (503, True))

    def test_what_no_message_can_be_is_said_at_once(self):
        for data in (b"bytes", float("nan"), "\ud800", {"\udfff": 1}, {1, 2}):
            self.assertRaises((TypeError, ValueError), client.publish, "a", data)
        self.assertRaises(ValueError, client.publish, "a", "b", key="two\r\nlines: 1")
        self.assertRaises(ValueError, client.publish, [], "nowhere")
        self.assertEqual(messages("a"), [])

    def test_a_connection_is_kept_and_one_that_has_died_while_idle_is_replaced_at_once(self):
        with Network(server.port) as network, client_at(network.url) as through:
            for number in range(3):
                through.publish("idle", number)
            self.assertEqual(network.accepted, 1)
            network.cut()
            with self.assertNoWarnings():
                through.publish("idle", 3)
            self.assertEqual(network.accepted, 2)
        self.assertEqual(messages("idle"), [0, 1, 2, 3])

    @contextlib.contextmanager
    def assertNoWarnings(self):
        with self.assertLogs("anteroom") as logs:
            yield
            anteroom._log.warning("the only one")
        self.assertEqual(len(logs.records), 1)


if __name__ == "__main__":
    unittest.main()
