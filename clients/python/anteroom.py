"""Client of the anteroom message server, in one file: Python 3.9 or later and its standard library.

    import anteroom

    client = anteroom.Client("http://127.0.0.1:8080")
    client.publish("kitchen", "dinner is ready", as_="ann")
    with client.subscribe("kitchen", after="0") as events:
        for event in events:
            if isinstance(event, anteroom.Gap):
                print("missed", event.missed, event.reason)
            else:
                print(event.from_, event.data)

`AsyncClient` has the same calls for asyncio. Times are in seconds, except those of messages. Messages come by JSON long
polls, which pass every proxy. A request that gets no response, or 5xx, 408, 425 or 429, is sent again: after a pause
with full jitter plus `Retry-After`, and a warning to the logger `anteroom`. Other errors are raised at once.
"""

import asyncio
import collections
import contextlib
import email.utils
import functools
import json
import logging
import math
import random
import secrets
import socket
import ssl
import threading
import time
from typing import (TYPE_CHECKING, Any, Callable, Coroutine, Deque, Dict, Iterable, Iterator, List, Mapping, NamedTuple,
                    Optional, Sequence, Tuple, Type, TypeVar, Union)
from urllib.parse import quote, unquote, urlencode, urlsplit

if TYPE_CHECKING:
    from typing_extensions import Concatenate, ParamSpec

    _P = ParamSpec("_P")

__version__ = "0.1.0"

TIMEOUT = 30.0  # of a call that does not wait for messages, with all its attempts
RESPONSE_TIMEOUT = 10.0  # of one response, beyond the time that the server was asked to wait
FIRST_PAUSE, MAX_PAUSE = 0.5, 30.0  # bounds of the pause after the first failure, doubled with each, and of the longest
MAX_DIGITS = 640  # of an integer in a message; a longer one becomes a float (infinity), since int() may refuse it

_log = logging.getLogger("anteroom")
_T = TypeVar("_T")
_Rooms = Union[str, Iterable[str]]
_After = Union[str, Mapping[str, str], None]


class Message(NamedTuple):
    room: str
    id: str  # the room's cursor just after it
    time: int  # ms since 1970, by the server's clock
    data: Any  # a str of a text message, else the JSON value
    from_: Optional[str] = None  # its author, if there was a name


class Gap(NamedTuple):
    """Messages that were removed before they were received."""

    room: str
    reason: str  # evicted, restarted or deleted
    missed: Optional[int] = None  # how many, where it is known


Event = Union[Message, Gap]


class Receipt(NamedTuple):
    """Of a publish. Where it went to several rooms an id names each: `a@k3f9x-43,b@p0q1r-8`."""

    ids: List[str]
    time: int  # ms since 1970
    subscribers: int  # that were waiting
    duplicate: bool = False  # the key had been used: this is the first receipt again

    @property
    def id(self) -> str:
        return self.ids[-1]


class Page(NamedTuple):
    """A piece of a room's history."""

    messages: List[Message]  # oldest first
    gaps: List[Gap]
    next: str  # the cursor after it, to subscribe from
    more: bool  # whether there are more messages in the direction that was asked for


class AnteroomError(Exception):
    """The server refused a request, or did not respond. `str()` is `detail`, which says what to do.

    status: of HTTP; 0 without a response
    retry_after: what the response said, if it did
    lasting: the same request would fail again, however long one waits
    uncertain: of a publish: it may have been appended; publishing again with the same `key` is safe
    """

    def __init__(self, detail: str, status: int = 0, title: str = "", retry_after: Optional[float] = None,
                 lasting: bool = False, uncertain: bool = False) -> None:
        super().__init__(detail)
        self.detail, self.status, self.title, self.retry_after = detail, status, title, retry_after
        self.lasting, self.uncertain = lasting, uncertain
        self.key: Optional[str] = None  # of a publish


