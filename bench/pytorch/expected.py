"""Writes ../expected.json: what every case must give, in double precision. python bench/pytorch/expected.py"""
import json
from pathlib import Path
import torch
import classifier
import language
import recurrent
import tagger

bench = Path(__file__).resolve().parent.parent
cases = json.loads((bench / "cases.json").read_text())
tiny = cases["tiny"]
every = {
    "lstmForward": cases["lstm"] + cases["encoder"] + tiny["lstm"],
    "lstmTraining": cases["lstm"] + tiny["lstm"],
    "lstmTrainingOneBias": cases["lstm"],
    "gruForward": cases["gru"] + tiny["gru"],
    "taggerTraining": cases["taggerTraining"] + tiny["tagger"],
    "taggerDecode": cases["taggerDecode"] + tiny["tagger"],
    "classifierTraining": cases["classifierTraining"] + tiny["classifier"],
    "classifierTrainingOneBias": cases["classifierTraining"],
    "languageTraining": cases["languageTraining"] + tiny["language"],
    "languageTrainingOneBias": cases["languageTraining"],
}
tasks = {**recurrent.TASKS, **tagger.TASKS, **classifier.TASKS, **language.TASKS}
expected = {
    task: {case["name"]: [float(f"{x:.7g}") for x in tasks[task](case, dtype=torch.float64).check()] for case in list_of}
    for task, list_of in every.items()
}
(bench / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")
