"""The archives as their author publishes them at https://www.cs.toronto.edu/~kriz/cifar.html."""

from dataclasses import dataclass

from datasets.download import Remote


@dataclass(frozen=True)
class Official:
    """A published archive, and how many pictures it holds."""

    remote: Remote
    train_count: int
    test_count: int


OFFICIAL = {
    "cifar10": Official(
        Remote("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", md5="c32a1d4ab5d03f1284b67883e8d87530"),
        train_count=50_000,
        test_count=10_000,
    ),
    "cifar100": Official(
        Remote("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz", md5="03b5dce01913d631647c71ecec9e9cb8"),
        train_count=50_000,
        test_count=10_000,
    ),
}
