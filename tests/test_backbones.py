import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import Project, configured
from tiny_backbone import write_tiny_backbone

import pipeline
from datasets.errors import UserError
from models.backbones import pretrained
from models.backbones.backbone import base_of, new_backbone
from models.backbones.head import join, new_head
from models.backbones.known import BACKBONES
from models.backend import prepare_tensorflow
from models.building.freezing import count_parameters, unfreeze_last_layers
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe
from pipeline.terminal.config_check import check_config

pytestmark = pytest.mark.slow

prepare_tensorflow()

VGG16 = replace(resolve("frozen-vgg16", {}, {}), backbone_weights="none")
FILE = replace(resolve("frozen-file", {}, {}), backbone_input="caffe")
PICTURES = np.random.default_rng(3).integers(0, 256, (2, 40, 40, 3), np.uint8)


def built(recipe: Recipe, side: int = 40):
    return new_backbone(recipe, (side, side, 3), lambda line: None)


def see(model, pictures: np.ndarray = PICTURES) -> np.ndarray:
    return model.predict(pictures, verbose=0)


def test_vgg16_has_14714688_frozen_parameters_and_four_trainable_tensors_on_top():
    backbone = built(VGG16, 150)
    model = join(backbone, new_head(VGG16, backbone.output.shape[1], 2))
    assert base_of(model).count_params() == 14_714_688
    assert [weight.path.split("/")[-2:] for weight in model.trainable_weights] == [
        [layer, part] for layer in ("dense", "probabilities") for part in ("kernel", "bias")
    ]
    counts = count_parameters(model)
    assert counts["frozen_parameters"] == 14_714_688
    assert counts["parameters"] == 14_714_688 + counts["trainable_parameters"]


def test_every_network_on_the_list_is_one_of_keras_and_a_recipe():
    from keras import applications

    assert {f"frozen-{name.removesuffix('b0')}" for name in BACKBONES} == {
        "frozen-vgg16",
        "frozen-vgg19",
        "frozen-xception",
        "frozen-resnet50",
        "frozen-resnet50v2",
        "frozen-inceptionv3",
        "frozen-inceptionresnetv2",
        "frozen-mobilenet",
        "frozen-mobilenetv2",
        "frozen-densenet121",
        "frozen-nasnetmobile",
        "frozen-efficientnet",
    }
    for name, backbone in BACKBONES.items():
        assert callable(getattr(applications, backbone.class_name))
        assert resolve(f"frozen-{name.removesuffix('b0')}", {}, {}).backbone == name


@pytest.mark.parametrize("name", BACKBONES)
def test_pixels_are_prepared_as_keras_prepares_them_for_the_network(name: str, monkeypatch: pytest.MonkeyPatch):
    """Replaces the network by one that returns what it is given, since building all of them takes minutes."""
    from keras import Input, Model, applications, layers

    network_class = getattr(applications, BACKBONES[name].class_name)
    prepare = sys.modules[network_class.__module__].preprocess_input

    def passes_on(input_shape: tuple[int, ...], **asked: object) -> Model:
        pixels = Input(input_shape)
        return Model(pixels, layers.Activation("linear")(pixels))

    monkeypatch.setattr(applications, BACKBONES[name].class_name, passes_on)
    recipe = replace(VGG16, backbone=name, pooling="flatten", backbone_side=80)
    pictures = np.random.default_rng(4).integers(0, 256, (2, 80, 80, 3), np.uint8)
    wanted = prepare(pictures.astype(np.float32))
    np.testing.assert_allclose(see(built(recipe, 80), pictures).reshape(wanted.shape), wanted, atol=2e-5)


def test_a_backbone_saved_and_loaded_in_plain_keras_sees_the_same(tmp_path: Path):
    recipe = replace(FILE, backbone_file=str(write_tiny_backbone(tmp_path / "tiny.keras")), backbone_side=32)
    backbone = built(recipe)
    backbone.save(tmp_path / "backbone.keras")
    np.save(tmp_path / "pictures.npy", PICTURES)
    program = (
        "import keras, numpy; model = keras.models.load_model('backbone.keras')\n"
        "numpy.save('seen.npy', model.predict(numpy.load('pictures.npy'), verbose=0))"
    )
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True)
    np.testing.assert_allclose(np.load(tmp_path / "seen.npy"), see(backbone), rtol=1e-5)


