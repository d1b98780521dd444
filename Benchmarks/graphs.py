"""Latency of compiled graphs: Hearth, ONNX Runtime, PyTorch eager and torch.compile on the same models, in turn.

usage: graphs.py [--hearth PATH] [--rounds 5] [--batch 1] [--only NAME] [--compile]

Needs torch, torchvision, onnx, onnxscript and onnxruntime. Models are exported once by torch.onnx.export; Hearth runs the
very file that ONNX Runtime does (`hearth run FILE --random --repeat N`, whose median is taken). Every round measures each
engine once, two threads each; the table has the medians of the rounds in milliseconds and Hearth's ratio to the fastest peer
(above 1: Hearth is faster).
"""
import argparse, contextlib, io, os, re, statistics, subprocess, tempfile, time, warnings
import onnxruntime, torch, torch.nn as nn, torchvision

warnings.filterwarnings("ignore")
os.environ.setdefault("OMP_NUM_THREADS", "2")
torch.set_num_threads(2)


class Bert(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(1000, 384)
        layer = nn.TransformerEncoderLayer(384, 12, 1536, batch_first=True, activation="gelu")
        self.encoder = nn.TransformerEncoder(layer, 6)

    def forward(self, ids):
        return self.encoder(self.embedding(ids))


class Sequence(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(28, 128, batch_first=True)

    def forward(self, x):
        return self.lstm(x)[0]


def models(batch):
    image = lambda: torch.randn(batch, 3, 224, 224)
    return {
        "mlp": (lambda: nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)), lambda: torch.randn(batch, 784), 2000),
        "resnet18": (torchvision.models.resnet18, image, 20),
        "resnet50": (torchvision.models.resnet50, image, 10),
        "mobilenet_v2": (torchvision.models.mobilenet_v2, image, 30),
        "bert 6x384, length 128": (Bert, lambda: torch.randint(0, 1000, (batch, 128)), 20),
        "lstm 28x128, length 28": (Sequence, lambda: torch.randn(batch, 28, 28), 300),
    }


def median(function, count):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hearth", default=".build/release/hearth")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--compile", action="store_true")
    a = parser.parse_args()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.log_severity_level = 4
    peers = ["onnxruntime", "torch"] + (["torch.compile"] if a.compile else [])
    print(f"| model, batch {a.batch} | hearth | " + " | ".join(peers) + " | ratio to the fastest peer |")
    print("| --- |" + " --- |" * (len(peers) + 2))
    with tempfile.TemporaryDirectory() as folder:
        for name, (make, example, count) in models(a.batch).items():
            if a.only not in name:
                continue
            torch.manual_seed(0)
            model, x = make().eval(), example()
            path = f"{folder}/model.onnx"
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                torch.onnx.export(model, (x,), path, dynamo=True)
            session = onnxruntime.InferenceSession(path, options)
            feed = {session.get_inputs()[0].name: x.numpy()}
            count = max(count // a.batch, 3)
            runs = {"onnxruntime": lambda: session.run(None, feed), "torch": lambda: model(x)}
            if a.compile:
                compiled = torch.compile(model)
                runs["torch.compile"] = lambda: compiled(x)
            results = {k: [] for k in ["hearth", *runs]}
            with torch.inference_mode():
                for run in runs.values():
                    run()
                for _ in range(a.rounds):
                    for key, run in runs.items():
                        results[key].append(median(run, count))
                    command = [a.hearth, "run", path, "--random", "--repeat", str(count)]
                    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
                    results["hearth"].append(float(re.search(r"p50 ([\d.]+) ms", out)[1]))
            times = {k: statistics.median(v) for k, v in results.items()}
            ratio = min(times[k] for k in peers) / times["hearth"]
            print(f"| {name} | {times['hearth']:.3f} | " + " | ".join(f"{times[k]:.3f}" for k in peers) + f" | {ratio:.2f} |", flush=True)


if __name__ == "__main__":
    main()
