"""kill -9 of a pipeline's workers, of the dashboard, or of both, at random moments: the final numbers must be those of an undisturbed launch,
no stage made twice, none missing. The other side of bench/kills.

usage: kills.py PROGRAM FOLDER KILLS SEED PIPELINE [STAGE.OPTION=VALUE ...]"""
import atexit
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

program, folder, kills, seed, pipeline = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
PRESET = "builtin"
options = {}
for setting in sys.argv[6:]:
    name, value = setting.split("=", 1)
    stage, option = name.split(".", 1)
    options.setdefault(stage, {})[option] = json.loads(value)
chance = random.Random(seed)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Dashboard:
    def __init__(self, data):
        # Below the data folder, from which a dashboard takes data sets without asking.
        self.data, self.dataset, self.port = data, f"{data}/world", free_port()
        made = [program, "dataset", "make", "cooccurrence", "--out", self.dataset, "--train", "64", "--val", "16", "--size", "48"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
        self.start()
        atexit.register(self.kill)

    def start(self):
        command = [program, "serve", "--data", self.data, "--urls", f"http://127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            try:
                return self.ask("/api/pipelines")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)

    def ask(self, path, body=None):
        sent = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", sent, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            sys.exit(error.read().decode())

    def kill(self):
        self.process.kill()
        self.process.wait()

    def launch(self):
        return self.ask(f"/api/pipelines/{pipeline}", {"dataset": self.dataset, "preset": PRESET, "seed": 0, "options": options})["group"]


def stages(report):
    return report["stages"]


def scores(report):
    """By stage; None of one that makes nothing to score, such as saliency."""
    return [(stage["stage"], stage.get("miou")) for stage in stages(report)]


def workers(data):
    """Processes that work on a run of this folder."""
    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            words = open(f"/proc/{process}/cmdline").read().split("\0")
        except OSError:
            continue
        if "worker" in words and any(word.startswith(data) for word in words):
            found.append(int(process))
    return found


def wait(dashboard, group, seconds=float("inf")):
    """Until the pipeline has ended, or so long."""
    end = time.time() + seconds
    while time.time() < end:
        report = dashboard.ask(f"/api/pipelines/runs/{group}")
        states = [stage["state"] for stage in stages(report)]
        if all(state == "finished" for state in states) or not any(state in ("queued", "running") for state in states):
            return report
        time.sleep(0.2)
    return None


quiet = Dashboard(f"{folder}/undisturbed")
started = time.time()
expected = wait(quiet, quiet.launch())
quiet.kill()
for stage in stages(expected):
    if stage["state"] != "finished":
        sys.exit(f"undisturbed: {stage['stage']} is {stage['state']}:\n" + open(f"{quiet.data}/runs/{stage['run']}/worker.log").read()[-2000:])
print(f"undisturbed: {time.time() - started:.0f} s, {scores(expected)}", flush=True)

dashboard = Dashboard(f"{folder}/disturbed")
group, done, launches = dashboard.launch(), 0, 1
pace = (time.time() - started) / max(1, kills)
while True:
    report = wait(dashboard, group, chance.uniform(0.2, 2) * pace if done < kills else float("inf"))
    if report is None:
        victim = chance.choice(["worker", "dashboard", "both"])
        running = [stage["stage"] for stage in stages(dashboard.ask(f"/api/pipelines/runs/{group}")) if stage["state"] == "running"]
        if victim != "dashboard":
            for process in workers(dashboard.data):
                os.kill(process, signal.SIGKILL)
        if victim != "worker":
            dashboard.kill()
            dashboard.start()
        done += 1
        print(f"kill {done}: {victim} during {', '.join(running) or 'a pause'}", flush=True)
    elif all(stage["state"] == "finished" for stage in stages(report)):
        break
    else:
        dashboard.ask(f"/api/pipelines/runs/{group}/resume", {})
dashboard.kill()

runs = os.listdir(f"{dashboard.data}/runs")
ends = {run: sum('"type":"finished"' in line for line in open(f"{dashboard.data}/runs/{run}/events.jsonl")) for run in runs}
mine, theirs = scores(report), scores(expected)
print(f"{done} kills; {len(runs)} runs for {len(mine)} stages, each finished {sorted(set(ends.values()))} time(s)")
print("final numbers equal" if mine == theirs else f"final numbers differ: {mine} and {theirs}")
sys.exit(0 if mine == theirs and len(runs) == len(mine) and set(ends.values()) == {1} else 1)
