"""The whole method in PyTorch, from 8-bit crops to scores: the peer of 'structcore bench' on a GPU, and on a processor for its test.

Reads the weights structcore made and the case 'structcore bench --export' wrote, so that both sides do the same work on the same numbers."""
import argparse
import json
import math
import os
import struct
import time
import zipfile

import numpy
import torch
from torch import nn
from torch.nn import functional

GRID, PATCH, CROP = 28, 14, 392
SELECTED = (-1, -3, -6, -9, -12)
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
PROJECTED, PROJECTION_SEED = 512, 42
SIGMA, RADIUS, TAIL = 4, 16, 0.01


def read_safetensors(path):
    """Name to float32 tensor: 8 bytes of length, a JSON header, the tensors' bytes."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        begin, tensors = file.tell(), {}
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            first, last = entry["data_offsets"]
            file.seek(begin + first)
            tensors[name] = torch.from_numpy(numpy.frombuffer(file.read(last - first), "<f4").reshape(entry["shape"]).copy())
    return tensors


def read_bank(path):
    """Manifest, rows and routing prototypes of a bank file."""
    with zipfile.ZipFile(path) as file:
        manifest = json.loads(file.read("manifest.json"))
        arrays = [numpy.frombuffer(file.read(name), "<f4").reshape(-1, manifest["width"]).copy() for name in ("memory.f4", "routing.f4")]
    return manifest, torch.from_numpy(arrays[0]), torch.from_numpy(arrays[1])


def projection(inputs):
    """SPEC 3: SplitMix64, one draw per element, +s, -s or 0."""
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(PROJECTION_SEED) + (numpy.arange(inputs * PROJECTED, dtype=numpy.uint64) + numpy.uint64(1)) * numpy.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        z = (z ^ (z >> numpy.uint64(31))) % numpy.uint64(6)
    scale = numpy.float32(math.sqrt(3 / PROJECTED))
    return torch.from_numpy(numpy.where(z == 0, scale, numpy.where(z == 1, -scale, numpy.float32(0))).astype(numpy.float32).reshape(inputs, PROJECTED))


def cubic(distance, a=-0.75):
    distance = abs(distance)
    if distance <= 1:
        return (a + 2) * distance ** 3 - (a + 3) * distance ** 2 + 1
    return a * distance ** 3 - 5 * a * distance ** 2 + 8 * a * distance - 4 * a if distance < 2 else 0


def resize_positions(stored):
    """SPEC 2: [side, side, d] to [GRID, GRID, d], bicubic, taps clamped to the grid."""
    side = stored.shape[0]
    if side == GRID:
        return stored
    weights = torch.zeros(GRID, side, dtype=torch.float64)
    for i in range(GRID):
        source = (i + 0.5) * side / (GRID + 0.1) - 0.5
        for tap in range(math.floor(source) - 1, math.floor(source) + 3):
            weights[i, min(max(tap, 0), side - 1)] += cubic(source - tap)
    return torch.einsum("ia,jb,abd->ijd", weights, weights, stored.double()).float()


def map_operator():
    """SPEC 7: A [CROP, GRID], bilinear upsampling and the Gaussian in one."""
    up = torch.zeros(CROP, GRID, dtype=torch.float64)
    for i in range(CROP):
        source = min(max((i + 0.5) * GRID / CROP - 0.5, 0), GRID - 1)
        low = min(int(source), GRID - 2)
        up[i, low] += 1 - (source - low)
        up[i, low + 1] += source - low
    kernel = torch.exp(-0.5 * (torch.arange(-RADIUS, RADIUS + 1, dtype=torch.float64) / SIGMA) ** 2)
    kernel /= kernel.sum()
    blur = torch.zeros(CROP, CROP, dtype=torch.float64)
    for i in range(CROP):
        for tap in range(-RADIUS, RADIUS + 1):
            at = abs(i + tap)
            blur[i, 2 * (CROP - 1) - at if at >= CROP else at] += kernel[tap + RADIUS]
    return (blur @ up).float()


class Block(nn.Module):
    """One transformer block; its layer scales are multiplied into the linear layers before them, as structcore does."""

    def __init__(self, weights, name, width):
        super().__init__()
        self.heads = width // 64
        self.norm1, self.norm2 = (self.norm(weights, f"{name}.norm{i}") for i in (1, 2))
        parts = [f"{name}.attention.attention.{part}" for part in ("query", "key", "value")]
        self.qkv = self.linear(torch.cat([weights[f"{p}.weight"] for p in parts]), torch.cat([weights[f"{p}.bias"] for p in parts]))
        self.out = self.scaled(weights, f"{name}.attention.output.dense", weights[f"{name}.layer_scale1.lambda1"])
        self.fc1 = self.linear(weights[f"{name}.mlp.fc1.weight"], weights[f"{name}.mlp.fc1.bias"])
        self.fc2 = self.scaled(weights, f"{name}.mlp.fc2", weights[f"{name}.layer_scale2.lambda1"])

    @staticmethod
    def norm(weights, name):
        layer = nn.LayerNorm(len(weights[f"{name}.weight"]), eps=1e-6)
        layer.weight, layer.bias = (nn.Parameter(weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return layer

    @staticmethod
    def linear(weight, bias):
        layer = nn.Linear(weight.shape[1], weight.shape[0])
        layer.weight, layer.bias = nn.Parameter(weight), nn.Parameter(bias)
        return layer

    @classmethod
    def scaled(cls, weights, name, scale):
        return cls.linear(weights[f"{name}.weight"] * scale[:, None], weights[f"{name}.bias"] * scale)

    def forward(self, tokens):
        batch, count, width = tokens.shape
        query, key, value = self.qkv(self.norm1(tokens)).view(batch, count, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        if hasattr(functional, "scaled_dot_product_attention"):
            mixed = functional.scaled_dot_product_attention(query, key, value)
        else:
            mixed = torch.softmax(query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1]), -1) @ value
        tokens = tokens + self.out(mixed.transpose(1, 2).reshape(batch, count, width))
        return tokens + self.fc2(functional.gelu(self.fc1(self.norm2(tokens))))


class Pipeline(nn.Module):
    """8-bit crops [B, 392, 392, 3] to [B, 4] base, dispersion, tail, variation, [B] category and [B, 784] patch scores. Only the backbone is ever float16."""

    def __init__(self, weights, banks, dtype):
        super().__init__()
        positions = weights["embeddings.position_embeddings"][0]
        width, side = positions.shape[1], math.isqrt(len(positions) - 1)
        depth = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer."))
        self.dtype, self.selected = dtype, [depth + s for s in SELECTED]
        self.patch = nn.Conv2d(3, width, PATCH, PATCH)
        self.patch.weight, self.patch.bias = (nn.Parameter(weights[f"embeddings.patch_embeddings.projection.{part}"]) for part in ("weight", "bias"))
        self.blocks = nn.ModuleList(Block(weights, f"encoder.layer.{i}", width) for i in range(depth))
        self.register_buffer("first", (weights["embeddings.cls_token"] + positions[0]).reshape(1, 1, width))
        self.register_buffer("positions", resize_positions(positions[1:].reshape(side, side, width)).reshape(1, -1, width))
        self.register_buffer("projection", projection(len(SELECTED) * width))
        self.register_buffer("mean", torch.tensor(MEAN).reshape(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(STD).reshape(1, 3, 1, 1))
        for part in (self.patch, self.blocks):
            part.to(dtype)
        self.first, self.positions, self.projection = self.first.to(dtype), self.positions.to(dtype), self.projection.to(dtype)

        # Banks of one size side by side, so that each image takes its own by an index on the device.
        self.neighbours = banks[0][0]["neighbours"]
        self.register_buffer("rows", torch.stack([rows for _, rows, _ in banks]))
        self.register_buffer("norms", (self.rows ** 2).sum(-1))
        self.register_buffer("prototypes", torch.cat([prototypes for _, _, prototypes in banks]))
        self.prototype_count = len(banks[0][2])
        self.register_buffer("operator", map_operator())

    def features(self, crops):
        pixels = ((crops.permute(0, 3, 1, 2).float() / 255 - self.mean) / self.std).to(self.dtype)
        patches = self.patch(pixels).flatten(2).transpose(1, 2) + self.positions
        tokens, unit = torch.cat([self.first.expand(len(crops), -1, -1), patches], 1), {}
        for i, block in enumerate(self.blocks):
            tokens = block(tokens)
            if i in self.selected:
                unit[i] = functional.normalize(tokens[:, 1:].float(), dim=-1, eps=1e-12).to(self.dtype)
        return (torch.cat([unit[i] for i in self.selected], -1) @ self.projection).float()

    def forward(self, crops):
        features = self.features(crops)
        likeness = functional.normalize(features, dim=-1, eps=1e-12) @ self.prototypes.t()
        nearest = (2 - 2 * likeness).clamp_min(0).unflatten(-1, (-1, self.prototype_count)).amin(-1)
        category = nearest.mean(1).argmin(-1)

        norms = (features ** 2).sum(-1, keepdim=True)
        distances = torch.baddbmm(norms + self.norms[category].unsqueeze(1), features, self.rows[category].transpose(1, 2), alpha=-2)
        scores = distances.topk(self.neighbours, largest=False, sorted=False).values.clamp_min(0).mean(-1)

        anomaly = self.operator @ scores.unflatten(-1, (GRID, GRID)) @ self.operator.t()
        flat = anomaly.flatten(1)
        tail = flat.topk(int(flat.shape[1] * TAIL), sorted=False).values.mean(-1)
        variation = (anomaly.diff(dim=1).abs().sum((1, 2)) + anomaly.diff(dim=2).abs().sum((1, 2))) / flat.shape[1]
        return torch.stack([flat.amax(-1), flat.std(-1, unbiased=False), tail, variation], -1), category, scores


def hybrid(described, calibration):
    """SPEC 8 on the processor, as structcore does it."""
    result = []
    for (base, *phi), of in zip(described, calibration):
        mean, deviation = ([of[part][key] for key in ("dispersion", "tail", "total_variation")] for part in ("mean", "deviation"))
        differences = [p - m for p, m in zip(phi, mean)]
        if of["distance"] == "one-sided":
            differences = [max(0, d) for d in differences]
        result.append(base + of["lambda"] * math.sqrt(sum((d / (s + 1e-8)) ** 2 for d, s in zip(differences, deviation))))
    return result


class Peer:
    """Host crops in, host scores out."""

    def __init__(self, arguments, banks):
        self.device = torch.device(arguments.device)
        self.calibrations = [manifest["calibration"] for manifest, _, _ in banks]
        weights = read_safetensors(arguments.weights)
        self.model = Pipeline(weights, banks, {"fp32": torch.float32, "fp16": torch.float16}[arguments.precision]).eval().to(self.device)
        self.run = torch.compile(self.model) if arguments.mode == "compiled" else self.model

    @torch.inference_mode()
    def score(self, crops):
        described, category, _ = self.run(crops.to(self.device, non_blocking=True))
        return hybrid(described.tolist(), [self.calibrations[c] for c in category.tolist()])


def measure(peer, crops, batch, seconds):
    """Median and 99th percentile of one call in milliseconds, warm."""
    def call(i):
        picked = crops[[(i * batch + j) % len(crops) for j in range(batch)]]
        if peer.device.type == "cuda":
            picked = picked.pin_memory()
        begin = time.perf_counter()
        peer.score(picked)
        return 1000 * (time.perf_counter() - begin)

    for share, fewest in ((0.25, 2), (1, 5)):
        times, end = [], time.perf_counter() + share * seconds
        while len(times) < fewest or time.perf_counter() < end:
            times.append(call(len(times)))
    times.sort()
    return times[len(times) // 2], times[math.ceil(0.99 * len(times)) - 1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--case", required=True, help="folder that 'structcore bench --export' wrote")
    parser.add_argument("--device", choices=("cuda", "cpu"), required=True)
    parser.add_argument("--precision", choices=("fp32", "fp16"), required=True)
    parser.add_argument("--mode", choices=("eager", "compiled"), required=True)
    parser.add_argument("--batch", type=int, nargs="+", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--json", required=True)
    arguments = parser.parse_args()
    if arguments.mode == "compiled" and not hasattr(torch, "compile"):
        raise SystemExit(f"pipeline.py: PyTorch {torch.__version__} cannot compile; 2.0 or newer can.")
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch.set_num_threads(len(os.sched_getaffinity(0)))

    banks = [read_bank(os.path.join(arguments.case, name)) for name in sorted(os.listdir(arguments.case)) if name.endswith(".scbank")]
    crops = torch.from_numpy(numpy.fromfile(os.path.join(arguments.case, "crops.u1"), numpy.uint8).reshape(-1, CROP, CROP, 3))
    peer, rows = Peer(arguments, banks), []
    scores = peer.score(crops)
    for batch in arguments.batch:
        median, p99 = measure(peer, crops, batch, arguments.seconds)
        rows.append({"batch": batch, "median_ms": median, "p99_ms": p99, "images_per_second": 1000 * batch / median})
    name = torch.cuda.get_device_name() if arguments.device == "cuda" else "processor"
    with open(arguments.json, "w") as file:
        json.dump({"torch": torch.__version__, "device": name, "precision": arguments.precision, "mode": arguments.mode, "scores": scores, "rows": rows}, file, indent=2)


main()
