from medvlp_training.simulation.hosts import Host
import numpy as np
def phantom_host(rng: np.random.Generator, name: str) -> Host:
    raise NotImplementedError
