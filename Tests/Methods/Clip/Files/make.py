"""Writes what SimSeg's pre-training is compared with: pairs/ (images and captions), start/ (a small SimSeg under the keys of its authors' code, without dropout), timm.pth and bert/ (its towers alone, as
timm and Hugging Face publish them), and curve.json (what PyTorch 1.13.1 makes of six steps with AdamW over all of the pairs): python3 make.py"""
import json
import math
import os
import struct

import numpy
import torch
from PIL import Image

torch.manual_seed(11)
WIDTH, HIDDEN, LAYERS, PATCH, SPACE, LENGTH, SIDE, STEPS, RATE = 12, 20, 2, 8, 8, 25, 32, 6, 2e-3
CAPTIONS = ["a boat", "a red boat on the sea", "sheep", "the sea", "a boat", "two sheep and a boat", "red sheep on the sea", "two red"]
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + sorted({word for caption in CAPTIONS for word in caption.split()})


def layers(norm_first, eps):
    built = [torch.nn.TransformerEncoderLayer(WIDTH, 1, HIDDEN, 0.0, "gelu", eps, batch_first=True, norm_first=norm_first) for _ in range(LAYERS)]
    for parameter in (parameter for layer in built for parameter in layer.parameters()):
        torch.nn.init.normal_(parameter, std=0.3)
    return torch.nn.ModuleList(built)


