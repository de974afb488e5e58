/// # FastKernels: the operations of Primitives in Float, at the speed of the machine
///
/// Two ways in:
///
/// **On tensors**, one call for one operation: `FastKernels.convolve(x, w, bias:…)`,
/// `transposedConvolve`, `maxPool`, `averagePool`, `linear`, `softmax`, `argmax` (OnTensors.swift),
/// and the gradients: `convolutionInputGradient`, `convolutionKernelGradient`, `biasGradient`, those of
/// transposed convolutions, `maxPoolGradient`, `crossEntropy` and `crossEntropyGradient`. They choose
/// the fastest path, pack the weights, compute, and forget.
///
/// **For networks**, prepared layers on maps in blocks of 16 channels:
///
/// 1. `PreparedConvolution(weights:bias:outputs:inputs:kernelSize:…rectify:pool:exact:)` packs the
///    weights once, from a pointer (memory-mapped files are read in place and may be unmapped then);
///    `PreparedTransposedConvolution` likewise. A fully connected layer is a 1×1 convolution of a map
///    of size 1×1.
/// 2. `FeatureMap(channels:size:)`, or `FeatureMap(channels:size:in:at:)` for a part of a `Buffer`
///    planned once; `FeatureMap.count(channels:size:)` floats, always a multiple of 16. Sizes come
///    from `layer.outputSize(input:)`.
/// 3. One `Workspace(threads:)` for the whole network; it keeps the scratch memory.
/// 4. `layer.run(map, into: map, workspace)`. The first layer takes the planar picture:
///    `layer.run(planar: pointer, size: size, into: map, workspace)`. `transposed.run(map, into:
///    output, top:, left:, workspace)` computes only the crop that `output` holds.
/// 5. `addCropped(other, top:, left:, to: sum, workspace)` is the skip fusion; `maxPool`,
///    `averagePool`, `normalizeAcrossChannels` and `rectify` do the rest; convolutions rectify and
///    pool 2×2 in passing if told so.
/// 6. `map.store(pointer, threads:)` gives planar maps back.
///
/// Everything is deterministic: any number of threads gives the same bits. `Level.best` is the
/// instruction set in use; the environment variable `CONVBOOK_KERNELS` limits it.
/// `fmaPeak(threads:)` measures what the machine could do at most.
private enum Guide {}
