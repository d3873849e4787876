"""invlib status"""

import argparse

from invlib.settings import Settings
from invlib.studies.notebook import all_notebooks

HELP = "every notebook: when it last ran in each book, how that went, and whether it is current"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(args: argparse.Namespace, settings: Settings) -> int:
    from invlib.book.build import tasks_of_books

    books = tasks_of_books(all_notebooks(settings), settings)
    print(f"{'notebook':<28} {'book':<10} {'state':<34} {'seconds':>8}  finished")
    for task in [task for tasks in books.values() for task in tasks]:
        last = task.place.last()
        if last is None:
            state, seconds, finished = "not run", "", ""
        else:
            current = "" if last.state != "done" or task.current() else ", sources have changed"
            old = f", {last.stale_records} stale records" if last.stale_records else ""
            state = last.state + current + old
            seconds, finished = f"{last.seconds:.1f}", last.finished
        name = task.place.notebook.name
        print(f"{name:<28} {task.place.folder.name:<10} {state:<34} {seconds:>8}  {finished}")
    return 0
