"""Class activation maps of images of noise in plain PyTorch, one image at a time, resized where the network is: the other side of cam-inference.

usage: cam_inference.py NETWORK WIDTH HEIGHT AT_ONCE ROUNDS THREADS [DEVICE]"""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

from cam_net import CamNet, resnet50

SCALES, CLASSES = (1.0, 0.5, 1.5, 2.0), 20


@torch.no_grad()
def maps(net, image, label, device):
    """The map of one class at the image's size, normalised, on the host. image: [H, W, 3], bytes."""
    height, width = image.shape[:2]
    levels = image.to(device).permute(2, 0, 1).float().unsqueeze(0) / 255
    mean, std = (torch.tensor(values, device=device).view(1, 3, 1, 1) for values in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    total = 0
    for scale in SCALES:
        size = round(height * scale), round(width * scale)
        scaled = levels if scale == 1 else F.interpolate(levels, size=size, mode="bicubic", align_corners=False, antialias=True).clamp(0, 1)
        scaled = (scaled - mean) / std
        out = F.relu(net.maps(torch.cat([scaled, scaled.flip(3)])))[:, label:label + 1]
        total = total + F.interpolate(out[:1] + out[1:].flip(3), size=(height, width), mode="bilinear", align_corners=False)
    return (total / (total.amax((2, 3), keepdim=True) + 1e-5)).cpu()


def main():
    network, (width, height, at_once, rounds, threads) = sys.argv[1], map(int, sys.argv[2:7])
    device = sys.argv[7] if len(sys.argv) > 7 else "cpu"
    torch.set_num_threads(threads)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = torch.backends.cudnn.benchmark = True
    torch.manual_seed(0)
    net = CamNet(16, [1] * 4, (1, 2, 1, 1), (1, 1, 2, 2), CLASSES) if network == "small" else resnet50(CLASSES)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -0.1, 0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            nn.init.uniform_(module.weight, 0.5, 1.5)
    net.to(device).eval()
    images = [torch.randint(0, 256, (height, width, 3), dtype=torch.uint8) for _ in range(at_once)]
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        for index, image in enumerate(images):
            maps(net, image, index % CLASSES, device)
        seconds.append((time.perf_counter() - start) / at_once)
    print(json.dumps({"seconds": seconds}))


main()
