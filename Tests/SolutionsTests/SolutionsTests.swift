import Checks
import ExerciseKit
import Solutions
import Testing
