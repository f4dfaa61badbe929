"""The networks that a recipe can name: those of this project and of other packages. Loads no TensorFlow."""

from collections.abc import Mapping

from datasets.errors import UserError, unknown
from datasets.plugins import Offer, load, offers
from models.networks.network import Network

BUILT_IN: Mapping[str, str] = {
    "cifar_vgg": "models.networks.cifar_vgg:network",
    "coarse": "models.networks.coarse:network",
    "dense_head": "models.networks.heads:dense",
    "fine": "models.networks.fine:network",
    "five_convolutions": "models.networks.five_convolutions:network",
    "linear_head": "models.networks.heads:linear",
    "pets": "models.networks.pets:network",
    "residual": "models.networks.residual:network",
    "seven_convolutions": "models.networks.seven_convolutions:network",
    "three_blocks": "models.networks.three_blocks:network",
    "vit": "models.networks.vit:network",
    "whitened": "models.networks.whitened:network",
    "wide_residual": "models.networks.wide_residual:network",
}


def network_names() -> tuple[str, ...]:
    """Returns the names of all networks, without importing any."""
    return tuple(offers("networks", BUILT_IN))


def find_network(name: str) -> Network:
    """Returns the network of this name; imports its module."""
    offer = _find_offer(name)
    network = load(offer)
    if not isinstance(network, Network):
        raise UserError(
            f"the package {offer.package} offers the network {name} as {offer.reference}, which is of the type "
            f"{type(network).__name__} and no Network of models.networks.network. Update that package or uninstall it"
        )
    return network


def network_reference(name: str) -> str:
    """Returns where a network is defined, as `module:object`."""
    return _find_offer(name).reference


def _find_offer(name: str) -> Offer:
    offered = offers("networks", BUILT_IN)
    if name not in offered:
        raise UserError(unknown("network", name, offered))
    return offered[name]
