"""The cases of bench/device, and their table."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEVICE, TINY = sys.argv[1], sys.argv[2] == "tiny"
PYTHON = os.environ.get("PYTHON", "/usr/bin/python3")
THREADS = str(min(8, os.cpu_count() or 1))
STEPS = "2" if TINY else "25"


def last_json(command):
    """The object in a command's last line; None, with its last words on standard error, where it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=ROOT)
    lines = done.stdout.strip().splitlines()
    if done.returncode == 0 and lines:
        return json.loads(lines[-1])
    print(f"failed: {' '.join(map(str, command))}\n{(done.stderr or done.stdout).strip()[-500:]}", file=sys.stderr)
    return None


def program(folder, name):
    return ROOT / "bench" / folder / "bin/Release/net10.0/linux-x64" / name


def milliseconds(result):
    """The median step, less those that warm up."""
    return None if result is None else 1e3 * statistics.median(result["seconds"][len(result["seconds"]) // 3:])


def row(what, ours, theirs=None, remark=""):
    ratio = f"{theirs / ours:.2f}x" if ours and theirs else ""
    cell = lambda value: "" if value is None else f"{value:.1f} ms"
    print(f"| {what} | {cell(ours) or 'failed'} | {cell(theirs)} | {ratio} | {remark} |", flush=True)


def losses(ours, theirs):
    return f"loss {ours['losses'][0]:.5f}" + (f", PyTorch {theirs['losses'][0]:.5f}" if theirs else "") if ours else ""


def step(title, folder, name, script, sizes, habit=()):
    """A step in both precisions against PyTorch's in the same one."""
    for precision in "float32", "bfloat16":
        ours = last_json([program(folder, name), *sizes, STEPS, THREADS, DEVICE, precision])
        theirs = last_json([PYTHON, ROOT / "bench" / script, *habit, *sizes, STEPS, THREADS, DEVICE, precision]) if HAS_PYTORCH else None
        row(f"{title}, {precision}", milliseconds(ours), milliseconds(theirs), losses(ours, theirs))


def whole(method, data, *options):
    start = time.time()
    run = last_json([ROOT / "run", "train", method, "--dataset", "cooccurrence", "--preset", "builtin", "--device", DEVICE, "--data", data, "--json",
                     *options])
    title = " ".join([method, *(option for option in options if "=" in option and "baseline" not in option)])
    print(f"| whole run: {title} | {f'{time.time() - start:.1f} s' if run else 'failed'} | | | "
          + (f"mIoU {100 * run['miou']:.1f} |" if run else "|"), flush=True)
    return run


sees = "import torch, sys; torch.zeros(1, device=sys.argv[1]); print(torch.__version__)"
found = subprocess.run([PYTHON, "-c", sees, DEVICE], capture_output=True, text=True)
HAS_PYTORCH = found.returncode == 0
devices = subprocess.run([ROOT / "run", "devices"], capture_output=True, text=True).stdout.strip().splitlines()
print(*devices, sep="\n")
print(f"PyTorch: {found.stdout.strip() if HAS_PYTORCH else 'none that sees the device'}\n")
print("| what | ours | PyTorch | ours is | remark |\n| --- | --- | --- | --- | --- |", flush=True)

if not TINY:
    tests = subprocess.run([ROOT / "test", "golden"], capture_output=True, text=True, env={**os.environ, "DASHBOARD_TEST_DEVICE": DEVICE})
    print(f"| golden numbers | {(tests.stdout.strip().splitlines() or ['did not run'])[-1]} | | | |", flush=True)

small = ["small", "8", "96"] if TINY else ["resnet50", "16", "512"]
step(f"CAM step, {small[0]} {small[1]} x {small[2]} px", "CamStep", "cam-step", "cam_step.py", small)
clims = ["2", "64"] if TINY else ["12", "512"]
step(f"CLIMS step, ResNet-50 and ViT-B/32, {clims[0]} x {clims[1]} px; PyTorch with the authors' habits", "ClimsStep", "clims-step", "clims_step.py",
     clims, habit=["habits"])
images = ["small", "96", "96", "8", "3"] if TINY else ["resnet50", "500", "375", "1", "12"]
row(f"CAM inference, {images[0]} {images[1]} x {images[2]} px, four scales and flip, an image",
    milliseconds(last_json([program("CamInference", "cam-inference"), *images, THREADS, DEVICE])),
    milliseconds(last_json([PYTHON, ROOT / "bench/cam_inference.py", *images, THREADS, DEVICE])) if HAS_PYTORCH else None)
picture = ["60", "40", "5"] if TINY else ["500", "375", "21"]
for crf in last_json([program("DenseCrf", "dense-crf"), "device", DEVICE, THREADS, "5", *picture]) or []:
    row(f"DenseCRF, {crf['settings']}, {picture[0]} x {picture[1]} px, {picture[2]} labels; beside it our processor's with {THREADS} threads",
        1e3 * crf["device"], 1e3 * crf["processor"], f"largest difference of a marginal {crf['difference']:.0e}")

with tempfile.TemporaryDirectory() as data:
    short = ["--set", "epochs=1"] if TINY else []
    whole("cam", data, "--set", "precision=bfloat16", *short)
    cam = whole("cam", data, *short)
    if cam:
        for precision in "float32", "bfloat16":
            whole("clims", data, "--input", f"baseline={cam['run']}", "--set", f"precision={precision}", *short)
    whole("zeroshot", data)
