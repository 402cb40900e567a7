"""The names of what networks are made of, without NumPy, which what they stand for needs."""

ACTIVATION_NAMES = (
    "linear",
    "relu",
    "leaky_relu",
    "tanh",
    "sigmoid",
    "elu",
    "gelu",
    "silu",
    "softplus",
    "sin",
)
INITIALIZER_NAMES = ("playground", "micrograd", "xavier", "he", "lecun", "zeros")
LOSS_NAMES = ("squared_error", "binary_cross_entropy", "softmax_cross_entropy", "hinge")
OPTIMIZER_NAMES = ("sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw")
