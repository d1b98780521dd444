// Pictures in files are a module of their own, so that reports, which draw them, need not wait for networks; whoever works
// with pictures sees one module.
@_exported import HearthImages
