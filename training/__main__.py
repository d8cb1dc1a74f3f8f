"""`python -m training`: the same as `lanmu-train`."""

from training.cli import main

if __name__ == "__main__":
    main(prog_name="lanmu-train")
