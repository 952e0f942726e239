"""One thread a process: with as many processes as cores, more of them would only wait for each other."""

# What the libraries that compute read when they are loaded.
SINGLE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
