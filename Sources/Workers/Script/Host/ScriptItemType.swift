#if Lua
  internal import CLua
  internal import Sharing
  internal import Topology

  /// The type of items as C and the rings have it.
  struct ScriptItemType {
    let code: mporch_item_type
    let format: RecordFormat

    static let any = ScriptItemType(.any)

    init(_ type: ItemType) {
      switch type {
      case .any: code = MPORCH_ITEM_ANY
      case .string: code = MPORCH_ITEM_STRING
      case .bytes: code = MPORCH_ITEM_BYTES
      case .number(let element): code = element.itemCode
      }
      if case .number(let element) = type { format = .fixed(byteCount: element.byteCount) } else { format = .framed }
    }
  }

  extension ElementType {
    fileprivate var itemCode: mporch_item_type {
      switch self {
      case .bool: MPORCH_ITEM_BOOL
      case .int8: MPORCH_ITEM_INT8
      case .int16: MPORCH_ITEM_INT16
      case .int32: MPORCH_ITEM_INT32
      case .int64: MPORCH_ITEM_INT64
      case .uint8: MPORCH_ITEM_UINT8
      case .uint16: MPORCH_ITEM_UINT16
      case .uint32: MPORCH_ITEM_UINT32
      case .uint64: MPORCH_ITEM_UINT64
      case .float32: MPORCH_ITEM_FLOAT32
      case .float64: MPORCH_ITEM_FLOAT64
      }
    }
  }
#endif
