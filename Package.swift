// swift-tools-version: 6.2
import Glibc
import PackageDescription

/// Whether scripts can be built without being asked for, and how Lua is linked. A build without its headers is whole but
/// for scripts; `--traits Lua` and `--disable-default-traits` decide otherwise.
let hasLuaHeaders = ["lua5.4/lua.h", "lua.h"].contains { access("/usr/include/\($0)", R_OK) == 0 }
#if arch(arm64)
  let luaArchive = "/usr/lib/aarch64-linux-gnu/liblua5.4.a"
#else
  let luaArchive = "/usr/lib/x86_64-linux-gnu/liblua5.4.a"
#endif
/// The archive, where there is one: then no machine that runs the program needs Lua.
let luaLibrary = access(luaArchive, R_OK) == 0 ? ":liblua5.4.a" : "lua5.4"

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
]

let cSettings: [CSetting] = [.treatAllWarnings(as: .error)]

/// A Swift target of the product; `dependencies` point down only (docs/internals.md).
func layer(_ name: String, _ dependencies: [Target.Dependency], settings: [SwiftSetting] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings + settings)
}

/// Tests of one target, or of the built binary.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "mporch",
  products: [
    .executable(name: "mporch", targets: ["mporch"]),
    .library(name: "MporchCommands", targets: ["Commands"]),
  ],
  traits: [
    .trait(name: "Lua", description: "Scripts, and the kinds 'map' and 'filter'; needs liblua5.4-dev."),
    .default(enabledTraits: hasLuaHeaders ? ["Lua"] : []),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
  ],
  targets: [
    .executableTarget(name: "mporch", dependencies: ["Commands"], swiftSettings: swiftSettings),
    layer(
      "Commands",
      ["Supervisor", "Workers", "Logs", "Sharing", "Topology", "Platform", "CPlatform", "Text", arguments, system]),
    layer("Supervisor", ["Workers", "Logs", "Sharing", "Topology", "Limits", "Platform", "Text", system]),
    // Part of it is public: what an import shows to users of the package is said at the import.
    layer(
      "Workers",
      [
        "Sharing", "Topology", "Limits", "Platform", "CPlatform", "Text",
        .target(name: "CLua", condition: .when(traits: ["Lua"])),
        system,
      ],
      settings: [.enableUpcomingFeature("InternalImportsByDefault")]),
    layer("Logs", ["Platform", "Text", system]),
    layer("Sharing", ["Limits", "Platform", "CPlatform", system]),
    layer("Topology", ["Limits", "Text", "CLibYAML"]),
    layer("Limits", []),
    layer("Text", []),
    layer("Platform", ["CPlatform", system]),
    .target(name: "CPlatform", cSettings: cSettings),
    .target(
      name: "CLua", cSettings: cSettings + [.define("MPORCH_LUA", .when(traits: ["Lua"]))],
      linkerSettings: [.linkedLibrary(luaLibrary, .when(traits: ["Lua"])), .linkedLibrary("m")]),
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    tests("PlatformTests", ["Platform", "CPlatform", "Text", system]),
    // Run by SharingTests, for what takes several processes: a test can't fork.
    .executableTarget(
      name: "SharingPeer", dependencies: ["Sharing", "Platform"], path: "Tests/SharingPeer",
      swiftSettings: swiftSettings),
    tests("SharingTests", ["Sharing", "SharingPeer", "Limits", "Platform"]),
    tests("SupervisorTests", ["Supervisor", "Sharing", "Topology", "Workers"]),
    tests("LogsTests", ["Logs", "Platform", system]),
    tests("TopologyTests", ["Topology", "Limits", "Text"]),
    tests("WorkersTests", ["Workers", "Sharing", "Topology", system]),
    tests("CommandsTests", ["Commands", "Supervisor", "Logs", "Topology", "Platform", "Text", arguments, system]),
    tests("EndToEndTests", []),
    // Kills one operation of each primitive at every instruction: a program of its own, since it forks.
    .target(name: "Tracing", path: "Tests/Proof/Tracing", cSettings: cSettings),
    .executableTarget(
      name: "proof", dependencies: ["Supervisor", "Workers", "Sharing", "Topology", "Platform", "Tracing"],
      path: "Tests/Proof/Prover", swiftSettings: swiftSettings),
  ]
)

// Built by `make fuzz` alone, with the compiler's options for it.
if Context.environment["MPORCH_FUZZ"] != nil {
  package.targets += [
    .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
    .executableTarget(
      name: "fuzz", dependencies: ["CFuzzer", "Supervisor", "Workers", "Logs", "Topology", system],
      path: "Tests/Fuzz/Targets", swiftSettings: swiftSettings),
  ]
}
