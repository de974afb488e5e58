print("convbook")