class AsyncClient:
    """Client for asyncio, natively on its streams; belongs to one event loop.

    To cancel a call ends its connection at once. A publish may have been appended then, or not.
    """

    def __init__(self, base: str, *, headers: Optional[Mapping[str, str]] = None,
                 context: Optional[ssl.SSLContext] = None) -> None:
        self.headers: Dict[str, str] = dict(headers or {})
        self._server = _Server(base, self.headers, context)
        self._io: Callable[[], _Io] = _AsyncIo
        self._idle: List[_Session] = []

    async def publish(self, rooms: _Rooms, data: Any, *, as_: Optional[str] = None, key: Optional[str] = None,
                      timeout: float = TIMEOUT) -> Receipt:
        """Publishes a message, a str as text and anything else as JSON, to a room, or to several: to all or none.

        It is appended once: every attempt has the same `Idempotency-Key`, which is `key` or a random one.
        """
        is_text = isinstance(data, str) and data != ""  # a text cannot be empty, a string of JSON can
        kind, body = ("text/plain", data) if is_text else ("application/json", _json(data))
        return await self._publish(rooms, kind, body, as_, key, timeout)

    async def publish_batch(self, rooms: _Rooms, messages: Iterable[Any], *, as_: Optional[str] = None,
                            key: Optional[str] = None, timeout: float = TIMEOUT) -> Receipt:
        """Publishes several messages, each as by publish(), next to each other: all or none."""
        lines = "".join(_json(data) + "\n" for data in messages)
        return await self._publish(rooms, "application/x-ndjson", lines, as_, key, timeout)

    async def history(self, room: str, *, limit: Optional[int] = None, before: Optional[str] = None,
                      after: Optional[str] = None, timeout: float = TIMEOUT) -> Page:
        """Reads the newest `limit` messages (1 to 1000; 100), or those just before or after a cursor."""
        query = {"limit": limit, "before": before, "after": after}
        answer = await self._call(_target(_names(room), "messages", query), timeout)
        with _reading():
            messages = [_built(Message, each, room) for each in answer["messages"]]
            gaps = [_built(Gap, each, room) for each in answer.get("gaps", [])]
            return Page(messages, gaps, answer["next"], answer["more"])

    async def rooms(self, *, prefix: str = "", after: str = "", limit: Optional[int] = None,
                    timeout: float = TIMEOUT) -> List[Dict[str, Any]]:
        """Reads the facts of the rooms in use, by name: the first `limit` (1 to 1000; 100) after the name `after`."""
        answer = await self._call(_target([], "rooms", {"prefix": prefix, "after": after, "limit": limit}), timeout)
        with _reading():
            return list(answer["rooms"])

    async def presence(self, room: str, *, timeout: float = TIMEOUT) -> Dict[str, Any]:
        """Reads who is here: {"present": [{"as": name, "since": ms}, …], "subscribers": with and without a name}."""
        return await self._call(_target(_names(room), "presence", {}), timeout)

    def subscribe(self, rooms: _Rooms, *, after: _After = None, wait: float = 25, as_: Optional[str] = None,
                  client: Optional[str] = None) -> "AsyncSubscription":
        return AsyncSubscription(_Session(self._server, self._io()), rooms, after, wait, as_, client)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().io.disconnect()

    async def _publish(self, rooms: _Rooms, kind: str, text: str, as_: Optional[str], key: Optional[str],
                       timeout: float) -> Receipt:
        headers = {"Content-Type": f"{kind}; charset=utf-8", "Idempotency-Key": key or secrets.token_hex(16)}
        try:
            answer = await self._call(_target(_names(rooms), "publish", {"as": as_}), timeout, headers, text.encode())
            with _reading():
                return _built(Receipt, {"ids": [answer["id"]], **answer} if "id" in answer else answer)
        except AnteroomError as error:
            error.key = headers["Idempotency-Key"]
            raise

    async def _call(self, target: str, timeout: float, headers: Mapping[str, str] = {},
                    body: Optional[bytes] = None) -> Dict[str, Any]:
        until, failures, uncertain = time.monotonic() + timeout, 0, False
        try:
            session = self._idle.pop()
        except IndexError:
            session = _Session(self._server, self._io())
        try:
            while True:
                seconds = min(max(RESPONSE_TIMEOUT, timeout / 3), until - time.monotonic())
                try:
                    return (await session.exchange(target, headers, body, seconds))[0]
                except AnteroomError as error:
                    uncertain = error.uncertain = error.uncertain or uncertain
                    pause = _jitter(failures) + (error.retry_after or 0)
                    if error.lasting or time.monotonic() + pause >= until:
                        raise
                    _log.warning("%s; trying again in %.1f s", error, pause)
                failures += 1
                await session.io.pause(pause)
        finally:
            self._idle.append(session)


