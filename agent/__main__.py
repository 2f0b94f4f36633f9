"""`python -m agent --config FILE`: the long-running process that systemd starts."""

from __future__ import annotations

from agent.cli import run

if __name__ == "__main__":
    run(prog_name="python -m agent")
