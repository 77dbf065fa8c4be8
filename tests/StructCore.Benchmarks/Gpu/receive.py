#!/usr/bin/env python3
"""Takes the parts of one transfer in. With the last one it checks and unpacks everything, then runs run.py with the arguments that follow '--'.

Exit codes: 0 taken in, or what run.py ends with; 1 a part is damaged; 3 other transfers are still missing."""
import argparse
import hashlib
import json
import lzma
import os
import shutil
import sys
import tarfile

MISSING = 3


def digest(path):
    whole = hashlib.sha256()
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            whole.update(piece)
    return whole.hexdigest()


class Joined:
    """The parts, one after the other, as one stream to read once; its sum is known at the end."""

    def __init__(self, paths):
        self.paths, self.file, self.whole = iter(paths), None, hashlib.sha256()

    def read(self, size=-1):
        while True:
            if self.file is None:
                path = next(self.paths, None)
                if path is None:
                    return b""
                self.file = open(path, "rb")
            data = self.file.read(size)
            if data:
                self.whole.update(data)
                return data
            self.file.close()
            self.file = None


def unpack(paths, sha256, into):
    fresh = into + ".new"
    shutil.rmtree(fresh, ignore_errors=True)
    joined = Joined(paths)
    with lzma.LZMAFile(joined) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
        tar.extractall(fresh)
    if joined.whole.hexdigest() != sha256:
        raise SystemExit("receive.py: the parts together have another SHA-256 than parts.json says; pack and carry them again.")
    shutil.rmtree(into, ignore_errors=True)
    os.rename(fresh, into)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", required=True, help="folder that outlives a transfer, the same for all of them")
    parser.add_argument("--unpack-only", action="store_true", help="do not run anything")
    parser.add_argument("run", nargs="*", help="arguments for run.py, after '--'")
    options = parser.parse_args()

    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "parts.json")) as file:
        content = json.load(file)
    kept, program = os.path.join(options.into, "parts-" + content["sha256"][:12]), os.path.join(options.into, "unpacked")
    os.makedirs(kept, exist_ok=True)
    for name, want in content["parts"].items():
        path = os.path.join(here, name)
        if os.path.exists(path):
            if digest(path) != want:
                print(f"receive.py: '{path}' is damaged: SHA-256 {digest(path)}, expected {want}. Carry it again.", file=sys.stderr)
                return 1
            shutil.copy(path, kept)

    missing = [str(i) for i, names in enumerate(content["transfers"], 1) if not all(os.path.exists(os.path.join(kept, n)) for n in names)]
    if missing:
        print(f"receive.py: taken in; still missing: transfer {', '.join(missing)} of {len(content['transfers'])}.")
        return MISSING
    unpack([os.path.join(kept, name) for name in content["parts"]], content["sha256"], program)
    if options.unpack_only:
        return 0
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, os.path.join(program, "run.py"), *options.run])


sys.exit(main())
