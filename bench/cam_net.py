"""The network of bench/cam_step.py and bench/clims_step.py, as the authors' code has it, and the numbers that both sides of a comparison can make for themselves."""
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

    def features(self, x):
        b = self.backbone
        x = F.max_pool2d(F.relu(b.bn1(b.conv1(x)), inplace=True), 3, 2, 1)
        return b.layer4(b.layer3(b.layer2(b.layer1(x))))

    def logits(self, x):
        return self.classifier(self.features(x).mean((2, 3), keepdim=True)).flatten(1)

    def maps(self, x):
        return self.classifier(self.features(x))


def resnet50(classes):
    return CamNet(64, [3, 4, 6, 3], (1, 2, 2, 1), (1,) * 4, classes)
