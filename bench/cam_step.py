"""One CAM training step as the authors' code does it, in Debian's PyTorch: the other side of bench/cam-step.

usage: cam_step.py NETWORK BATCH CROP STEPS THREADS [DEVICE [PRECISION]]     bfloat16: autocast and channels_last"""
import json
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from cam_net import CamNet, formula, resnet50


def main():
    network, (batch, crop, steps, threads) = sys.argv[1], map(int, sys.argv[2:6])
    device = sys.argv[6] if len(sys.argv) > 6 else "cpu"
    narrow = len(sys.argv) > 7 and sys.argv[7] == "bfloat16"
    torch.set_num_threads(threads)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    small, classes = network == "small", 20
    net = CamNet(16, [1] * 4, (1, 2, 1, 1), (1, 1, 2, 2), classes) if small else resnet50(classes)
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

    if narrow:
        net, images = net.to(memory_format=torch.channels_last), images.contiguous(memory_format=torch.channels_last)

    seconds, losses = [], []
    for step in range(steps):
        start = time.perf_counter()
        for group, rate in zip(optimizer.param_groups, initial):
            group["lr"] = rate * (1 - step / 1000) ** 0.9
        with torch.autocast(torch.device(device).type, torch.bfloat16, enabled=narrow):
            logits = net.logits(images)
        loss = F.multilabel_soft_margin_loss(logits.float(), tags)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": seconds, "losses": losses}))


main()
