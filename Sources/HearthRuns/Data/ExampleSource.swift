/// Where examples are read from, and what is known of them already.
struct ExampleSource {
    /// The folder of a collection or of pictures, or the file of a table.
    let path: String
    /// The part that a collection keeps for testing, where it has one, instead of that for training.
    var isHeldOut = false
    /// The size that pictures of a folder are brought to.
    var imageSize: Int?
    /// The column of a table that is to be told; the last when nil.
    var target: String?
    /// `classification` or `regression`; told from the target when nil.
    var task: String?
    /// The classes of an earlier reading; empty in the first.
    var classes: [String] = []
    /// The columns of an earlier reading; empty in the first.
    var columns: [TableColumn] = []
}
