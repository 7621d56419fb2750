"""What pip builds of clients/python, with nothing but the standard library."""

import base64
import csv
import hashlib
import io
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile

from harness import ROOT, anteroom

FOLDER = ROOT / "clients" / "python"


def built(kind, folder):
    """Calls the build backend in a process of its own, in its folder, as pip does."""
    code = f"import build_backend; print(build_backend.build_{kind}({str(folder)!r}))"
    run = subprocess.run([sys.executable, "-B", "-c", code], cwd=FOLDER, check=True, capture_output=True, text=True)
    return pathlib.Path(folder, run.stdout.strip())


class Package(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_the_wheel_is_a_typed_package(self):
        path = built("wheel", self.folder)
        self.assertEqual(path.name, f"anteroom-{anteroom.__version__}-py3-none-any.whl")
        with zipfile.ZipFile(path) as wheel:
            files = {name: wheel.read(name) for name in wheel.namelist()}
        self.assertEqual(files["anteroom/__init__.py"], (FOLDER / "anteroom.py").read_bytes())
        self.assertIn("anteroom/py.typed", files)
        information = f"anteroom-{anteroom.__version__}.dist-info"
        for line in [f"Version: {anteroom.__version__}", "Name: anteroom", "License: MIT", "Requires-Python: >=3.9"]:
            self.assertIn(line, files[f"{information}/METADATA"].decode().split("\n"))
        rows = list(csv.reader(io.StringIO(files[f"{information}/RECORD"].decode())))
        self.assertEqual(sorted(row[0] for row in rows), sorted(files))
        for name, digest, size in rows[:-1]:
            expected = base64.urlsafe_b64encode(hashlib.sha256(files[name]).digest()).decode().rstrip("=")
            self.assertEqual((digest, int(size)), (f"sha256={expected}", len(files[name])))
        code = "import anteroom; print(anteroom.__version__, anteroom.Client.publish.__doc__[:9])"
        options = {"cwd": self.folder, "env": {"PYTHONPATH": str(path)}, "capture_output": True, "text": True}
        run = subprocess.run([sys.executable, "-c", code], check=True, **options)
        self.assertEqual(run.stdout, f"{anteroom.__version__} Publishes\n")

    def test_the_same_source_is_the_same_wheel_also_by_way_of_the_source_distribution(self):
        wheel = built("wheel", self.folder).read_bytes()
        with tarfile.open(built("sdist", self.folder)) as archive:
            for member in archive.getmembers():
                target = self.folder / pathlib.Path(member.name).name
                target.write_bytes(archive.extractfile(member).read())
        code = "import build_backend; print(build_backend.build_wheel('.'))"
        subprocess.run([sys.executable, "-B", "-c", code], cwd=self.folder, check=True, capture_output=True)
        self.assertEqual(next(self.folder.glob("*.whl")).read_bytes(), wheel)

    def test_the_licence_is_that_of_the_project(self):
        self.assertEqual((FOLDER / "LICENSE").read_bytes(), (ROOT / "LICENSE").read_bytes())


if __name__ == "__main__":
    unittest.main()
