"""The optimiser Muon: an SGD with orthogonal steps on convolution kernels, with which a network learns in few epochs.

It follows Jordan et al., https://kellerjordan.github.io/posts/muon; the Muon of Keras leaves convolutions to Adam.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

MOMENTUM = 0.6  # of the gradients of kernels
OTHERS_MOMENTUM = 0.85
OTHERS_RATE = 0.4  # the learning rate of all other weights, as a share of the kernels' learning rate
KERNEL_AXES = 4  # height, width, channels in, channels out
ROUNDS = 3
# A quintic that brings singular values close to 1 in five rounds; models trained with three rounds were as good.
COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def new_muon(learning_rate: float, **shared: Any) -> "keras.optimizers.Optimizer":
    """Returns the optimiser.

    Its learning rate is about the share of a kernel that one step replaces, whatever the size of the gradient. `shared`
    holds the arguments that every optimiser of Keras takes.
    """
    from keras import ops, optimizers

    class Muon(optimizers.SGD):
        """An SGD with orthogonal steps on kernels."""

        def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
            """Changes one variable by its gradient."""
            if len(variable.shape) != KERNEL_AXES:
                super().update_step(gradient, variable, learning_rate * OTHERS_RATE)
                return
            momentum = self.momentums[self._get_variable_index(variable)]
            self.assign(momentum, MOMENTUM * momentum + gradient)
            step = _orthogonal(ops.reshape(gradient + MOMENTUM * momentum, (-1, variable.shape[-1])))
            # Before batch norm only the direction of a kernel counts. At a fixed length a step is always the same share
            # of the kernel. Kernels without batch norm are held at a fixed length too.
            to_length = variable.shape[-1] ** 0.5 / ops.sqrt(ops.sum(ops.square(variable)))
            self.assign(variable, variable * to_length - learning_rate * ops.reshape(step, variable.shape))

    return Muon(learning_rate, momentum=OTHERS_MOMENTUM, nesterov=True, **shared)


def _orthogonal(matrix: Any) -> Any:
    """Returns nearly the closest matrix whose singular values are all 1, by the Newton-Schulz iteration."""
    from keras import ops

    upright = matrix.shape[0] > matrix.shape[1]
    x = ops.transpose(matrix) if upright else matrix
    x = x / (ops.sqrt(ops.sum(ops.square(x))) + 1e-7)
    a, b, c = COEFFICIENTS
    for _ in range(ROUNDS):
        square = ops.matmul(x, ops.transpose(x))
        x = a * x + ops.matmul(b * square + c * ops.matmul(square, square), x)
    return ops.transpose(x) if upright else x
