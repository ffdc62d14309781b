//! Cases: what a suite consists of.

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// One named check.
pub struct Case {
    /// What is checked, unique within its suite.
    pub name: String,
    /// The check; its error says what differs.
    pub run: Box<dyn Fn() -> Result<(), String>>,
}

impl Case {
    /// A case named `name` that runs `run`.
    pub fn new(name: impl Into<String>, run: impl Fn() -> Result<(), String> + 'static) -> Self {
        Self {
            name: name.into(),
            run: Box::new(run),
        }
    }

    /// Runs the case. Where panics unwind, a panic is an error like any other.
    pub fn check(&self) -> Result<(), String> {
        catch_unwind(AssertUnwindSafe(|| (self.run)())).unwrap_or_else(|panic| {
            let message = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("(no message)");
            Err(format!("panicked: {message}"))
        })
    }
}

/// Runs every case and reports every failing one. No cases at all is an error,
/// and so are two cases of one name.
pub fn run_all(cases: &[Case]) -> Result<(), String> {
    if cases.is_empty() {
        return Err("a suite without cases".into());
    }
    let mut names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(format!("two cases are called {:?}", twice[0]));
    }
    let mut report = String::new();
    let mut failed = 0;
    for case in cases {
        if let Err(message) = case.check() {
            failed += 1;
            let _ = write!(report, "\n  {}: {message}", case.name);
        }
    }
    match failed {
        0 => Ok(()),
        _ => Err(format!("{failed} of {} cases failed:{report}", cases.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_every_failing_case_and_goes_on_after_a_panic() {
        let cases = [
            Case::new("good", || Ok(())),
            Case::new("bad", || Err("1 is not 2".into())),
            Case::new("worse", || panic!("index {}", 7)),
        ];
        let report = run_all(&cases).unwrap_err();
        assert!(report.starts_with("2 of 3 cases failed:"), "{report}");
        assert!(report.contains("bad: 1 is not 2"), "{report}");
        assert!(report.contains("worse: panicked: index 7"), "{report}");
        assert!(!report.contains("good"), "{report}");
    }

    #[test]
    fn passes_when_all_pass() {
        assert_eq!(run_all(&[Case::new("good", || Ok(()))]), Ok(()));
    }

    #[test]
    fn refuses_an_empty_suite_and_a_name_given_twice() {
        assert!(run_all(&[]).is_err());
        let twice = [Case::new("same", || Ok(())), Case::new("same", || Ok(()))];
        assert!(run_all(&twice).unwrap_err().contains("same"));
    }
}
