"""Reads with TensorBoard the event files that SummaryWriterTests wrote, and compares every kind of value.

    mkdir /tmp/written
    HEARTH_WRITTEN=/tmp/written swift test -c release --disable-testable-imports --filter SummaryWriterTests
    HEARTH_WRITTEN=/tmp/written python Tests/Goldens/check_tensorboard.py
"""

import io
import logging
import os
import warnings
from pathlib import Path

WRITTEN = Path(os.environ["HEARTH_WRITTEN"])


def check():
    import numpy as np
    from PIL import Image
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.compat.proto import graph_pb2
    from tensorboard.plugins.hparams import plugin_data_pb2
    from tensorboard.plugins.pr_curve import plugin_data_pb2 as curve_pb2

    def load(name):
        (file,) = (WRITTEN / name).glob("events.out.tfevents.*")
        return EventAccumulator(str(file), {"tensors": 0, "images": 0, "histograms": 0, "scalars": 0}).Reload()

    events = load("tensorboard_kinds")
    scalars = events.Scalars("loss/train")
    assert [s.step for s in scalars] == list(range(10)), scalars
    assert np.allclose([s.value for s in scalars], [1 / (i + 1) for i in range(10)])
    assert (events.Scalars("both/a")[0].value, events.Scalars("both/b")[0].value) == (1, 2)
    text = events.Tensors("note/text_summary")[0]
    assert text.step == 1 and text.tensor_proto.string_val[0] == b"# Hearth\nwrote *this*"
    assert events.SummaryMetadata("note/text_summary").plugin_data.plugin_name == "text"
    histogram = events.Histograms("weights")[0].histogram_value
    values = np.arange(-50, 50) / 10
    assert (histogram.num, histogram.min, histogram.max) == (100, -5, np.float32(4.9)), histogram
    assert np.isclose(histogram.sum, values.sum()) and np.isclose(histogram.sum_squares, (values**2).sum())
    limits = np.array(histogram.bucket_limit)
    assert (np.diff(limits) > 0).all() and sum(histogram.bucket) == 100
    expected, _ = np.histogram(values.astype(np.float32), np.concatenate([[-np.inf], limits]))
    assert np.array_equal(expected, histogram.bucket)
    picture = events.Images("picture")[0]
    pixels = np.asarray(Image.open(io.BytesIO(picture.encoded_image_string)))
    assert np.array_equal(pixels, np.arange(105, dtype=np.uint8).reshape(3, 5, 7).transpose(1, 2, 0))
    assert (picture.width, picture.height) == (7, 5)
    sheet = events.Images("sheet")[0]
    assert (sheet.width, sheet.height) == (3 * 8 + 2, 2 * 6 + 2), (sheet.width, sheet.height)

    curve = events.Tensors("pr")[0].tensor_proto
    metadata = events.SummaryMetadata("pr").plugin_data
    assert curve_pb2.PrCurvePluginData.FromString(metadata.content).num_thresholds == 11
    from torch.utils.tensorboard.summary import compute_curve
    theirs = compute_curve(np.array([0, 0, 1, 0, 1]), np.float32([0.1, 0.4, 0.6, 0.8, 0.9]), 11)
    assert [d.size for d in curve.tensor_shape.dim] == [6, 11]
    assert np.allclose(np.array(curve.float_val).reshape(6, 11), theirs, atol=1e-6)

    def hparams(tag):
        return plugin_data_pb2.HParamsPluginData.FromString(events.SummaryMetadata(tag).plugin_data.content)

    experiment = hparams("_hparams_/experiment").experiment
    assert [(i.name, i.type) for i in experiment.hparam_infos] == [("lr", 3), ("optimizer", 1), ("shuffle", 2)]
    assert [i.name.tag for i in experiment.metric_infos] == ["accuracy"]
    start = hparams("_hparams_/session_start_info").session_start_info
    assert start.hparams["lr"].number_value == 0.1 and start.hparams["optimizer"].string_value == "adam"
    assert start.hparams["shuffle"].bool_value and start.start_time_secs > 1.6e9
    assert hparams("_hparams_/session_end_info").session_end_info.status == 1
    assert events.Scalars("accuracy")[0].value == 0.75

    graph = events.Graph()
    assert isinstance(graph, graph_pb2.GraphDef)
    nodes = {node.name: node for node in graph.node}
    assert {"input", "0/weight", "0/bias", "2/weight", "2/bias"} <= set(nodes), set(nodes)
    assert all(source in nodes for node in graph.node for source in node.input)
    reached, pending = set(), [graph.node[-1].name]
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending += nodes[name].input
    assert reached == set(nodes), set(nodes) - reached
    shapes = {n.name: [d.size for d in n.attr["_output_shapes"].list.shape[0].dim] for n in graph.node}
    assert shapes["0/weight"] == [3, 4] and shapes["input"] == [1, 4], shapes

    assert {"0/linear", "1/relu", "2/linear"} <= set(nodes), set(nodes)

    # Steps from where the second training goes on count once, as it has them; TensorBoard says that it drops the others.
    resumed = EventAccumulator(str(WRITTEN / "tensorboard_resumed")).Reload().Scalars("loss")
    assert [(s.step, s.value) for s in resumed] == [(1, 1), (2, 2), (3, 9), (4, 12), (5, 15)], resumed

    training = load("tensorboard_training")
    assert [s.step for s in training.Scalars("loss/train")] == [1, 2, 3]
    assert {"weights/0/weight", "gradients/2/bias"} <= set(training.Tags()["histograms"])
    assert len(load("tensorboard_threads").Scalars("task 3")) == 100
    print("TensorBoard reads scalars, texts, histograms, pictures, curves, hyperparameters and graphs")


class Complaints(logging.Handler):
    """Everything that TensorBoard has to say about the files is a failure."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


if __name__ == "__main__":
    try:
        import tensorboard  # noqa: F401
    except ImportError:
        print("TensorBoard is not installed, so its reader is left out")
    else:
        complaints = Complaints()
        logging.getLogger().addHandler(complaints)
        from tensorboard.util import tb_logging

        tb_logging.get_logger().addHandler(complaints)
        with warnings.catch_warnings():
            warnings.filterwarnings("error", module="tensorboard")
            warnings.filterwarnings("ignore", category=DeprecationWarning)
            check()
        others = [m for m in complaints.messages if "Removing 2 scalars, 0 histograms" not in m]
        assert not others, others
