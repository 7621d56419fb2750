"""The client for asyncio."""

import asyncio
import contextlib
import random
import unittest

from harness import CUTS, PATIENCE, Network, Script, Server, anteroom, for_module, response


def setUpModule():
    global server
    server = for_module(Server("--history-messages", "2000"))


async def subscribers(room, count):
    """Returns when as many polls wait in the room."""
    await asyncio.to_thread(server.wait_for_subscribers, room, count)


class Asyncio(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = self.client_at(server.url)
        asyncio.get_running_loop().slow_callback_duration = PATIENCE

    def client_at(self, url):
        client = anteroom.AsyncClient(url)
        self.addCleanup(client.close)
        return client

    async def test_the_calls(self):
        async with self.client.subscribe("calls") as events:
            receipt = await self.client.publish("calls", "ä", as_="ann")
            batch = await self.client.publish_batch("calls", [1, {"two": 2}])
            received = [await events.next() for _ in range(3)]
            self.assertEqual(received[0], anteroom.Message("calls", receipt.id, receipt.time, "ä", "ann"))
            self.assertEqual([message.id for message in received[1:]], batch.ids)
            self.assertEqual(events.cursor, batch.id)
            self.assertIsNone(await events.next(timeout=0.1))
        self.assertEqual((await self.client.history("calls")).messages, received)
        self.assertEqual([each["room"] for each in await self.client.rooms(prefix="calls")], ["calls"])
        self.assertEqual((await self.client.presence("calls"))["present"], [])
        with self.assertRaises(anteroom.AnteroomError) as caught:
            await self.client.publish("calls", "x" * 70_000)
        self.assertEqual(caught.exception.status, 413)

    async def test_cancelling_an_iteration_ends_its_poll_at_the_server(self):
        async def follow():
            async for _ in self.client.subscribe("cancelled", after="0"):
                self.fail("there are no messages")

        task = asyncio.create_task(follow())
        await subscribers("cancelled", 1)
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        await subscribers("cancelled", 0)

    async def test_cancelling_ends_the_connection_at_any_time(self):
        async def publish(client):
            await client.publish("a", "b")

        async def follow(client):
            async with client.subscribe("a") as events:
                await events.next()

        for call in publish, follow:
            with Script("wait") as silent:
                task = asyncio.create_task(call(self.client_at(silent.url)))
                while not silent.requests:
                    await asyncio.sleep(0.001)
                task.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await task
                self.assertTrue(await asyncio.to_thread(silent.hung_up.wait, PATIENCE))
            for turns in range(40):  # of the event loop: while it connects, sends, and so on
                task = asyncio.create_task(call(self.client))
                for _ in range(turns):
                    await asyncio.sleep(0)
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        await subscribers("a", 0)

    async def test_cancelled_waits_lose_and_repeat_nothing(self):
        count, dice = 150, random.Random(2)
        events = self.client.subscribe("impatient", after="0")

        async def publish():
            for number in range(count):
                await self.client.publish("impatient", number)
                await asyncio.sleep(dice.random() / 200)

        publishing, received = asyncio.create_task(publish()), []
        while len(received) < count:
            with contextlib.suppress(asyncio.TimeoutError):  # most of them wait too shortly
                received.append((await asyncio.wait_for(events.next(), dice.random() ** 4 / 2)).data)
        await publishing
        self.assertEqual(received, list(range(count)))
        events.close()

    async def test_close_ends_a_wait(self):
        events = self.client.subscribe("closing")
        task = asyncio.create_task(events.next())
        await subscribers("closing", 1)
        events.close()
        self.assertIsNone(await asyncio.wait_for(task, PATIENCE))
        await subscribers("closing", 0)
        self.assertEqual([event async for event in events], [])
        with Network(1, lambda number: 0) as network, self.assertLogs("anteroom"):
            paused = self.client_at(network.url).subscribe("a", after="0")
            await paused.next(timeout=0)
            paused._not_before += 3600
            task = asyncio.create_task(paused.next())
            await asyncio.sleep(0)
            paused.close()
            self.assertIsNone(await asyncio.wait_for(task, PATIENCE))

    async def test_one_task_at_a_time(self):
        events = self.client.subscribe("one", after="0")
        task = asyncio.create_task(events.next())
        await subscribers("one", 1)
        with self.assertRaises(RuntimeError):
            await events.next()
        await self.client.publish("one", 1)
        self.assertEqual((await task).data, 1)
        events.close()

    async def test_calls_that_block_work_where_a_loop_runs(self):
        client = anteroom.Client(server.url)
        with contextlib.closing(client), client.subscribe("notebook") as events:
            client.publish("notebook", 1)
            self.assertEqual(next(events).data, 1)

    async def test_a_hundred_subscriptions_in_one_thread(self):
        async def first(number):
            async with self.client.subscribe([f"many-{number}", "many"]) as events:
                return (await events.next()).data

        tasks = [asyncio.create_task(first(number)) for number in range(100)]
        await subscribers("many", 100)
        await asyncio.gather(*(self.client.publish(f"many-{number}", number) for number in range(0, 100, 2)))
        await subscribers("many", 50)
        await self.client.publish("many", "all")
        expected = [number if number % 2 == 0 else "all" for number in range(100)]
        self.assertEqual(await asyncio.gather(*tasks), expected)

    async def test_a_network_that_keeps_failing(self):
        anteroom._log.disabled = True
        self.addCleanup(setattr, anteroom._log, "disabled", False)
        dice = random.Random(3)
        with Network(server.port, lambda _: dice.choice(CUTS)) as network:
            client = self.client_at(network.url)

            async def publish():
                for number in range(100):
                    await client.publish("failing", number)

            async with client.subscribe("failing") as events:
                publishing = asyncio.create_task(publish())
                self.assertEqual([(await events.next()).data for _ in range(100)], list(range(100)))
                await publishing

    async def test_a_server_that_is_killed_and_comes_back(self):
        with await asyncio.to_thread(Server) as first:
            client = self.client_at(first.url)
            async with client.subscribe("kept") as events:
                await client.publish("kept", 1)
                self.assertEqual((await events.next()).data, 1)
                first.kill()
                with await asyncio.to_thread(Server, listen=first.listen):
                    publishing = asyncio.create_task(client.publish("kept", 2))
                    self.assertEqual(await events.next(), anteroom.Gap("kept", "restarted"))
                    self.assertEqual((await events.next()).data, 2)
                    await publishing

    async def test_retry_after(self):
        busy = response("503 Busy", "", "Retry-After: 1")
        with Script(busy, response("201 Created", '{"id":"e-1","time":1,"subscribers":0}')) as script:
            with self.assertLogs("anteroom"):
                await self.client_at(script.url).publish("a", "b")
            self.assertGreaterEqual(script.times[1] - script.times[0], 1)


if __name__ == "__main__":
    unittest.main()
