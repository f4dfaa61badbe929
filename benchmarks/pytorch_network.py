"""Measures how many pictures a second the network of `sprint` learns from in PyTorch, by memory format and precision.

Run by benchmarks/against_pytorch.py, with an interpreter that has PyTorch: SIDE,SIDE,... BATCH THREADS PRECISION,...
Prints a JSON object from sides to the pictures per second of the fastest way.
"""

import json
import sys
from itertools import product
from time import perf_counter

import torch
from torch import nn
from torch.nn import functional

STEPS = 5
WIDTHS = (64, 128, 128)
PATCH_CHANNELS, CLASSES = 24, 10
BFLOAT16 = "mixed_bfloat16"


class Whitened(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, PATCH_CHANNELS, 2).requires_grad_(False)
        pairs = list(zip((PATCH_CHANNELS, *WIDTHS), WIDTHS, strict=False))
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, after, 3, padding=1, bias=False)
            for width, after in pairs
            for before, after in ((width, after), (after, after))
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(layer.out_channels) for layer in self.convolutions)
        self.head = nn.Linear(WIDTHS[-1], CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = functional.relu(self.patches(x))
        for place, (convolution, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            x = convolution(x)
            x = functional.max_pool2d(x, 2) if place % 2 == 0 else x
            x = functional.silu(norm(x))
        return self.head(x.mean(dim=(2, 3)))


def pictures_per_second(side: int, batch: int, memory: torch.memory_format, precision: str) -> float:
    network = Whitened().to(memory_format=memory).train()
    learnt = [weight for weight in network.parameters() if weight.requires_grad]
    optimiser = torch.optim.SGD(learnt, lr=0.01, momentum=0.85, nesterov=True)
    pixels = torch.randint(0, 256, (batch, 3, side, side), dtype=torch.uint8)
    labels = torch.randint(0, CLASSES, (batch,))

    def step() -> float:
        began = perf_counter()
        scaled = (pixels.float() / 64 - 2).to(memory_format=memory)
        optimiser.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == BFLOAT16):
            loss = functional.cross_entropy(network(scaled), labels, label_smoothing=0.2)
        loss.backward()
        optimiser.step()
        return perf_counter() - began

    return batch / min(step() for _ in range(STEPS))


def main() -> None:
    sides, batch, threads, precisions = sys.argv[1:]
    torch.set_num_threads(int(threads))
    ways = list(product((torch.channels_last, torch.contiguous_format), precisions.split(",")))
    speeds = {side: max(pictures_per_second(int(side), int(batch), *way) for way in ways) for side in sides.split(",")}
    print(json.dumps(speeds))


if __name__ == "__main__":
    main()
