/// How many pixels are put around an image on each side; a negative number takes pixels away.
public struct Border: Hashable, Sendable {
    /// Columns at the left.
    public var left: Int
    /// Rows at the top.
    public var top: Int
    /// Columns at the right.
    public var right: Int
    /// Rows at the bottom.
    public var bottom: Int

    /// The same on all sides.
    public init(_ all: Int) { self.init(left: all, top: all, right: all, bottom: all) }

    /// So many columns at the left and at the right, and so many rows at the top and at the bottom.
    public init(horizontal: Int, vertical: Int) {
        self.init(left: horizontal, top: vertical, right: horizontal, bottom: vertical)
    }

    /// A number for each side.
    public init(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) {
        (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
    }

    var isEmpty: Bool { self == Border(0) }

    /// What is added, without what is taken away.
    var added: Border { Border(left: max(left, 0), top: max(top, 0), right: max(right, 0), bottom: max(bottom, 0)) }
    /// What is taken away, as positive numbers.
    var removed: Border { Border(left: -left, top: -top, right: -right, bottom: -bottom).added }
}
