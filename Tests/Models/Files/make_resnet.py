"""Writes resnet-basic.pth and resnet-bottleneck.pth, small ResNets under torchvision's names whose convolutions are in half precision; and resnet-*-expected.pth, an input
of each with what PyTorch 1.13.1 makes of it at output strides of 16 and 8: python3 make_resnet.py"""
import torch
from torch.nn.functional import batch_norm, conv2d, max_pool2d, relu

torch.manual_seed(11)
WIDTH = 2


def weights(bottleneck, blocks):
    state, channels = {}, WIDTH

    def conv(name, out, into, size):
        state[f"{name}.weight"] = (torch.randn(out, into, size, size) * (2 / (into * size * size)) ** 0.5).half()

    def norm(name, size):
        state[f"{name}.weight"], state[f"{name}.bias"] = torch.rand(size) + 0.5, torch.randn(size) * 0.1
        state[f"{name}.running_mean"], state[f"{name}.running_var"] = torch.randn(size) * 0.1, torch.rand(size) + 0.5

    conv("conv1", WIDTH, 3, 7), norm("bn1", WIDTH)
    for layer in range(4):
        width = WIDTH << layer
        out = width * (4 if bottleneck else 1)
        for block in range(blocks[layer]):
            name = f"layer{layer + 1}.{block}"
            sizes = ((width, channels, 1), (width, width, 3), (out, width, 1)) if bottleneck else ((width, channels, 3), (width, width, 3))
            for i, (to, into, size) in enumerate(sizes):
                conv(f"{name}.conv{i + 1}", to, into, size), norm(f"{name}.bn{i + 1}", to)
            if block == 0 and (channels != out or layer > 0):
                conv(f"{name}.downsample.0", out, channels, 1), norm(f"{name}.downsample.1", out)
            channels = out
    return state


def run(state, bottleneck, blocks, strides, dilations, x):
    def conv(x, name, stride=1, dilation=1):
        weight = state[f"{name}.weight"].float()
        return conv2d(x, weight, stride=stride, padding=dilation * (weight.shape[2] // 2), dilation=dilation)

    def norm(x, name):
        return batch_norm(x, state[f"{name}.running_mean"], state[f"{name}.running_var"], state[f"{name}.weight"], state[f"{name}.bias"])

    x = max_pool2d(relu(norm(conv(x, "conv1", 2), "bn1")), 3, 2, 1)
    for layer in range(4):
        for block in range(blocks[layer]):
            name = f"layer{layer + 1}.{block}"
            stride, dilation = (strides[layer], 1) if block == 0 else (1, dilations[layer])
            if bottleneck:
                y = relu(norm(conv(x, f"{name}.conv1"), f"{name}.bn1"))
                y = relu(norm(conv(y, f"{name}.conv2", stride, dilation), f"{name}.bn2"))
                y = norm(conv(y, f"{name}.conv3"), f"{name}.bn3")
            else:
                y = relu(norm(conv(x, f"{name}.conv1", stride, dilation), f"{name}.bn1"))
                y = norm(conv(y, f"{name}.conv2", 1, dilation), f"{name}.bn2")
            skip = norm(conv(x, f"{name}.downsample.0", stride), f"{name}.downsample.1") if f"{name}.downsample.0.weight" in state else x
            x = relu(y + skip)
    return x


for kind, blocks in (("basic", [2, 1, 1, 3]), ("bottleneck", [1, 2, 1, 1])):
    bottleneck = kind == "bottleneck"
    state, images = weights(bottleneck, blocks), torch.randn(2, 3, 64, 48)
    outputs = {"output16": run(state, bottleneck, blocks, (1, 2, 2, 1), (1, 1, 1, 1), images), "output8": run(state, bottleneck, blocks, (1, 2, 1, 1), (1, 1, 2, 2), images)}
    torch.save({"state_dict": state}, f"resnet-{kind}.pth")
    torch.save({"input": images, **outputs}, f"resnet-{kind}-expected.pth")