def _run(work: Coroutine[Any, Any, _T]) -> _T:
    """Runs a coroutine over _BlockingIo, which never suspends. So everything but I/O is written once, as coroutines."""
    try:
        work.send(None)
    except StopIteration as end:
        result: _T = end.value
        return result
    raise RuntimeError("blocking I/O has suspended")


def _blocking(call: "Callable[Concatenate[AsyncClient, _P], Coroutine[Any, Any, _T]]"
              ) -> "Callable[Concatenate[Client, _P], _T]":
    @functools.wraps(call)
    def run(self: "Client", /, *args: "_P.args", **options: "_P.kwargs") -> _T:
        return _run(call(self._calls, *args, **options))

    return run


class Client:
    """Calls that block; any number of threads may use a client at once.

    base: `http://host:port` or `https://host`, with a path if the server is behind one (`https://example.org/chat`), or
        `unix:PATH`. Proxies that the environment names are not used.
    headers: sent with every request, such as {"Authorization": "Bearer …"}; the attribute may be changed at any time
    context: for https, in place of one with the system's certificates

    The calls raise AnteroomError when they are refused, or have not succeeded within `timeout`; ValueError or TypeError
    on what cannot be a message, a room or a header (bytes, NaN, half a surrogate pair, a room named `..`).
    """

    def __init__(self, base: str, *, headers: Optional[Mapping[str, str]] = None,
                 context: Optional[ssl.SSLContext] = None) -> None:
        self._calls = AsyncClient(base, headers=headers, context=context)
        self._calls._io = _BlockingIo
        self.headers = self._calls.headers

    publish = _blocking(AsyncClient.publish)
    publish_batch = _blocking(AsyncClient.publish_batch)
    history = _blocking(AsyncClient.history)
    rooms = _blocking(AsyncClient.rooms)
    presence = _blocking(AsyncClient.presence)

    def subscribe(self, rooms: _Rooms, *, after: _After = None, wait: float = 25, as_: Optional[str] = None,
                  client: Optional[str] = None) -> "Subscription":
        """Follows a room, or several (up to 100). Returns at once: `with`, start() or the first next() connects.

        after: where to resume: a subscription's `cursor`, a message's id where there is one room, or a cursor for each
            room by name; "0" is the beginning of each. A room without one starts now.
        wait: how long one poll waits at the server
        as_: a name to be present under
        client: an id; a newer subscription with the same one ends this one with an AnteroomError
        """
        return Subscription(self._calls.subscribe(rooms, after=after, wait=wait, as_=as_, client=client))

    def close(self) -> None:
        """Closes the connections that are kept for the next call, but no subscription's."""
        self._calls.close()


