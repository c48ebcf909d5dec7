"""The door: `python run_bot.py` starts the line; `python run_bot.py --help` lists what else it can do."""

import os

# Before NumPy is imported: a second thread of its BLAS waits in circles for work and doubles the CPU of every message.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from bot.cli import main

if __name__ == "__main__":
    main()
