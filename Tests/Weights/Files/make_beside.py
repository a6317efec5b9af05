"""Writes what training scripts save: beside.pth, a state dict among objects of all kinds; beside-legacy.pth, the same in PyTorch's old format; beside-4.pth, by pickle protocol 4; and
module.pth and module-legacy.pth, whole modules. Made with PyTorch 1.13.1 and NumPy 1.24: python3 make_beside.py"""
import argparse
import collections
import datetime
import pathlib
import numpy
import torch


class Small(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 2, 1, bias=False)
        self.norm = torch.nn.BatchNorm2d(2)
        self.conv.weight.data = torch.tensor([1.5, -2.0]).view(2, 1, 1, 1)


model = Small()
average = torch.optim.swa_utils.AveragedModel(model)
average.module.conv.weight.data.mul_(2)
optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)
model.conv(torch.ones(1, 1, 1, 1)).sum().backward()
optimizer.step()
model.conv.weight.data = torch.tensor([1.5, -2.0]).view(2, 1, 1, 1)
schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [3, 5])
beside = {
    "epoch": 3,
    "arch": "small",
    "best_acc1": torch.tensor(71.5),
    "best_miou": numpy.float64(0.481),
    "confusion": numpy.arange(9).reshape(3, 3),
    "args": argparse.Namespace(lr=0.1, data=pathlib.Path("/data/voc"), gpu=None),
    "counts": collections.Counter("abca"),
    "history": collections.defaultdict(list, loss=[1.0, 0.5]),
    "recent": collections.deque([1, 2], maxlen=5),
    "when": datetime.datetime(2024, 2, 3, 4, 5, 6),
    "kinds": {"cat", "dog"},
    "fixed": frozenset([1, 2]),
    "size": torch.Size([2, 3]),
    "dtype": torch.float16,
    "device": torch.device("cpu"),
    "complex": 1 + 2j,
    "schedule": schedule,
    "lr_scheduler": schedule.state_dict(),
    "optimizer": optimizer.state_dict(),
    "model_ema": average.state_dict(),
    "model": model.state_dict(),
}
torch.save(beside, "beside-legacy.pth", _use_new_zipfile_serialization=False)
beside["spectrum"] = torch.zeros(2, dtype=torch.complex64)
torch.save(beside, "beside.pth")
torch.save(beside, "beside-4.pth", pickle_protocol=4)
torch.save(model, "module.pth")
torch.save(model, "module-legacy.pth", _use_new_zipfile_serialization=False)