class AsyncSubscription:
    """Subscription for `async with` and `async for`, in one task at a time.

    To cancel next() (or let it time out, as by asyncio.wait_for) ends its poll and loses nothing: the next one resumes.
    """

    def __init__(self, session: "_Session", rooms: _Rooms, after: _After, wait: float, as_: Optional[str],
                 client: Optional[str]) -> None:
        self.rooms = _names(rooms)
        self._cursors = _cursors(after, self.rooms) if isinstance(after, str) else dict(after or {})
        self._session, self._wait, self._as, self._client = session, wait, as_, client
        self._events: Deque[Tuple[Event, str]] = collections.deque()  # to be returned, with the cursor after each
        self._next: Dict[str, str] = {}  # the cursors after all of these
        self._failures, self._not_before, self._is_busy = 0, 0.0, False

    @property
    def cursor(self) -> Optional[str]:
        if len(self.rooms) == 1:
            return self._cursors.get(self.rooms[0])
        known = [room for room in self.rooms if room in self._cursors]
        return ",".join(f"{quote(room, safe='')}@{self._cursors[room]}" for room in known) or None

    def close(self) -> None:
        self._session.io.close()

    async def start(self) -> None:
        while not self._session.io.closed and any(room not in self._cursors for room in self.rooms):
            await self._fetch(math.inf)

    async def next(self, timeout: Optional[float] = None) -> Optional[Event]:
        until = math.inf if timeout is None else time.monotonic() + timeout
        is_first = True
        while not self._session.io.closed:
            if self._events:
                event, self._cursors[event.room] = self._events.popleft()
                if not self._events:
                    self._cursors.update(self._next)
                return event
            if not is_first and time.monotonic() >= until:
                break
            await self._fetch(until)
            is_first = False
        return None

    async def _fetch(self, until: float) -> None:
        """One poll, or the pause before it."""
        if self._is_busy:
            raise RuntimeError("another task waits in this subscription")
        self._is_busy = True
        try:
            now = time.monotonic()
            if now < self._not_before:
                await self._session.io.pause(max(0.0, min(self._not_before, until) - now))
            else:
                await self._poll(max(0.0, until - now))
        except AnteroomError as error:
            if self._session.io.closed:
                return
            if error.lasting:
                raise
            pause = _jitter(self._failures) + (error.retry_after or 0)
            self._failures, self._not_before = self._failures + 1, time.monotonic() + pause
            _log.warning("%s; trying again in %.1f s", error, pause)
        finally:
            self._is_busy = False

    async def _poll(self, left: float) -> None:
        # Where a room starts is asked for without waiting: from then on a lost response loses nothing.
        is_start = any(room not in self._cursors for room in self.rooms)
        asked, wait, cursor = time.monotonic(), 0.0 if is_start else min(self._wait, left), self.cursor or ""
        is_long = len(cursor) > 2000
        query = {"after": "" if is_long else cursor, "wait": f"{wait:.3f}", "as": self._as, "client": self._client}
        target, headers = _target(self.rooms, "subscribe", query), {"Last-Event-ID": cursor} if is_long else {}
        seconds = wait + min(RESPONSE_TIMEOUT, max(1.0, left - wait))
        answer, retry_after = await self._session.exchange(target, headers, None, seconds)
        with _reading():
            events, self._next = _read_poll(answer, self.rooms)
        self._events.extend(events)
        self._cursors = {**self._next, **self._cursors} if events else self._next
        if answer.get("superseded"):
            raise AnteroomError("a newer subscription has the same `client`", 200, "Superseded", lasting=True)
        if answer.get("draining"):
            raise AnteroomError("the server is shutting down", 200, "Draining", retry_after)
        self._failures = 0
        if not events:  # no more than one poll a second that comes back before its time
            self._not_before = asked + min(1.0, wait)

    def __aiter__(self) -> "AsyncSubscription":
        return self

    async def __anext__(self) -> Event:
        event = await self.next()
        if event is None:
            raise StopAsyncIteration
        return event

    async def __aenter__(self) -> "AsyncSubscription":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()


