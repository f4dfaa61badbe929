import json
import os
import subprocess
import sys

import pytest
from conftest import Project

from models.backend import NUMPYS_POOLS, TENSORFLOWS_POOLS

pytestmark = pytest.mark.slow

CORES = len(os.sched_getaffinity(0))
FREE = {name: value for name, value in os.environ.items() if name not in {*TENSORFLOWS_POOLS, *NUMPYS_POOLS}}


def threads_of(project: Project) -> int:
    summary = json.loads((project.home / "latest/runs/quick/train/training.json").read_text())
    threads: int = summary["threads"]
    return threads


def test_workers_share_the_cores_out(exported: Project):
    run = exported.luigi("TrainModel", "--dataset", "tiny", "--recipe", "quick", "--workers", str(CORES), env=FREE)
    assert run.returncode == 0, run.stderr
    assert threads_of(exported) == 1


def test_workers_of_a_build_from_python_share_too(exported: Project):
    program = f"""
from pipeline import TrainModel, build
build(TrainModel(dataset="tiny", recipe="quick"), workers={CORES})
"""
    subprocess.run([sys.executable, "-c", program], cwd=exported.write_settings(), env=FREE, check=True)
    assert threads_of(exported) == 1


def test_a_build_by_workers_is_refused_in_a_process_that_has_trained_as_they_would_hang(exported: Project):
    program = """
from datasets.errors import UserError
from pipeline import TrainModel, build
build(TrainModel(dataset="tiny", recipe="quick"))
try:
    build(*(TrainModel(dataset="tiny", recipe="quick", seed=seed) for seed in (1, 2)), workers=2)
except UserError as error:
    print(error)
"""
    arguments = [sys.executable, "-c", program]
    run = subprocess.run(
        arguments, cwd=exported.write_settings(), env=FREE, capture_output=True, text=True, check=True, timeout=60
    )
    assert "build with workers=1, or in a process that has trained nothing yet" in run.stdout


def test_the_number_of_threads_is_not_passed_on_to_commands_that_are_started_later():
    program = """
import os
from models.backend import TENSORFLOWS_POOLS, prepare_tensorflow
assert prepare_tensorflow() == prepare_tensorflow() == len(os.sched_getaffinity(0))
import tensorflow
assert tensorflow.config.threading.get_intra_op_parallelism_threads() == len(os.sched_getaffinity(0))
assert not {*TENSORFLOWS_POOLS} & {*os.environ}
"""
    subprocess.run([sys.executable, "-c", program], env=FREE, check=True)


def test_numpys_pools_are_shared_out_too_and_a_number_that_the_user_set_stays():
    program = """
import os
from models.backend import prepare_tensorflow, share_threads
share_threads(1)
assert "OMP_NUM_THREADS" not in os.environ
share_threads(1000)
import numpy, threadpoolctl
numpy.ones((9, 9)) @ numpy.ones((9, 9))
print(max(pool["num_threads"] for pool in threadpoolctl.threadpool_info()), prepare_tensorflow())
"""
    environment = FREE | {"TF_NUM_INTRAOP_THREADS": "3"}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["1", "3"]
