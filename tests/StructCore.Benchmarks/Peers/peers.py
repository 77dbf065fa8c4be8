"""The peers of scripts/bench-peers: the same work with the usual libraries. Reads one JSON command per line, answers with one."""
import json
import os
import sys
import time

THREADS = int(os.environ["OMP_NUM_THREADS"])


class NearestNeighbours:
    """FAISS' exact index, then the mean of the k smallest."""

    def __init__(self, folder, width, neighbours):
        import faiss
        import numpy
        faiss.omp_set_num_threads(THREADS)
        self.queries, self.neighbours = numpy.fromfile(folder + "/queries", numpy.float32).reshape(-1, width), neighbours
        self.index = faiss.IndexFlatL2(width)
        self.index.add(numpy.fromfile(folder + "/bank", numpy.float32).reshape(-1, width))

    def run(self):
        distances, _ = self.index.search(self.queries, self.neighbours)
        return distances.mean(1)


class GreedyCoreset:
    """Plain greedy k-centre: one matrix-vector product over all rows per centre, |x|^2 - 2xc + |c|^2."""

    def __init__(self, folder, width, size):
        import numpy
        import torch
        torch.set_num_threads(THREADS)
        self.size = size
        self.rows = torch.from_numpy(numpy.fromfile(folder + "/proxies", numpy.float32).reshape(-1, width))

    def run(self):
        import numpy
        return numpy.array(self.choose(self.rows, self.size), numpy.float32)

    @staticmethod
    def choose(rows, size):
        import torch
        norms = (rows * rows).sum(1)
        farthest = int(((rows - rows.mean(0)) ** 2).sum(1).numpy().argmax())
        nearest = torch.full((len(rows),), float("inf"))
        chosen = [farthest]
        while len(chosen) < size:
            distance = torch.addmv(norms, rows, rows[farthest], alpha=-2).add_(norms[farthest])
            torch.minimum(nearest, distance, out=nearest)
            nearest[farthest] = -1
            farthest = int(nearest.numpy().argmax())
            chosen.append(farthest)
        return chosen


class Preprocess:
    """Pillow's resize, numpy's arithmetic."""

    def __init__(self, folder, side, resize, crop):
        import numpy
        from PIL import Image
        self.numpy, self.bilinear = numpy, Image.BILINEAR
        self.frame = Image.fromarray(numpy.fromfile(folder + "/frame", numpy.uint8).reshape(side, side, 3))
        self.resize, self.crop, self.offset = resize, crop, (resize - crop) // 2
        self.mean = numpy.array([0.485, 0.456, 0.406], numpy.float32)
        self.std = numpy.array([0.229, 0.224, 0.225], numpy.float32)

    def run(self):
        numpy, begin, end = self.numpy, self.offset, self.offset + self.crop
        small = self.frame.resize((self.resize, self.resize), self.bilinear).crop((begin, begin, end, end))
        values = (numpy.asarray(small, numpy.float32) / numpy.float32(255) - self.mean) / self.std
        return numpy.ascontiguousarray(values.transpose(2, 0, 1))


