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
        read = lambda name: numpy.fromfile(folder + "/" + name, numpy.float32).reshape(-1, width)
        self.queries, self.neighbours = read("queries"), neighbours
        self.index = faiss.IndexFlatL2(width)
        self.index.add(read("bank"))

    def run(self):
        distances, _ = self.index.search(self.queries, self.neighbours)
        return distances.mean(1)


class GreedyCoreset:
    """Plain greedy k-centre: one matrix-vector product over all rows per centre, |x|^2 - 2xc + |c|^2."""

    def __init__(self, folder, width, size):
        import numpy
        import torch
        torch.set_num_threads(THREADS)
        self.torch, self.size = torch, size
        self.rows = torch.from_numpy(numpy.fromfile(folder + "/proxies", numpy.float32).reshape(-1, width))

    def run(self):
        torch, rows = self.torch, self.rows
        norms = (rows * rows).sum(1)
        mean = rows.mean(0)
        farthest = int(((rows - mean) ** 2).sum(1).numpy().argmax())
        nearest = torch.full((len(rows),), float("inf"))
        chosen = []
        while True:
            chosen.append(farthest)
            if len(chosen) == self.size:
                return self.result(chosen)
            distance = torch.addmv(norms, rows, rows[farthest], alpha=-2).add_(norms[farthest])
            torch.minimum(nearest, distance, out=nearest)
            nearest[farthest] = -1
            farthest = int(nearest.numpy().argmax())

    @staticmethod
    def result(chosen):
        import numpy
        return numpy.array(chosen, numpy.float32)


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


class Map:
    """torch's interpolate and a separable Gaussian, then numpy's statistics."""

    def __init__(self, folder, grid, side):
        import numpy
        import torch
        torch.set_num_threads(THREADS)
        self.numpy, self.torch, self.side = numpy, torch, side
        self.scores = torch.from_numpy(numpy.fromfile(folder + "/scores", numpy.float32).reshape(1, 1, grid, grid))
        kernel = torch.exp(-0.5 * (torch.arange(-16, 17, dtype=torch.float64) / 4) ** 2)
        kernel = (kernel / kernel.sum()).float()
        self.across, self.down = kernel.reshape(1, 1, 1, -1), kernel.reshape(1, 1, -1, 1)

    def run(self):
        numpy, functional = self.numpy, self.torch.nn.functional
        values = functional.interpolate(self.scores, size=(self.side, self.side), mode="bilinear", align_corners=False)
        values = functional.pad(values, (16, 16, 16, 16), mode="reflect")
        values = functional.conv2d(functional.conv2d(values, self.across), self.down)[0, 0].numpy()
        count = max(1, values.size // 100)
        tail = numpy.partition(values.ravel(), values.size - count)[-count:].mean(dtype=numpy.float64)
        variation = numpy.abs(numpy.diff(values, axis=0)).sum(dtype=numpy.float64) + numpy.abs(numpy.diff(values, axis=1)).sum(dtype=numpy.float64)
        return numpy.array([values.max(), values.std(dtype=numpy.float64), tail, variation / values.size], numpy.float32)


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
