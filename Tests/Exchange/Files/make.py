"""Writes irn.npy by the line that saves in IRN's step/make_cam.py: two tensors of PyTorch and an array. Made with PyTorch 1.13.1: python3 make.py"""
import numpy
import torch

maps = (torch.arange(60).float() / 64).view(2, 5, 6)
label = torch.zeros(20)
label[[3, 14]] = 1
valid_cat = torch.nonzero(label)[:, 0]
strided_cam = maps[:, ::4, ::4]
numpy.save("irn.npy", {"keys": valid_cat, "cam": strided_cam.cpu(), "high_res": maps.cpu().numpy()})
