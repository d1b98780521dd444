// What most programs need, in one import.
@_exported import HearthData
@_exported import HearthFormats
@_exported import HearthNN
@_exported import HearthTensor
@_exported import HearthTrain
