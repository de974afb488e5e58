import Exercises
import ExerciseKit
import Foundation
import Testing

@testable import Workbench

struct BookFolderTests {
  @Test func `the book is found from a folder within it`() throws {
    let book = try TemporaryBook()
    let found = try BookFolder.find(
      from: book.root + "/Exercises/Attempts", exercises: Exercises.all)
    #expect(found.root == book.root)
  }

  @Test func `from elsewhere it is the book that this program belongs to`() throws {
    let found = try BookFolder.find(from: "/", exercises: Exercises.all)
    #expect(Files.exists("\(found.root)/Exercises/Checks"))
  }

  @Test func `an exercise is called by number, name or file`() throws {
    let folder = BookFolder(root: "/", exercises: Exercises.all)
    #expect(try folder.exercise("2").name == "flipped")
    #expect(try folder.exercise("Flipped").name == "flipped")
    #expect(try folder.exercise("Exercises/Attempts/Flipped.swift").name == "flipped")
  }

  @Test func `an exercise that does not exist is told with the range or the nearest name`() {
    let folder = BookFolder(root: "/", exercises: Exercises.all)
    #expect(
      throws: ExerciseError.unknown(
        "there is no exercise 99; they are numbered from 1 to \(Exercises.all.count)")
    ) { try folder.exercise("99") }
    #expect(throws: ExerciseError.unknown("there is no exercise \"fliped\"; did you mean flipped?"))
    { try folder.exercise("fliped") }
  }
}