class Subscription:
    """An iterator of events: every message once, in its room's order, and a Gap before the messages that follow it.

    A lost connection is replaced, and resumes from the cursor. After an AnteroomError, iterating again tries again.
    Threads may share a subscription: each event goes to one of them.
    """

    def __init__(self, feed: AsyncSubscription) -> None:
        self.rooms = feed.rooms
        self._feed = feed
        self._turn = threading.Lock()

    @property
    def cursor(self) -> Optional[str]:
        """The cursor after the last event that was returned, for a later `after`: store it with what the event changed.

        None before the start. Of several rooms `a@k3f9x-42,b@p0q1r-7`.
        """
        return self._feed.cursor

    def start(self) -> None:
        """Returns when the cursors are known: what is published from now on will be received. `with` does it, too.

        Nothing is to be waited for where `after` names every room. Retries until the server answers.
        """
        with self._turn:
            _run(self._feed.start())

    def next(self, timeout: Optional[float] = None) -> Optional[Event]:
        """The next event. None: there was none within `timeout` (or a second more), or the subscription is closed."""
        if not self._turn.acquire(timeout=-1 if timeout is None else max(0.0, timeout)):
            return None
        try:
            return _run(self._feed.next(timeout))
        finally:
            self._turn.release()

    def close(self) -> None:
        """Ends the subscription and its poll at the server: next() returns None, the iteration ends.

        From any thread. Another that is just connecting notices it within RESPONSE_TIMEOUT.
        """
        self._feed.close()
        if self._turn.acquire(blocking=False):  # or the thread that waits does the rest
            self._feed._session.io.disconnect()
            self._turn.release()

    def __iter__(self) -> "Subscription":
        return self

    def __next__(self) -> Event:
        event = self.next()
        if event is None:
            raise StopIteration
        return event

    def __enter__(self) -> "Subscription":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _read_poll(answer: Mapping[str, Any], rooms: Sequence[str]) -> Tuple[List[Tuple[Event, str]], Dict[str, str]]:
    """The events with the cursor after each, gaps first; and the cursors after all of them."""
    after = _cursors(answer["next"], rooms)
    if len(after) < len(rooms):
        raise ValueError(f"{answer['next']} does not name every room")
    messages = [_built(Message, each, each.get("room", rooms[0])) for each in answer["messages"]]
    before: Dict[str, str] = {}  # the cursor before a room's first message
    for message in messages:
        epoch, _, number = message.id.rpartition("-")
        before.setdefault(message.room, f"{epoch}-{int(number) - 1}")
    gaps = [_built(Gap, each, each.get("room", rooms[0])) for each in answer.get("gaps", [])]
    events: List[Tuple[Event, str]] = [(gap, before.get(gap.room) or after[gap.room]) for gap in gaps]
    return events + [(message, message.id) for message in messages], after


def _cursors(text: str, rooms: Sequence[str]) -> Dict[str, str]:
    if "@" in text:
        found = {unquote(name): cursor for name, _, cursor in (part.rpartition("@") for part in text.split(","))}
        return {room: found[room] for room in rooms if room in found}
    if text == "0" or len(rooms) == 1:
        return dict.fromkeys(rooms, text)
    raise ValueError(f"'{text}' does not say which of the rooms it is a cursor of")


def _names(rooms: _Rooms) -> List[str]:
    names = [rooms] if isinstance(rooms, str) else list(dict.fromkeys(rooms))
    if not names or any(name in ("", ".", "..") for name in names):  # the last two are dot segments of a path
        raise ValueError(f"{names}: there has to be a room, and none can have such a name in an address")
    return names


def _target(rooms: Sequence[str], call: str, query: Mapping[str, Any]) -> str:
    path = f"/room/{quote(rooms[0], safe='')}/{call}" if len(rooms) == 1 else f"/{call}"
    pairs = [("room", room) for room in rooms if len(rooms) > 1]
    pairs += [(name, value) for name, value in query.items() if value not in (None, "")]
    return f"{path}?{urlencode(pairs, safe='@,')}"


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _int(digits: str) -> float:
    return int(digits) if len(digits) <= MAX_DIGITS else float(digits)


@contextlib.contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise AnteroomError("the response is not from an anteroom server", uncertain=True) from error


def _built(kind: Type[_T], value: Mapping[str, Any], room: str = "") -> _T:
    named = {name: value[name.rstrip("_")] for name in kind.__annotations__ if name.rstrip("_") in value}
    make: Callable[..., _T] = kind
    return make(**{**named, "room": room} if room else named)


def _jitter(failures: int) -> float:
    return random.random() * min(MAX_PAUSE, FIRST_PAUSE * 2.0 ** min(failures, 16))


def _retry_after(value: str) -> Optional[float]:
    try:
        date = email.utils.parsedate_to_datetime
        seconds = float(value) if value.isdigit() else date(value).timestamp() - time.time()
        return min(max(0.0, seconds), 1e6)  # threads cannot wait for much longer
    except (TypeError, ValueError):
        return None


