import HearthFormats

/// One file that holds all files of a dataset, as its authors publish it.
struct Archive: Sendable {
    enum Kind {
        case tar, zip
    }

    /// The dataset's name in errors.
    let dataset: String
    let kind: Kind
    let name: String
    let urls: [String]
    let md5: String
    /// The most bytes that are taken out of it.
    static let limit = 1 << 32

    /// The paths of files in `folder`: those that are there, or else taken out of the archive in `archiveFolder`, which is
    /// downloaded where it is missing and wanted.
    func files(
        _ names: [String], in folder: String, archiveFolder: String, download: Bool
    ) async throws -> [String] {
        let paths = names.map { "\(folder)/\($0)" }
        guard let missing = zip(names, paths).first(where: { !Folder.hasFile($1) })?.0 else { return paths }
        let path = "\(archiveFolder)/\(name)"
        if download {
            // One that lies there is checked, and downloaded anew where it is another or damaged.
            try await Download.file(path, from: urls, md5: md5)
        } else if !Folder.hasFile(path) {
            throw MissingFile(dataset: dataset, file: missing, folder: folder, urls: urls)
        }
        let files =
            switch kind {
            case .tar: try Tar.files(names, in: path, limit: Self.limit)
            case .zip: try Zip.files(names, in: path, limit: Self.limit)
            }
        try Folder.create(folder)
        for (name, path) in zip(names, paths) { try AtomicFile.write(files[name] ?? [], to: path) }
        return paths
    }
}
