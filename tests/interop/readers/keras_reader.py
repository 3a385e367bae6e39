"""What Keras answers: `FOLDER INPUTS.rgb`, JSON out: by each way in which the course's notebook opens signet.weights.h5, signet.h5 and
signet.keras of the folder, the probabilities of each picture. Runs with Keras 3 and with tf.keras 2.15."""

import json
import os
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
import keras
import numpy
from keras.layers import (
    Activation,
    Add,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    Flatten,
    Input,
    MaxPooling2D,
    ZeroPadding2D,
)


def named(name):
    return {} if name is None else {"name": name}


def unit(x, filters, kernel, stride, padding, conv, norm):
    x = Conv2D(filters, (kernel, kernel), strides=(stride, stride), padding=padding, **named(conv))(x)
    return BatchNormalization(axis=3, **named(norm))(x)


def block(x, filters, stride, shortcut, name):
    conv, norm = (None, None) if name is None else (f"res{name}_branch", f"bn{name}_branch")
    names = lambda branch: (None, None) if name is None else (conv + branch, norm + branch)
    f1, f2, f3 = filters
    start = x
    x = Activation("relu")(unit(x, f1, 1, stride, "valid", *names("2a")))
    x = Activation("relu")(unit(x, f2, 3, 1, "same", *names("2b")))
    x = unit(x, f3, 1, 1, "valid", *names("2c"))
    if shortcut:
        start = unit(start, f3, 1, stride, "valid", *names("1"))
    return Activation("relu")(Add()([x, start]))


def resnet50(classes, has_names):
    """The notebook's network, with the names of its first edition or without any, as in its later ones."""
    x = start = Input((64, 64, 3))
    x = ZeroPadding2D((3, 3))(x)
    x = Activation("relu")(unit(x, 64, 7, 2, "valid", *(("conv1", "bn_conv1") if has_names else (None, None))))
    x = MaxPooling2D((3, 3), strides=(2, 2))(x)
    stages = [([64, 64, 256], 1, "abc"), ([128, 128, 512], 2, "abcd"), ([256, 256, 1024], 2, "abcdef"), ([512, 512, 2048], 2, "abc")]
    for stage, (filters, stride, letters) in enumerate(stages, 2):
        for letter in letters:
            first = letter == "a"
            x = block(x, filters, stride if first else 1, first, f"{stage}{letter}" if has_names else None)
    x = Flatten()(AveragePooling2D((2, 2))(x))
    x = Dense(classes, activation="softmax", **named(f"fc{classes}" if has_names else None))(x)
    return keras.Model(start, x)


folder, inputs = Path(sys.argv[1]), sys.argv[2]
pixels = numpy.fromfile(inputs, dtype=numpy.uint8).reshape(-1, 64, 64, 3).astype(numpy.float32) / 255
answers = {}


def predict(way, model):
    answers[way] = model.predict(pixels, batch_size=32, verbose=0).tolist()
    keras.backend.clear_session()


for has_names in [False, True]:
    for name in ["signet.weights.h5", "signet.h5"]:
        model = resnet50(6, has_names)
        model.load_weights(str(folder / name))
        predict(f"load_weights, {name}, {'named' if has_names else 'unnamed'}", model)
predict("load_model, signet.h5", keras.models.load_model(str(folder / "signet.h5"), compile=False))
if keras.__version__ >= "3":
    predict("load_model, signet.keras", keras.models.load_model(str(folder / "signet.keras"), compile=False))
print(json.dumps({"keras": keras.__version__, "answers": answers}))
