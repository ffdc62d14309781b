//! What is written is what the format's definition says, and reads back.

use format::{Code, Dtype, SafeTensors, Values, Writer};

const WEIGHT: [f32; 6] = [1.0, -0.0, f32::MIN_POSITIVE, f32::MAX, 3.5, -7.25];

fn file() -> Vec<u8> {
    let mut writer = Writer::new();
    writer.text("format", "pt").unwrap();
    writer.text("labels", "[\"人\",\"a\\\"b\"]").unwrap();
    writer
        .tensor("rnn.weight_ih_l0", &[2, 3], Values::F32(&WEIGHT))
        .unwrap();
    writer.tensor("empty", &[4, 0], Values::F32(&[])).unwrap();
    writer.tensor("step", &[], Values::I64(&[1 << 40])).unwrap();
    writer.finish()
}

#[test]
fn everything_reads_back() {
    let bytes = file();
    let read = SafeTensors::parse(&bytes).unwrap();
    assert_eq!(read.text("format"), Some("pt"));
    assert_eq!(read.text("labels"), Some("[\"人\",\"a\\\"b\"]"));
    assert_eq!(read.text("other"), None);
    assert_eq!(read.metadata().len(), 2);
    let names: Vec<_> = read
        .tensors()
        .map(|t| (t.name, t.dtype, t.shape.to_vec()))
        .collect();
    assert_eq!(
        names,
        [
            ("step", Dtype::I64, vec![]),
            ("rnn.weight_ih_l0", Dtype::F32, vec![2, 3]),
            ("empty", Dtype::F32, vec![4, 0])
        ]
    );
    let weight = read.tensor("rnn.weight_ih_l0").unwrap().to_f32().unwrap();
    assert_eq!(bits(&weight), bits(&WEIGHT));
    assert_eq!(read.tensor("step").unwrap().to_i64().unwrap(), [1 << 40]);
    assert!(read.tensor("empty").unwrap().is_empty());
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|x| x.to_bits()).collect()
}

#[test]
fn the_layout_is_the_formats() {
    let bytes = file();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    assert_eq!(length % 8, 0);
    let header = std::str::from_utf8(&bytes[8..8 + length]).unwrap();
    assert!(
        header.starts_with("{\"__metadata__\":{\"format\":\"pt\","),
        "{header}"
    );
    assert!(
        header.trim_end().ends_with(
            "\"step\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},\
             \"rnn.weight_ih_l0\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[8,32]},\
             \"empty\":{\"dtype\":\"F32\",\"shape\":[4,0],\"data_offsets\":[32,32]}}"
        ),
        "{header}"
    );
    assert_eq!(bytes.len(), 8 + length + 32);
    assert_eq!(bytes[8 + length + 8..][..4], 1f32.to_le_bytes());
    assert_eq!(bytes, file(), "the same calls give the same bytes");
}

#[test]
fn an_empty_file_is_a_header_alone() {
    let bytes = Writer::new().finish();
    assert_eq!(bytes, b"\x08\0\0\0\0\0\0\0{}      ");
    assert_eq!(SafeTensors::parse(&bytes).unwrap().tensors().len(), 0);
}

#[test]
fn what_cannot_be_written_is_refused() {
    let mut writer = Writer::new();
    writer.text("a", "x").unwrap();
    assert_eq!(writer.text("a", "y").unwrap_err().code, Code::DuplicateName);
    assert_eq!(
        writer
            .tensor("__metadata__", &[0], Values::F32(&[]))
            .unwrap_err()
            .code,
        Code::DuplicateName
    );
    let error = writer
        .tensor("w", &[2, 2], Values::F32(&[1.0]))
        .unwrap_err();
    assert_eq!(error.code, Code::InvalidShape);
    assert_eq!(error.message, "w: 1 values do not fill the shape [2,2]");
    writer.tensor("w", &[1], Values::F32(&[1.0])).unwrap();
    let twice = writer.tensor("w", &[1], Values::I64(&[1]));
    assert_eq!(twice.unwrap_err().code, Code::DuplicateName);
}

