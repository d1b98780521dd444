/// How large a picture may become: what the size in a file's header is held against before memory is taken for it.
struct SizeLimit {
    /// The most bytes of the picture that is given out.
    let bytes: Int
    let mode: ImageReadMode
    /// The bytes of one of its samples.
    let sampleSize: Int

    /// True when the picture keeps to the limit, both with the channels that the file has and with those that are asked
    /// for. Any numbers may be given, however large.
    func admits(width: Int, height: Int, channels: Int) -> Bool {
        guard width > 0, height > 0 else { return false }
        var size = max(channels, mode.channels(of: channels)) * sampleSize
        for extent in [width, height] {
            let (product, overflow) = size.multipliedReportingOverflow(by: extent)
            if overflow { return false }
            size = product
        }
        return size <= bytes
    }

    /// What an error expects.
    var expectation: String { "a picture of at most \(bytes) bytes" }
}
