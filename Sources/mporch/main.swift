// the public executable
print("x")
