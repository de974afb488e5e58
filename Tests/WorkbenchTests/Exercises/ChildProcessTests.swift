import ExerciseKit
import Foundation
import Testing

@testable import Workbench

struct ChildProcessTests {
  @Test func `output, report and exit code come back`() throws {
    let finished = try runProcess("/bin/sh", ["-c", "echo out; echo err >&2; echo r >&3; exit 7"])
    #expect(finished.end == .exited(7))
    #expect(finished.output == "out\nerr\n" && finished.report == Array("r\n".utf8))
  }

  @Test func `a signal is told apart from an exit code`() throws {
    #expect(try runProcess("/bin/sh", ["-c", "kill -9 $$"]).end == .signalled(9))
  }

  @Test func `a process that never ends is stopped, and so is one that floods its output`() throws {
    #expect(try runProcess("/bin/sh", ["-c", "sleep 60"], clockLimit: 0.2).end == .timedOut)
    let flood = try runProcess(
      "/bin/sh", ["-c", "while :; do echo flood; done"], clockLimit: 0.3)
    #expect(flood.end == .timedOut && flood.output.utf8.count <= outputLimit)
  }

  @Test func `a grandchild that holds the pipe does not hold up the verdict`() throws {
    let start = seconds()
    let finished = try runProcess("/bin/sh", ["-c", "sleep 30 & echo done"])
    #expect(finished.end == .exited(0) && finished.output == "done\n")
    #expect(seconds() - start < 10)
  }

  @Test func `what a process started ends with it, also when its time is over`() throws {
    // A shell of its own, which starts a third process and waits.
    let child = "sh -c 'sleep 60 & echo $!; wait'"
    let done = try runProcess("/bin/sh", ["-c", "\(child) & sleep 0.3"])
    let late = try runProcess("/bin/sh", ["-c", child], clockLimit: 0.3)
    #expect(done.end == .exited(0) && late.end == .timedOut)
    for finished in [done, late] {
      let process = try #require(pid_t(finished.output.trimmingCharacters(in: .newlines)))
      #expect(isGone(process), "\(process) still runs")
    }
  }

  @Test func `one that ignores the signal for its time is out of time all the same`() throws {
    let seconds = AttemptLimits.processorSeconds + 1
    let loop = "trap '' XCPU; ulimit -t \(seconds); while :; do :; done"
    #expect(try runProcess("/bin/sh", ["-c", loop]).end == .timedOut)
  }

  @Test func `one that holds more memory than it may is stopped`() throws {
    // The shell keeps twelve million letters in a variable.
    let script = "x=$(head -c 12000000 /dev/zero | tr '\\0' a); sleep 30"
    let start = seconds()
    let greedy = try runProcess("/bin/sh", ["-c", script], clockLimit: 20, memoryLimit: 8 << 20)
    #expect(greedy.end == .tooMuchMemory && seconds() - start < 20)
    let modest = try runProcess("/bin/sh", ["-c", "sleep 0.1"], memoryLimit: 8 << 20)
    #expect(modest.end == .exited(0))
  }

  #if os(Linux)
    @Test func `what left the session of its parent ends, too`() throws {
      let finished = try runProcess(
        "/bin/sh", ["-c", "setsid sh -c 'echo $$; exec sleep 60' & sleep 0.3"])
      let process = try #require(pid_t(finished.output.trimmingCharacters(in: .newlines)))
      #expect(isGone(process), "\(process) still runs")
    }
  #endif

  @Test func `what is to be read comes on the standard input, however much it is`() throws {
    let input = [UInt8](repeating: 97, count: 1 << 20)
    #expect(try runProcess("/usr/bin/wc", ["-c"], input: input).output.contains("1048576"))
    #expect(try runProcess("/bin/cat", []).output == "")
  }

  @Test func `a program that is not there is an error`() {
    #expect(throws: ExerciseError.self) { try runProcess("/no/such/program", []) }
  }
}

/// Whether a process has ended; whoever inherits it may take a moment to notice.
func isGone(_ process: pid_t) -> Bool {
  for _ in 0..<200 {
    if kill(process, 0) != 0 { return true }
    let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    if state?.contains(") Z ") == true { return true }
    usleep(10_000)
  }
  return false
}