def test_pictures_too_small_for_a_network_are_enlarged_to_its_smallest_side():
    from keras import layers

    (resizing,) = (layer for layer in built(VGG16, 20).layers if isinstance(layer, layers.Resizing))
    assert (resizing.height, resizing.width) == (32, 32)
    assert not any(isinstance(layer, layers.Resizing) for layer in built(VGG16, 40).layers)


def test_weights_from_a_file_of_any_kind_see_what_they_saw_when_they_were_saved(tmp_path: Path):
    from keras import applications, utils

    utils.set_random_seed(9)
    network = applications.MobileNet(include_top=False, weights=None, input_shape=(40, 40, 3))
    before = network(PICTURES / np.float32(127.5) - 1, training=False).numpy().mean(axis=(1, 2))
    network.save_weights(tmp_path / "own.weights.h5")
    network.save(tmp_path / "own.h5")
    network.save(tmp_path / "own.keras")
    recipe = resolve("frozen-mobilenet", {}, {})
    for path in tmp_path.iterdir():
        of_file = replace(recipe, backbone_weights=str(path))
        np.testing.assert_allclose(see(built(of_file)), before, rtol=1e-4, atol=1e-6)
        with pytest.raises(UserError, match="no weights of vgg16 without its top"):
            built(replace(VGG16, backbone_weights=str(path)))


def test_efficientnet_from_a_file_divides_by_the_root_of_the_deviation_as_keras_does_with_imagenets(tmp_path: Path):
    from keras import Model, applications, utils

    utils.set_random_seed(9)
    network = applications.EfficientNetB0(include_top=False, weights=None, input_shape=(40, 40, 3))
    deviation = np.array([0.229, 0.224, 0.225], np.float32)
    normalisation = network.get_layer("normalization")
    normalisation.set_weights([np.float32([0.485, 0.456, 0.406]), deviation**2, np.int64(0)])
    normalisation.finalize_state()
    network.save_weights(tmp_path / "own.weights.h5")
    normalised = normalisation.output
    scaled = Model(network.input, normalised)(PICTURES.astype(np.float32)) / deviation**0.5
    expected = Model(normalised, network.output)(scaled, training=False).numpy().mean(axis=(1, 2))
    of_file = resolve("mine", {"mine": {"base": "frozen-efficientnet"}}, {})
    seen = see(built(replace(of_file, backbone_weights=str(tmp_path / "own.weights.h5"))))
    np.testing.assert_allclose(seen, expected, atol=1e-3 * np.abs(expected).max())


def test_going_without_weights_is_said_loudly():
    said: list[str] = []
    new_backbone(VGG16, (40, 40, 3), said.append)
    assert len(said) == 1
    assert "WARNING" in said[0]
    assert "RANDOM weights" in said[0]


@contextmanager
def serving(status: int, content: bytes = b"", promised: int = 0, stalls: bool = False) -> Iterator[str]:
    """A server that gives one answer to everything, which may be shorter than it says, or never end."""
    done = threading.Event()

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(promised or len(content)))
            self.end_headers()
            self.wfile.write(content)
            if stalls:
                done.wait(20)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        done.set()
        server.shutdown()
        server.server_close()


def error_of_download(address: str, monkeypatch: pytest.MonkeyPatch, keras_home: Path) -> str:
    from keras import applications

    monkeypatch.setattr(sys.modules[applications.VGG16.__module__], "WEIGHTS_PATH_NO_TOP", f"{address}/vgg16_notop.h5")
    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(keras_home))
    with pytest.raises(UserError) as raised:
        built(replace(VGG16, backbone_weights="imagenet"))
    message = str(raised.value)
    assert message.startswith("recipe frozen-vgg16: the ImageNet weights of vgg16 could not be fetched")
    assert f"{address}/vgg16_notop.h5" in message
    assert "backbone_weights = /path/vgg16_notop.h5" in message
    assert "or to none" in message
    return message


