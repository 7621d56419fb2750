"""Follows a room with Python's standard library until a message says `end`; prints a message a line."""

import http.client
import json
import sys
import urllib.request

mode, host, port, room = sys.argv[1:]
path = f"/room/{room}/subscribe"
base = f"http://{host}:{port}"


def poll():
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    cursor = "0"
    while True:
        connection.request("GET", f"{path}?after={cursor}&wait=5")
        answer = connection.getresponse()
        body = answer.read()
        cursor = answer.getheader("Last-Event-ID")
        if answer.status == 200:
            text = body.decode()
            yield json.loads(text) if answer.getheader("Content-Type") == "application/json" else text
        elif answer.status != 204:
            sys.exit(f"answered {answer.status}")


def polls_of_json():
    cursor = "0"
    while True:
        request = urllib.request.Request(f"{base}{path}?after={cursor}&wait=5", headers={"Accept": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            told = json.load(answer)
        cursor = told["next"]
        for message in told["messages"]:
            yield message["data"]


def sse():
    request = urllib.request.Request(f"{base}{path}?after=0", headers={"Accept": "text/event-stream"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        for line in answer:
            if line.startswith(b"data: "):
                yield json.loads(line[6:])["data"]


def ndjson():
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    connection.request("GET", path, headers={"Accept": "application/x-ndjson", "Last-Event-ID": "0"})
    answer = connection.getresponse()
    while line := answer.readline():
        if line.strip():
            yield json.loads(line)["data"]
    sys.exit("the stream ended")


for data in {"poll": poll, "json": polls_of_json, "sse": sse, "ndjson": ndjson}[mode]():
    print(data)
    if data == "end":
        break

request = urllib.request.Request(
    f"{base}/room/{room}-answer/publish", data="ä".encode(), headers={"Content-Type": "text/plain; charset=utf-8"}
)
with urllib.request.urlopen(request, timeout=20) as answer:
    print("published", answer.status)
