"""Builds the distributions of anteroom.py with the standard library alone (PEP 517).

In the wheel the module is a package, `anteroom/__init__.py` beside `py.typed`: type checkers ignore the types of an
installed single module (PEP 561).
"""

import base64
import hashlib
import io
import pathlib
import re
import tarfile
import zipfile

HERE = pathlib.Path(__file__).parent
WHEEL = "Wheel-Version: 1.0\nGenerator: anteroom\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
FILES = ["anteroom.py", "build_backend.py", "pyproject.toml", "README.md", "LICENSE"]


def _read(name):
    return (HERE / name).read_text(encoding="utf-8")


def _project():
    project = dict(re.findall(r'^(\S+) = "(.*)"$', _read("pyproject.toml"), re.MULTILINE))
    project["version"] = re.search(r'^__version__ = "(.*)"$', _read("anteroom.py"), re.MULTILINE)[1]
    return project


def _metadata():
    project = _project()
    fields = {
        "Metadata-Version": "2.1",
        "Name": project["name"],
        "Version": project["version"],
        "Summary": project["description"],
        "License": project["license"],
        "Requires-Python": project["requires-python"],
        "Description-Content-Type": "text/markdown; charset=utf-8",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items()) + "\n" + _read("README.md")


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    base = "{name}-{version}".format_map(_project())
    files = {
        "anteroom/__init__.py": _read("anteroom.py"),
        "anteroom/py.typed": "",
        f"{base}.dist-info/METADATA": _metadata(),
        f"{base}.dist-info/WHEEL": WHEEL,
        f"{base}.dist-info/LICENSE": _read("LICENSE"),
    }
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        record += f"{path},sha256={digest},{len(text.encode())}\n"
    files[f"{base}.dist-info/RECORD"] = f"{record}{base}.dist-info/RECORD,,\n"
    name = f"{base}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory) / name, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, text in files.items():
            entry = zipfile.ZipInfo(path)  # of a fixed time: the same source gives the same wheel
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, text)
    return name


def build_sdist(sdist_directory, config_settings=None):
    base = "{name}-{version}".format_map(_project())
    with tarfile.open(pathlib.Path(sdist_directory) / f"{base}.tar.gz", "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for name, text in [*((name, _read(name)) for name in FILES), ("PKG-INFO", _metadata())]:
            entry = tarfile.TarInfo(f"{base}/{name}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return f"{base}.tar.gz"
