#!/usr/bin/env python3
"""Packs a folder into numbered parts with their SHA-256, several parts to a transfer, each transfer with receive.py beside its parts."""
import argparse
import hashlib
import io
import json
import lzma
import os
import shutil
import sys
import tarfile

MEBIBYTE = 1 << 20


class Parts(io.RawIOBase):
    """A stream to be written once, cut into files."""

    def __init__(self, folder, size):
        self.folder, self.size, self.sums, self.whole, self.file, self.room = folder, size, {}, hashlib.sha256(), None, 0

    def writable(self):
        return True

    def write(self, data):
        data = memoryview(data).cast("B")
        done = 0
        while done < len(data):
            if self.room == 0:
                self.end()
                self.name, self.room, self.sum = f"part-{1 + len(self.sums):03d}", self.size, hashlib.sha256()
                self.file = open(os.path.join(self.folder, self.name), "wb")
            piece = data[done:done + self.room]
            for sink in (self.sum.update, self.whole.update, self.file.write):
                sink(piece)
            self.room -= len(piece)
            done += len(piece)
        return len(data)

    def end(self):
        if self.file:
            self.file.close()
            self.sums[self.name] = self.sum.hexdigest()
            self.file = None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", help="folder to pack; it must hold run.py")
    parser.add_argument("out", help="folder for transfer-1, transfer-2, ...; replaced")
    parser.add_argument("--part-mib", type=float, default=14, help="largest part")
    parser.add_argument("--parts", type=int, default=4, help="parts of one transfer")
    parser.add_argument("--preset", type=int, choices=range(10), default=6, help="of xz")
    options = parser.parse_args()

    shutil.rmtree(options.out, ignore_errors=True)
    os.makedirs(options.out)
    parts = Parts(options.out, int(options.part_mib * MEBIBYTE))
    with lzma.LZMAFile(parts, "w", preset=options.preset) as packed, tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        tar.add(options.source, arcname=".")
    parts.end()

    names = list(parts.sums)
    transfers = [names[i:i + options.parts] for i in range(0, len(names), options.parts)]
    content = json.dumps({"parts": parts.sums, "sha256": parts.whole.hexdigest(), "transfers": transfers}, indent=2)
    for number, group in enumerate(transfers, 1):
        folder = os.path.join(options.out, f"transfer-{number}")
        os.makedirs(folder)
        for name in group:
            os.rename(os.path.join(options.out, name), os.path.join(folder, name))
        shutil.copy(os.path.join(os.path.dirname(os.path.abspath(__file__)), "receive.py"), folder)
        with open(os.path.join(folder, "parts.json"), "w") as file:
            file.write(content)
    size = sum(os.path.getsize(os.path.join(root, f)) for root, _, files in os.walk(options.out) for f in files)
    print(f"{len(names)} parts of at most {options.part_mib:g} MiB in {len(transfers)} transfers, {size / MEBIBYTE:.0f} MiB", file=sys.stderr)


main()