class SimSeg(torch.nn.Module):
    def __init__(self):
        super().__init__()
        draw = lambda *shape: torch.nn.Parameter(torch.randn(*shape) * 0.3)
        # Positions of a 2 x 2 grid: images of 32 pixels have 4 x 4.
        self.cls, self.positions, self.proj = draw(1, 1, WIDTH), draw(1, 5, WIDTH), torch.nn.Conv2d(3, WIDTH, PATCH, PATCH)
        self.blocks, self.norm = layers(True, 1e-6), torch.nn.LayerNorm(WIDTH, 1e-6)
        self.words, self.places, self.kinds = draw(len(WORDS), WIDTH), draw(LENGTH, WIDTH), draw(2, WIDTH)
        self.first, self.encoder = torch.nn.LayerNorm(WIDTH, 1e-12), layers(False, 1e-12)
        self.image, self.text = torch.nn.Linear(WIDTH, SPACE, bias=False), torch.nn.Linear(WIDTH, SPACE, bias=False)
        self.temperature = torch.nn.Parameter(torch.tensor(0.05))

    def features(self, tokens, projection):
        x = projection(tokens).topk(5, dim=1).values.mean(1)
        return x / (x.norm(dim=-1, keepdim=True) + 1e-8)

    def forward(self, images, tokens):
        grid = self.positions[:, 1:].reshape(1, 2, 2, WIDTH).permute(0, 3, 1, 2)
        grid = torch.nn.functional.interpolate(grid, size=(SIDE // PATCH, SIDE // PATCH), mode="bicubic", align_corners=False)
        x = torch.cat([self.cls.expand(len(images), -1, -1), self.proj(images).flatten(2).transpose(1, 2)], 1)
        x = x + torch.cat([self.positions[:, :1], grid.flatten(2).transpose(1, 2)], 1)
        for block in self.blocks:
            x = block(x)
        u = self.features(self.norm(x)[:, 1:], self.image)
        y = self.first(self.words[tokens] + self.places + self.kinds[0])
        for layer in self.encoder:
            y = layer(y, src_key_padding_mask=tokens == 0)
        v = self.features(y, self.text)
        return u @ v.T / self.temperature.clamp(0.001, 0.5)


def pair(state, name, module):
    state[f"{name}.weight"], state[f"{name}.bias"] = module.weight.data.clone(), module.bias.data.clone()


def towers(model):
    """Under timm's and Hugging Face's names."""
    vit = {"cls_token": model.cls.data.clone(), "pos_embed": model.positions.data.clone()}
    pair(vit, "patch_embed.proj", model.proj), pair(vit, "norm", model.norm)
    for i, layer in enumerate(model.blocks):
        for name, module in (("norm1", layer.norm1), ("attn.proj", layer.self_attn.out_proj), ("norm2", layer.norm2), ("mlp.fc1", layer.linear1), ("mlp.fc2", layer.linear2)):
            pair(vit, f"blocks.{i}.{name}", module)
        vit[f"blocks.{i}.attn.qkv.weight"], vit[f"blocks.{i}.attn.qkv.bias"] = layer.self_attn.in_proj_weight.data.clone(), layer.self_attn.in_proj_bias.data.clone()
    bert = {f"embeddings.{name}_embeddings.weight": value.data.clone() for name, value in (("word", model.words), ("position", model.places), ("token_type", model.kinds))}
    pair(bert, "embeddings.LayerNorm", model.first)
    for i, layer in enumerate(model.encoder):
        for j, name in enumerate(("query", "key", "value")):
            for kind in ("weight", "bias"):
                bert[f"encoder.layer.{i}.attention.self.{name}.{kind}"] = getattr(layer.self_attn, f"in_proj_{kind}").data.chunk(3)[j].clone()
        for name, module in (("attention.output.dense", layer.self_attn.out_proj), ("attention.output.LayerNorm", layer.norm1), ("intermediate.dense", layer.linear1),
                             ("output.dense", layer.linear2), ("output.LayerNorm", layer.norm2)):
            pair(bert, f"encoder.layer.{i}.{name}", module)
    return vit, bert


def safetensors(path, state, metadata):
    header, data = {"__metadata__": metadata}, b""
    for key, value in state.items():
        start, data = len(data), data + value.numpy().tobytes()
        header[key] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [start, len(data)]}
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


os.chdir(os.path.dirname(os.path.abspath(__file__)))
for folder in ("pairs/images", "start", "bert"):
    os.makedirs(folder, exist_ok=True)
pixels = numpy.random.default_rng(5).integers(0, 256, (len(CAPTIONS), SIDE, SIDE, 3), dtype=numpy.uint8)
for i, image in enumerate(pixels):
    Image.fromarray(image).save(f"pairs/images/{i}.png")
with open("pairs/captions.tsv", "w") as file:
    file.writelines(f"{i}.png\t{caption}\n" for i, caption in enumerate(CAPTIONS))

model = SimSeg()
vit, bert = towers(model)
safetensors(
    "start/model.safetensors",
    {f"image_encoder.model.model.{key}": value for key, value in vit.items()} | {f"text_encoder.model.model.{key}": value for key, value in bert.items()} | {
        "image_projection.linear.weight": model.image.weight.data, "text_projection.linear.weight": model.text.weight.data, "loss.temperature": model.temperature.data},
    {"text_dropout": "0", "text_attention_dropout": "0"})
torch.save(vit | {"head.weight": torch.zeros(3, WIDTH), "head.bias": torch.zeros(3)}, "timm.pth")
old = lambda key: key.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")
torch.save({f"bert.{old(key)}": value for key, value in bert.items()} | {"bert.pooler.dense.bias": torch.zeros(WIDTH), "cls.predictions.bias": torch.zeros(len(WORDS))}, "bert/pytorch_model.bin")
with open("bert/config.json", "w") as file:
    json.dump({"model_type": "bert", "num_attention_heads": 1, "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}, file)
for folder in ("start", "bert"):
    with open(f"{folder}/vocab.txt", "w") as file:
        file.writelines(f"{word}\n" for word in WORDS)

mean, std = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1), torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
images = (torch.from_numpy(pixels).permute(0, 3, 1, 2) / 255 - mean) / std
tokens = torch.zeros(len(CAPTIONS), LENGTH, dtype=torch.long)
for i, caption in enumerate(CAPTIONS):
    ids = [2, *(WORDS.index(word) for word in caption.split()), 3]
    tokens[i, :len(ids)] = torch.tensor(ids)
# Captions that are equal share the target, which the authors' loss has not.
same = (tokens[:, None] == tokens[None]).all(-1).float()
target = same / same.sum(1, keepdim=True)
optimizer = torch.optim.AdamW(model.parameters(), RATE, (0.9, 0.98), 1e-6, 0.2)
curve = []
for step in range(STEPS):
    optimizer.param_groups[0]["lr"] = RATE * (0.1 + 0.9 * (1 + math.cos(math.pi * step / STEPS)) / 2)
    optimizer.zero_grad()
    logits = model(images, tokens)
    loss = -((target * logits.log_softmax(1)).sum(1).mean() + (target * logits.T.log_softmax(1)).sum(1).mean()) / 2
    loss.backward()
    optimizer.step()
    curve.append({"loss": loss.item(), "temperature": model.temperature.item()})
with open("curve.json", "w") as file:
    json.dump(curve, file, indent=1)
