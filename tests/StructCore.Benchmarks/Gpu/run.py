#!/usr/bin/env python3
"""Runs 'structcore bench' beside the same pipeline in PyTorch, on one generated DINOv2, and writes one table: comparison.md and comparison.json.

Exit codes: 0 measured and the scores agree, 1 something failed or differs, 2 wrong use, 4 there is no GPU to measure."""
import argparse
import glob
import json
import os
import shutil
import site
import subprocess
import sys
import sysconfig

HERE = os.path.dirname(os.path.abspath(__file__))
NO_GPU = 4

# Largest relative difference of a hybrid score: float32 in another order of summing, and float16 in the backbone.
TOLERANCE = {"fp32": 2e-3, "fp16": 3e-2}


def say(text):
    print(f"bench-gpu: {text}", flush=True)


def has_gpu():
    smi = shutil.which("nvidia-smi")
    return smi is not None and subprocess.run([smi, "-L"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.strip() != b""


def environment():
    """CUDA's libraries as PyTorch's wheels bring them, for an ONNX Runtime on a machine without CUDA's own packages."""
    folders = {sysconfig.get_paths()["purelib"], *site.getsitepackages()}
    libraries = sorted(f for folder in folders for pattern in ("nvidia/*/lib", "tensorrt_libs") for f in glob.glob(os.path.join(folder, pattern)))
    before = os.environ.get("LD_LIBRARY_PATH", "")
    return {**os.environ, "LD_LIBRARY_PATH": ":".join([*libraries, *([before] if before else [])])}


class Comparison:
    """The runs of both sides, one after the other, and what came of them."""

    def __init__(self, options):
        self.options, self.environment = options, environment()
        self.work = os.path.abspath(options.work)
        self.backbone, self.weights = (os.path.join(self.work, "random-vit." + kind) for kind in ("onnx", "safetensors"))
        self.rows, self.left_out, self.differences, self.machine = [], [], [], {}

        # The case of the first run: its bank and crops are everyone's, its scores the ones to agree with.
        self.reference = None
        os.makedirs(self.work, exist_ok=True)

    def structcore(self, *arguments):
        return subprocess.run([self.options.structcore, *arguments], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def make_backbone(self):
        if not os.path.exists(self.backbone):
            say(f"making a random DINOv2 of size '{self.options.size}'")
            made = self.structcore("backbone", "random", "--size", self.options.size, "--out", self.backbone, "--weights", self.weights)
            if made.returncode != 0:
                raise SystemExit(f"bench-gpu: {made.stderr.strip()}")

    def case(self, name):
        return os.path.join(self.work, name)

    def ours(self, provider, precision):
        """One run of bench; its scores become those of (structcore, precision)."""
        name = f"structcore-{provider}-{precision}"
        say(name)
        report = self.case(name + ".json")
        bank = ["--bank", *glob.glob(os.path.join(self.reference, "*.scbank"))] if self.reference else ["--rows", str(self.options.rows)]
        run = self.structcore(
            "bench", "--backbone", self.backbone, "--provider", provider.removesuffix("-graphs"), *(["--graphs"] if provider.endswith("-graphs") else []),
            "--precision", precision, "--cache", self.case("cache"), "--size", "392", *bank,
            "--seconds", str(self.options.seconds), "--json", report, "--export", self.case(name), "--batch", *map(str, self.options.batch))
        if run.returncode != 0:
            self.left_out.append(f"{name}: {run.stderr.strip().splitlines()[0] if run.stderr.strip() else 'ended with ' + str(run.returncode)}")
            return
        measured = json.load(open(report))
        self.machine, self.reference = measured["machine"], self.reference or self.case(name)
        self.left_out += [f"{name}: {reason}" for reason in measured["left_out"]]
        self.add("structcore " + provider, precision, [row for row in measured["rows"] if row["stage"] == "score"], self.scores(self.case(name)))

    def peer(self, precision, mode):
        name = f"pytorch-{mode}-{precision}"
        say(name)
        report = self.case(name + ".json")
        if self.reference is None:
            self.left_out.append(f"{name}: no run of structcore left a case to compare with")
            return
        run = subprocess.run(
            [sys.executable, os.path.join(HERE, "pipeline.py"), "--weights", self.weights, "--case", self.reference, "--device", "cpu" if self.options.cpu else "cuda",
             "--precision", precision, "--mode", mode, "--seconds", str(self.options.seconds), "--json", report, "--batch", *map(str, self.options.batch)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if run.returncode != 0:
            self.left_out.append(f"{name}: {run.stderr.strip().splitlines()[-1] if run.stderr.strip() else 'ended with ' + str(run.returncode)}")
            return
        measured = json.load(open(report))
        self.machine["torch"] = measured["torch"]
        self.add("pytorch " + mode, precision, measured["rows"], measured["scores"])

    def add(self, side, precision, rows, scores):
        for row in rows:
            self.rows.append({"side": side, "precision": precision, "batch": row["batch"], "median_ms_per_image": row["median_ms"] / row["batch"],
                              "p99_ms_per_image": row["p99_ms"] / row["batch"], "images_per_second": row["images_per_second"]})
        reference = self.scores(self.reference)
        worst = max((abs(a - b) / max(abs(b), 1e-12) for a, b in zip(scores, reference)), default=0)
        agrees = len(scores) == len(reference) and worst <= TOLERANCE[precision]
        self.differences.append({"side": side, "precision": precision, "largest_relative_difference": worst, "tolerance": TOLERANCE[precision], "agrees": agrees})

        # After every run: a machine's time may be up before all are done.
        self.write()

    @staticmethod
    def scores(case):
        with open(os.path.join(case, "scores.json")) as file:
            return json.load(file)["hybrid"]

    def write(self):
        peers = {(row["precision"], row["batch"]): row["median_ms_per_image"] for row in self.rows if row["side"] == "pytorch eager"}
        for row in self.rows:
            peer = peers.get((row["precision"], row["batch"]))
            row["ratio_to_pytorch_eager"] = row["median_ms_per_image"] / peer if peer else None
        result = {"machine": self.machine, "size": self.options.size, "bank_rows": self.options.rows, "rows": self.rows, "scores": self.differences, "left_out": self.left_out}
        os.makedirs(self.options.out, exist_ok=True)
        with open(os.path.join(self.options.out, "comparison.json"), "w") as file:
            json.dump(result, file, indent=2)
        with open(os.path.join(self.options.out, "comparison.md"), "w") as file:
            file.write(self.markdown())

    def markdown(self):
        device = self.machine.get("gpu") if not self.options.cpu else None
        lines = [f"DINOv2 of size '{self.options.size}' at 392 with random weights, bank of {self.options.rows:,} rows, 8-bit crops in host memory to scores, "
                 f"on {device or self.machine.get('cpu', 'this machine')}.", "",
                 "| | precision | batch | ms per image | p99 | images/s | ours / PyTorch eager |", "|---|---|---|---|---|---|---|"]
        for row in self.rows:
            ratio = row["ratio_to_pytorch_eager"]
            lines.append(f"| {row['side']} | {row['precision']} | {row['batch']} | {row['median_ms_per_image']:.3f} | {row['p99_ms_per_image']:.3f} | {row['images_per_second']:.1f} | {f'{ratio:.2f}' if ratio else '-'} |")
        lines += ["", "| scores | precision | largest relative difference | allowed |", "|---|---|---|---|"]
        lines += [f"| {d['side']} | {d['precision']} | {d['largest_relative_difference']:.1e} | {d['tolerance']:.0e}{'' if d['agrees'] else ' DIFFERS'} |" for d in self.differences]
        return "\n".join(lines + [""] + [f"- left out: {reason}" for reason in self.left_out]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--structcore", default=os.path.join(HERE, "program", "structcore"), help="the program [default: the one that was unpacked beside this file]")
    parser.add_argument("--out", default=os.environ.get("OUT", "bench-gpu"), help="folder for comparison.md and comparison.json [default: $OUT, else ./bench-gpu]")
    parser.add_argument("--work", default=os.path.join(HERE, "work"), help="folder for backbone, cases and engine caches")
    parser.add_argument("--size", choices=("tiny", "small", "base", "large"), default="base")
    parser.add_argument("--rows", type=int, default=2508, help="rows of the bank")
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--precision", nargs="+", choices=("fp32", "fp16"), help="[default: both; fp32 with --cpu]")
    parser.add_argument("--provider", nargs="+", choices=("cuda", "cuda-graphs", "tensorrt"), default=["cuda", "cuda-graphs", "tensorrt"])
    parser.add_argument("--mode", nargs="+", choices=("eager", "compiled"), default=["eager", "compiled"])
    parser.add_argument("--seconds", type=float, default=2, help="how long each batch size is measured")
    parser.add_argument("--cpu", action="store_true", help="measure on the processor instead")
    options = parser.parse_args()
    if not options.cpu and not has_gpu():
        print("bench-gpu: there is no NVIDIA GPU here (nvidia-smi lists none). Run it where there is one, or measure the processor with --cpu.", file=sys.stderr)
        return NO_GPU

    comparison, precisions = Comparison(options), options.precision or (["fp32"] if options.cpu else ["fp32", "fp16"])
    comparison.make_backbone()
    for provider in ["cpu"] if options.cpu else options.provider:
        for precision in precisions:
            comparison.ours(provider, precision)
    for mode in options.mode:
        for precision in precisions:
            comparison.peer(precision, mode)
    comparison.write()
    print(comparison.markdown())
    sides = {row["side"].split()[0] for row in comparison.rows}
    return 0 if sides == {"structcore", "pytorch"} and all(d["agrees"] for d in comparison.differences) else 1


sys.exit(main())
