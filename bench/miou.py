"""The mIoU of a folder's masks as the field's scripts compute it: Pillow reads, numpy.bincount counts. Prints JSON. usage: miou.py DIR"""
import json
import os
import sys
import time

import numpy
from PIL import Image

LABELS = 21
folder = sys.argv[1]
start, processor = time.perf_counter(), time.process_time()
counts = numpy.zeros(LABELS * LABELS, dtype=numpy.int64)
for name in sorted(os.listdir(f"{folder}/truth")):
    truth = numpy.array(Image.open(f"{folder}/truth/{name}"))
    prediction = numpy.array(Image.open(f"{folder}/prediction/{name}"))
    scored = truth < LABELS
    counts += numpy.bincount(LABELS * truth[scored].astype(int) + prediction[scored], minlength=LABELS * LABELS)
counts = counts.reshape(LABELS, LABELS)
with numpy.errstate(invalid="ignore"):
    iou = numpy.diag(counts) / (counts.sum(0) + counts.sum(1) - numpy.diag(counts))
print(json.dumps({"seconds": time.perf_counter() - start, "cpu": time.process_time() - processor, "miou": float(numpy.nanmean(iou)), "perClass": [None if numpy.isnan(x) else float(x) for x in iou]}))
