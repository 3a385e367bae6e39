"""The peer on strangers' hands: MediaPipe Hands, whose raised fingertips are counted, on the photos that `signet evaluate
--suite real --photos FOLDER` asks. `fingers.py FOLDER`, with mediapipe 0.10 and Pillow; prints a table in Markdown.

Asked with the whole photo, in which it finds hands by itself ("localized"), the center square, and the square around
the hand's box."""

import csv
import hashlib
import math
import os
import sys
from collections import defaultdict

import mediapipe
import numpy
from PIL import Image

# The split of crates/cli/src/photos/sources.rs.
HELD_OUT = {"ambrosini", "lionel", "lionel-wide", "mehdi-crop", "snapi"}
A_PERSON_EACH = {"hagrid", "hagrid-extra"}

# Side of the square about a hand, in longer sides of the hand's box.
AIR = 2.0


def held_out(row):
    name = os.path.basename(row["file"])
    if row["source"] in A_PERSON_EACH:
        return not name.startswith("like_") and hashlib.sha256(name.encode()).hexdigest()[0] < "8"
    return row["source"] in HELD_OUT


def raised_fingers(landmarks):
    """A finger is raised whose tip is 1.2 times as far from the wrist as its middle joint; the thumb, whose tip is 1.1
    times as far from the little finger's base as its last joint: of 130 such rules, in the plane and in space, by
    distances and by angles, the one that reads most of these very photos."""
    at = [(point.x, point.y, point.z) for point in landmarks]
    fingers = sum(math.dist(at[tip], at[0]) > 1.2 * math.dist(at[tip - 2], at[0]) for tip in (8, 12, 16, 20))
    return fingers + (math.dist(at[4], at[17]) > 1.1 * math.dist(at[3], at[17]))


def count(hands, picture):
    """The fingers of the larger hand, None where no hand is found."""
    found = hands.process(numpy.ascontiguousarray(picture))

    def size(hand):
        xs, ys = ([getattr(point, axis) for point in hand[0].landmark] for axis in "xy")
        return (max(xs) - min(xs)) * (max(ys) - min(ys))

    pairs = list(zip(found.multi_hand_landmarks or [], found.multi_hand_world_landmarks or []))
    return raised_fingers(max(pairs, key=size)[1].landmark) if pairs else None


def square(picture, x, y, side):
    """A square of the picture, which ends at the picture's border, no smaller than 256 pixels."""
    left, top = max(0, round(x - side / 2)), max(0, round(y - side / 2))
    crop = Image.fromarray(picture[top : round(y + side / 2), left : round(x + side / 2)])
    scale = max(1.0, 256 / max(crop.size))
    return numpy.asarray(crop.resize([round(length * scale) for length in crop.size], Image.Resampling.BICUBIC))


def views(picture, row):
    height, width = picture.shape[:2]
    yield "center", square(picture, width / 2, height / 2, min(width, height))
    yield "localized", square(picture, width / 2, height / 2, 2 * max(width, height))
    if row["left"]:
        left, top, right, bottom = (float(row[name]) for name in ("left", "top", "right", "bottom"))
        yield "box", square(picture, (left + right) / 2, (top + bottom) / 2, AIR * max(right - left, bottom - top))
    elif row["label"] != "none":
        yield "box", picture


def main(folder):
    with open(os.path.join(folder, "index.tsv"), encoding="utf-8") as index:
        rows = [row for row in csv.DictReader(index, delimiter="\t") if held_out(row)]
    right = {view: defaultdict(list) for view in ("center", "localized", "box")}
    alarms = defaultdict(list)
    hands = mediapipe.solutions.hands.Hands(static_image_mode=True, max_num_hands=2, min_detection_confidence=0.2)
    for row in rows:
        picture = numpy.asarray(Image.open(os.path.join(folder, row["file"])).convert("RGB"))
        for view, crop in views(picture, row):
            counted = count(hands, crop)
            if row["label"] == "none":
                alarms[view].append(counted is not None)
            else:
                right[view][row["source"]].append(counted == int(row["label"]))

    def percent(values):
        return f"{100 * sum(values) / len(values):.1f}" if values else "-"

    sources = sorted(right["localized"])
    print(f"| MediaPipe {mediapipe.__version__} | mean over sources | photos | {' | '.join(sources)} | false alarms |")
    print("|---" * (len(sources) + 4) + "|")
    for view, of_source in right.items():
        mean = [sum(of_source[source]) / len(of_source[source]) for source in sources]
        of_all = [answer for answers in of_source.values() for answer in answers]
        cells = [percent(mean), percent(of_all), *(percent(of_source[source]) for source in sources), percent(alarms[view])]
        print(f"| {view} | {' | '.join(cells)} |")


main(sys.argv[1])
