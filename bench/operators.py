"""The operators of training steps in Debian's PyTorch: the other side of bench/operators.

usage: operators.py THREADS ROUNDS"""
import json
import statistics
import sys
import time

import torch
from torch.nn import functional as F

threads, rounds = map(int, sys.argv[1:3])
torch.set_num_threads(threads)
results = {}


def measure(name, size, weights, function):
    torch.manual_seed(0)
    x = torch.randn(size).requires_grad_()
    w = (torch.randn(weights) * 0.05).requires_grad_()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        y = function(x, w)
        y.backward(torch.ones_like(y))
        times.append(1e3 * (time.perf_counter() - start))
    results[name] = statistics.median(times)


def norm(x, w, channels):
    return F.batch_norm(x, torch.zeros(channels), torch.ones(channels), w, torch.zeros(channels), training=True)


measure("linear, 600 x 768 to 3072", [600, 768], [3072, 768], F.linear)
measure("linear, 600 x 3072 to 768", [600, 3072], [768, 3072], F.linear)
measure("attention, 144 heads of 50 x 64", [144, 50, 64], [1], lambda x, w: x.matmul(x.transpose(1, 2)).softmax(-1).matmul(x))
measure("layer_norm, 600 x 768", [600, 768], [768], lambda x, w: F.layer_norm(x, [768], w))
measure("QuickGELU, 600 x 3072", [600, 3072], [1], lambda x, w: x * (1.702 * x).sigmoid())
measure("3x3 convolution, 64 at 56x56", [4, 64, 56, 56], [64, 64, 3, 3], lambda x, w: F.conv2d(x, w, padding=1))
measure("1x1 convolution, 256 to 64 at 56x56", [4, 256, 56, 56], [64, 256, 1, 1], F.conv2d)
measure("3x3 convolution, 512 at 14x14", [4, 512, 14, 14], [512, 512, 3, 3], lambda x, w: F.conv2d(x, w, padding=1))
measure("1x1 convolution, 1024 to 2048 at 14x14", [4, 1024, 14, 14], [2048, 1024, 1, 1], F.conv2d)
measure("relu, 256 at 56x56", [4, 256, 56, 56], [1], lambda x, w: F.relu(x))
measure("batch_norm, 256 at 56x56", [4, 256, 56, 56], [256], lambda x, w: norm(x, w, 256))
measure("bicubic, 14x14 to 224x224", [4, 20, 14, 14], [1], lambda x, w: F.interpolate(x, (224, 224), mode="bicubic"))
measure("3x3 convolution, 16 at 48x48", [32, 16, 48, 48], [16, 16, 3, 3], lambda x, w: F.conv2d(x, w, padding=1))
measure("3x3 convolution, 64 at 12x12", [32, 64, 12, 12], [64, 64, 3, 3], lambda x, w: F.conv2d(x, w, padding=1))
measure("batch_norm, 16 at 48x48", [32, 16, 48, 48], [16], lambda x, w: norm(x, w, 16))
measure("max_pool2d, 16 at 48x48", [32, 16, 48, 48], [1], lambda x, w: F.max_pool2d(x, 3, 2, 1))
print(json.dumps(results))
