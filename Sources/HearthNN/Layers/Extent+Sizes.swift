import HearthTensor

extension Extent {
    /// The numbers for `rank` dimensions of an argument of a layer. Stops the program when there are another number.
    func sizes(_ rank: Int, _ argument: String, _ layer: String) -> Dimensions {
        guard let sizes = sizes(rank) else {
            stop(layer, "\(argument) is \(self); expected one number, or \(rank)")
            return Dimensions(repeating: 1, count: rank)
        }
        return sizes
    }
}