class _Server:
    """Where the server is, and what every request says."""

    def __init__(self, base: str, headers: Mapping[str, str], context: Optional[ssl.SSLContext]) -> None:
        parts = urlsplit(base)
        self.path = base[5:] if parts.scheme == "unix" else ""
        if parts.scheme not in ("http", "https", "unix") or not (self.path or parts.hostname):
            raise ValueError(f"'{base}' is not http://host:port, https://host or unix:PATH")
        self.tls = (context or ssl.create_default_context()) if parts.scheme == "https" else None
        self.host, self.port = parts.hostname or "localhost", parts.port or (443 if self.tls else 80)
        self._prefix = "" if self.path else parts.path.rstrip("/")
        self._authority = parts.netloc.rpartition("@")[2] or "localhost"
        self._headers = headers
        self.base = base

    def request(self, target: str, headers: Mapping[str, str], body: Optional[bytes]) -> bytes:
        fields = {"Host": self._authority, "Accept": "application/json", "User-Agent": f"anteroom-python/{__version__}"}
        if body is not None:
            fields["Content-Length"] = str(len(body))
        lines = [f"{'GET' if body is None else 'POST'} {self._prefix}{target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in {**fields, **headers, **self._headers}.items()]
        if any("\r" in line or "\n" in line for line in lines):
            raise ValueError("a header has more than one line")
        return "\r\n".join([*lines, "", ""]).encode("ascii") + (body or b"")


_Response = Tuple[int, str, Dict[str, str], bytes]  # status, reason, header fields (names in lower case), body


class _Session:
    """HTTP/1.1 over one connection at a time, which is opened when it is needed."""

    def __init__(self, server: _Server, io: "_Io") -> None:
        self.io = io
        self._server = server
        self._buffer = bytearray()
        self._is_sent = False

    async def exchange(self, target: str, headers: Mapping[str, str], body: Optional[bytes],
                       seconds: float) -> Tuple[Dict[str, Any], Optional[float]]:
        """Sends a request (POST if it has a body). The response's JSON and `Retry-After`, or AnteroomError."""
        request = self._server.request(target, headers, body)
        self._is_sent = False
        try:
            status, reason, fields, content = await self.io.within(seconds, self._round_trip(request))
        except (OSError, ValueError) as error:  # ValueError: it is not HTTP
            raise AnteroomError(f"no response from {self._server.base}: {error}",
                                lasting=isinstance(error, ssl.SSLCertVerificationError),
                                uncertain=self._is_sent and body is not None) from error
        retry_after = _retry_after(fields.get("retry-after", ""))
        answer = None
        with contextlib.suppress(ValueError):
            answer = json.loads(content, parse_int=_int)
        if status in (200, 201) and isinstance(answer, dict):
            return answer, retry_after
        problem = answer if isinstance(answer, dict) else {}
        detail = str(problem.get("detail") or f"the response is not from an anteroom server: {status} {reason}")
        raise AnteroomError(detail, status, str(problem.get("title") or reason), retry_after,
                            lasting=300 <= status < 500 and status not in (408, 425, 429),
                            uncertain=body is not None and not 300 <= status < 500 and status != 503)

    async def _round_trip(self, request: bytes) -> _Response:
        is_reused = self.io.connected
        if self.io.closed:
            raise OSError("closed")
        if not is_reused:
            await self.io.connect(self._server)
        self._buffer.clear()
        self._is_sent = True
        try:
            await self.io.send(request)
            await self._receive()
        except ConnectionError:
            if not is_reused:
                raise
            self.io.disconnect()  # the server had closed it while it was idle
            return await self._round_trip(request)
        return await self._response()

    async def _response(self) -> _Response:
        status = 100
        while 100 <= status < 200:  # interim responses come before the final one
            version, _, rest = (await self._line()).partition(" ")
            code, _, reason = rest.partition(" ")
            status, fields = int(code), {}
            while line := await self._line():
                name, _, value = line.partition(":")
                fields[name.lower()] = value.strip()
        content, is_last = bytearray(), version != "HTTP/1.1" or "close" in fields.get("connection", "").lower()
        if "chunked" in fields.get("transfer-encoding", "").lower():
            size = -1
            while size:
                size = int((await self._line()).partition(";")[0], 16)
                content += await self._bytes(size)
                while await self._line():  # after the last chunk there may be trailers
                    pass
        elif "content-length" in fields:
            content += await self._bytes(int(fields["content-length"]))
        elif status not in (204, 304):
            is_last = True
            while data := await self.io.receive():
                self._buffer += data
            content = self._buffer
        if is_last:
            self.io.disconnect()
        return status, reason, fields, bytes(content)

    async def _line(self) -> str:
        while b"\n" not in self._buffer:
            await self._receive()
        return (await self._bytes(self._buffer.index(b"\n") + 1)).decode("latin-1").rstrip("\r\n")

    async def _bytes(self, count: int) -> bytes:
        while len(self._buffer) < count:
            await self._receive()
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return data

    async def _receive(self) -> None:
        data = await self.io.receive()
        if not data:
            raise ConnectionError("the connection was closed before the response was complete")
        self._buffer += data


class _BlockingIo:
    def __init__(self) -> None:
        self.closed = False
        self._closing = threading.Event()
        self._lock = threading.Lock()  # or close() could shut down a descriptor that has just become another's
        self._socket: Optional[socket.socket] = None
        self._until = 0.0

    @property
    def connected(self) -> bool:
        return self._socket is not None

    async def within(self, seconds: float, work: Coroutine[Any, Any, _T]) -> _T:
        """Awaits `work`; if it fails or takes longer, the connection is closed."""
        self._until = time.monotonic() + seconds
        try:
            return await work
        except BaseException:
            self.disconnect()
            raise

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("no response in time")
        return left

    async def connect(self, server: _Server) -> None:
        if server.path:
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.settimeout(self._left())
            self._socket.connect(server.path)
        else:
            self._socket = socket.create_connection((server.host, server.port), self._left())
        if server.tls:
            self._socket = server.tls.wrap_socket(self._socket, server_hostname=server.host)
        if self.closed:
            raise OSError("closed")

    async def send(self, data: bytes) -> None:
        assert self._socket
        self._socket.settimeout(self._left())
        self._socket.sendall(data)

    async def receive(self) -> bytes:
        assert self._socket
        self._socket.settimeout(self._left())
        return self._socket.recv(65536)

    async def pause(self, seconds: float) -> None:
        self._closing.wait(seconds)

    def disconnect(self) -> None:
        with self._lock:
            if self._socket:
                self._socket.close()
            self._socket = None

    def close(self) -> None:
        self.closed = True
        self._closing.set()
        with self._lock, contextlib.suppress(OSError):
            if self._socket:  # SSLSocket.shutdown() would end TLS under the thread that reads
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _AsyncIo:
    def __init__(self) -> None:
        self.closed = False
        self._streams: Optional[Tuple[asyncio.StreamReader, asyncio.StreamWriter]] = None
        self._task: "Optional[asyncio.Future[Any]]" = None

    @property
    def connected(self) -> bool:
        return self._streams is not None

    async def within(self, seconds: float, work: Coroutine[Any, Any, _T]) -> _T:
        # Not wait_for(): before Python 3.12 it swallows a cancellation that comes together with the result.
        self._task = task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task}, timeout=seconds)
            if not task.done() or task.cancelled():
                raise TimeoutError("no response in time")
            return task.result()
        except BaseException:
            if not task.cancel() and not task.cancelled():
                task.exception()  # or asyncio reports that nobody has seen it
            self.disconnect()
            raise

    async def connect(self, server: _Server) -> None:
        if server.path:
            self._streams = await asyncio.open_unix_connection(server.path)
        else:
            self._streams = await asyncio.open_connection(server.host, server.port, ssl=server.tls)

    async def send(self, data: bytes) -> None:
        assert self._streams
        self._streams[1].write(data)
        await self._streams[1].drain()

    async def receive(self) -> bytes:
        assert self._streams
        return await self._streams[0].read(65536)

    async def pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await self.within(seconds, asyncio.sleep(math.inf))

    def disconnect(self) -> None:
        if self._streams:
            self._streams[1].transport.abort()
        self._streams = None

    def close(self) -> None:
        self.closed = True
        if self._task:
            self._task.cancel()
        self.disconnect()


_Io = Union[_BlockingIo, _AsyncIo]
