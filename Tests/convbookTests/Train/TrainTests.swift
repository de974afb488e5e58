import Foundation
import Interchange
import Networks
import Tensors
import Testing
import WeightFiles

/// `convbook train` as a person meets it: files that appear, runs that stop and go on, and refusals.
@Suite struct TrainTests {
  /// A small network on a handful of scenes, over in a moment.
  static let small = "train --recipe quick --scenes 8 --batch 2 --seed 5"

  private func weights(_ fixture: Fixture, _ path: String) throws -> [String: [Float]] {
    let file = try WeightFile.open(fixture.path(path))
    return Dictionary(
      uniqueKeysWithValues: try file.entries.map { ($0.name, try $0.values()) })
  }

  @Test func `four stages leave their weights and a log, and segment takes them`() throws {
    let fixture = try Fixture()
    let outcome = try fixture.run("\(Self.small) --iterations 2 --output out")
    #expect(outcome.code == 0 && outcome.error.isEmpty)
    #expect(outcome.output.contains("Learning from 8 pictures, judged on 2 others; seed 5"))
    #expect(outcome.output.contains("mean IU"))
    let names = ["classifier", "fcn32s", "fcn16s", "fcn8s"]
    for name in names {
      #expect(FilePlace.exists(fixture.path("out/\(name).safetensors")), "\(name)")
    }
    #expect(!FilePlace.exists(fixture.path("out/checkpoint.safetensors")))

    let csv = try String(contentsOfFile: fixture.path("out/log.csv"), encoding: .utf8)
    let lines = csv.split(separator: "\n")
    #expect(lines[0] == "stage,iteration,rate,loss")
    #expect(lines.count == 1 + 4 * 2)
    let log = try fixture.json("out/log.json")
    let stages = try #require(log["stages"] as? [[String: Any]])
    #expect(stages.map { $0["name"] as? String } == ["classifier", "32s", "16s", "8s"])
    for (stage, name) in zip(stages, names) {
      #expect(stage["file"] as? String == "\(name).safetensors")
      #expect((stage["losses"] as? [Double])?.count == 2)
      #expect(stage["meanIU"] is Double && stage["confusion"] is [[Int]])
    }
    // Scores of all classes are equal when FCN-32s begins.
    let first = try #require((stages[1]["losses"] as? [Double])?.first)
    #expect(abs(first - 1.791_759) < 1e-4)

    _ = try fixture.run("scene --seed 3 --output scene.png")
    let labelled = try fixture.run("segment scene.png --weights out/fcn8s.safetensors")
    #expect(labelled.code == 0 && labelled.output.contains("background"))

    // Nothing of a finished run is replaced.
    let again = try fixture.run("\(Self.small) --iterations 2 --output out")
    #expect(again.code == 64 && again.error.contains("the folder out holds a run that is done"))
    let done = try fixture.run("train --output out --resume")
    #expect(done.code == 64 && done.error.contains("the run in out is done"))
  }

  @Test func `JSON is what the log holds`() throws {
    let fixture = try Fixture()
    let outcome = try fixture.run(
      "\(Self.small) --stage classifier --iterations 1 --output out --format json --threads 1")
    #expect(outcome.code == 0)
    let log = try String(contentsOfFile: fixture.path("out/log.json"), encoding: .utf8)
    #expect(outcome.output == log)
    #expect(outcome.output.contains("\"threads\": 1"))
  }

  @Test func `a run that is interrupted or killed goes on to the same weights`() throws {
    let fixture = try Fixture()
    let run = "\(Self.small) --iterations 8"
    #expect(try fixture.run("\(run) --output whole").code == 0)
    let expected = try weights(fixture, "whole/fcn8s.safetensors")

    for signal in [SIGINT, SIGHUP, SIGKILL] {
      let folder = "stopped-\(signal)"
      let code = try fixture.start(
        "\(run) --output \(folder) --checkpoint-every 1 --threads 1",
        stopping: signal, whenThereIs: "\(folder)/checkpoint.safetensors")
      #expect(code == (signal == SIGKILL ? signal : 130))
      #expect(!FilePlace.exists(fixture.path("\(folder)/fcn8s.safetensors")))

      let other = try fixture.run("\(run) --output \(folder)")
      #expect(other.code == 64 && other.error.contains("go on with it by --resume"))
      let changed = try fixture.run("train --output \(folder) --resume --rate 1")
      #expect(changed.code == 64 && changed.error.contains("leave out --rate"))
      let resumed = try fixture.run("train --output \(folder) --resume --threads 2")
      #expect(resumed.code == 0, "\(resumed.error)")
      #expect(try weights(fixture, "\(folder)/fcn8s.safetensors") == expected)
      for name in ["log.csv", "fcn16s.safetensors"] {
        let files = try ["whole", folder].map {
          try Data(contentsOf: URL(fileURLWithPath: fixture.path("\($0)/\(name)")))
        }
        #expect(files[0] == files[1], "\(name)")
      }
    }
  }

