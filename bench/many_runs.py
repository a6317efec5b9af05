#!/usr/bin/env python3
"""Writes many finished runs into a data folder: what a lab has after years. usage: many_runs.py DATA [COUNT]"""
import datetime
import json
import math
import os
import random
import sys

CLASSES = ["background", "boat", "train", "bird", "cow", "car", "sheep"]
STEPS, EPOCHS = 60, 3


def line(log, time, kind, **fields):
    log.append(json.dumps({"type": kind, "seq": len(log) + 1, "time": time.isoformat(), **fields}, separators=(",", ":")))


def protocol(source, threshold):
    return {"stage": "seed CAM", "dataset": "Co-occurrence world", "variant": "", "split": "val", "threshold": threshold, "thresholdSource": source,
            "crf": False, "scales": [1], "flip": True, "tags": "image tags given", "images": 320}


def evaluated(log, time, row, reference, measured_by, miou, sweep=None):
    per_class = [min(1, miou + 0.3)] + [max(0, miou - 0.05 + 0.01 * k) for k in range(len(CLASSES) - 1)]
    line(log, time, "evaluated", step=STEPS, row=row, reference=reference, protocol=measured_by, miou=miou, perClass=per_class, classNames=CLASSES,
         interval={"low": miou - 0.016, "high": miou + 0.017, "level": 0.95}, **({"sweep": sweep} if sweep else {}))


def events(rng, seed, start):
    log, time, best = [], start, 0.3 + 0.3 * rng.random()
    line(log, time, "started", processId=4711, host="lab", device="cpu", codeVersion="0000000")
    for step in range(1, STEPS + 1):
        time += datetime.timedelta(milliseconds=200)
        epoch = 1 + (step - 1) * EPOCHS // STEPS
        line(log, time, "metrics", step=step, epoch=epoch, values={"loss": math.exp(-step / 40) + 0.05 * rng.random(), "learning rate": 0.002 * (1 - step / (STEPS + 1))})
        line(log, time, "progress", stage="training", step=step, steps=STEPS, epoch=epoch, epochs=EPOCHS, imagesPerSecond=200 + rng.random(), eta=(STEPS - step) * 0.2, fraction=0.8 * step / STEPS)
        if step % (STEPS // EPOCHS) == 0:
            line(log, time, "checkpoint", step=step, epoch=epoch, folder=f"checkpoints/epoch-{epoch:04}")
    sweep = [{"threshold": t / 20, "miou": best * math.exp(-((t / 20 - 0.3) ** 2))} for t in range(21)]
    for source, threshold in (("best on this split", 0.3), ("fixed", 0.4)):
        measured_by = protocol(source, threshold)
        evaluated(log, time, "CAM", False, measured_by, best, sweep if source != "fixed" else None)
        evaluated(log, time, "all background", True, measured_by, 0.0879)
        evaluated(log, time, "centre prior", True, measured_by, 0.31 + 0.0001 * (seed % 100))
    line(log, time + datetime.timedelta(seconds=1), "finished", seconds=13.0)
    return log


def main():
    data, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    options = {"checkpoint": "", "network": "resNetSmall", "outputStride": 8, "batchNorm": "ordinary", "detachLayer2": False, "epochs": EPOCHS, "batchSize": 32, "optimizer": "adamW",
               "learningRate": 0.002, "classifierRateFactor": 1, "weightDecay": 0.001, "cropSize": 96, "resizeLongMin": 96, "resizeLongMax": 96, "flipProbability": 0.5, "scales": [1],
               "flip": True, "trainSplit": "train", "evaluationSplit": "val", "threshold": 0.4, "thresholdStep": 0.05, "snapshotImages": 8, "loaderThreads": 1, "tensorThreads": 0}
    first = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)
    for i in range(count):
        created = first + datetime.timedelta(hours=i)
        run = f"{created:%Y%m%d-%H%M%S}-cam-{i % 65536:04x}"
        folder = os.path.join(data, "runs", run)
        os.makedirs(folder)
        spec = {"id": run, "name": f"sweep {i // 8}, seed {i % 8}", "method": "cam", "options": options, "preset": "builtin", "dataset": "cooccurrence", "seed": i, "device": "cpu",
                "inputs": {}, "group": f"sweep {i // 8}", "codeVersion": "0000000", "created": created.isoformat()}
        with open(os.path.join(folder, "spec.json"), "w", encoding="utf-8") as file:
            json.dump(spec, file, indent=2)
        with open(os.path.join(folder, "events.jsonl"), "w", encoding="utf-8") as file:
            file.write("\n".join(events(random.Random(i), i, created)) + "\n")


if __name__ == "__main__":
    main()
