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
    kernel = keras.Variable(start * 7)
    optimiser = new_muon(0.1)
    optimiser.build([kernel])
    optimiser.apply([keras.ops.convert_to_tensor(random.normal(size=shape).astype(np.float32) * 1e-6)], [kernel])
    step = (start - np.array(kernel)).reshape(-1, shape[3])
    strengths = np.linalg.svd(step, compute_uv=False)[: min(step.shape)] / 0.1
    assert ((strengths > 0.6) & (strengths < 1.3)).all()


def test_a_kernel_goes_on_in_the_direction_of_earlier_steps():
    import keras

    def strength_of_second_step(first_sign: float) -> float:
        kernel = keras.Variable(np.ones((3, 3, 8, 16), np.float32))
        optimiser = new_muon(0.1)
        optimiser.build([kernel])
        gradient = np.random.default_rng(0).normal(size=kernel.shape).astype(np.float32)
        optimiser.apply([keras.ops.convert_to_tensor(first_sign * gradient)], [kernel])
        before = np.array(kernel)
        before *= 4 / np.linalg.norm(before)
        # Smaller than the first, so that what is remembered of that decides.
        optimiser.apply([keras.ops.convert_to_tensor(gradient / 10)], [kernel])
        return float(((before - np.array(kernel)) * gradient).sum())

    assert strength_of_second_step(1) > 0 > strength_of_second_step(-1)


def test_what_is_no_kernel_takes_kerass_steps_at_its_share_of_the_rate():
    import keras

    def after_two_steps(optimiser: "keras.optimizers.Optimizer") -> np.ndarray:
        weights = keras.Variable(np.ones((4, 2), np.float32))
        optimiser.build([weights])
        for gradient in ([[1, -1]] * 4, [[0.5, 2]] * 4):
            optimiser.apply([keras.ops.convert_to_tensor(np.array(gradient, np.float32))], [weights])
        return np.array(weights)

    alike = keras.optimizers.SGD(0.04, momentum=0.85, nesterov=True)
    np.testing.assert_allclose(after_two_steps(new_muon(0.1)), after_two_steps(alike), rtol=1e-6)
