import ArgumentParser
import HearthDescription
import HearthRuns

/// Throws `ValidationError` for a dataset that is not there, and for a path that is missing or too much.
///
/// - Parameters:
///   - known: The datasets that the command takes.
///   - usage: How the command is called with a path.
func checkDataset(
    _ dataset: String, path: String?, known: [String] = DatasetKind.names, path word: String = "file",
    usage: String = ""
) throws {
    guard known.contains(dataset) else {
        throw ValidationError(unknown("dataset", dataset, among: known))
    }
    let needsPath = DatasetKind.paths.contains(dataset)
    if needsPath, path == nil { throw ValidationError("\(dataset) needs a \(word)\(usage)") }
    if !needsPath, let path { throw ValidationError("\(dataset) takes no \(word) '\(path)'") }
}
