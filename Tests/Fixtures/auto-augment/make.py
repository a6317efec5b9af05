"""Makes the golden cases beside it: AutoAugment's operations by Pillow, called as SimSeg's authors call it, and the sub-policies as torchvision lists them.

usage: /usr/bin/python3 make.py        (Debian 12: python3-pil 9.4.0, python3-numpy 1.24.2, python3-torchvision 0.14.1)"""
import json
from pathlib import Path

import numpy as np
import PIL
from PIL import Image, ImageEnhance, ImageOps

folder = Path(__file__).parent
gray = (128, 128, 128)

# What the numbers 0 to 9 of a policy mean: simseg/transforms/mml/auto_augment.py.
magnitudes = {
    "shearX": np.linspace(0, 0.3, 10),
    "shearY": np.linspace(0, 0.3, 10),
    "translateX": np.linspace(0, 150 / 331, 10),
    "translateY": np.linspace(0, 150 / 331, 10),
    "rotate": np.linspace(0, 30, 10),
    "color": np.linspace(0, 0.9, 10),
    "posterize": np.round(np.linspace(8, 4, 10)),
    "solarize": np.linspace(256, 0, 10),
    "contrast": np.linspace(0, 0.9, 10),
    "sharpness": np.linspace(0, 0.9, 10),
    "brightness": np.linspace(0, 0.9, 10),
}
signed = [name for name in magnitudes if name not in ("posterize", "solarize")]


def affine(image, matrix, resample=Image.NEAREST):
    return image.transform(image.size, Image.AFFINE, matrix, resample, fillcolor=gray)


def rotate(image, degrees):
    turned = image.convert("RGBA").rotate(degrees)
    return Image.composite(turned, Image.new("RGBA", image.size, gray + (128,)), turned).convert("RGB")


operations = {
    "shearX": lambda image, m: affine(image, (1, m, 0, 0, 1, 0), Image.BICUBIC),
    "shearY": lambda image, m: affine(image, (1, 0, 0, m, 1, 0), Image.BICUBIC),
    "translateX": lambda image, m: affine(image, (1, 0, m * image.width, 0, 1, 0)),
    "translateY": lambda image, m: affine(image, (1, 0, 0, 0, 1, m * image.height)),
    "rotate": rotate,
    "color": lambda image, m: ImageEnhance.Color(image).enhance(1 + m),
    "posterize": lambda image, m: ImageOps.posterize(image, int(m)),
    "solarize": lambda image, m: ImageOps.solarize(image, m),
    "contrast": lambda image, m: ImageEnhance.Contrast(image).enhance(1 + m),
    "sharpness": lambda image, m: ImageEnhance.Sharpness(image).enhance(1 + m),
    "brightness": lambda image, m: ImageEnhance.Brightness(image).enhance(1 + m),
    "autocontrast": lambda image, m: ImageOps.autocontrast(image),
    "equalize": lambda image, m: ImageOps.equalize(image),
    "invert": lambda image, m: ImageOps.invert(image),
}


def landscape(width, height):
    """Sky, a textured field and a lit ball, with sensor noise: neither black nor white in it, so that contrast has something to do."""
    random = np.random.default_rng(1)
    y, x = np.mgrid[0:height, 0:width] / height
    sky = np.stack([90 + 60 * y, 130 + 50 * y, 210 - 30 * y], -1)
    field = np.stack([70 + 30 * np.sin(40 * x), 110 + 25 * np.sin(33 * x + 50 * y), 45 + 20 * np.sin(60 * y)], -1)
    picture = np.where((y > 0.6)[..., None], field, sky)
    distance = np.hypot(x - 0.65, y - 0.5) / 0.3
    ball = np.stack([205 - 120 * distance, 80 - 50 * distance, 60 - 30 * distance], -1)
    picture = np.where((distance < 1)[..., None], ball, picture) + random.normal(0, 5, (height, width, 3))
    return Image.fromarray(np.clip(np.round(picture), 12, 231).astype(np.uint8))


def few_levels(width, height):
    """Three levels of red, one of green, two of blue: what histograms stumble over."""
    index = np.arange(width * height).reshape(height, width)
    return Image.fromarray(np.stack([np.array([3, 80, 250])[index % 7 % 3], np.full_like(index, 60), np.where(index % 100, 255, 0)], -1).astype(np.uint8))


def case(image, kind):
    name = f"{image.width}x{image.height}-{kind}"
    (folder / name).mkdir(exist_ok=True)
    arrays, values = {}, {}

    def store(array, pictures):
        np.save(folder / name / f"{array}.npy", pictures)
        arrays[array] = {"file": f"{name}/{array}.npy", "dtype": "uint8", "shape": list(pictures.shape)}

    store("image", np.array(image))
    for operation, apply in operations.items():
        values[operation] = [0]
        if operation in magnitudes:
            values[operation] = [float(sign * magnitudes[operation][number]) for number in (4, 9) for sign in ((1, -1) if operation in signed else (1,))]
        store(operation, np.stack([np.array(apply(image, magnitude)) for magnitude in values[operation]]))
    return {"name": name, "formula": "operation(image, magnitude), one picture for each of the operation's values, signs included", "arrays": arrays, "values": values, "tolerance": {"abs": 0}}


def policy():
    from torchvision.transforms.autoaugment import AutoAugment, AutoAugmentPolicy

    lower = lambda name: name[0].lower() + name[1:] if name != "AutoContrast" else "autocontrast"
    listed = AutoAugment(AutoAugmentPolicy.IMAGENET).policies
    return {
        "name": "imagenet-policy",
        "formula": "25 pairs of (operation, probability, magnitude number; null where it has none), and what the numbers 0 to 9 mean",
        "values": {
            "subPolicies": [[[lower(operation), probability, magnitude] for operation, probability, magnitude in pair] for pair in listed],
            "magnitudes": {name: list(map(float, levels)) for name, levels in magnitudes.items()},
        },
        "tolerance": {"abs": 1e-12},
    }


def main():
    import torchvision

    content = {
        "subject": "auto-augment",
        "title": "ImageNet's AutoAugment policy, operation by operation",
        "references": [
            {"repo": "github:muyangyi/SimSeg", "commit": "025f8399f8930fdbf5079d33ebb3ebeeb71ec308", "files": ["simseg/transforms/mml/auto_augment.py (magnitudes, and how Pillow is called)"]},
            {"repo": "github:pytorch/vision", "files": ["torchvision/transforms/autoaugment.py (the list of sub-policies)"]},
        ],
        "environment": {"PIL": PIL.__version__, "numpy": np.__version__, "torchvision": torchvision.__version__},
        "note": "bytes as Pillow gives them; a positive angle turns counter-clockwise",
        "cases": [case(landscape(64, 43), "operations"), case(few_levels(20, 30), "operations"), policy()],
    }
    (folder / "case.json").write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
