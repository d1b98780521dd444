extension Generator {
    /// The next `count` numbers for elements on a device. On `meta` none are drawn, so that following shapes does not
    /// change what a program draws afterwards; a trace counts them, so that each draw of the program has its place.
    func take(_ count: Int, for device: Device) -> RandomStream {
        if let trace = Trace.current { return trace.draw(count, from: self) }
        return device == .meta ? RandomStream(seed: 0, offset: 0) : take(count)
    }
}
