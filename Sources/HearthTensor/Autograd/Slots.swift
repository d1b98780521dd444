/// Up to three elements without an allocation, and any number with one.
struct Slots<Element> {
    private(set) var count = 0
    private var first: Element?
    private var second: Element?
    private var third: Element?
    // Absent rather than empty, since an empty array is retained and released like any other.
    private var rest: [Element?]?

    init() {}

    /// The first three of `count` elements; more are to be appended.
    @inline(__always)
    init(_ first: Element?, _ second: Element?, _ third: Element?, count: Int) {
        self.first = first
        self.second = second
        self.third = third
        self.count = Swift.min(count, 3)
    }

    @inline(__always)
    mutating func append(_ element: Element?) {
        switch count {
        case 0: first = element
        case 1: second = element
        case 2: third = element
        default: rest = (rest ?? []) + [element]
        }
        count += 1
    }

    @inline(__always)
    subscript(index: Int) -> Element? {
        get {
            switch index {
            case 0: first
            case 1: second
            case 2: third
            default: rest![index - 3]
            }
        }
        set {
            switch index {
            case 0: first = newValue
            case 1: second = newValue
            case 2: third = newValue
            default: rest![index - 3] = newValue
            }
        }
    }
}

extension Slots: Sendable where Element: Sendable {}
