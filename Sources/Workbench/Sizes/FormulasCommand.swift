let formulasCommand: Command = Command(
  "formulas", in: .read, "the formula reference as Markdown: every relationship, worked",
  details: [
    "Each formula with its condition and a worked instance, the same layer in four frameworks, and "
      + "the crop offsets of the networks. Docs/Formulas.md is this page."
  ],
  examples: [
    Command.Example("formulas > Docs/Formulas.md", "the page in Docs, made anew")
  ]
) { _ in
  printOut(formulaReference(), terminator: "")
}
