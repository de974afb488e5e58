/// The page shown when nothing is typed after `convbook`.
@Sendable func printCoverPage() {
  print("convbook: a workbook for convolution arithmetic")
}
