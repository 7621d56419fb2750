#!/usr/bin/env python3
"""Runs a program with the SystemCallFilter of a unit: filtered.py UNIT PROGRAM [ARGUMENT]...

A system call that the unit refuses ends the program at once, where systemd would let the call fail. Exit code 77: it cannot be
tried here.
"""
import ctypes
import os
import re
import subprocess
import sys

ALLOW = 0x7FFF0000
KILL_PROCESS = 0x80000000


def expand(names):
    """System calls, and those of the sets that begin with @, as this machine's systemd knows them."""
    out = set()
    for name in names:
        if name.startswith("@"):
            listed = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True)
            out |= expand(line.strip() for line in listed.stdout.splitlines()[1:] if line.strip()[:1] not in ("", "#"))
        else:
            out.add(name)
    return out


allowed = expand(["@default"])  # which systemd allows in any case
for line in re.findall(r"^SystemCallFilter=(.*)$", open(sys.argv[1], encoding="utf-8").read(), re.M):
    if line.startswith("~"):
        allowed -= expand(line[1:].split()) - expand(["@default"])
    else:
        allowed |= expand(line.split())

try:
    seccomp = ctypes.CDLL("libseccomp.so.2")
except OSError as error:
    print(error, file=sys.stderr)
    sys.exit(77)
seccomp.seccomp_init.restype = ctypes.c_void_p
context = ctypes.c_void_p(seccomp.seccomp_init(ctypes.c_uint32(KILL_PROCESS)))
for name in allowed:
    number = seccomp.seccomp_syscall_resolve_name(name.encode())
    if number >= 0:  # others are of other machines
        seccomp.seccomp_rule_add(context, ctypes.c_uint32(ALLOW), number, 0)
if seccomp.seccomp_load(context) != 0:
    sys.exit(77)
os.execv(sys.argv[2], sys.argv[2:])