  @Test func `a folder has one run at a time`() throws {
    let fixture = try Fixture()
    try fixture.makeFolder("out")
    let line = "\(Self.small) --iterations 100000 --output out --checkpoint-every 1"
    let first = Process()
    first.executableURL = Convbook.binary
    first.arguments = line.split(separator: " ").map(String.init)
    first.currentDirectoryURL = fixture.folder
    first.standardOutput = FileHandle.nullDevice
    first.standardError = FileHandle.nullDevice
    try first.run()
    defer { first.terminate() }
    while first.isRunning, !FilePlace.exists(fixture.path("out/checkpoint.safetensors")) {
      Thread.sleep(forTimeInterval: 0.002)
    }
    for other in [line, "train --output out --resume"] {
      let refused = try fixture.run(other)
      #expect(refused.code == 73)
      #expect(
        refused.error.contains(
          "process \(first.processIdentifier) works in the folder out already"), "\(refused.error)")
    }
    // A run that is killed keeps nobody out.
    kill(first.processIdentifier, SIGKILL)
    first.waitUntilExit()
    let after = try fixture.run(line)
    #expect(after.code == 64 && after.error.contains("go on with it by --resume"))
    #expect(!FilePlace.exists(fixture.path("out/.lock")))
  }

  @Test func `a run that is stopped while it judges goes on from there`() throws {
    let fixture = try Fixture()
    let run = "train --recipe quick --scenes 200 --batch 1 --seed 5 --iterations 1 --stage 32s"
    _ = try fixture.run("\(Self.small) --stage classifier --iterations 1 --output one")
    let code = try fixture.start(
      "\(run) --from one/classifier.safetensors --output out", stopping: SIGTERM,
      whenThereIs: "out/checkpoint.safetensors")
    #expect(code == 130)
    #expect(!FilePlace.exists(fixture.path("out/fcn32s.safetensors")))
    let resumed = try fixture.run("train --output out --resume")
    #expect(resumed.code == 0 && resumed.output.contains("mean IU"), "\(resumed.error)")
  }

  @Test func `pictures that are too small for every stage are continued`() throws {
    let fixture = try Fixture()
    for size in [16, 17, 33] {
      #expect(try fixture.run("scene --voc data\(size) --count 5 --size \(size)").code == 0)
      let learned = try fixture.run(
        "train --recipe quick --voc data\(size) --classes 6 --iterations 1 --batch 2 --output out\(size)"
      )
      #expect(learned.code == 0, "\(size): \(learned.error)")
      #expect(learned.output.contains("judged on 1 other;"))
      #expect(FilePlace.exists(fixture.path("out\(size)/fcn8s.safetensors")))
      _ = try fixture.run("scene --seed 1 --size \(size) --output scene.png")
      let labelled = try fixture.run("segment scene.png --output labels.png")
      #expect(labelled.code == 0, "\(size): \(labelled.error)")
      #expect(try LabelMap(contentsOf: fixture.path("labels.png")).height == size)
    }
  }

  @Test func `masks of 0 and 255 are not learned from without a word`() throws {
    let fixture = try Fixture()
    #expect(try fixture.run("scene --voc data --count 5 --size 33").code == 0)
    let line = "train --recipe quick --voc data --classes 6 --iterations 1 --batch 2 --output"
    #expect(!(try fixture.run("\(line) plain").error.contains("Beware")))
    let labels = fixture.path("data/SegmentationClass")
    for name in try FilePlace.names(in: labels) {
      var map = try LabelMap(contentsOf: "\(labels)/\(name)")
      map.labels = map.labels.map { $0 == 0 ? 0 : 255 }
      try PictureFile.write(map, to: "\(labels)/\(name)")
    }
    let outcome = try fixture.run("\(line) masks")
    #expect(outcome.error.contains("Beware: the truth holds only 0 and 255, which is left out; if"))
    #expect(outcome.error.contains("write them with labels from 0 to 5"))
  }

  @Test func `a rate that is too high stops at the first loss that is no number`() throws {
    let fixture = try Fixture()
    let outcome = try fixture.run(
      "\(Self.small) --iterations 60 --checkpoint-every 1 --rate 30 --stage classifier --output out"
    )
    #expect(outcome.code == 1)
    #expect(outcome.error.contains("the loss of classifier is"))
    #expect(outcome.error.contains("the last good checkpoint is out/checkpoint.safetensors"))
    #expect(outcome.error.split(separator: "\n").count == 1)
    let kept = try weights(fixture, "out/checkpoint.safetensors")
    #expect(kept.values.allSatisfy { $0.allSatisfy(\.isFinite) })
    #expect(!FilePlace.exists(fixture.path("out/classifier.safetensors")))
  }

  @Test func `a stage by itself begins with a file`() throws {
    let fixture = try Fixture()
    #expect(try fixture.run("\(Self.small) --iterations 2 --output all").code == 0)
    let alone = try fixture.run(
      "\(Self.small) --iterations 2 --stage 16s --from all/fcn32s.safetensors --output one")
    #expect(alone.code == 0, "\(alone.error)")
    #expect(
      try weights(fixture, "one/fcn16s.safetensors") == weights(fixture, "all/fcn16s.safetensors"))
    let atOnce = try fixture.run(
      "\(Self.small) --iterations 1 --stage at-once --from all/classifier.safetensors --output at")
    #expect(atOnce.code == 0 && atOnce.output.contains("at once"), "\(atOnce.error)")

    for (line, code, words) in [
      ("--stage 16s", 64, "--stage 16s needs --from"),
      ("--stage 17s", 64, "must be classifier, 32s, 16s, 8s or at-once; did you mean 16s?"),
      ("--from none.safetensors", 66, "none.safetensors"),
      ("--stage classifier --from all/fcn8s.safetensors", 64, "leave out --from"),
      ("--from all/fcn8s.safetensors --init-from all/fcn8s.safetensors", 64, "give one of them"),
      ("--rate fast", 64, "--rate is \"fast\"; it must be a number such as 0.01 or 2.5e-5"),
      ("--momentum 1", 64, "--momentum is 1; it must be from 0.0 to 0.9999"),
      ("--scenes 2", 64, "--scenes is 2"), ("--classes 3", 64, "--classes goes with --voc"),
      ("--recipe photographs", 64, "which photographs?"),
      ("--output none/out", 73, "the folder none doesn't exist; make it with mkdir"),
      ("--resume", 66, "training/checkpoint.safetensors"),
    ] as [(String, Int32, String)] {
      let refused = try fixture.run("train \(line)")
      #expect(refused.code == code && refused.error.contains(words), "\(line): \(refused.error)")
      #expect(!FilePlace.exists(fixture.path("training")))
    }
  }

  @Test func `upsampling that was learned stays, also where it is fixed again`() throws {
    let fixture = try Fixture()
    let one = "\(Self.small) --iterations 1"
    #expect(try fixture.run("\(one) --stage classifier --output a").code == 0)
    for line in [
      "--stage 32s --from a/classifier.safetensors --output b",
      "--stage 16s --from b/fcn32s.safetensors --upsampling learned --rate 0.5 --output c",
      "--stage 8s --from c/fcn16s.safetensors --output d",
    ] {
      let outcome = try fixture.run("\(one) \(line)")
      #expect(outcome.code == 0, "\(outcome.error)")
    }
    let (plain, learned, fixed) = (
      try weights(fixture, "b/fcn32s.safetensors"), try weights(fixture, "c/fcn16s.safetensors"),
      try weights(fixture, "d/fcn8s.safetensors")
    )
    // Bilinear kernels are not written: upscore, and all but the learned ones.
    #expect(!plain.keys.contains { $0.hasPrefix("upscore") })
    #expect(learned.keys.filter { $0.hasPrefix("upscore") } == ["upscore2.weight"])
    #expect(fixed.keys.filter { $0.hasPrefix("upscore") } == ["upscore2.weight"])
    #expect(fixed["upscore2.weight"] == learned["upscore2.weight"])
  }

  @Test func `a checkpoint that is damaged, or none, is refused`() throws {
    let fixture = try Fixture()
    #expect(
      try fixture.start(
        "\(Self.small) --iterations 15 --output out --checkpoint-every 1", stopping: SIGINT,
        whenThereIs: "out/checkpoint.safetensors") == 130)
    let path = fixture.path("out/checkpoint.safetensors")
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    // A checkpoint is also a weight file.
    let listed = try fixture.run("convert --list out/checkpoint.safetensors")
    #expect(listed.code == 0)

    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: path))
    let truncated = try fixture.run("train --output out --resume")
    #expect(truncated.code == 65 && truncated.error.contains("checkpoint.safetensors"))

    try fixture.save(
      "out/checkpoint.safetensors", TinyNetwork.network, TinyNetwork.weights)
    let other = try fixture.run("train --output out --resume")
    #expect(other.code == 65 && other.error.contains("is no checkpoint of train"))

    // One whose tensors are of another network.
    var swapped = whole
    let name = Data("\"conv1_1.weight\"".utf8)
    while let range = swapped.range(of: name) {
      swapped.replaceSubrange(range, with: Data("\"conv9_9.weight\"".utf8))
    }
    try swapped.write(to: URL(fileURLWithPath: path))
    let foreign = try fixture.run("train --output out --resume")
    #expect(
      foreign.code == 65 && foreign.error.contains("conv1_1.weight is missing"), "\(foreign.error)")
  }

  @Test func `a checkpoint that cannot be written leaves the one before`() throws {
    let fixture = try Fixture()
    #expect(
      try fixture.start(
        "\(Self.small) --iterations 15 --output out --checkpoint-every 1", stopping: SIGINT,
        whenThereIs: "out/checkpoint.safetensors") == 130)
    let path = URL(fileURLWithPath: fixture.path("out/checkpoint.safetensors"))
    let before = try Data(contentsOf: path)
    // Files may grow to some 50 KB: what a full disk does, too.
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = [
      "-c",
      "trap '' XFSZ; ulimit -f 100; exec \"$0\" train --output out --resume --checkpoint-every 1",
      Convbook.binary.path,
    ]
    shell.currentDirectoryURL = fixture.folder
    shell.standardOutput = FileHandle.nullDevice
    let complaint = Pipe()
    shell.standardError = complaint
    try shell.run()
    let error = String(
      decoding: complaint.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 73)
    #expect(error.contains("out/checkpoint.safetensors cannot be written"), "\(error)")
    #expect(try Data(contentsOf: path) == before)
    let names = try FileManager.default.contentsOfDirectory(atPath: fixture.path("out"))
    #expect(!names.contains { $0.hasSuffix(".partial") })
    #expect(try fixture.run("train --output out --resume").code == 0)
  }

  @Test func `a folder in VOC's layout can be learned from`() throws {
    let fixture = try Fixture()
    #expect(try fixture.run("scene --voc data --count 10 --size 64x72").code == 0)
    let line = "train --recipe quick --voc data --iterations 1 --batch 8"
    let learned = try fixture.run("\(line) --classes 6 --output six")
    #expect(learned.code == 0, "\(learned.error)")
    #expect(learned.output.contains("Learning from 8 pictures, judged on 2 others"))
    #expect(!learned.output.contains("classifier "))
    // A class count that the labels exceed is told with the file's name.
    let few = try fixture.run("\(line) --classes 2 --output two")
    #expect(few.code == 65 && few.error.contains("data/SegmentationClass/"), "\(few.error)")

    let begun = "\(line) --from six/fcn32s.safetensors --stage 16s"
    let other = try fixture.run("\(begun) --classes 21 --output more")
    #expect(other.code == 65)
    #expect(other.error.contains("six/fcn32s.safetensors has 6 classes and the pictures have 21"))
    let fresh = try fixture.run(
      "\(line) --init-from six/fcn8s.safetensors --stage 32s --classes 21 --output fresh")
    #expect(fresh.code == 0, "\(fresh.error)")
    let scores = try WeightFile.open(fixture.path("fresh/fcn32s.safetensors"))["score_fr.weight"]
    #expect(scores?.shape[0] == 21)
  }
}
