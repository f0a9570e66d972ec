// What Swift can't import by itself: variadic functions, macros, instructions. One header a concern.
#pragma once
#include "CPlatformCommand.h"
#include "CPlatformMemory.h"
#include "CPlatformProcess.h"
#include "CPlatformTerminal.h"
#include "CPlatformVector.h"
