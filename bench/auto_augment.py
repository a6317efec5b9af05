"""AutoAugment's operations and ImageNet policy by Pillow, called as SimSeg's authors call it: the other side of bench/auto-augment.

usage: auto_augment.py picture FILE SIDE               writes the picture
       auto_augment.py measure FILE SIDE REPETITIONS   milliseconds an image, as JSON"""
import importlib.util
import json
import random
import statistics
import sys
import time
from pathlib import Path

from PIL import Image

fixtures = Path(__file__).parent.parent / "Tests/Fixtures/auto-augment"
specification = importlib.util.spec_from_file_location("golden", fixtures / "make.py")
golden = importlib.util.module_from_spec(specification)
specification.loader.exec_module(golden)


def magnitude(operation, number):
    return golden.magnitudes[operation][number or 0] if operation in golden.magnitudes else 0


def apply_policy(image, policy):
    for operation, probability, number in random.choice(policy):
        if random.random() < probability:
            sign = random.choice([1, -1]) if operation in golden.signed and operation != "rotate" else 1
            image = golden.operations[operation](image, sign * magnitude(operation, number))
    return image


def measure(image, repetitions):
    operations = {}
    for operation, apply in golden.operations.items():
        level, times = magnitude(operation, 5), []
        for _ in range(repetitions):
            start = time.perf_counter()
            apply(image, level)
            times.append(1e3 * (time.perf_counter() - start))
        operations[operation] = statistics.median(times)

    policy = json.loads((fixtures / "case.json").read_text())["cases"][-1]["values"]["subPolicies"]
    random.seed(0)
    images, start, cpu = 10 * repetitions, time.perf_counter(), time.process_time()
    for _ in range(images):
        apply_policy(image, policy)
    each = lambda seconds: 1e3 * seconds / images
    print(json.dumps({"operations": operations, "policy": each(time.perf_counter() - start), "policyCpu": each(time.process_time() - cpu)}))


command, file, side = sys.argv[1], sys.argv[2], int(sys.argv[3])
if command == "picture":
    Path(file).write_bytes(golden.landscape(side, side).tobytes())
else:
    measure(Image.frombytes("RGB", (side, side), Path(file).read_bytes()), int(sys.argv[4]))
