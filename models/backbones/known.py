"""The pretrained networks that a head can be trained on. Loads no TensorFlow."""

from collections.abc import Mapping
from typing import NamedTuple

FILE = "file"
IMAGENET, NO_WEIGHTS = "imagenet", "none"
WEIGHTS_SUFFIXES = (".h5", ".keras")  # of the files that Keras reads weights from
INPUTS = ("caffe", "tf", "torch", "unit", "raw")


class Backbone(NamedTuple):
    """A network of keras.applications, and how it takes pictures."""

    class_name: str
    pixels: str  # one of INPUTS: caffe is BGR minus the mean, tf -1 to 1, torch by mean and deviation, unit 0 to 1
    smallest_side: int  # in pixels


BACKBONES: Mapping[str, Backbone] = {
    "vgg16": Backbone("VGG16", "caffe", 32),
    "vgg19": Backbone("VGG19", "caffe", 32),
    "xception": Backbone("Xception", "tf", 71),
    "resnet50": Backbone("ResNet50", "caffe", 32),
    "resnet50v2": Backbone("ResNet50V2", "tf", 32),
    "inceptionv3": Backbone("InceptionV3", "tf", 75),
    "inceptionresnetv2": Backbone("InceptionResNetV2", "tf", 75),
    "mobilenet": Backbone("MobileNet", "tf", 32),
    "mobilenetv2": Backbone("MobileNetV2", "tf", 32),
    "densenet121": Backbone("DenseNet121", "torch", 32),
    "nasnetmobile": Backbone("NASNetMobile", "tf", 32),
    "efficientnetb0": Backbone("EfficientNetB0", "raw", 32),  # has its own scaling built in
}