def test_weights_that_cannot_be_downloaded_are_told_with_the_two_ways_out(monkeypatch, tmp_path):
    with serving(404) as address:
        assert "404" in error_of_download(address, monkeypatch, tmp_path)
    assert "refused" in error_of_download(address, monkeypatch, tmp_path)
    with serving(200, b"half a file", promised=22) as address:
        assert "got only 11 out of 22 bytes" in error_of_download(address, monkeypatch, tmp_path)
    monkeypatch.setattr(pretrained, "SILENT_SECONDS", 0.3)
    with serving(200, b"half a file", promised=22, stalls=True) as address:
        assert "timed out" in error_of_download(address, monkeypatch, tmp_path)
    assert not list(tmp_path.rglob("*.h5"))


def test_a_download_of_something_else_is_no_weights(monkeypatch, tmp_path):
    with serving(200, b"a page that asks you to log in") as address:
        assert "corrupted" in error_of_download(address, monkeypatch, tmp_path)


def saved(tmp_path: Path, ends_in: str) -> str:
    from keras import Input, Model, Sequential, layers

    pictures = Input((24, 24, 1 if ends_in == "grey" else 3))
    x = layers.Conv2D(4, 3, name="first")(pictures)
    if ends_in in ("softmax", "row"):
        x = layers.GlobalAveragePooling2D()(x)
        x = layers.Dense(5, activation="softmax" if ends_in == "softmax" else None, name="top")(x)
    if ends_in == "sequence":
        x = layers.Reshape((-1, 4))(x)
    network = Sequential([layers.Conv2D(4, 3)]) if ends_in == "shapeless" else Model(pictures, x)
    network.save(tmp_path / "network.keras")
    return str(tmp_path / "network.keras")


@pytest.mark.parametrize(
    ("ends_in", "message"),
    [
        ("softmax", r"its last layer, top, is a classifier \(softmax over 5\)"),
        ("sequence", "neither a map of features nor a row of them"),
        ("grey", "not pictures of three channels"),
        ("shapeless", r"it takes \[\], and not pictures of three channels"),
    ],
)
def test_a_file_that_holds_no_backbone_is_refused(ends_in: str, message: str, tmp_path: Path):
    with pytest.raises(UserError, match=message):
        built(replace(FILE, backbone_file=saved(tmp_path, ends_in)))


def test_a_network_from_a_file_that_takes_one_size_gets_it_and_its_row_is_taken_as_it_is(tmp_path: Path):
    recipe = replace(FILE, backbone_file=saved(tmp_path, "row"))
    assert base_of(built(recipe)).inputs[0].shape[1:3] == (24, 24)
    assert see(built(recipe)).shape == (2, 5)
    with pytest.raises(UserError, match="takes pictures of 24 by 24; leave backbone_side out"):
        built(replace(recipe, backbone_side=32))


@pytest.mark.parametrize("content", [None, b"", b"nothing that Keras saved"])
def test_a_file_that_is_missing_or_no_network_is_told(content: bytes | None, tmp_path: Path):
    path = tmp_path / "network.keras"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=r"backbone_file = .*network.keras: (there is no such file|Keras cannot load)"):
        built(replace(FILE, backbone_file=str(path)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"base": "frozen-vgg16", "normalisation": "standardised"},
            "leave normalisation at unit, or leave backbone out",
        ),
        ({"base": "frozen-vgg16", "start_from": "plain"}, "either from a backbone or from another recipe"),
        ({"base": "frozen-vgg16", "network": "five_convolutions"}, "five_convolutions is no head"),
        ({"base": "frozen-vgg16", "backbone_weights": "imagnet"}, "give imagenet, none, or a file of weights"),
        ({"base": "frozen-vgg16", "backbone_file": "a.keras"}, "backbone_file goes with backbone = file"),
        ({"base": "frozen-vgg16", "backbone_input": "tf"}, "backbone_input = tf does nothing without backbone = file"),
        ({"base": "frozen-file", "backbone_file": "a.h5", "backbone_input": "tf"}, "no .keras file"),
        ({"base": "frozen-file", "backbone_file": "a.keras"}, "backbone_input = caffe, tf, torch, unit or raw"),
        ({"base": "frozen-file", "backbone_weights": "none"}, "the weights are in the file itself"),
        ({"pooling": "flatten", "unfreeze": "4"}, "pooling = flatten does nothing without backbone"),
        ({"network": "dense_head"}, "dense_head is a head for a backbone, and none is named"),
    ],
)
def test_options_that_cannot_go_together_are_refused_before_anything_runs(options: dict[str, str], message: str):
    with pytest.raises(UserError, match=f"recipe mine: .*{message}"):
        resolve("mine", {"mine": options}, {})


