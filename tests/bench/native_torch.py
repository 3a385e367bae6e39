"""PyTorch's own speed at the network of the benchmark, JSON out. Its weights are random: only time is compared."""

import json
import os
import statistics
import time

import torch
from torch import nn

WARM_UP = 5
RUNS = 20
STEPS = 5
TOGETHER = 32
STAGES = [(3, 64, 1), (4, 128, 2), (6, 256, 2), (3, 512, 2)]


def conv(inputs, outputs, side=1, stride=1, norm=True):
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
    stem = nn.Conv2d(3, 64, 7, 2, 3)
    layers = [stem, nn.BatchNorm2d(64, eps=1e-3)] if norm else [stem]
    layers += [nn.ReLU(), nn.MaxPool2d(3, 2)]
    inputs = 64
    for blocks, width, stride in STAGES:
        for index in range(blocks):
            layers.append(Block(inputs, width, stride if index == 0 else 1, norm))
            inputs = 4 * width
    layers += [nn.AvgPool2d(2), nn.Flatten(), nn.Linear(inputs, 6)]
    return nn.Sequential(*layers).to(memory_format=torch.channels_last)


def squares(count):
    return torch.rand(count, 3, 64, 64).to(memory_format=torch.channels_last)


def summary(run, warm_up, runs):
    def timed():
        start = time.perf_counter()
        run()
        return (time.perf_counter() - start) * 1000

    for _ in range(warm_up):
        timed()
    times = [timed() for _ in range(runs)]
    return {"median": statistics.median(times), "min": min(times), "max": max(times), "runs": runs}


def inference(count):
    # As Signet computes it: batch norm folded away, on one thread.
    torch.set_num_threads(1)
    folded, input = network(norm=False).eval(), squares(count)

    def run():
        with torch.inference_mode():
            folded(input)

    return summary(run, WARM_UP, RUNS)


def training():
    torch.set_num_threads(os.cpu_count())
    learner, input = network(norm=True).train(), squares(TOGETHER)
    truth = torch.arange(TOGETHER) % 6
    adam = torch.optim.Adam(learner.parameters(), lr=1e-6, eps=1e-7)

    def run():
        adam.zero_grad()
        nn.functional.cross_entropy(learner(input), truth).backward()
        adam.step()

    return summary(run, 2, STEPS)


print(json.dumps({
    "version": torch.__version__,
    "inference threads": 1,
    "batch 1": inference(1),
    "batch 8": inference(8),
    "training threads": os.cpu_count(),
    f"training step of {TOGETHER}": training(),
}))
