import ConvolutionArithmetic
import Tensors
import Testing

@Suite struct FrameworkCallTests {
  private func calls(_ layer: FrameworkLayer) -> [Framework: FrameworkCall] {
    Dictionary(uniqueKeysWithValues: layer.frameworkCalls.map { ($0.framework, $0) })
  }

  @Test func `a convolution with half padding`() throws {
    let calls = calls(
      try FrameworkLayer(
        .convolution(Convolution(kernelSize: 3, padding: 1)), inputChannels: 3, outputChannels: 64))
    #expect(calls[.pytorch]?.call == "nn.Conv2d(3, 64, kernel_size=3, padding=1)")
    #expect(calls[.keras]?.call == "layers.Conv2D(64, 3, padding=\"same\")")
    #expect(
      calls[.caffe]?.call
        == "type: \"Convolution\" convolution_param { num_output: 64 kernel_size: 3 pad: 1 }")
    #expect(
      calls[.onnx]?.call
        == "helper.make_node(\"Conv\", [\"x\", \"w\", \"b\"], [\"y\"], kernel_shape=[3, 3], "
        + "pads=[1, 1, 1, 1])")
  }

  @Test func `Keras pads 0 and 1 where PyTorch pads 1 and 1`() throws {
    let symmetric = try FrameworkLayer(
      .convolution(Convolution(kernelSize: 3, stride: 2, padding: 1)), input: 6)
    #expect(
      calls(symmetric)[.keras]?.call
        == "layers.ZeroPadding2D(1)\nlayers.Conv2D(C_out, 3, strides=2)")
    let uneven = Padding(top: 0, left: 0, bottom: 1, right: 1)
    let odd = try FrameworkLayer(
      .convolution(Convolution(kernelSize: 3, stride: 2, padding: uneven)), input: 6)
    #expect(calls(odd)[.keras]?.call == "layers.Conv2D(C_out, 3, strides=2, padding=\"same\")")
    #expect(
      calls(odd)[.pytorch]?.call
        == "x = F.pad(x, (0, 1, 0, 1))\nnn.Conv2d(C_in, C_out, kernel_size=3, stride=2)")
    #expect(calls(odd)[.caffe]?.call == nil)
  }

  @Test func `output padding`() throws {
    let calls = calls(
      try FrameworkLayer(
        .convolution(Convolution(kernelSize: 3, stride: 2, padding: 1).transposed(outputPadding: 1))
      ))
    #expect(
      calls[.pytorch]?.call
        == "nn.ConvTranspose2d(C_in, C_out, kernel_size=3, stride=2, padding=1, output_padding=1)")
    #expect(
      calls[.keras]?.call
        == "layers.Conv2DTranspose(C_out, 3, strides=2)\nlayers.Cropping2D(((1, 0), (1, 0)))")
    #expect(calls[.caffe]?.note == "Caffe's Deconvolution has no output padding")
  }

  @Test func `pooling rounds`() throws {
    let ceil = try FrameworkLayer(
      .maxPooling(Pooling(kernelSize: 2, stride: 2, rounding: .ceil)), input: 175)
    #expect(calls(ceil)[.pytorch]?.call == "nn.MaxPool2d(kernel_size=2, ceil_mode=True)")
    #expect(calls(ceil)[.keras]?.call == "layers.MaxPooling2D(2, padding=\"same\")")
    #expect(
      calls(ceil)[.caffe]?.call
        == "type: \"Pooling\" pooling_param { pool: MAX kernel_size: 2 stride: 2 }")
    let floor = try FrameworkLayer(.maxPooling(Pooling(kernelSize: 2)), input: 175)
    #expect(calls(floor)[.caffe]?.call?.contains("round_mode: FLOOR") == true)
    let past = try FrameworkLayer(.maxPooling(Pooling(kernelSize: 1, stride: 3, rounding: .caffe)))
    #expect(calls(past)[.onnx]?.note.isEmpty == false)
    let within = try FrameworkLayer(
      .maxPooling(Pooling(kernelSize: 3, stride: 3, rounding: .caffe)))
    #expect(calls(within)[.onnx]?.note.isEmpty == true)
  }

  @Test func `a window that is dropped needs less padding`() throws {
    // 5 cells, k = s = 2, p = 1: rounded up 4 windows, but the last begins in the padding.
    let layer = try FrameworkLayer(
      .maxPooling(Pooling(kernelSize: 2, stride: 2, padding: 1, rounding: .ceil)), input: 5)
    let last = (3 - 1) * 2 + 2 - 5 - 1
    #expect(
      calls(layer)[.keras]?.call
        == "x = ops.pad(x, ((0, 0), (1, \(last)), (1, \(last)), (0, 0)), "
        + "constant_values=float(\"-inf\"))\nlayers.MaxPooling2D(2)")
  }

  @Test func `what a framework cannot do says why`() throws {
    let dilated = try FrameworkLayer(
      .convolution(Convolution(kernelSize: 3, stride: 2, dilation: 2)))
    #expect(calls(dilated)[.keras]?.call == nil)
    let layers = [
      dilated, try FrameworkLayer(.maxPooling(Pooling(kernelSize: 3, stride: 1, dilation: 2))),
      try FrameworkLayer(
        .averagePooling(Pooling(kernelSize: 3, stride: 1, padding: 1, countIncludePad: false))),
      try FrameworkLayer(
        .convolution(Convolution(kernelSize: 3, stride: 4, groups: 2).transposed(outputPadding: 1))),
    ]
    for layer in layers {
      for call in layer.frameworkCalls where call.call == nil {
        #expect(!call.note.isEmpty)
      }
    }
  }

  @Test func `a sequence has one number for each option`() throws {
    let layer = try FrameworkLayer(
      .convolution(
        Convolution(
          kernelSize: 3, stride: 2, padding: Padding(top: 0, left: 1, bottom: 0, right: 1))),
      dimensions: 1)
    #expect(
      calls(layer)[.pytorch]?.call
        == "nn.Conv1d(C_in, C_out, kernel_size=3, stride=2, padding=1)")
    #expect(
      calls(layer)[.onnx]?.call?.contains("kernel_shape=[3], strides=[2], pads=[1, 1]") == true)
    #expect(calls(layer)[.caffe]?.call?.contains("kernel_h: 1 kernel_w: 3") == true)
  }

  @Test func `a layer of sequences and one of volumes`() throws {
    let convolution = try Convolution(
      kernelSize: 3, padding: Padding(top: 0, left: 0, bottom: 1, right: 1))
    var layer = FrameworkLayer(.convolution(convolution), dimensions: 1)
    #expect(
      calls(layer)[.pytorch]?.call
        == "x = F.pad(x, (0, 1))\nnn.Conv1d(C_in, C_out, kernel_size=3)")
    layer = FrameworkLayer(.convolution(convolution), dimensions: 3)
    #expect(
      calls(layer)[.pytorch]?.call
        == "x = F.pad(x, (0, 1, 0, 1, 0, 1))\nnn.Conv3d(C_in, C_out, kernel_size=3)")
    #expect(
      calls(layer)[.keras]?.call
        == "layers.ZeroPadding3D(((0, 1), (0, 1), (0, 1)))\nlayers.Conv3D(C_out, 3)")
    #expect(calls(layer)[.onnx]?.call?.contains("pads=[0, 0, 0, 1, 1, 1]") == true)
    let pooling = try FrameworkLayer(.maxPooling(Pooling(kernelSize: 2, stride: 2)), dimensions: 3)
    #expect(calls(pooling)[.pytorch]?.call == "nn.MaxPool3d(kernel_size=2)")
    #expect(calls(pooling)[.caffe]?.call == nil)
  }

  @Test func `a mean in three dimensions that PyTorch refuses is no call`() throws {
    // RuntimeError: input image (T: 5 H: 5 W: 5) smaller than kernel size (kT: 7 kH: 7 kW: 7)
    let pooling = try Pooling(kernelSize: 7, stride: 1, padding: 2)
    for (dimensions, isCall) in [(2, true), (3, false)] {
      let layer = FrameworkLayer(.averagePooling(pooling), input: 5, dimensions: dimensions)
      let call = try #require(calls(layer)[.pytorch])
      #expect((call.call != nil) == isCall && (call.note.contains("three-dim") != isCall))
    }
  }
}
