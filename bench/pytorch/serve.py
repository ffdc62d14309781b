"""PyTorch as an engine in a process of its own; speaks what ../serve.mjs speaks. python bench/pytorch/serve.py SETTINGS"""
import json
import resource
import sys
import time

replies, sys.stdout = sys.stdout, sys.stderr
settings = json.loads(sys.argv[1])
loading = time.perf_counter()
import torch
import classifier
import corpus
import language
import recurrent
import tagger

loaded = time.perf_counter() - loading
torch.set_num_threads(settings["threads"])
TASKS = {**recurrent.TASKS, **tagger.TASKS, **classifier.TASKS, **language.TASKS, **corpus.TASKS}
task = None


def make(name, sizes):
    options = {option: settings[option] for option in ("sparse", "packed") if option in settings}
    return TASKS[name](sizes, **options)


def timed(runs):
    start = time.perf_counter()
    for _ in range(runs):
        own = task.run()
    return own if isinstance(own, dict) else {"seconds": (time.perf_counter() - start) / runs}


def prepare(name, sizes, check=True):
    global task
    task = make(name, sizes)
    return {"result": task.check()} if check else None


def release():
    global task
    task = None


def cold_start(name, sizes):
    """Making the encoder of a small tagger, and a first prediction."""
    start = time.perf_counter()
    result = make("lstmForward", sizes["encoder"]).check()
    return {"milliseconds": (time.perf_counter() - start) * 1000, "result": result, "loaded": loaded * 1000}


OPERATIONS = {
    "prepare": prepare,
    "time": timed,
    "each": lambda runs: {"seconds": [timed(1)["seconds"] for _ in range(runs)]},
    "memory": lambda: {"process": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024},
    "release": release,
    "call": cold_start,
}

for line in sys.stdin:
    request = json.loads(line)
    operation = OPERATIONS[request.pop("operation")]
    try:
        reply = operation(**request) or {}
    except Exception as error:  # The other side tells the person.
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), file=replies, flush=True)
