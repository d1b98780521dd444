/// A step on the tape.
class Node: @unchecked Sendable {}
