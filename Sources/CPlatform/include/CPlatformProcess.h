// Processes, signals, descriptors.
#pragma once
