/// A layer of a description, with its place.
struct LayerNode: Sendable {
    /// What it is called; nil for its position.
    let name: String?
    let place: DescriptionError.Place
    let content: Content

    indirect enum Content: Sendable {
        /// A row of the table with its options.
        case layer(LayerKind, options: [String: YAML])
        /// Layers one after another.
        case sequence([LayerNode])
        /// Sequences that are given the same value, and how their results become one.
        case branches(Branches.Joining, [Branch])
        /// The same layers several times, in the place of this one.
        case repeated(Int, [LayerNode])
    }

    struct Branch: Sendable {
        let name: String
        let layers: [LayerNode]
    }
}
