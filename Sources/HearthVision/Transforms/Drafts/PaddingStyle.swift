/// What a border around an image shows.
public enum PaddingStyle: String, Sendable, CaseIterable {
    /// One value.
    case constant
    /// The outermost pixels, repeated.
    case edge
    /// The image mirrored at its outermost pixels, which stand once.
    case reflect
    /// The image mirrored at its edge, so that the outermost pixels stand twice.
    case symmetric

    /// The place inside that a place outside shows.
    func place(_ place: Int, in size: Int) -> Int {
        switch self {
        case .constant, .edge: return max(0, min(size - 1, place))
        case .reflect:
            guard size > 1 else { return 0 }
            let period = 2 * (size - 1)
            let inside = ((place % period) + period) % period
            return inside < size ? inside : period - inside
        case .symmetric:
            let inside = ((place % (2 * size)) + 2 * size) % (2 * size)
            return inside < size ? inside : 2 * size - 1 - inside
        }
    }
}
