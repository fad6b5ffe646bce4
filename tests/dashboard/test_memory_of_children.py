"""What a child of a checking worker does with its memory; each test in a process of its own, as a child is one."""

import os
import platform
import subprocess
import sys

import pytest

BEGINS = """
import django
from celery.signals import task_postrun, worker_process_init
from dashboard import celery
django.setup()
worker_process_init.send(sender=None)
"""
TASK = """
import os
def resident():
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGESIZE") >> 20
slices = [bytes(4_000) for _ in range(20_000)]
del slices[:-1]  # the last one lies on top: nothing below it goes back by itself
kept = resident()
task_postrun.send(sender=None)
print(kept - resident())
"""
ELSEWHERE = """
import ctypes
ctypes.CDLL = lambda name: object()  # a C library that has no malloc_trim, as on Alpine and macOS
print(task_postrun.send(sender=None)[-1][1])
"""
KEEPS = {"MALLOC_TRIM_THRESHOLD_": "1073741824", "MALLOC_MMAP_THRESHOLD_": "16777216"}


def told_by(program: str) -> str:
    run = [sys.executable, "-c", program]
    return subprocess.run(run, check=True, capture_output=True, text=True, env=os.environ | KEEPS).stdout.strip()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be asked to give memory back")
def test_what_a_task_has_freed_goes_back_to_the_system_when_it_ends() -> None:
    assert int(told_by(BEGINS + TASK)) > 50  # of 80 MB


def test_a_child_works_on_where_the_c_library_cannot_give_memory_back() -> None:
    assert told_by(BEGINS + ELSEWHERE) == "None"
