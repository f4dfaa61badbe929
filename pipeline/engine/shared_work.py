"""The work of several processes that ask one scheduler, as `luigid`: each stage is built by one of them.

Luigi's own worker leaves once nothing is left for itself, though a stage that it waits for is still being built
elsewhere, and counts what another process built as not run.
"""

import sys
from typing import Any

import luigi.worker


class PatientWorker(luigi.worker.Worker):
    """A worker that stays while another process builds what it waits for, and sees that it was built."""

    _has_said_that_it_waits = False

    def run(self) -> bool:
        """Builds what the scheduler assigns; returns whether nothing failed here."""
        is_good: bool = super().run()
        self._note_what_others_built()
        return is_good

    def _note_what_others_built(self) -> None:
        """Notes as done what is there by now, though it was neither there at first nor built here."""
        pending = {task for task, status, _ in self._add_task_history if status == "PENDING"}
        done = {task for task, status, _ in self._add_task_history if status == "DONE"}
        built = [task for task in pending - done if _is_there(task)]
        self._add_task_history += [(task, "DONE", True) for task in built]
        names = {task.task_id for task in built}
        for response in self._get_work_response_history:
            running = response["running_tasks"]
            response["running_tasks"] = [other for other in running if other["task_id"] not in names]

    def _keep_alive(self, response: Any) -> bool:
        if not response.running_tasks:
            return bool(super()._keep_alive(response))
        if not self._has_said_that_it_waits:
            names = ", ".join(sorted({running["task_id"].partition("_")[0] for running in response.running_tasks}))
            print(f"{names}: another process is at it; waiting for it to end", file=sys.stderr, flush=True)
        self._has_said_that_it_waits = True
        return True


def _is_there(task: luigi.Task) -> bool:
    try:
        return bool(task.complete())
    except Exception:  # whatever a task cannot tell now was said when it was planned
        return False


def wait_for_other_processes() -> None:
    """Makes Luigi's commands use such a worker; its command line has no setting for it."""
    luigi.worker.Worker = PatientWorker
