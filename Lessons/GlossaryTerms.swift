extension Glossary {
  /// The terms, lesson by lesson.
  static let terms: [Term] = [
    // I. The sliding window
    Term(
      "convolution", lesson: 1,
      "A kernel slides over an input; at each place the numbers that lie on each other are multiplied "
        + "and added up, and the sum is one number of the output."),
    Term(
      "kernel", lesson: 1,
      "The small array of numbers that slides over the input, the same at every place."),
    Term("window", lesson: 1, "The cells of the input on which the kernel lies at one place."),
    Term(
      "tap", lesson: 1,
      "One multiplication: an output cell, the input cell it reads, and the kernel cell it reads it "
        + "with."),
    Term(
      "layer", lesson: 1,
      "One operation of a network, such as a convolution, with the numbers that belong to it."),
    Term(
      "learning", "learn", "learned", lesson: 1,
      "Changing the numbers of a network, little by little, until its answers are right more often."
    ),
    Term(
      "fully convolutional network", "FCN", lesson: 1,
      "A network of convolutions, poolings and transposed convolutions alone, so that it takes pictures "
        + "of any size; FCN for short."),
    Term(
      "cross-correlation", "correlation", lesson: 2,
      "What the layers of networks compute and call convolution: the kernel is not turned round."),
    Term(
      "impulse", lesson: 2, "An input with a single 1 among zeros, which shows what a layer does."),
    Term(
      "map", lesson: 3, "A rectangle of numbers, in rows and columns, that a layer reads or makes."),
    Term("VGG16", lesson: 3, "The older network on whose thirteen convolutions FCN is built."),
    Term(
      "padding", "padded", lesson: 4,
      "Cells around the input, usually zeros, so that the window may hang over its border."),
    Term(
      "half padding", lesson: 4,
      "The padding with which the output is as large as the input, at stride 1; also called same."),
    Term(
      "full padding", lesson: 4,
      "The padding with which every window counts that meets the input at all."),
    Term("stride", lesson: 5, "By how many cells the window moves from one place to the next."),
    Term("floor", lesson: 5, "⌊x⌋, the largest whole number that is not above x."),
    Term("weight", lesson: 6, "One number of a kernel, or of a layer's matrix."),
    Term(
      "dilation", "dilated", lesson: 6,
      "How many cells apart the kernel's numbers meet the input; 1 is next-door neighbours."),
    Term(
      "effective kernel size", "effective kernel", lesson: 6,
      "How many cells a dilated kernel spans: d(k − 1) + 1."),
    Term(
      "channel", lesson: 7, "One of the maps that a layer reads or makes, such as a picture's red."),
    Term("bias", "biases", lesson: 7, "A number that is added to every cell of an output channel."),
    Term("class", lesson: 7, "A kind of thing that a pixel may show, such as cat or background."),
    Term(
      "group", lesson: 7,
      "A share of the channels that is convolved by itself, as if the other channels were not there."
    ),
    Term(
      "pooling", "pooled", "pool", lesson: 8,
      "A window that slides but has no weights: it keeps the largest number, or the mean."),
    Term("max pooling", lesson: 8, "The pooling that keeps the largest number of each window."),
    Term("average pooling", lesson: 8, "The pooling that keeps the mean of each window."),

    // II. The matrix and its transpose
    Term(
      "fully connected", lesson: 9,
      "A layer with a weight of its own for each pair of an input and an output number."),
    Term("sparse", lesson: 9, "Said of a matrix in which most numbers are 0."),
    Term(
      "transpose", "transposed", lesson: 10,
      "The matrix with rows and columns exchanged."),
    Term(
      "transposed convolution", lesson: 10,
      "The layer that multiplies by the transpose of a convolution's matrix: it restores the shape, not "
        + "the values."),
    Term(
      "deconvolution", lesson: 10,
      "An old name for the transposed convolution, and a wrong one: it does not undo a convolution."
    ),
    Term(
      "FCN-8s", "FCN-16s", "FCN-32s", lesson: 10,
      "The three networks of the paper, by the jump of the finest scores they read: 8, 16 or 32 pixels."
    ),
    Term(
      "upsampling", "upsample", "upsampled", lesson: 10,
      "Making a map larger, with numbers between those it has."),
    Term(
      "stamp", lesson: 11,
      "What one input cell of a transposed convolution adds to the output: the kernel times its number."
    ),
    Term(
      "zero insertion", lesson: 12,
      "Putting s − 1 zeros between the cells of an input, after which a transposed convolution is a "
        + "convolution with the kernel turned round."),
    Term(
      "crop", "cropped", "cropping", lesson: 13,
      "To cut cells off a map at its border; also what is cut."),
    Term(
      "output padding", lesson: 14,
      "The number that chooses which of several input sizes a transposed convolution restores; it adds "
        + "no zeros."),
    Term("label", "labelled", lesson: 15, "The class that a pixel has, or is given."),
    Term("checkerboard", lesson: 17, "The pattern left where stamps overlap unevenly."),
    Term(
      "phase", lesson: 17,
      "The place of an output cell within one stride; cells of one phase meet the same kernel cells."
    ),

    // III. Upsampling
    Term(
      "bilinear", lesson: 18,
      "Said of weights that fall off evenly from the middle, along rows times along columns."),
    Term(
      "interpolation", "interpolate", "interpolated", lesson: 19,
      "Filling in numbers between known ones, here by weighing the neighbours by their nearness."),
    Term("score", "scored", lesson: 21, "A number that says how much speaks for a class."),
    Term(
      "diagonal", lesson: 21,
      "Of a layer's kernels, those from each class to itself; of a matrix, the cells whose row is their "
        + "column."),
    Term(
      "softmax", lesson: 21,
      "What turns scores into probabilities: e to each score, divided by the sum of them all."),
    Term(
      "probability", "probabilities", lesson: 21,
      "How sure a network is of a class, from 0 to 1; those of all classes sum to 1."),
    Term(
      "loss", lesson: 21,
      "One number that says how wrong the answers are: −ln of the true class's probability, summed or "
        + "averaged over the pixels."),
    Term(
      "gradient", lesson: 21,
      "For each of many numbers, by how much the loss grows when that number does."),

    // IV. From classifier to dense prediction
    Term(
      "classifier", lesson: 22, "A network that gives one answer for the whole picture."),
    Term("ReLU", lesson: 23, "What makes every negative number 0 and leaves the others alone."),
    Term(
      "multiply-add", lesson: 23,
      "One product that is added to a sum, the unit in which a layer's work is counted."),
    Term("AlexNet", lesson: 23, "A classifier of 2012 with five convolutions."),
    Term(
      "receptive field", lesson: 24,
      "The pixels that can change a cell of a deep map; as a number, how many along one axis."),
    Term(
      "jump", lesson: 24,
      "By how many pixels a cell of a deep map looks further on than its neighbour: the product of the "
        + "strides."),
    Term(
      "stream", lesson: 24,
      "One way through a network whose ways part and meet again: coarse by way of the deepest map, fine "
        + "by way of an earlier one."),
    Term(
      "coordinate map", lesson: 25,
      "Where a pixel lies on a layer's map, x → a·x + b, with (a, b) for short."),
    Term("offset", lesson: 25, "How many cells a crop takes off at the beginning."),

    // V. The networks
    Term(
      "parameter", lesson: 27, "A number of a layer that training may change: a weight or a bias."),
    Term(
      "feature", lesson: 27,
      "A channel between the layers: it stands for no class, and only the layers behind it use it."),
    Term(
      "skip", lesson: 28,
      "A way around the deeper layers, by which a finer map is heard where the answer is made."),
    Term("fuse", "fused", lesson: 28, "To make one map of two streams, in FCN by adding them."),
    Term(
      "dropout", lesson: 28,
      "A layer that in training makes random numbers 0, and does nothing afterwards."),
    Term(
      "VOC", lesson: 28,
      "A public collection of photographs in which every pixel is labelled, with 21 classes."),
    Term(
      "intersection over union", "IU", lesson: 28,
      "Of the pixels that are of a class or were called so, the share that are both; IU for short, and "
        + "IoU elsewhere."),
    Term("mean IU", lesson: 28, "The mean of the classes' intersections over unions."),
    Term("tensor", lesson: 30, "An array of numbers with a shape, such as a layer's kernels."),
    Term(
      "concatenation", "concatenate", "concatenated", lesson: 31,
      "Putting the channels of one map behind those of another."),
    Term("U-Net", lesson: 31, "A relative of FCN whose skips concatenate features."),
    Term(
      "backbone", lesson: 31,
      "The layers of a network below its scores, taken over from a classifier."),

    // VI. Learning
    Term(
      "learning rate", lesson: 32, "How much of its gradient is taken off a weight in one step."),
    Term(
      "cross-entropy", lesson: 32,
      "Another name of this loss: −ln of the probability that the true class got."),
    Term("momentum", lesson: 32, "The share of the step before that a step of learning repeats."),
    Term(
      "gradient descent", lesson: 34, "Learning by steps, each a little against the gradient."),
    Term("velocity", lesson: 34, "With momentum, the step that is on its way: gradients added up."),
    Term(
      "weight decay", lesson: 34,
      "A little of each weight, added to its gradient, that pulls the weights towards 0."),
    Term("batch", lesson: 34, "The few pictures that one step of learning sees."),
    Term("epoch", lesson: 34, "Once through all pictures from which a network learns."),
    Term(
      "confusion matrix", lesson: 35,
      "The pixels counted by their true class (row) and the class they were given (column)."),
    Term("pixel accuracy", lesson: 35, "The share of all pixels that are right."),
    Term(
      "mean accuracy", lesson: 35,
      "The share of a class's pixels that are right, as the classes' mean."),
    Term(
      "frequency-weighted IU", lesson: 35,
      "The mean of the classes' intersections over unions, each weighing as much as it has pixels."),

    // VII. Fast
    Term(
      "im2col", lesson: 36,
      "Writing out every window as the column of a matrix, so that a convolution is a matrix product."
    ),
    Term(
      "Winograd", lesson: 37,
      "A way to compute a convolution with fewer multiplications, by sums and differences beforehand."
    ),
    Term(
      "tile", lesson: 37, "The few outputs that are computed together, with the inputs they need."),
    Term("heat map", lesson: 38, "A picture of one class's scores, the brighter the higher."),

    // VIII. Your own network
    Term(
      "path count", lesson: 39,
      "How many ways lead from a pixel to a cell of a later layer, each by one tap of every layer between "
        + "them."),
    Term(
      "ResNet", lesson: 39,
      "A network of many layers with a skip around every two or three, whose result is added."),
    Term(
      "autoencoder", lesson: 40,
      "A network that makes its input small and then, by transposed convolutions, large again."),
    Term(
      "SegNet", lesson: 40,
      "A relative of FCN without skips of maps: five pools, and five layers that undo them."),

    // IX. Learning, step by step
    Term(
      "chain rule", lesson: 41,
      "Along a chain of steps slopes are multiplied, and over several paths the products are added."
    ),
    Term(
      "backward pass", lesson: 41,
      "The walk from the loss back through all steps, which gives the gradient by every number between."
    ),
    Term(
      "curvature", lesson: 47, "How fast a loss's slope changes; it says how large a step may be."),
    Term(
      "overfitting", "overfit", lesson: 48,
      "Learning the training pictures by heart, so that the loss on others rises."),
    Term(
      "batch normalization", lesson: 49,
      "A layer that takes away each channel's mean and divides by its spread: in training the batch's, in use "
        + "those collected in training."),
    Term(
      "class weight", lesson: 50,
      "What the loss of a class's pixels is multiplied by, so that a rare class counts as a common one."
    ),
  ]
}