/// A file of one tensor, built without the writer.
fn one(dtype: &str, count: usize, data: &[u8]) -> Vec<u8> {
    let header = format!(
        "{{\"t\":{{\"dtype\":\"{dtype}\",\"shape\":[{count}],\"data_offsets\":[0,{}]}}}}",
        data.len()
    );
    [
        &(header.len() as u64).to_le_bytes()[..],
        header.as_bytes(),
        data,
    ]
    .concat()
}

#[test]
fn other_widths_convert_and_other_kinds_do_not() {
    let f32s = |dtype, data: &[u8], count| {
        SafeTensors::parse(&one(dtype, count, data))
            .unwrap()
            .tensor("t")
            .unwrap()
            .to_f32()
    };
    assert_eq!(
        f32s("F16", &[0x00, 0x3c, 0x00, 0xc2], 2).unwrap(),
        [1.0, -3.0]
    );
    assert_eq!(
        f32s("BF16", &[0x80, 0x3f, 0x40, 0xc0], 2).unwrap(),
        [1.0, -3.0]
    );
    assert_eq!(f32s("F64", &0.1f64.to_le_bytes(), 1).unwrap(), [0.1f32]);
    let error = f32s("I32", &7i32.to_le_bytes(), 1).unwrap_err();
    assert_eq!(error.code, Code::WrongTensor);
    assert_eq!(
        error.message,
        "t: dtype I32, expected F32, F16, BF16 or F64"
    );

    let bytes = one("I32", 2, &[1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    let read = SafeTensors::parse(&bytes).unwrap();
    assert_eq!(read.tensor("t").unwrap().to_i64().unwrap(), [1, -1]);
    let error = read.tensor("t").unwrap().read_i64(&mut [0; 3]).unwrap_err();
    assert_eq!(error.message, "t: shape [2] has 2 elements, expected 3");
    let bytes = one("U8", 2, &[0, 200]);
    let mask = SafeTensors::parse(&bytes).unwrap();
    assert_eq!(mask.tensor("t").unwrap().to_i64().unwrap(), [0, 200]);
    assert_eq!(read.tensor("u").unwrap_err().code, Code::MissingTensor);
}

#[test]
fn a_file_holds_the_parameters_of_a_model_or_says_what_differs() {
    let mut writer = Writer::new();
    writer.tensor("w", &[2, 3], Values::F32(&WEIGHT)).unwrap();
    writer.tensor("n", &[1], Values::I64(&[1])).unwrap();
    let bytes = writer.finish();
    let read = SafeTensors::parse(&bytes).unwrap();
    type Shapes<'s> = &'s [(&'s str, &'s [usize])];
    let cases: [(Shapes<'_>, &str); 4] = [
        (&[("w", &[3, 2])], "w: shape [2,3], expected [3,2]"),
        (&[("v", &[2, 3])], "v: the file has no tensor of this name"),
        (
            &[("w", &[2, 3]), ("n", &[1])],
            "n: dtype I64, expected F32, F16, BF16 or F64",
        ),
        (
            &[("w", &[2, 3])],
            "n: the model has no parameter of this name",
        ),
    ];
    for (parameters, message) in cases {
        let refused = read.check_parameters(parameters.iter().copied());
        assert_eq!(refused.unwrap_err().message, message);
    }
    let mut writer = Writer::new();
    writer.text("task", "labels").unwrap();
    writer.tensor("w", &[2, 3], Values::F32(&WEIGHT)).unwrap();
    let bytes = writer.finish();
    let read = SafeTensors::parse(&bytes).unwrap();
    read.check_parameters([("w", &[2, 3][..])].into_iter())
        .unwrap();
    assert_eq!(
        read.describe().to_text(),
        r#"{"metadata":{"task":"labels"},"tensors":[{"name":"w","dtype":"F32","shape":[2,3]}]}"#
    );
}
