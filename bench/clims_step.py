"""One CLIMS training step as the authors' code does it, in Debian's PyTorch: the other side of bench/clims-step.

Three passes of CLIP's image tower (objects for OTM, surroundings for BTM, objects again for CBS), every text encoded again in every step.
usage: clims_step.py habits|frozen BATCH CROP STEPS THREADS [DEVICE [PRECISION]]
habits: CLIP's weights collect gradients too, as in the authors' code; bfloat16: autocast"""
import json
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from cam_net import formula, resnet50

CLASSES, BACKGROUNDS, CONTEXT, VOCABULARY = 20, 10, 77, 49408


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attn = nn.MultiheadAttention(width, heads)
        self.ln_1 = nn.LayerNorm(width)
        self.mlp = nn.Sequential()
        self.mlp.add_module("c_fc", nn.Linear(width, 4 * width))
        self.mlp.add_module("c_proj", nn.Linear(4 * width, width))
        self.ln_2 = nn.LayerNorm(width)

    def forward(self, x, mask):
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False, attn_mask=mask)[0]
        y = self.mlp.c_fc(self.ln_2(x))
        return x + self.mlp.c_proj(y * torch.sigmoid(1.702 * y))


class Transformer(nn.Module):
    def __init__(self, width, layers, heads):
        super().__init__()
        self.resblocks = nn.ModuleList(Block(width, heads) for _ in range(layers))

    def forward(self, x, mask=None):
        x = x.permute(1, 0, 2)
        for block in self.resblocks:
            x = block(x, mask)
        return x.permute(1, 0, 2)


class Clip(nn.Module):
    """ViT-B/32, under OpenAI's names."""

    def __init__(self):
        super().__init__()
        v = self.visual = nn.Module()
        v.conv1 = nn.Conv2d(3, 768, 32, 32, bias=False)
        v.class_embedding = nn.Parameter(torch.zeros(768))
        v.positional_embedding = nn.Parameter(torch.zeros(50, 768))
        v.ln_pre, v.ln_post = nn.LayerNorm(768), nn.LayerNorm(768)
        v.transformer = Transformer(768, 12, 12)
        v.proj = nn.Parameter(torch.zeros(768, 512))
        self.transformer = Transformer(512, 12, 8)
        self.token_embedding = nn.Embedding(VOCABULARY, 512)
        self.positional_embedding = nn.Parameter(torch.zeros(CONTEXT, 512))
        self.ln_final = nn.LayerNorm(512)
        self.text_projection = nn.Parameter(torch.zeros(512, 512))
        self.logit_scale = nn.Parameter(torch.zeros(()))
        self.register_buffer("mask", torch.full((CONTEXT, CONTEXT), float("-inf")).triu_(1), persistent=False)

    def encode_image(self, x):
        v = self.visual
        x = v.conv1(x).flatten(2).transpose(1, 2)
        x = torch.cat([v.class_embedding.expand(x.shape[0], 1, -1), x], 1) + v.positional_embedding
        return v.ln_post(v.transformer(v.ln_pre(x))[:, 0]) @ v.proj

    def encode_text(self, tokens):
        x = self.transformer(self.token_embedding(tokens) + self.positional_embedding, self.mask)
        return self.ln_final(x)[torch.arange(len(tokens)), tokens.argmax(-1)] @ self.text_projection


@torch.no_grad()
def fill(module, first_stream):
    for index, (name, parameter) in enumerate(sorted(module.named_parameters(), key=lambda entry: entry[0].encode()), first_stream + 1):
        if parameter.dim() < 2:
            if name.endswith(("class_embedding", "bias")):
                parameter.zero_()
            continue
        bound = 0.05 if name.endswith(("embedding", "embedding.weight")) else (1.5 * parameter.shape[0] / parameter.numel()) ** 0.5
        parameter.copy_(torch.from_numpy(formula(index, parameter.numel(), 0, bound)).view_as(parameter))


def tokens(count, stream, device):
    words = formula(stream, 4 * count, 20000, 19000).astype(np.int64).reshape(count, 4)
    rows = np.zeros((count, CONTEXT), np.int64)
    rows[:, 0], rows[:, 1:5], rows[:, 5] = VOCABULARY - 2, words, VOCABULARY - 1
    return torch.from_numpy(rows).to(device)


def features(x):
    return x / x.norm(dim=-1, keepdim=True)


def main():
    habit, (batch, crop, steps, threads) = sys.argv[1], map(int, sys.argv[2:6])
    device = sys.argv[6] if len(sys.argv) > 6 else "cpu"
    narrow = len(sys.argv) > 7 and sys.argv[7] == "bfloat16"
    torch.set_num_threads(threads)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    net, clip = resnet50(CLASSES), Clip()
    fill(net, 0)
    fill(clip, 1000)
    for frozen in (net.backbone.conv1, net.backbone.bn1):
        frozen.requires_grad_(False)
    if habit == "frozen":
        clip.requires_grad_(False)
    net.to(device).train()
    clip.to(device).eval()
    groups = [{"params": [p for p in net.backbone.parameters() if p.requires_grad], "lr": 2.5e-4}, {"params": list(net.classifier.parameters()), "lr": 2.5e-3}]
    optimizer = torch.optim.SGD(groups, 2.5e-4, momentum=1e-4, weight_decay=1e-4)
    initial = [group["lr"] for group in optimizer.param_groups]
    images = torch.from_numpy(formula(5000, batch * 3 * crop * crop, 0, 2)).view(batch, 3, crop, crop).to(device)
    tags = torch.zeros(batch, CLASSES, device=device)
    for i in range(batch):
        tags[i, i] = 1
        if i % 2 == 1:
            tags[i, i + 7] = 1
    class_tokens, background_tokens = tokens(CLASSES, 6000, device), tokens(BACKGROUNDS, 6001, device)

    def autocast():
        return torch.autocast(torch.device(device).type, torch.bfloat16, enabled=narrow)

    def encode(tower, inputs):
        with autocast():
            outputs = tower(inputs)
        return features(outputs.float())

    seconds, processor, losses = [], [], []
    for step in range(steps):
        start, used = time.perf_counter(), time.process_time()
        for group, rate in zip(optimizer.param_groups, initial):
            group["lr"] = rate * (1 - step / 1000) ** 0.9
        with autocast():
            maps = net.maps(images)
        maps = torch.sigmoid(maps.float())
        shown = F.interpolate(images, (224, 224), mode="bilinear", align_corners=True)
        large = F.interpolate(maps, (224, 224), mode="bilinear", align_corners=True)
        image, k = torch.nonzero(tags == 1, as_tuple=True)
        mask = large[image, k].unsqueeze(1)
        objects, surroundings = mask * shown[image], (1 - mask) * shown[image]

        texts = encode(clip.encode_text, class_tokens)[k]
        otm = -(encode(clip.encode_image, objects) * texts).sum(1).clamp(1e-4, 0.9999).log().mean()
        texts = encode(clip.encode_text, class_tokens)[k]
        btm = -(1 - (encode(clip.encode_image, surroundings) * texts).sum(1).clamp(1e-4, 0.9999)).log().mean()
        cosines = encode(clip.encode_image, objects) @ encode(clip.encode_text, background_tokens).t()
        cbs = -((cosines > 0.26).float() * (1 - cosines).log()).sum()
        loss = 10 * otm + 24 * btm + cbs + 0.2 * maps.mean()

        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    print(json.dumps({"seconds": seconds, "processor": processor, "losses": losses}))


main()