class MapStatistics:
    """torch's interpolate and a separable Gaussian, then numpy's statistics."""

    def __init__(self, side):
        import numpy
        import torch
        torch.set_num_threads(THREADS)
        self.numpy, self.torch, self.side = numpy, torch, side
        kernel = torch.exp(-0.5 * (torch.arange(-16, 17, dtype=torch.float64) / 4) ** 2)
        kernel = (kernel / kernel.sum()).float()
        self.across, self.down = kernel.reshape(1, 1, 1, -1), kernel.reshape(1, 1, -1, 1)

    def of(self, scores):
        """[1, 1, grid, grid] to maximum, deviation, tail and variation."""
        numpy, functional = self.numpy, self.torch.nn.functional
        values = functional.interpolate(scores, size=(self.side, self.side), mode="bilinear", align_corners=False)
        values = functional.pad(values, (16, 16, 16, 16), mode="reflect")
        values = functional.conv2d(functional.conv2d(values, self.across), self.down)[0, 0].numpy()
        count = max(1, values.size // 100)
        tail = numpy.partition(values.ravel(), values.size - count)[-count:].mean(dtype=numpy.float64)
        variation = numpy.abs(numpy.diff(values, axis=0)).sum(dtype=numpy.float64) + numpy.abs(numpy.diff(values, axis=1)).sum(dtype=numpy.float64)
        return numpy.array([values.max(), values.std(dtype=numpy.float64), tail, variation / values.size], numpy.float32)


class Map:
    """The map of one image and its statistics."""

    def __init__(self, folder, grid, side):
        self.statistics = MapStatistics(side)
        numpy, torch = self.statistics.numpy, self.statistics.torch
        self.scores = torch.from_numpy(numpy.fromfile(folder + "/scores", numpy.float32).reshape(1, 1, grid, grid))

    def run(self):
        return self.statistics.of(self.scores)


class Network:
    """The residual network in torch, node by node, and SPEC 2b's patches from its second and third stage."""

    def __init__(self, folder, crop):
        import numpy
        import torch
        from PIL import Image
        torch.set_num_threads(THREADS)
        self.numpy, self.torch, self.image, self.crop = numpy, torch, Image, crop
        graph = json.load(open(folder + "/network.json"))
        self.input, self.nodes, self.weights, at = graph["input"], graph["nodes"], {}, 0
        values = numpy.fromfile(folder + "/weights", numpy.float32)
        for weight in graph["weights"]:
            size = int(numpy.prod(weight["shape"]))
            self.weights[weight["name"]] = torch.from_numpy(values[at:at + size].reshape(weight["shape"]))
            at += size
        self.mean = numpy.array([0.485, 0.456, 0.406], numpy.float32)
        self.std = numpy.array([0.229, 0.224, 0.225], numpy.float32)

    def load(self, path):
        numpy = self.numpy
        image = self.image.open(path).convert("RGB").resize((self.crop, self.crop), self.image.BILINEAR)
        values = (numpy.asarray(image, numpy.float32) / numpy.float32(255) - self.mean) / self.std
        return self.torch.from_numpy(numpy.ascontiguousarray(values.transpose(2, 0, 1)))

    def patches(self, images):
        """[n, 3, crop, crop] to [n * patches, width]."""
        torch, functional = self.torch, self.torch.nn.functional
        with torch.inference_mode():
            held = dict(self.weights)
            held[self.input] = images
            for node in self.nodes:
                inputs, numbers = [held[name] for name in node["inputs"]], node["numbers"]
                if node["op"] == "Conv":
                    held[node["output"]] = functional.conv2d(*inputs, stride=numbers["strides"], padding=numbers["pads"][:2])
                elif node["op"] == "MaxPool":
                    held[node["output"]] = functional.max_pool2d(inputs[0], numbers["kernel_shape"], numbers["strides"], numbers["pads"][:2])
                elif node["op"] == "Relu":
                    held[node["output"]] = functional.relu_(inputs[0])
                elif node["op"] == "Add":
                    held[node["output"]] = inputs[0] + inputs[1]
                else:
                    raise ValueError("no torch for " + node["op"])
            second = functional.avg_pool2d(held["layer2"], 3, 1, 1)
            third = functional.avg_pool2d(held["layer3"], 3, 1, 1)
            third = functional.interpolate(third, size=second.shape[2:], mode="bilinear", align_corners=False)
            both = torch.cat([second, third], 1)
            return both.permute(0, 2, 3, 1).reshape(-1, both.shape[1]).numpy()


class Station:
    """Image file to verdict."""

    def __init__(self, folder, width, crop, grid, neighbours):
        import faiss
        import numpy
        faiss.omp_set_num_threads(THREADS)
        self.numpy, self.grid, self.neighbours = numpy, grid, neighbours
        self.network, self.statistics = Network(folder, crop), MapStatistics(crop)
        self.index = faiss.IndexFlatL2(width)
        self.index.add(numpy.fromfile(folder + "/bank", numpy.float32).reshape(-1, width))
        self.path = open(folder + "/images").read().split("\n")[0]
        self.calibration = numpy.fromfile(folder + "/calibration", numpy.float32)

    def run(self):
        numpy = self.numpy
        features = self.network.patches(self.network.load(self.path)[None])
        scores = self.index.search(features, self.neighbours)[0].mean(1).reshape(1, 1, self.grid, self.grid)
        statistics = self.statistics.of(self.network.torch.from_numpy(scores))
        mean, deviation, (scale, threshold) = self.calibration[:3], self.calibration[3:6], self.calibration[6:]
        hybrid = statistics[0] + scale * numpy.linalg.norm((statistics[1:] - mean) / (deviation + 1e-8))
        return numpy.array([hybrid, hybrid > threshold], numpy.float32)


class Fit:
    """Features of all images in batches, coreset, prototypes, calibration against the whole bank."""

    BATCH = 16

    def __init__(self, folder, width, crop, grid, neighbours):
        import faiss
        import numpy
        faiss.omp_set_num_threads(THREADS)
        self.faiss, self.numpy, self.width, self.grid, self.neighbours = faiss, numpy, width, grid, neighbours
        self.network, self.statistics = Network(folder, crop), MapStatistics(crop)
        self.paths = open(folder + "/images").read().split()
        self.projection = numpy.fromfile(folder + "/projection", numpy.float32).reshape(width, -1)

    def run(self):
        numpy, torch, network = self.numpy, self.network.torch, self.network
        features = numpy.concatenate([
            network.patches(torch.stack([network.load(path) for path in self.paths[i:i + self.BATCH]]))
            for i in range(0, len(self.paths), self.BATCH)])
        bank = features[GreedyCoreset.choose(torch.from_numpy(features @ self.projection), len(features) // 100)]
        self.prototypes(features)
        index = self.faiss.IndexFlatL2(self.width)
        index.add(bank)
        described = []
        for patches in features.reshape(len(self.paths), -1, self.width):
            scores = index.search(patches, self.neighbours)[0].mean(1).reshape(1, 1, self.grid, self.grid)
            described.append(self.statistics.of(torch.from_numpy(scores)))
        described = numpy.array(described, numpy.float64)
        largest, phi = described[:, 0], described[:, 1:]
        distance = numpy.linalg.norm((phi - phi.mean(0)) / (phi.std(0) + 1e-8), axis=1)
        hybrid = largest + largest.std() / (distance.std() + 1e-8) * distance
        return numpy.array([numpy.quantile(hybrid, 0.995)], numpy.float32)

    def prototypes(self, features, clusters=64, rounds=25, most=20000):
        """Spherical k-means, seeded by k-means++."""
        numpy = self.numpy
        rows = features[numpy.arange(most) * len(features) // most]
        rows /= numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        random, centres = numpy.random.default_rng(42), numpy.empty((clusters, self.width), numpy.float32)
        nearest, chosen = numpy.full(len(rows), numpy.inf, numpy.float32), 0
        for c in range(clusters):
            centres[c] = rows[chosen]
            nearest = numpy.minimum(nearest, numpy.maximum(2 - 2 * (rows @ centres[c]), 0))
            chosen = int(numpy.searchsorted(numpy.cumsum(nearest), random.random() * nearest.sum()).clip(0, len(rows) - 1))
        before = None
        for _ in range(rounds):
            assigned = (rows @ centres.T).argmax(1)
            if before is not None and (assigned == before).all():
                break
            before = assigned
            centres = numpy.stack([rows[assigned == c].sum(0) if (assigned == c).any() else rows[c] for c in range(clusters)])
            centres /= numpy.linalg.norm(centres, axis=1, keepdims=True)
        return centres


def median(values):
    return sorted(values)[len(values) // 2]


def main():
    work = None
    for line in sys.stdin:
        command = json.loads(line)
        try:
            if command["do"] == "prepare":
                work = globals()[command["peer"]](command["folder"], **command["sizes"])
                answer = {}
            else:
                times, end = [], time.perf_counter() + command["seconds"]
                while not times or time.perf_counter() < end:
                    begin = time.perf_counter()
                    result = work.run()
                    times.append(1000 * (time.perf_counter() - begin))
                result.tofile(command["result"])
                answer = {"ms": median(times)}
        except ModuleNotFoundError as missing:
            answer = {"missing": missing.name}
        print(json.dumps(answer), flush=True)


main()
