import numpy as np
import pytest

from models.training.muon import new_muon

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("shape", [(3, 3, 8, 16), (2, 2, 3, 32)])
def test_a_step_moves_a_kernel_by_the_learning_rate_in_every_direction_alike_however_small_the_gradient(shape):
    import keras

    random = np.random.default_rng(0)
    start = random.normal(size=shape).astype(np.float32)
    start *= shape[3] ** 0.5 / np.linalg.norm(start)  # the length that it is kept at
    kernel = keras.Variable(start)
    optimiser = new_muon(0.1)
    optimiser.build([kernel])
    optimiser.apply([keras.ops.convert_to_tensor(random.normal(size=shape).astype(np.float32) * 1e-6)], [kernel])
    step = (start - np.array(kernel)).reshape(-1, shape[3])
    strengths = np.linalg.svd(step, compute_uv=False)[: min(step.shape)] / 0.1
    assert ((strengths > 0.6) & (strengths < 1.3)).all()


def test_what_is_no_kernel_goes_down_its_gradient():
    import keras

    weights = keras.Variable(np.ones((4, 2), np.float32))
    optimiser = new_muon(0.1)
    optimiser.build([weights])
    gradient = np.array([[1, -1]] * 4, np.float32)
    optimiser.apply([keras.ops.convert_to_tensor(gradient)], [weights])
    assert (np.sign(1 - np.array(weights)) == np.sign(gradient)).all()
