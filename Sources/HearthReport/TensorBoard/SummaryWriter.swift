import Dispatch
import HearthFormats
import HearthTensor
import HearthImages
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Writes what TensorBoard shows: scalars, histograms, pictures, texts, curves, hyperparameters and graphs.
///
///     let writer = try SummaryWriter("runs/first/tensorboard")
///     for step in 0..<100 { writer.addScalar("loss/train", loss, step: step) }
///     try writer.close()                                     // then: tensorboard --logdir runs
///
/// Everything reaches the file at most about `flushSeconds` after it was added, and with `flush` and `close`; a program
/// that is killed leaves a file that is right up to there. Safe to use from several threads. PyTorch's
/// `torch.utils.tensorboard.SummaryWriter`.
public final class SummaryWriter: Sendable {
    /// The folder of the file.
    public let folder: String
    private let file: RecordFile
    /// The first error of a write in a method that cannot throw; `flush` and `close` throw it.
    private let failure = Mutex<FileError?>(nil)

    /// A new file in `folder`, which is made where it is missing. `purgeStep` is for a training that goes on after a stop:
    /// what earlier files of the folder have of this step and later ones is shown no more. Throws `FileError`.
    public init(_ folder: String, flushSeconds: Double = 2, purgeStep: Int? = nil) throws {
        guard flushSeconds > 0 else { fatalError("SummaryWriter: flushSeconds is \(flushSeconds); it must be above 0") }
        try Folder.create(folder)
        self.folder = folder
        file = try RecordFile("\(folder)/\(Self.fileName)")
        file.append(
            ProtocolBuffer { event in
                event.add(1, Self.wallTime)
                event.add(3, "brain.Event:2")
            }.bytes)
        // The start of a session, at this step.
        if let purgeStep { add(step: purgeStep) { event in event.add(7) { $0.add(1, 1) } } }
        try file.flush()
        flush(every: min(flushSeconds, 1e6))
    }

    /// On a thread of its own, since those of tasks may all be training. Ends with the writer.
    private func flush(every seconds: Double) {
        Self.queue.asyncAfter(deadline: .now() + seconds) { [weak self] in
            self?.flushQuietly()
            self?.flush(every: seconds)
        }
    }

    private static let queue = DispatchQueue(label: "hearth.summaries")

    /// The name of the file in its folder, which TensorBoard knows event files by.
    private static var fileName: String {
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, host.count - 1)
        let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let number = counter.wrappingAdd(1, ordering: .relaxed).oldValue
        return "events.out.tfevents.\(Int(wallTime)).\(name.isEmpty ? "host" : name).\(getpid()).\(number)"
    }

    private static let counter = Atomic<Int>(0)

    static var wallTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Adds an event; whether it could be written is told by `flush` and `close`.
    func add(step: Int, _ build: (inout ProtocolBuffer) -> Void) {
        file.append(
            ProtocolBuffer { event in
                event.add(1, Self.wallTime)
                event.add(2, step)
                build(&event)
            }.bytes)
    }

    private func flushQuietly() {
        do throws(FileError) { try file.flush() } catch { failure.withLock { $0 = error } }
    }

    /// Adds one value of a summary.
    func addSummary(_ tag: String, step: Int, _ build: (inout ProtocolBuffer) -> Void) {
        add(step: step) { event in
            event.add(5) { summary in
                summary.add(1) { value in
                    value.add(1, tag)
                    build(&value)
                }
            }
        }
    }

    /// Gives everything to the file. Throws `FileError` when that fails, or has failed since the last call.
    public func flush() throws {
        try file.flush()
        let earlier = failure.withLock { failure in
            defer { failure = nil }
            return failure
        }
        if let earlier { throw earlier }
    }

    /// Flushes and closes the file; nothing may be added after it. Throws `FileError`.
    public func close() throws {
        try flush()
        try file.close()
    }
}

extension SummaryWriter {
    /// A number at a step: a point of the curve `tag`. Slashes group tags: `loss/train`. PyTorch's `add_scalar`.
    public func addScalar(_ tag: String, _ value: Double, step: Int) {
        addSummary(tag, step: step) { $0.add(2, Float(value)) }
    }

    /// Several numbers at a step, each a curve `tag/name`. PyTorch's `add_scalars`, which makes a run of each.
    public func addScalars(_ tag: String, _ values: [(name: String, value: Double)], step: Int) {
        for (name, value) in values { addScalar("\(tag)/\(name)", value, step: step) }
    }

    /// A text in Markdown. PyTorch's `add_text`.
    public func addText(_ tag: String, _ text: String, step: Int) {
        addSummary("\(tag)/text_summary", step: step) { value in
            value.add(9, Self.metadata("text", []))
            value.add(8) { tensor in
                // Texts, one of them.
                tensor.add(1, 7)
                tensor.add(2) { $0.add(2) { $0.add(1, 1) } }
                tensor.add(8, text)
            }
        }
    }

    /// A picture: `[C, H, W]` or `[H, W]`, `uint8` or floating-point from 0 to 1. PyTorch's `add_image`.
    public func addImage(_ tag: String, _ image: Tensor, step: Int) {
        let picture = image.rank == 2 ? image.unsqueeze(0) : image
        let png = Image.encodePNG(picture)
        addSummary(tag, step: step) { value in
            value.add(4) { summary in
                summary.add(1, picture.shape[1])
                summary.add(2, picture.shape[2])
                summary.add(3, picture.shape[0])
                summary.add(4, png)
            }
        }
    }

    /// A batch of pictures `[N, C, H, W]` of one size, side by side in rows. PyTorch's `add_images`.
    public func addImages(_ tag: String, _ images: Tensor, columns: Int = 8, step: Int) {
        addImage(tag, ContactSheet(columns: columns).lay(images), step: step)
    }

    static func metadata(_ plugin: String, _ content: [UInt8]) -> ProtocolBuffer {
        ProtocolBuffer { metadata in
            metadata.add(1) { data in
                data.add(1, plugin)
                data.add(2, content)
            }
        }
    }
}
