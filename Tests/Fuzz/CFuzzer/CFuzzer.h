// libFuzzer, which the compiler brings along: https://llvm.org/docs/LibFuzzer.html
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef int (*fuzz_target)(const uint8_t *bytes, size_t count);

/// Calls `target` with inputs that reach more and more of the program, until the options say that it is enough.
int LLVMFuzzerRunDriver(int *argc, char ***argv, fuzz_target target);
