import numpy as np
import pytest

from models.recipes.recipe import Recipe
from models.training.learner import Learner
from models.training.targets import balanced_weights, losses_of
from models.training_input import Pictures

pytestmark = pytest.mark.slow

random = np.random.default_rng(3)
PROBABILITIES = random.dirichlet(np.ones(3), 12).astype(np.float32)
LABELS = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2], np.int32)
ONE_HOT = np.eye(3, dtype=np.float32)[LABELS]
SHARES = random.dirichlet(np.ones(3), 12).astype(np.float32)
WEIGHTS = balanced_weights(Recipe("mine", class_weights="balanced"), LABELS, 3)


def losses(labels: np.ndarray, smoothing: float = 0.0, class_weights: np.ndarray | None = None) -> np.ndarray:
    import tensorflow as tf

    return losses_of(tf.constant(labels), tf.constant(PROBABILITIES), smoothing, class_weights).numpy()


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_labels_and_shares_cost_what_keras_says_smoothed_or_not(smoothing):
    import keras

    theirs = keras.losses.CategoricalCrossentropy(label_smoothing=smoothing, reduction=None)
    assert losses(LABELS, smoothing) == pytest.approx(theirs(ONE_HOT, PROBABILITIES).numpy(), rel=1e-5)
    assert losses(SHARES, smoothing) == pytest.approx(theirs(SHARES, PROBABILITIES).numpy(), rel=1e-5)


def test_balanced_weights_have_all_classes_count_alike_and_the_mean_picture_count_1():
    assert WEIGHTS.tolist() == pytest.approx([12 / (3 * 6), 12 / (3 * 4), 12 / (3 * 2)])
    assert np.bincount(LABELS, WEIGHTS[LABELS]).tolist() == pytest.approx([4, 4, 4])
    assert balanced_weights(Recipe("mine"), LABELS, 3) is None


def test_shares_weigh_what_their_classes_weigh_by_share():
    assert losses(SHARES, class_weights=WEIGHTS) == pytest.approx(losses(SHARES) * (SHARES @ WEIGHTS), rel=1e-5)
    assert losses(ONE_HOT, class_weights=WEIGHTS) == pytest.approx(losses(LABELS, class_weights=WEIGHTS), rel=1e-5)


def test_a_weighted_epoch_has_the_loss_and_the_accuracy_of_keras_fit():
    import keras

    pixels = random.integers(0, 256, (12, 4, 4, 3), np.uint8)
    model = keras.Sequential(
        [
            keras.Input((4, 4, 3), dtype="uint8"),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    start = model.get_weights()
    recipe = Recipe("mine", class_weights="balanced", batch_size=12, learning_rate=0.1, optimiser="sgd")
    row = Learner(recipe, Pictures(pixels, LABELS), None, model).learn_epoch(lambda steps: None)
    learnt = model.get_weights()

    model.set_weights(start)
    model.compile(
        keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    fitted = model.fit(pixels, LABELS, 12, class_weight=dict(enumerate(WEIGHTS.tolist())), verbose=0).history
    assert (row.loss, row.accuracy) == pytest.approx((fitted["loss"][0], fitted["accuracy"][0]), rel=1e-5)
    for ours, theirs in zip(learnt, model.get_weights(), strict=True):
        assert ours == pytest.approx(theirs, abs=1e-5)
