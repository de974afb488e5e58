import Checks
import ExerciseKit
import Foundation
import Testing

@testable import Workbench

struct WorkspaceTests {
  @Test func `the book is found from a folder within it`() throws {
    let book = try Book()
    let found = try Workspace.find(
      from: book.root + "/Exercises/Attempts", exercises: Exercises.all)
    #expect(found.root == book.root)
  }

  @Test func `from elsewhere it is the book that this program belongs to`() throws {
    let found = try Workspace.find(from: "/", exercises: Exercises.all)
    #expect(Files.exists("\(found.root)/Exercises/Checks"))
  }

  @Test func `an exercise is called by number, name or file`() throws {
    let workspace = Workspace(root: "/", exercises: Exercises.all)
    #expect(try workspace.exercise("2").name == "flipped")
    #expect(try workspace.exercise("Flipped").name == "flipped")
    #expect(try workspace.exercise("Exercises/Attempts/Flipped.swift").name == "flipped")
  }

  @Test func `an exercise that does not exist is told with the range or the nearest name`() {
    let workspace = Workspace(root: "/", exercises: Exercises.all)
    #expect(
      throws: PracticeError.unknown(
        "there is no exercise 99; they are numbered from 1 to \(Exercises.all.count)")
    ) { try workspace.exercise("99") }
    #expect(throws: PracticeError.unknown("there is no exercise \"fliped\"; did you mean flipped?"))
    { try workspace.exercise("fliped") }
  }
}
