"""The exit codes of all commands: their meaning in words, and the ones that Luigi is to use."""

DONE, DAMAGED, REFUSED, BROKEN, STOPPED = 0, 1, 2, 4, 130

OF_LUIGI = {
    "unhandled_exception": BROKEN,
    "missing_data": 10,
    "already_running": 12,
    "not_run": 12,
    "task_failed": 30,
    "scheduling_error": 35,
}

IN_WORDS = {
    DONE: "all that was asked for is there, built now or before; a verb did or showed what it says",
    DAMAGED: "verify found damaged files",
    REFUSED: "refused before anything was built: the error names the wrong word, setting or file",
    BROKEN: "an error in the program itself, with a traceback",
    OF_LUIGI["missing_data"]: "a task of your own waits for files that are not there",
    OF_LUIGI["not_run"]: "not all is there, but no stage failed here: one did in another process of the same scheduler",
    OF_LUIGI["task_failed"]: "a stage failed: the error says why; what was finished is kept",
    OF_LUIGI["scheduling_error"]: "what there is to build could not be found out: the error says why",
    STOPPED: "stopped by Ctrl-C; the same command goes on from there",
}


def exit_codes_in_words() -> list[str]:
    """Returns a line for each exit code."""
    return [f"  {code:>3}  {meaning}" for code, meaning in IN_WORDS.items()]
