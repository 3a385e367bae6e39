"""The native peers' speed, JSON out: `onnxruntime MODEL.onnx SQUARES.rgba`, the benchmark's model and squares; or
`torch`, the same layers with random weights, of which only time is compared. Inference is on one thread."""

import json
import os
import statistics
import sys
import time


def summary(run, warm_up, runs):
    def timed():
        start = time.perf_counter()
        run()
        return (time.perf_counter() - start) * 1000

    for _ in range(warm_up):
        timed()
    times = [timed() for _ in range(runs)]
    return {"median": statistics.median(times), "min": min(times), "max": max(times), "runs": runs}


def onnxruntime(model, squares):
    import numpy
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    rgba = numpy.fromfile(squares, dtype=numpy.uint8).reshape(-1, 64, 64, 4)
    pixels = numpy.ascontiguousarray(rgba[..., :3].transpose(0, 3, 1, 2)).astype(numpy.float32) / 255

    def inference(batch):
        return summary(lambda: session.run(None, {"pixels": pixels[:batch]}), 40, 50)

    return {"version": ort.__version__, "threads": 1, "batch 1": inference(1), "batch 8": inference(8)}


def torch():
    import torch
    from torch import nn

    together = 32

    def conv(inputs, outputs, side, stride, norm):
        layers = [nn.Conv2d(inputs, outputs, side, stride, side // 2)]
        return nn.Sequential(*layers, nn.BatchNorm2d(outputs, eps=1e-3)) if norm else layers[0]

    class Block(nn.Module):
        """A convolutional block, or an identity block where nothing changes its size."""

        def __init__(self, inputs, width, stride, norm):
            super().__init__()
            self.a = conv(inputs, width, 1, stride, norm)
            self.b = conv(width, width, 3, 1, norm)
            self.c = conv(width, 4 * width, 1, 1, norm)
            same = inputs == 4 * width and stride == 1
            self.shortcut = nn.Identity() if same else conv(inputs, 4 * width, 1, stride, norm)

        def forward(self, x):
            y = torch.relu(self.a(x))
            y = torch.relu(self.b(y))
            return torch.relu(self.c(y) + self.shortcut(x))

    def network(norm):
        layers = [conv(3, 64, 7, 2, norm), nn.ReLU(), nn.MaxPool2d(3, 2)]
        inputs = 64
        for blocks, width, stride in [(3, 64, 1), (4, 128, 2), (6, 256, 2), (3, 512, 2)]:
            for index in range(blocks):
                layers.append(Block(inputs, width, stride if index == 0 else 1, norm))
                inputs = 4 * width
        layers += [nn.AvgPool2d(2), nn.Flatten(), nn.Linear(inputs, 6)]
        return nn.Sequential(*layers).to(memory_format=torch.channels_last)

    def squares(count):
        return torch.rand(count, 3, 64, 64).to(memory_format=torch.channels_last)

    def inference(count):
        # As Signet computes it: batch norm folded away, on one thread.
        torch.set_num_threads(1)
        folded, input = network(norm=False).eval(), squares(count)
        with torch.inference_mode():
            return summary(lambda: folded(input), 5, 20)

    def training():
        torch.set_num_threads(os.cpu_count())
        learner, input = network(norm=True).train(), squares(together)
        truth = torch.arange(together) % 6
        adam = torch.optim.Adam(learner.parameters(), lr=1e-6, eps=1e-7)

        def step():
            adam.zero_grad()
            nn.functional.cross_entropy(learner(input), truth).backward()
            adam.step()

        return summary(step, 2, 5)

    return {
        "version": torch.__version__,
        "inference threads": 1,
        "batch 1": inference(1),
        "batch 8": inference(8),
        "training threads": os.cpu_count(),
        f"training step of {together}": training(),
    }


peer, *given = sys.argv[1:]
print(json.dumps({"onnxruntime": onnxruntime, "torch": torch}[peer](*given)))
