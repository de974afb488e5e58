/// What a weight file is, by its first bytes.
enum WeightContent {
  case zip, pickle, safetensors, protobuf

  init(of bytes: UnsafeRawBufferPointer) throws {
    func begins(_ prefix: [UInt8], at start: Int = 0) -> Bool {
      bytes.dropFirst(start).starts(with: prefix)
    }
    if bytes.isEmpty { throw InterchangeError("it is empty") }
    if begins(ZipReader.magic) || begins([0x50, 0x4B, 5, 6]) {
      self = .zip
    } else if begins([0x80]) {
      self = .pickle
    } else if begins([0x7B], at: 8) {
      self = .safetensors
    } else if begins(Array("ustar".utf8), at: 257) {
      throw InterchangeError(
        "it is a tar file, as PyTorch wrote before 2017; load and save it again with any PyTorch "
          + "since, for example torch.save(torch.load(path), path)")
    } else if begins(Array("version https://git-lfs".utf8)) {
      throw InterchangeError("it is a Git LFS pointer and not the weights; run git lfs pull")
    } else if begins(NPYHeader.magic) {
      throw InterchangeError("it is a single .npy array, and weights are many; use an .npz")
    } else if begins([0x0A]) || begins([0x12]) || begins([0xA2, 0x06]) {
      // The keys of a NetParameter's name, of its V1 layers and of its V2 layers.
      self = .protobuf
    } else {
      throw InterchangeError(
        "it is no weight file; .safetensors, .pth, .npz and .caffemodel are read")
    }
  }
}