@pytest.mark.parametrize("unfreeze", [None, 0])
def test_a_training_is_refused_whose_augmentation_no_backbone_would_heed(project: Project, unfreeze: int | None):
    project.settings["recipe:mine"] = {"base": "frozen-vgg16", "mirrored_fraction": "0.5"}
    with configured(project.settings), pytest.raises(UserError, match=r"recipe mine: .*looks at every picture once"):
        pipeline.TrainModel(dataset="tiny", recipe="mine", unfreeze=unfreeze).check()
    with pytest.raises(UserError, match="looks at every picture once"):
        project.build(pipeline.TrainModel, recipe="mine", unfreeze=unfreeze)


def test_a_recipe_with_augmentation_may_leave_it_to_the_command_how_many_layers_learn(project: Project):
    project.settings["recipe:mine"] = {"base": "frozen-vgg16", "mirrored_fraction": "0.5"}
    with configured(project.settings):
        check_config(["--dataset", "mine"])
        task = pipeline.TrainModel(dataset="tiny", recipe="mine", unfreeze=4)
        task.check()
        assert task.resolved.unfreeze == 4


def test_a_recipe_that_unfreezes_may_have_its_frozen_baseline_trained(project: Project):
    project.settings["recipe:mine"] = {"base": "frozen-vgg16", "mirrored_fraction": "0.5", "unfreeze": "4"}
    with configured(project.settings):
        task = pipeline.TrainModel(dataset="tiny", recipe="mine", unfreeze=0)
        task.check()
        assert task.resolved.unfreeze == 0


def layers_without_weights_at_the_end(count: int, with_weights: bool = True):
    from keras import Input, Model, layers

    x = pictures = Input((24, 24, 3))
    if with_weights:
        x = layers.Conv2D(4, 3)(x)
    for _ in range(count):
        x = layers.ReLU()(x)
    base = Model(pictures, x, name="vgg16")
    return Model(pictures, layers.GlobalAveragePooling2D()(base(pictures)))


def test_unfreezing_that_trains_nothing_is_refused_with_the_least_number_that_trains_something():
    model = layers_without_weights_at_the_end(2)
    with pytest.raises(UserError, match=r"unfreeze = 2: .* vgg16 have no weights to train; give 3 or more"):
        unfreeze_last_layers(replace(VGG16, unfreeze=2), model)
    unfreeze_last_layers(replace(VGG16, unfreeze=3), model)
    assert len(model.trainable_weights) == 2
    with pytest.raises(UserError, match="give 0, for none of its layers has"):
        unfreeze_last_layers(replace(VGG16, unfreeze=9), layers_without_weights_at_the_end(2, with_weights=False))


@pytest.mark.parametrize(("recipe", "option"), [("frozen-vgg16", "backbone"), ("fine-cnn-frozen", "start_from")])
def test_the_audit_refuses_recipes_that_know_more_than_the_pictures_of_their_folds(recipe: str, option: str):
    with pytest.raises(UserError, match=f"recipe {recipe} has {option} set, which no fold can be trained with"):
        pipeline.AuditLabels(dataset="sample", recipe=recipe)
