//! Field numbers and constants of onnx.proto, IR version 8.

pub(super) const IR_VERSION: i64 = 8;
pub(super) const OPSET: i64 = 17;

pub(super) mod model {
    pub const IR_VERSION: u32 = 1;
    pub const PRODUCER_NAME: u32 = 2;
    pub const PRODUCER_VERSION: u32 = 3;
    pub const GRAPH: u32 = 7;
    pub const OPSET_IMPORT: u32 = 8;
    pub const METADATA: u32 = 14;
}

pub(super) mod opset {
    pub const DOMAIN: u32 = 1;
    pub const VERSION: u32 = 2;
}

/// An entry of the metadata.
pub(super) mod entry {
    pub const KEY: u32 = 1;
    pub const VALUE: u32 = 2;
}

pub(super) mod graph {
    pub const NODE: u32 = 1;
    pub const NAME: u32 = 2;
    pub const INITIALIZER: u32 = 5;
    pub const INPUT: u32 = 11;
    pub const OUTPUT: u32 = 12;
}

pub(super) mod node {
    pub const INPUT: u32 = 1;
    pub const OUTPUT: u32 = 2;
    pub const NAME: u32 = 3;
    pub const OPERATION: u32 = 4;
    pub const ATTRIBUTE: u32 = 5;
}

pub(super) mod attribute {
    pub const NAME: u32 = 1;
    pub const FLOAT: u32 = 2;
    pub const INT: u32 = 3;
    pub const TEXT: u32 = 4;
    pub const TENSOR: u32 = 5;
    pub const INTS: u32 = 8;
    pub const TYPE: u32 = 20;

    pub const TYPE_INT: i64 = 2;
    pub const TYPE_INTS: i64 = 7;
}

pub(super) mod tensor {
    pub const DIMS: u32 = 1;
    pub const TYPE: u32 = 2;
    pub const FLOAT_DATA: u32 = 4;
    pub const NAME: u32 = 8;
    pub const RAW_DATA: u32 = 9;
    pub const EXTERNAL_DATA: u32 = 13;
    pub const LOCATION: u32 = 14;

    pub const FLOAT: i64 = 1;
    pub const INT8: i64 = 3;
    pub const INT64: i64 = 7;
    pub const FLOAT16: i64 = 10;
}

/// A graph's input or output.
pub(super) mod value {
    pub const NAME: u32 = 1;
    pub const TYPE: u32 = 2;
    pub const TENSOR_TYPE: u32 = 1;
    pub const ELEMENT_TYPE: u32 = 1;
    pub const SHAPE: u32 = 2;
    pub const DIMENSION: u32 = 1;
    pub const DIMENSION_VALUE: u32 = 1;
    pub const DIMENSION_NAME: u32 = 2;
}
