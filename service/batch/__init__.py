"""Many records in one go: files in, files out, on all cores or on a cluster, and on again after a kill.

`run.run_batch` does it. Nothing is loaded here: what starts workers and what they are shall each load their own alone.
"""
