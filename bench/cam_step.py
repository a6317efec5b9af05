"""One CAM training step as the authors' code does it, in Debian's PyTorch: the other side of bench/cam-step.

usage: cam_step.py NETWORK BATCH CROP STEPS THREADS [DEVICE]"""
import json
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def formula(stream, count, centre, amplitude):
    i = np.arange(count, dtype=np.uint64)
    mask = np.uint64(0xFFFFFFFF)
    h = (i * np.uint64(2654435761) + np.uint64((stream * 40503 + 12345) & 0xFFFFFFFF)) & mask
    h ^= h >> np.uint64(15)
    h = (h * np.uint64(2246822519)) & mask
    h ^= h >> np.uint64(13)
    h = (h * np.uint64(3266489917)) & mask
    h ^= h >> np.uint64(16)
    return (centre + amplitude * (2.0 * (h >> np.uint64(8)).astype(np.float64) / (1 << 24) - 1)).astype(np.float32)


class Bottleneck(nn.Module):
    def __init__(self, channels, width, stride, dilation):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, dilation, dilation, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or channels != 4 * width:
            self.downsample = nn.Sequential(nn.Conv2d(channels, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width))

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        y += x if self.downsample is None else self.downsample(x)
        return self.relu(y)


class CamNet(nn.Module):
    def __init__(self, width, blocks, strides, dilations, classes):
        super().__init__()
        self.backbone = nn.Module()
        self.backbone.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.backbone.bn1 = nn.BatchNorm2d(width)
        channels = width
        for i in range(4):
            layer = []
            for block in range(blocks[i]):
                layer.append(Bottleneck(channels, width << i, strides[i] if block == 0 else 1, 1 if block == 0 else dilations[i]))
                channels = 4 * (width << i)
            setattr(self.backbone, f"layer{i + 1}", nn.Sequential(*layer))
        self.classifier = nn.Conv2d(channels, classes, 1, bias=False)

    def forward(self, x):
        b = self.backbone
        x = F.max_pool2d(F.relu(b.bn1(b.conv1(x)), inplace=True), 3, 2, 1)
        x = b.layer4(b.layer3(b.layer2(b.layer1(x))))
        return self.classifier(x.mean((2, 3), keepdim=True)).flatten(1)


def main():
    network, (batch, crop, steps, threads) = sys.argv[1], map(int, sys.argv[2:6])
    device = sys.argv[6] if len(sys.argv) > 6 else "cpu"
    torch.set_num_threads(threads)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    small, classes = network == "small", 20
    net = CamNet(16, [1] * 4, (1, 2, 1, 1), (1, 1, 2, 2), classes) if small else CamNet(64, [3, 4, 6, 3], (1, 2, 2, 1), (1,) * 4, classes)
    with torch.no_grad():
        for index, parameter in enumerate(net.parameters(), 1):
            if parameter.dim() == 4:
                bound = (1.5 / np.prod(parameter.shape[1:])) ** 0.5
                parameter.copy_(torch.from_numpy(formula(index, parameter.numel(), 0, bound)).view_as(parameter))
    for frozen in (net.backbone.conv1, net.backbone.bn1):
        frozen.requires_grad_(False)
    net.to(device).train()
    if not small:  # FixedBatchNorm
        for module in net.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
    groups = [{"params": [p for p in net.backbone.parameters() if p.requires_grad], "lr": 1e-3},
              {"params": list(net.classifier.parameters()), "lr": 1e-3 if small else 1e-2}]
    optimizer = torch.optim.AdamW(groups, weight_decay=1e-3) if small else torch.optim.SGD(groups, 1e-3, momentum=1e-4, weight_decay=1e-4)
    initial = [group["lr"] for group in optimizer.param_groups]
    images = torch.from_numpy(formula(5000, batch * 3 * crop * crop, 0, 2)).view(batch, 3, crop, crop).to(device)
    tags = (torch.from_numpy(formula(5001, batch * classes, 0, 1)).view(batch, classes) > 0.5).float().to(device)

    seconds, losses = [], []
    for step in range(steps):
        start = time.perf_counter()
        for group, rate in zip(optimizer.param_groups, initial):
            group["lr"] = rate * (1 - step / 1000) ** 0.9
        loss = F.multilabel_soft_margin_loss(net(images), tags)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": seconds, "losses": losses}))


main()
