"""A subscription whose connections, network or server fail: nothing is lost or repeated, or a gap says so."""

import contextlib
import random
import threading
import unittest

from harness import CUTS, Network, Script, Server, anteroom, response, until


def setUpModule():
    anteroom._log.disabled = True  # every retry is a warning
    unittest.addModuleCleanup(setattr, anteroom._log, "disabled", False)


class Recovery(unittest.TestCase):
    def test_responses_cut_at_any_byte(self):
        with Server() as server:
            client = anteroom.Client(server.url)
            client.publish_batch("cut", ["one", "zwölf 😀", {"three": 3}])
            client.close()
            for cut in range(0, 700, 9):
                plan = lambda number: cut if number == 0 else None  # noqa: B023, E731
                with Network(server.port, plan) as network, self.subTest(cut=cut):
                    with contextlib.closing(anteroom.Client(network.url).subscribe("cut", after="0")) as events:
                        received = [next(events).data for _ in range(3)]
                        self.assertEqual(received, ["one", "zwölf 😀", {"three": 3}])
                        self.assertIsNone(events.next(timeout=0))

    def test_many_messages_through_a_network_that_keeps_failing(self):
        dice = random.Random(1)
        with Server() as server, Network(server.port, lambda _: dice.choice(CUTS)) as network:
            client = anteroom.Client(network.url)
            rooms = ["red", "green", "blue"]

            def publish():
                for number in range(120):
                    client.publish(rooms[number % 3], number)
                client.publish(rooms, "end")

            publisher = threading.Thread(target=publish)
            received = {room: [] for room in rooms}
            with client.subscribe(rooms) as events:
                publisher.start()
                while sum(messages[-1:] == ["end"] for messages in received.values()) < 3:
                    event = next(events)
                    received[event.room].append(event.data)
            publisher.join()
            client.close()
            for index, room in enumerate(rooms):
                self.assertEqual(received[room], [*range(index, 120, 3), "end"])
            self.assertGreater(network.accepted, 20)

    def test_a_server_that_is_killed_and_comes_back(self):
        with Server() as first:
            client = anteroom.Client(first.url)
            with client.subscribe(["kept", "quiet"]) as events:
                client.publish_batch("kept", [1, 2, 3])
                self.assertEqual([next(events).data for _ in range(3)], [1, 2, 3])
                received = []
                waiting = threading.Thread(target=lambda: received.extend(next(events) for _ in range(4)))
                waiting.start()
                first.wait_for_subscribers("kept", 1)
                first.kill()
                with Server(listen=first.listen) as second:
                    # Exactly one gap a room, and then all that the room has now, in its order.
                    client.publish("kept", 4)
                    until("the gaps", lambda: len(received) >= 3)
                    client.publish("kept", 5)
                    waiting.join(15)
                    second.wait_for_subscribers("kept", 0)
                    gaps = {event for event in received if isinstance(event, anteroom.Gap)}
                    self.assertEqual(gaps, {anteroom.Gap(room, "restarted") for room in ("kept", "quiet")})
                    messages = [event.data for event in received if isinstance(event, anteroom.Message)]
                    self.assertEqual(messages, [4, 5])
                    self.assertIsNone(events.next(timeout=0))
            client.close()

    def test_a_server_that_is_shut_down_and_comes_back(self):
        with Server() as first:
            client = anteroom.Client(first.url)
            with client.subscribe("drained") as events:
                received = []
                waiting = threading.Thread(target=lambda: received.extend(next(events) for _ in range(2)))
                waiting.start()
                first.wait_for_subscribers("drained", 1)
                self.assertEqual(first.end(15), 0)
                with Server(listen=first.listen):
                    client.publish("drained", "after", timeout=30)
                    waiting.join(30)
                    gap, message = received
                    self.assertEqual((gap.reason, message.data), ("restarted", "after"))
            client.close()

    def test_a_network_that_was_away_for_longer_than_the_room_remembers(self):
        with Server("--history-messages", "5") as server, Network(server.port) as network:
            client = anteroom.Client(server.url)
            with anteroom.Client(network.url).subscribe("away") as events:
                client.publish_batch("away", [1, 2, 3])
                self.assertEqual([next(events).data for _ in range(3)], [1, 2, 3])
                received = []
                waiting = threading.Thread(target=lambda: received.extend(next(events) for _ in range(6)))
                waiting.start()
                server.wait_for_subscribers("away", 1)
                network.plan = lambda number: 0
                network.cut()
                server.wait_for_subscribers("away", 0)
                client.publish_batch("away", list(range(4, 24)))
                network.plan = lambda number: None
                waiting.join(15)
                self.assertEqual(received[0], anteroom.Gap("away", "evicted", 15))
                self.assertEqual([message.data for message in received[1:]], [19, 20, 21, 22, 23])
            client.close()

    def test_a_connection_that_has_gone_silent_is_given_up(self):
        old, anteroom.RESPONSE_TIMEOUT = anteroom.RESPONSE_TIMEOUT, 0.2
        self.addCleanup(setattr, anteroom, "RESPONSE_TIMEOUT", old)
        empty = response("200 OK", '{"messages":[{"id":"e-1","time":1,"data":"at last"}],"next":"e-1"}')
        with Script("wait", "wait", empty) as script:
            with anteroom.Client(script.url).subscribe("silent", after="0", wait=0.1) as events:
                self.assertEqual(next(events).data, "at last")
            self.assertTrue(script.hung_up.is_set())


if __name__ == "__main__":
    unittest.main()
