"""Writes archive.pth and legacy.pth, the same state dict in PyTorch's two formats; training.pth, a dict around one; and script.pth, a TorchScript module. Made with PyTorch 1.13.1: python3 make.py"""
import collections
import torch


def values(count, dtype):
    return torch.arange(count).mul(3).sub(7).to(dtype)


shared = values(24, torch.float32).div(8)
state = collections.OrderedDict()
state["conv.weight"] = torch.nn.Parameter(shared.view(2, 3, 4))
state["tied.weight"] = state["conv.weight"].data
state["slice"] = shared[6:12]
state["transposed"] = shared.view(4, 6).t()
state["every.second"] = shared[1::2]
state["expanded"] = shared[:3].expand(4, 3)
state["scalar"] = torch.tensor(2.5)
state["empty"] = torch.zeros(0, 3)
state["double"] = values(3, torch.float64).div(3)
state["half"] = values(3, torch.float16).div(2)
state["bfloat16"] = values(3, torch.bfloat16).div(2)
state["long"] = values(3, torch.int64).mul(10_000_000_000)
state["int"] = values(3, torch.int32)
state["short"] = values(3, torch.int16)
state["char"] = values(3, torch.int8)
state["byte"] = torch.tensor([0, 128, 255], dtype=torch.uint8)
state["bool"] = torch.tensor([True, False, True])
state._metadata = {"": {"version": 1}}

for name, zipped in (("archive.pth", True), ("legacy.pth", False)):
    torch.save(state, name, _use_new_zipfile_serialization=zipped)

training = {"epoch": 3, "best": 0.481, "args": ["cam", None, (1, True)], "device": torch.device("cpu"), "state_dict": {"weight": torch.ones(2, 2)},
            "optimizer": {"state": {0: {"momentum_buffer": torch.zeros(2)}}, "param_groups": [{"lr": 0.1, "params": [0]}]}}
torch.save(training, "training.pth")


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 2, 1, bias=False)
        self.conv1.weight.data = torch.arange(6).float().view(2, 3, 1, 1)
        self.sizes = [1, 2]
        self.names = {"a": 0.5}
        self.layers = torch.nn.Sequential(torch.nn.LayerNorm(2), torch.nn.BatchNorm2d(2))
        self.layers.half()
        self.register_buffer("input_resolution", torch.tensor(224))

    def forward(self, x):
        return self.layers[1](self.conv1(x)) * self.sizes[0] + self.names["a"]


torch.jit.save(torch.jit.script(Block()), "script.pth")
