#!/usr/bin/env python3
"""Compares the sample configuration with the settings of `anteroom --help`: configuration.py SERVER FILE

Each setting stands in the file once, commented out, with its default. A setting without one has an example, and the comment
above it says so. With all of them in effect the server starts.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

server, file = sys.argv[1:]
wrong = []

help_text = subprocess.run([server, "--help"], capture_output=True, text=True, check=True).stdout
defaults = {}
for name, rest in re.findall(r"^  --([a-z-]+)(.*)\(Env:", help_text, re.M):
    if name == "config":
        continue
    kind, _, default = rest.replace("...", "").strip().partition("=")
    defaults[name] = default if kind else "false"  # a flag takes no value

sample = {}
example = False
for number, line in enumerate(pathlib.Path(file).read_text(encoding="ascii").splitlines(), 1):
    if not line.startswith("#") and line:
        wrong.append(f"line {number} is in effect: {line}")
    elif found := re.fullmatch(r"#([a-z-]+) = (\S.*)", line):
        name, value = found.groups()
        if name in sample:
            wrong.append(f"line {number}: {name} stands there twice")
        elif example:
            if defaults.get(name, "") not in ("", "one per core", "built in"):
                wrong.append(f"line {number}: {name} has a default, {defaults[name]}, and no example is needed")
        elif value != defaults.get(name):
            wrong.append(f"line {number}: the default of {name} is {defaults.get(name)}, not {value}")
        sample[name] = value
    else:
        example = line.endswith(" Example:")
wrong += [f"{name} is missing" for name in defaults if name not in sample]
wrong += [f"{name} is no setting" for name in sample if name not in defaults]

with tempfile.TemporaryDirectory() as folder:
    pathlib.Path(folder, "index.html").write_text("page")
    sample.update({"listen": "127.0.0.1:0", "web": folder})
    all_of_them = pathlib.Path(folder, "anteroom.conf")
    all_of_them.write_text("".join(f"{name} = {value}\n" for name, value in sample.items()))
    with subprocess.Popen([server, "--config", str(all_of_them)], stdout=subprocess.PIPE, text=True) as process:
        if "listening on" not in process.stdout.readline():
            wrong.append("the server does not start with all of them in effect")
        process.terminate()

print(*wrong, sep="\n")
sys.exit(1 if wrong or not defaults else 0)
