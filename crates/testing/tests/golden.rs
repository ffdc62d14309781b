//! Every golden case natively, in the vectors that ship and in `f64`, from the
//! folder that `GOLDEN_DIR` names (default: the project's own).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use simd::{F32, F64};
use testing::case::{Case, run_all};
use testing::golden;

/// A relative `GOLDEN_DIR` counts from the project's top, as for the runs
/// inside WebAssembly.
fn folder() -> PathBuf {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    project.join(std::env::var_os("GOLDEN_DIR").unwrap_or_else(|| "tests/golden".into()))
}

/// A case for each entry of the manifest and each vector.
fn cases(folder: &Path) -> Vec<Case> {
    let path = folder.join("manifest.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let manifest: Value =
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut cases = Vec::new();
    for entry in manifest["cases"]
        .as_array()
        .expect("a manifest has a list of cases")
    {
        let name = entry["name"]
            .as_str()
            .expect("a case has a name")
            .to_string();
        let file = folder.join(entry["file"].as_str().expect("a case has a file"));
        let bytes = std::fs::read(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let shared: Arc<(String, Vec<u8>)> = Arc::new((entry.to_string(), bytes));
        let again = Arc::clone(&shared);
        cases.push(Case::new(format!("{name} in f32"), move || {
            golden::run::<F32>(&shared.0, &shared.1)
        }));
        cases.push(Case::new(format!("{name} in f64"), move || {
            golden::run::<F64>(&again.0, &again.1)
        }));
    }
    cases
}

#[test]
fn every_golden_case_agrees() {
    if let Err(report) = run_all(&cases(&folder())) {
        panic!("{report}");
    }
}
