//! Lines in, answers out, by Cargo's own semver crate; argument "satisfies" for ranges.
use semver::{Version, VersionReq};
use std::cmp::Ordering;
use std::io::{stdin, stdout, BufRead, BufWriter, Write};

fn answer(a: &str, b: &str, ranges: bool) -> &'static str {
    let Ok(x) = Version::parse(a) else { return "!" };
    if ranges {
        return match VersionReq::parse(b) {
            Ok(r) if r.matches(&x) => "yes",
            Ok(_) => "no",
            Err(_) => "!",
        };
    }
    let Ok(y) = Version::parse(b) else { return "!" };
    match x.cmp_precedence(&y) {
        Ordering::Less => "<",
        Ordering::Equal => "=",
        Ordering::Greater => ">",
    }
}

fn main() {
    let ranges = std::env::args().len() > 1;
    let mut out = BufWriter::new(stdout());
    for line in stdin().lock().lines() {
        let line = line.unwrap();
        let (a, b) = line.split_once('\t').unwrap();
        writeln!(out, "{}", answer(a, b, ranges)).unwrap();
    }
}
