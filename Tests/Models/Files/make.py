"""Writes vit.pth and bert.pth: two layers each of PyTorch's own TransformerEncoderLayer (normalised before and after each part) under timm's and Hugging Face's names, with
an input and what PyTorch 1.13.1 makes of it: python3 make.py"""
import torch

torch.manual_seed(7)
WIDTH, HEADS, HIDDEN, LAYERS = 12, 3, 20, 2


def layer(norm_first, eps):
    module = torch.nn.TransformerEncoderLayer(WIDTH, HEADS, HIDDEN, 0.0, "gelu", eps, batch_first=True, norm_first=norm_first).train()
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter, std=0.4)
    return module


def linear(state, name, module):
    state[f"{name}.weight"], state[f"{name}.bias"] = module.weight.data, module.bias.data


def random(*shape):
    return torch.randn(*shape) * 0.5


with torch.no_grad():
    # A 2 x 2 grid of patches of side 4.
    state, layers, norm = {}, [layer(True, 1e-6) for _ in range(LAYERS)], torch.nn.LayerNorm(WIDTH, 1e-6)
    proj, cls, positions = torch.nn.Conv2d(3, WIDTH, 4, 4), random(1, 1, WIDTH), random(1, 5, WIDTH)
    torch.nn.init.normal_(norm.weight), torch.nn.init.normal_(norm.bias)
    images = random(2, 3, 8, 8)
    x = torch.cat([cls.expand(2, -1, -1), proj(images).flatten(2).transpose(1, 2)], 1) + positions
    for i, module in enumerate(layers):
        x = module(x)
        state[f"blocks.{i}.attn.qkv.weight"], state[f"blocks.{i}.attn.qkv.bias"] = module.self_attn.in_proj_weight.data, module.self_attn.in_proj_bias.data
        for ours, theirs in (("attn.proj", module.self_attn.out_proj), ("norm1", module.norm1), ("norm2", module.norm2), ("mlp.fc1", module.linear1), ("mlp.fc2", module.linear2)):
            linear(state, f"blocks.{i}.{ours}", theirs)
    linear(state, "patch_embed.proj", proj)
    linear(state, "norm", norm)
    torch.save(state | {"cls_token": cls, "pos_embed": positions, "input": images, "output": norm(x)}, "vit.pth")

    # Three texts of 5, 3 and 1 tokens.
    state, layers, norm = {}, [layer(False, 1e-12) for _ in range(LAYERS)], torch.nn.LayerNorm(WIDTH, 1e-12)
    words, places, kinds = random(17, WIDTH), random(6, WIDTH), random(2, WIDTH)
    torch.nn.init.normal_(norm.weight), torch.nn.init.normal_(norm.bias)
    ids = torch.tensor([[1, 5, 9, 16, 2], [1, 7, 2, 0, 0], [3, 0, 0, 0, 0]])
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 0, 0, 0, 0]])
    x = norm(words[ids] + places[:5] + kinds[0])
    for i, module in enumerate(layers):
        x = module(x, src_key_padding_mask=mask == 0)
        for kind in ("weight", "bias"):
            parts = getattr(module.self_attn, f"in_proj_{kind}").data.chunk(3)
            state |= {f"encoder.layer.{i}.attention.self.{name}.{kind}": part.clone() for name, part in zip(("query", "key", "value"), parts)}
        for ours, theirs in (("attention.output.dense", module.self_attn.out_proj), ("attention.output.LayerNorm", module.norm1),
                             ("intermediate.dense", module.linear1), ("output.dense", module.linear2), ("output.LayerNorm", module.norm2)):
            linear(state, f"encoder.layer.{i}.{ours}", theirs)
    linear(state, "embeddings.LayerNorm", norm)
    for name, table in (("word", words), ("position", places), ("token_type", kinds)):
        state[f"embeddings.{name}_embeddings.weight"] = table
    torch.save(state | {"input": ids, "mask": mask, "output": x}, "bert.pth")
